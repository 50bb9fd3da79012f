"""What a timeline shows, a line a clip: where it is seen, and which frames of which media.

Listed are all video clips that can be seen, and those that are switched off, from the lowest track
up; sound is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from opentimelineio.schema import Clip, Timeline

from otio_matchcut import clock
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import media_of, shot_of
from otio_matchcut.mapping import FolderMap
from otio_matchcut.placing import Placement, placements, record_rate
from otio_matchcut.shot import ShotInTimeline


@dataclass(frozen=True, slots=True)
class ListedClip:
    """A video clip of a timeline."""

    clip: Clip
    shot: ShotInTimeline
    """The clip, at its first record frame. Its `media` is the clip's name where it has no path."""
    media: Path | None
    """Where the media should lie, by the maps; None where the clip names none."""
    record_start: str
    """Timecode of the timeline at which the clip appears."""
    record_end: str
    """Timecode at which it is gone: half-open."""
    notes: tuple[str, ...]
    """Sentences the user should read."""


def listed(timeline: Timeline, base: Path, maps: Sequence[FolderMap] = ()) -> Iterator[ListedClip]:
    """The video clips of a timeline.

    Args:
        timeline: As `reading` gives it.
        base: Folder that relative media paths start from.
        maps: Folders that lie elsewhere on this machine.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a time is no number.
    """
    drop_frame = counts_drop_frames(timeline)
    for place in placements(timeline):
        media, notes = _media(place, base, maps)
        shot = shot_of(timeline, place, media or Path(place.clip.name), place.start)
        if not place.enabled:
            notes.append("Switched off.")
        yield ListedClip(
            clip=place.clip,
            shot=shot,
            media=media,
            record_start=shot.record_timecode(shot.record_start, drop_frame=drop_frame),
            record_end=shot.record_timecode(shot.record_end, drop_frame=drop_frame),
            notes=(*shot.notes, *notes),
        )


def timecodes(timeline: Timeline, *frames: int) -> tuple[str, ...]:
    """The timeline's timecodes of frame numbers, drop-frame where its application counts so."""
    rate, drop_frame = record_rate(timeline), counts_drop_frames(timeline)
    return tuple(clock.timecode_of_frame(frame, rate, drop_frame=drop_frame) for frame in frames)


def counts_drop_frames(timeline: Timeline) -> bool:
    """Whether the application counts the timeline in drop-frame timecode, where it says so."""
    if (record_rate(timeline) * 1001 / 30000).denominator != 1:
        return False
    timecode = timeline.metadata.get("fcp_xml", {}).get("timecode", {})
    return bool(timecode) and timecode.get("displayformat") == "DF"


def _media(
    place: Placement, base: Path, maps: Sequence[FolderMap]
) -> tuple[Path | None, list[str]]:
    """The clip's path, or why it has none."""
    try:
        return media_of(place.clip, base, maps), []
    except TimelineError as error:
        return None, [error.sentence]
