"""Which file is a clip's media, of several that bear its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from otio_matchcut.errors import TimelineError
from otio_matchcut.shot import ShotInTimeline
from otio_matchcut.sources import frames_of_file, place_in_file


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that may be a clip's media."""

    path: Path
    rate: Fraction
    """Nominal frames a second."""
    start_timecode_frame: int
    """Frame number of the file's first frame in its timecode; 0 where it has none."""
    frames: int
    """How many it has, by the clock at `rate`."""
    digest: Callable[[], str]
    """Of its content; may read the whole file."""


def fitting(shot: ShotInTimeline, files: Sequence[MediaFile]) -> tuple[MediaFile, ...]:
    """The files of the clip's name that its media can be: one, none, or several alike.

    By its content, where the timeline knows that; else it must hold the frames that the clip uses.
    Of several that do, those are taken that begin at the timecode that the clip states, then those
    of the stated length, then those of the stated rate. Copies of one content count as one.

    Args:
        shot: The clip, from `locate`.
        files: Those of its name.
    """
    if shot.media_digest is not None:
        same = [file for file in files if file.digest() == shot.media_digest]
        return tuple(same[:1])
    left = [file for file in files if _holds(file, shot)]
    for better in (_starts_there, _lasts_as_long, _runs_alike):
        if len(left) > 1:
            left = [file for file in left if better(file, shot)] or left
    if len(left) > 1 and len({file.digest() for file in left}) == 1:
        left = left[:1]
    return tuple(left)


def _holds(file: MediaFile, shot: ShotInTimeline) -> bool:
    shift = shot.media_start or 0
    for number in (shot.source_start, max(shot.source_start, shot.source_end - 1)):
        try:
            place_in_file(
                Fraction(number + shift),
                None if shot.media_start is None else Fraction(shift),
                shot.source_rate,
                rate=file.rate,
                start_timecode_frame=file.start_timecode_frame,
                frames=file.frames,
                name=file.path.name,
            )
        except TimelineError:
            return False
    return True


def _starts_there(file: MediaFile, shot: ShotInTimeline) -> bool:
    if not shot.media_start:
        return False
    written = shot.media_start * frames_of_file(shot.source_rate, file.rate)
    return abs(written - file.start_timecode_frame) < 1


def _lasts_as_long(file: MediaFile, shot: ShotInTimeline) -> bool:
    stated = shot.media_length
    return stated is not None and abs(file.frames / file.rate - stated) < 1 / file.rate


def _runs_alike(file: MediaFile, shot: ShotInTimeline) -> bool:
    return frames_of_file(shot.source_rate, file.rate) == 1
