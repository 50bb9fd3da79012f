"""The shots of one file, without a library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matchcut import pipeline, shots
from matchcut.engine.cutlists import transitions_of
from matchcut.engine.snapshot import timecode_of
from matchcut.media.probe import probe
from matchcut.types import CutList, Monitor, Shot


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


def shots_of(
    path: Path, detector: str | None, cut_list: CutList | None, monitor: Monitor
) -> tuple[TimedShot, ...]:
    """The shots of a film, in order: as its cut list says, or as a detector finds them.

    Args:
        path: The film.
        detector: None: the default one.
        cut_list: Comes before any detector.
        monitor: Is told about progress, and may stop the work.

    Raises:
        CutListRefused: the list does not fit the film.
        MediaMissing, MediaUnreadable, NoPicture: the file cannot be read as a film.
        DetectorUnknown: there is no such detector.
        Cancelled: the monitor asked to stop.
    """
    chosen = shots.detector(detector or shots.DEFAULT)
    source = probe(path)
    if cut_list is None:
        analysis = pipeline.find_shots(path, source, chosen, monitor)
        found, frame_pts = analysis.shots, analysis.frame_pts
    else:
        frame_pts = pipeline.timed_frames(path, source, monitor)
        given = pipeline.given_shots(transitions_of(cut_list, source, frame_pts))
        found = pipeline.shots_between(given.transitions, frame_pts, source, given.identity)
    return tuple(
        TimedShot(
            shot,
            timecode_of(source, frame_pts, shot.start_frame),
            timecode_of(source, frame_pts, shot.end_frame),
            round(float(shot.span.seconds), 3),
        )
        for shot in found
    )
