"""Which media frame a clip name or a record timecode of a timeline means.

"The shot at the playhead" is the topmost video clip that is switched on and can be seen there:
gaps, disabled clips and generators (titles, mattes) let the track below through; nested sequences,
trims and retimes are followed to the media. Over a transition it is the clip on whose side of the
cut the time lies. A name, or no question at all, means the middle of the clip's used media.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from opentimelineio.schema import (
    Clip,
    ExternalReference,
    GeneratorReference,
    ImageSequenceReference,
    MissingReference,
    Timeline,
)

from otio_matchcut import clock
from otio_matchcut.entries import our_entry
from otio_matchcut.errors import TimelineError
from otio_matchcut.kept import kept_schema
from otio_matchcut.mapping import FolderMap
from otio_matchcut.placing import (
    Placement,
    placements,
    record_length,
    record_rate,
    retimed,
    unknown_retimes,
)
from otio_matchcut.shot import MediaFrames, ShotInTimeline, settle
from otio_matchcut.sources import SourceClock, source_clock
from otio_matchcut.urls import path_of

_FILE_NAME = re.compile(r"[^/\\]+\.[A-Za-z][A-Za-z0-9]{1,4}")
"""With a suffix as media files have it; no version number or take."""

__all__ = [
    "MediaFrames",
    "ShotInTimeline",
    "first_frame",
    "locate",
    "media_of",
    "record_to_media",
    "settle",
    "shot_of",
]


def locate(
    timeline: Timeline,
    *,
    base: Path,
    clip: str | None,
    at: str | None,
    maps: Sequence[FolderMap] = (),
) -> ShotInTimeline:
    """The shot that a question about a timeline means.

    Args:
        timeline: As `reading` gives it.
        base: Folder that relative media paths start from.
        clip: Name of a video clip; the first from the lowest track up is taken, one that is
            switched on before one that is not. Case counts only where two names differ by it.
        at: Record timecode, the timeline's start timecode included, `;` before the frames for
            drop-frame; or a frame number from the timeline's first frame, written as digits alone.
            With neither, the first clip that has media.
        maps: Folders that lie elsewhere on this machine.

    Raises:
        TimelineError: QUERY_INVALID, CLIP_NOT_FOUND, TIME_OUTSIDE, TIMECODE_INVALID, MEDIA_OFFLINE,
            MEDIA_NOT_A_FILE or TIMELINE_UNREADABLE.
    """
    if clip is not None and at is not None:
        raise TimelineError(
            "QUERY_INVALID",
            "A clip and a timecode were both given.",
            "Give one of the two.",
        )
    everything = placements(timeline)
    if at is not None:
        record = _record_time(timeline, at)
        place = _topmost(everything, record, at, timeline)
        return shot_of(timeline, place, media_of(place.clip, base, maps), record)
    if clip is not None:
        place, others = _named(everything, clip, timeline)
        shot = shot_of(timeline, place, media_of(place.clip, base, maps), None)
        if not others:
            return shot
        at_record = shot.record_timecode(shot.record_start)
        note = (
            f"{others + 1} clips are named '{place.clip.name}'; the one at {at_record} is taken. "
            "Give a record timecode for another."
        )
        return replace(shot, notes=(*shot.notes, note))
    place = _first(everything, timeline)
    return shot_of(timeline, place, media_of(place.clip, base, maps), None)


def _record_time(timeline: Timeline, at: str) -> Fraction:
    rate = record_rate(timeline)
    first = first_frame(timeline)
    length = record_length(timeline)
    drop = clock.is_drop_frame(at)
    if at.strip().isdecimal():
        frame = first + int(at)
    else:
        frame = clock.frame_of_timecode(at, rate)
        day = clock.day_of_frames(rate, drop_frame=drop)
        if frame < first and (frame + day - first) / rate < length:
            frame += day  # the timeline runs over midnight
    record = (frame - first) / rate
    if 0 <= record < length:
        return record
    start = clock.timecode_of_frame(first, rate, drop_frame=drop)
    end = clock.timecode_of_frame(first + math.ceil(length * rate), rate, drop_frame=drop)
    raise TimelineError(
        "TIME_OUTSIDE",
        f"{at} is outside of {_title(timeline)}, which runs from {start} up to {end}.",
        "Give a timecode inside that range.",
        at=at,
        what=_title(timeline),
        start=start,
        end=end,
    )


def first_frame(timeline: Timeline) -> int:
    """Frame number of the timeline's first frame in its own timecode; 0 where it has none."""
    start = timeline.global_start_time
    return 0 if start is None else round(clock.seconds(start) * record_rate(timeline))


def _topmost(
    everything: Sequence[Placement], record: Fraction, at: str, timeline: Timeline
) -> Placement:
    there = [place for place in everything if place.start <= record < place.end]
    seen = [
        place
        for place in there
        if place.enabled and not isinstance(place.clip.media_reference, GeneratorReference)
    ]
    if seen:
        return seen[-1]
    if not there:
        why = "there is a gap"
    elif any(place.enabled for place in there):
        why = "there is a generator, which has no media"
    else:
        why = "all clips there are disabled"
    raise TimelineError(
        "CLIP_NOT_FOUND",
        f"No video clip can be seen at {at} of {_title(timeline)}: {why}.",
        "Give a timecode at which a clip with media is on the screen.",
        at=at,
        timeline=timeline.name,
    )


def _named(everything: Sequence[Placement], clip: str, timeline: Timeline) -> tuple[Placement, int]:
    """The clip of this name, and how many others have it."""
    found = [place for place in everything if place.clip.name == clip] or [
        place for place in everything if place.clip.name.casefold() == clip.casefold()
    ]
    if found:
        return min(found, key=lambda place: not place.enabled), len(found) - 1
    names = list(dict.fromkeys(place.clip.name for place in everything if place.clip.name))
    similar = difflib.get_close_matches(clip, names, n=5, cutoff=0.4) or names[:5]
    listed = ", ".join(f"'{name}'" for name in similar)
    raise TimelineError(
        "CLIP_NOT_FOUND",
        f"{_title(timeline)} has no video clip named '{clip}'.",
        f"Some that it has: {listed}." if listed else "It has no named video clip at all.",
        clip=clip,
        timeline=timeline.name,
        similar=listed,
    )


def _first(everything: Sequence[Placement], timeline: Timeline) -> Placement:
    shown = [place for place in everything if place.enabled]
    for place in shown:
        reference = place.clip.media_reference
        if isinstance(reference, ExternalReference) and reference.target_url.strip():
            return place
    if shown:
        # `media_of` says why it cannot be used.
        return shown[0]
    raise TimelineError(
        "CLIP_NOT_FOUND",
        f"There is no video clip to be seen in {_title(timeline)}.",
        "Give a timeline that shows video clips.",
        timeline=timeline.name,
    )


def shot_of(
    timeline: Timeline, place: Placement, media: Path, record: Fraction | None
) -> ShotInTimeline:
    """The clip at a place, and the frame seen at `record` seconds; None: the middle of its media.

    Args:
        timeline: Which holds the clip.
        place: Of the clip, as `placing` gives it.
        media: The clip's file.
        record: Seconds from the timeline's first frame.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a time is no number.
    """
    source = source_clock(place.clip)
    slope, offset = record_to_media(source, place)
    start, end = _used(source.start, slope, offset, place)
    meant = (start + end) / 2 if record is None else slope * record + offset
    first = math.floor(source.media_start or 0)
    number = min(max(math.floor(meant), math.floor(start)), math.ceil(end) - 1)
    return ShotInTimeline(
        media=media,
        clip_name=place.clip.name,
        track_name=place.track,
        address=place.address,
        source_rate=source.rate,
        source_frame=number - first,
        source_start=math.floor(start) - first,
        source_end=math.ceil(end) - first,
        media_start=None if source.media_start is None else first,
        source_timecode_frame=number,
        speed=source.speed,
        record_start=place.start,
        record_end=place.end,
        record_rate=1 / place.frame,
        record_first_frame=first_frame(timeline),
        notes=notes_of(place),
        media_length=source.media_length,
        media_digest=_digest(place.clip),
    )


def record_to_media(source: SourceClock, place: Placement) -> tuple[Fraction, Fraction]:
    """Slope and offset of record seconds to frame numbers of the media, as written."""
    slope, offset = retimed(place.slope, place.offset, source.length, source.speed, place.frame)
    return slope * source.rate, source.start + offset * source.rate


def _used(
    earliest: Fraction, slope: Fraction, offset: Fraction, place: Placement
) -> tuple[Fraction, Fraction]:
    """First media frame used and the end of the last one, in media order, as written."""
    if slope > 0:
        return slope * place.start + offset, slope * place.end + offset
    if slope < 0:
        # Backwards, the last frame shown is the first of the media.
        low = slope * (place.end - place.frame) + offset
        return max(low, earliest), slope * (place.start - place.frame) + offset
    frozen = math.floor(offset)
    return Fraction(frozen), Fraction(frozen + 1)


def media_of(clip: Clip, base: Path, maps: Sequence[FolderMap] = ()) -> Path:
    """Where a clip's media should lie.

    A clip of an EDL names no path, but often a file, as its own name; that is then the media, in
    the timeline's folder or wherever it is found.

    Raises:
        TimelineError: MEDIA_OFFLINE, the clip does not say; MEDIA_NOT_A_FILE.
    """
    reference, name = clip.media_reference, str(clip.name)
    if isinstance(reference, ExternalReference):
        if reference.target_url.strip():
            return path_of(reference.target_url, base, maps)
    elif isinstance(reference, ImageSequenceReference):
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip '{name}' is an image sequence, which cannot be searched yet.",
            "Make a movie file of it and relink the clip, or choose another clip.",
            clip=name,
        )
    elif isinstance(reference, GeneratorReference):
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip '{name}' is a generator and has no media.",
            "Choose a clip that shows a media file.",
            clip=name,
        )
    if isinstance(reference, MissingReference) and _FILE_NAME.fullmatch(name):
        return base / name
    schema = None if reference is None else kept_schema(reference)
    if schema is not None:
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip '{name}' has media of a kind that cannot be read here ({schema}).",
            "Relink the clip to a media file and export the timeline again.",
            clip=name,
        )
    raise TimelineError(
        "MEDIA_OFFLINE",
        f"The clip '{name}' is offline: the timeline does not say where its media lies.",
        "Relink the clip in the editing application and export the timeline again.",
        clip=name,
    )


def notes_of(place: Placement) -> tuple[str, ...]:
    """What the user should know of a clip's retimes."""
    return tuple(
        f"The clip '{place.clip.name}' has a retime of unknown course ({retime}): its frame is "
        "counted at normal speed."
        for retime in unknown_retimes(place.clip)
    )


def _digest(clip: Clip) -> str | None:
    for thing in (clip.media_reference, clip):
        entry = None if thing is None else our_entry(thing)
        if entry is not None and isinstance(entry.get("digest"), str):
            return str(entry["digest"])
    return None


def _title(timeline: Timeline) -> str:
    return f"the timeline '{timeline.name}'" if timeline.name else "the timeline"
