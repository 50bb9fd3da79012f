"""From what the editor points at to the number of a shot in the library."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.engine.relinking import choices, known_files
from matchcut.engine.snapshot import (
    Snapshot,
    drops_frames,
    frame_shown_at,
    start_timecode_frame,
    timecode_of,
)
from matchcut.engine.timelines import media_frames, shot_in_timeline
from matchcut.errors import (
    MediaChanged,
    MediaMissing,
    RepresentationMissing,
    SourceNotIndexed,
    TimelineRefused,
    TimeOutside,
)
from matchcut.library import Library, SeenFiles, StoredSource
from matchcut.media.digest import content_digest
from matchcut.media.state import file_state, is_online
from matchcut.timecode import frames_a_day, timecode_to_frame
from matchcut.types import MediaQuery, Query, Shot

if TYPE_CHECKING:
    from otio_matchcut.locate import ShotInTimeline


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the library the shot is that a query names."""

    stored: StoredSource
    frame: int
    notes: tuple[str, ...]
    """For the user."""


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """What a library knows of files, at one moment."""

    library: Library
    seen: SeenFiles
    stored: Mapping[str, StoredSource]
    """By digest."""

    @classmethod
    def of(cls, library: Library) -> KnownFiles:
        """Of a library as it is now."""
        return cls(library, library.seen(), {one.source.digest: one for one in library.sources()})


def locate(query: Query, files: KnownFiles) -> Place:
    """The source and the frame that the query names.

    Raises:
        MediaMissing: the media is offline, and nothing in the library can be it.
        SourceNotIndexed: the library has no analysis of it.
        MediaChanged: it was indexed, with other content.
        TimeOutside: the time lies outside of the media.
        TimecodeInvalid: the time cannot be read.
        TimelineRefused: the timeline cannot be read, or has no such clip.
        TimelineQueryWrong: the time lies outside of the timeline.
    """
    notes: tuple[str, ...] = ()
    if isinstance(query, MediaQuery):
        stored = stored_at(query.media, files)
        frame = _frame_at(query, stored, files.library)
    else:
        shot = shot_in_timeline(query)
        notes = shot.notes
        stored, relinked = _stored_of(shot, files)
        notes = (*notes, *relinked)
        frame = _frame_in_timeline(shot, stored, files.library)
    return Place(stored, frame, notes)


def number_at(place: Place, snapshot: Snapshot, flavor: str) -> int:
    """The number of the shot at a place.

    Raises:
        RepresentationMissing: its source was not analysed for this flavor.
    """
    digest = place.stored.source.digest
    if digest not in snapshot.first_numbers:
        raise RepresentationMissing(flavor, 1, snapshot.library.folder)
    first = snapshot.first_numbers[digest]
    last = first + snapshot.shot_counts[int(snapshot.source_numbers[first])]
    return bisect_right(snapshot.shots, place.frame, first, last, key=_start_frame) - 1


def _start_frame(shot: Shot) -> int:
    return shot.start_frame


def _stored_of(shot: ShotInTimeline, files: KnownFiles) -> tuple[StoredSource, tuple[str, ...]]:
    """The stored source of a shot's media, and a note where the media had to be relinked.

    Media that is offline and unknown is the one source of its name that can be it.
    """
    from otio_matchcut.relinking import fitting

    try:
        return stored_at(shot.media, files), ()
    except MediaMissing:
        found = fitting(shot, known_files(shot, files.stored.values()))
        if not found:
            raise
    if len(found) == 1:
        note = f"{shot.media} is offline; {found[0].path} of the library is taken for it."
        return files.stored[found[0].digest()], (note,)
    raise TimelineRefused(
        f"{shot.media} is offline, and each of these may be it: {choices(found)}.",
        "Say where its folder lies with --map FROM=TO, or relink the clip in the timeline.",
        why="MEDIA_OFFLINE",
        path=shot.media,
    )


def stored_at(path: Path, files: KnownFiles) -> StoredSource:
    """The stored source of a file; a file that is offline is known by its path alone."""
    path = path.absolute()
    if is_online(path):
        state = file_state(path)
        told = (state.size, state.mtime_ns)
        unchanged = (seen[2] for seen in _seen_at(path, files) if seen[:2] == told)
        stored = files.stored.get(next(unchanged, None) or content_digest(path))
        if stored is None:
            if any(_seen_at(path, files)):
                raise MediaChanged(path)
            raise SourceNotIndexed(path, files.library.folder)
        return stored
    known = next(_seen_at(path, files), None)
    if known is None:
        raise MediaMissing(path)
    return files.stored[known[2]]


def _seen_at(path: Path, files: KnownFiles) -> Iterator[tuple[int, int, str]]:
    """What is known of a file by its path, then by that to which a link, or `..`, leads.

    That is looked up on the disk only where the first is not what was asked for.
    """
    if path in files.seen:
        yield files.seen[path]
    leads_to = path.resolve()
    if leads_to != path and leads_to in files.seen:
        yield files.seen[leads_to]


def _frame_at(query: MediaQuery, stored: StoredSource, library: Library) -> int:
    source = stored.source
    if query.at.isdecimal() and int(query.at) < stored.frames:
        return int(query.at)
    pts, frame = library.frame_pts(source.digest), None
    if not query.at.isdecimal():
        drop_frame = drops_frames(source)
        at = timecode_to_frame(query.at, source.rate, drop_frame=drop_frame or None)
        nominal = at - start_timecode_frame(source)
        if nominal < 0:
            # A source that runs over midnight: its clock has begun anew.
            nominal += frames_a_day(source.rate, drop_frame=drop_frame)
        frame = frame_shown_at(source, pts, nominal)
    if frame is None:
        raise TimeOutside(
            query.at,
            f"{query.media.name} ({stored.frames} frames)",
            timecode_of(source, pts, 0),
            timecode_of(source, pts, stored.frames - 1),
        )
    return frame


def _frame_in_timeline(shot: ShotInTimeline, stored: StoredSource, library: Library) -> int:
    source, pts = stored.source, library.frame_pts(stored.source.digest)
    duration = (int(pts[-1]) - int(pts[0])) * source.time_base
    nominal = media_frames(
        shot, source, start_timecode_frame(source), round(duration * source.rate)
    ).frame
    frame = frame_shown_at(source, pts, nominal)
    if frame is None:
        raise TimeOutside(
            f"Frame {nominal} of clip '{shot.clip_name}'",
            f"{shot.media.name} ({stored.frames} frames)",
            timecode_of(source, pts, 0),
            timecode_of(source, pts, stored.frames - 1),
        )
    return frame
