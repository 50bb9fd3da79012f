"""What a timeline shows: each clip, its place, and the frames of its media file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.engine.relinking import Folders, choices, known_files
from matchcut.engine.timelines import path_maps, timeline_errors
from matchcut.errors import MatchcutError, TimelineQueryWrong
from matchcut.library import Library, StoredSource
from matchcut.media.files import resolved
from matchcut.media.probe import Clock, clock_of
from matchcut.media.state import is_online
from matchcut.timecode import timecode_to_frame
from matchcut.types import PathMap

if TYPE_CHECKING:
    from opentimelineio.schema import Timeline

    from otio_matchcut.listing import ListedClip
    from otio_matchcut.shot import ShotInTimeline


@dataclass(frozen=True, slots=True)
class TimelineClip:
    """A video clip of a timeline."""

    name: str
    track: str
    record_start: str
    """Timecode of the timeline at which it appears."""
    record_end: str
    """Timecode at which it is gone: half-open."""
    media: Path | None
    """Its file, as mapped or relinked; None where the timeline names none."""
    source_start: int
    """First frame used of the media. Of a file that is online, counted from its first frame; else
    as the timeline counts."""
    source_end: int
    """First frame after those used: half-open."""
    online: bool
    notes: tuple[str, ...]
    """Sentences the user should read."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A timeline as it was read."""

    format: str
    """Name of the format of its file."""
    rate: Fraction
    """Its frames a second."""
    record_start: str
    record_end: str
    clips: tuple[TimelineClip, ...]
    """From the lowest track up."""
    sounds: int
    """How many audio clips there are, which are not listed."""
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class Places:
    """Where media that is offline is looked for."""

    stored: tuple[StoredSource, ...]
    """Of a library."""
    folders: Folders

    @classmethod
    def of(cls, library: Path | None, folders: Sequence[Path]) -> Places:
        """Those of a library, if there is one, and of folders. Raises as `Library.open`."""
        stored = () if library is None else Library.open(library).sources()
        return cls(stored, Folders(folders))


def listing_of(
    path: Path,
    *,
    rate: Fraction | None,
    sequence: str | None,
    maps: Sequence[PathMap],
    places: Places,
) -> Listing:
    """A timeline of any format, its media looked for.

    Args:
        path: The file.
        rate: Frames a second, for formats that do not say (EDL).
        sequence: Name of the timeline, where a file holds several.
        maps: Folders of the editor's machine that lie elsewhere on this one.
        places: Where else media is looked for.

    Raises:
        TimelineRefused: it cannot be read.
        TimelineQueryWrong: it leaves the rate or the sequence open; a map is none.
        NoMediaFound: there are folders to look in, and no film in any.
    """
    from otio_matchcut import listing, locate, placing, reading
    from otio_matchcut.readers import reader_of

    with timeline_errors():
        timeline = reading.read(path, reading.Wanted(rate, sequence))
        listed = list(listing.listed(timeline, path.parent, path_maps(maps)))
        counted = placing.record_rate(timeline)
        first, length = locate.first_frame(timeline), placing.record_length(timeline)
        start, end = listing.timecodes(timeline, first, first + round(length * counted))
    clocks: dict[Path, Clock | MatchcutError] = {}
    clips = []
    for one in listed:
        media, note = _found(one, places)
        if media is not None and media not in clocks:
            clocks[media] = _clock_or_why(media)
        clips.append(_clip(one, media, note, None if media is None else clocks[media]))
    return Listing(
        format=reader_of(path).name,
        rate=counted,
        record_start=start,
        record_end=end,
        clips=tuple(clips),
        sounds=sum(len(track.find_clips()) for track in timeline.audio_tracks()),
        timeline=timeline,
    )


def _found(one: ListedClip, places: Places) -> tuple[Path | None, str]:
    """Where a clip's media is, None where it is offline; and what must be said of that."""
    from otio_matchcut.relinking import fitting

    if one.media is None:
        return None, ""
    if is_online(one.media):
        return one.media, ""
    bearing = {
        resolved(file.path): file
        for file in (*known_files(one.shot, places.stored), *places.folders.files(one.shot))
        if is_online(file.path)
    }
    found = fitting(one.shot, list(bearing.values()))
    if len(found) == 1:
        return found[0].path, f"Relinked: {one.media} is offline."
    if found:
        return None, f"Offline, and each of these may be it: {choices(found)}."
    if bearing:
        return None, (
            f"Offline; {choices(list(bearing.values()))} bears the name and is another film: it "
            "does not hold the frames that are used."
        )
    return None, "Offline; frames as the timeline counts them."


def _clip(
    one: ListedClip, media: Path | None, note: str, clock: Clock | MatchcutError | None
) -> TimelineClip:
    notes = [*one.notes, note] if note else list(one.notes)
    start, end = one.shot.source_start, one.shot.source_end
    if isinstance(clock, MatchcutError):
        notes.append(f"{clock.sentence} {clock.next_step}")
    elif clock is not None:
        try:
            start, end = _in_file(one.shot, clock)
        except TimelineQueryWrong as error:
            notes.append(error.sentence)
    return TimelineClip(
        name=one.clip.name,
        track=one.shot.track_name,
        record_start=one.record_start,
        record_end=one.record_end,
        media=media or one.media,
        source_start=start,
        source_end=end,
        online=media is not None,
        notes=tuple(notes),
    )


def _in_file(shot: ShotInTimeline, clock: Clock) -> tuple[int, int]:
    """The frames that a clip uses, counted from its file's first.

    Raises:
        TimelineQueryWrong: the file does not have them.
    """
    from otio_matchcut.locate import settle

    start = clock.start_timecode
    with timeline_errors():
        used = settle(
            shot,
            rate=clock.rate,
            start_timecode_frame=timecode_to_frame(start, clock.rate) if start else 0,
            frames=clock.frames,
        )
    return used.start, used.end


def _clock_or_why(media: Path) -> Clock | MatchcutError:
    try:
        return clock_of(media)
    except MatchcutError as error:
        return error
