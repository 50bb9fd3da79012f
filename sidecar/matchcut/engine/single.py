"""The shots of one file, without a library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matchcut import pipeline, shots
from matchcut.engine.snapshot import timecode_of
from matchcut.media.probe import probe
from matchcut.types import Monitor, Shot


@dataclass(frozen=True, slots=True)
class TimedShot:
    """A shot as people read it."""

    shot: Shot
    start_timecode: str
    """Source timecode of its first frame."""
    end_timecode: str
    """Source timecode of the first frame after it."""
    seconds: float
    """Duration, rounded to milliseconds."""


def shots_of(path: Path, detector: str, monitor: Monitor) -> tuple[TimedShot, ...]:
    """The shots of a film, in order.

    Raises:
        MediaMissing, MediaUnreadable, NoPicture: the file cannot be read as a film.
        DetectorUnknown: there is no such detector.
        Cancelled: the monitor asked to stop.
    """
    chosen = shots.detector(detector)
    source = probe(path)
    analysis = pipeline.find_shots(path, source, chosen, monitor)
    return tuple(
        TimedShot(
            shot,
            timecode_of(source, analysis.frame_pts, shot.start_frame),
            timecode_of(source, analysis.frame_pts, shot.end_frame),
            round(float(shot.span.seconds), 3),
        )
        for shot in analysis.shots
    )
