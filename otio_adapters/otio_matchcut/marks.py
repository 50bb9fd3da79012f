"""Our markers on an editor's timeline in record time, for formats that know no other.

A marker of ours lies on a clip, in the clip's own time. What a viewer sees at the playhead is
record time: through trims, nested sequences and retimes, from the timeline's start timecode on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.schema import Marker, Timeline, Track, TrackKind

from otio_matchcut import clock
from otio_matchcut.delivery import Edited, Mark
from otio_matchcut.entries import match_of, our_entry
from otio_matchcut.locate import first_frame
from otio_matchcut.matches import Match
from otio_matchcut.placing import Placement, placements, record_rate, stated_range


def edited(marked: Timeline, *, drop_frame: bool | None = None) -> Edited:
    """An editor's timeline that `marking.mark` has marked, and its markers in record time.

    A marker that cannot be seen, since its clip is trimmed or switched off, is left out.

    Args:
        marked: With our markers on its clips.
        drop_frame: Whether it counts in drop-frame; None where nobody has said so, see
            `counts_in_drop_frame`.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a time is no number, or a marker holds no whole match.
    """
    rate, first = record_rate(marked), first_frame(marked)
    drops = counts_in_drop_frame(rate, first) if drop_frame is None else drop_frame
    pictures = _picture_tracks(marked)
    found = []
    for place in placements(marked):
        for marker in place.clip.markers if place.enabled else ():
            entry = our_entry(marker)
            seen = None if entry is None else _seen(marker, place)
            if entry is None or seen is None:
                continue
            frame = first + math.floor(seen * rate)
            match = match_of(entry, marker.color)
            found.append(Mark(match, marker.comment, frame, pictures[place.address[0]]))
    found.sort(key=lambda mark: (mark.frame, mark.match.rank))
    return Edited(marked, tuple(found), rate, first, drops)


def one_a_frame(marks: Sequence[Mark]) -> tuple[tuple[int, Mark], ...]:
    """Each marker with a frame of its own, for hosts that keep one a frame: its, or the next free.

    Args:
        marks: In the order of record time.
    """
    taken: set[int] = set()
    found = []
    for mark in marks:
        frame = mark.frame
        while frame in taken:
            frame += 1
        taken.add(frame)
        found.append((frame, mark))
    return tuple(found)


def matches_in(timeline: Timeline) -> tuple[Match, ...]:
    """The matches that our markers on a timeline hold, best first, each once.

    Several flavors stand one after another, in the order of their names.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a marker holds no whole match.
    """
    found: dict[tuple[str, str], Match] = {}
    for marker in _markers(timeline):
        entry = our_entry(marker)
        if entry is not None:
            key = (str(entry.get("id")), str(entry.get("flavor")))
            found.setdefault(key, match_of(entry, marker.color))
    return tuple(sorted(found.values(), key=lambda match: (match.flavor, match.rank)))


def is_editors(timeline: Timeline) -> bool:
    """Whether our markers were put onto it for a question, unlike those of a matches timeline."""
    entries = (our_entry(marker) for marker in _markers(timeline))
    return any(entry is not None and "query" in entry for entry in entries)


def counts_in_drop_frame(rate: Fraction, first: int) -> bool:
    """Whether a timeline counts in drop-frame, as far as its start tells.

    Timelines do not say. They start on a whole second in the one count or the other; where that
    is so in both, as at 00:00:00:00, drop-frame is the custom of its rates.
    """
    if (rate * 1001 / 30000).denominator != 1:
        return False
    return clock.timecode_of_frame(first, rate, drop_frame=True).endswith(";00") or not (
        clock.timecode_of_frame(first, rate).endswith(":00")
    )


def _seen(marker: Marker, place: Placement) -> Fraction | None:
    """Record seconds at which a clip's marker is seen; None where it is not."""
    span = stated_range(place.clip)
    assert span is not None, "placements has refused a clip without a range"
    own = clock.seconds(marker.marked_range.start_time) - clock.seconds(span.start_time)
    if not place.slope:
        return place.start
    record = (own - place.offset) / place.slope
    return record if place.start <= record < place.end else None


def _picture_tracks(timeline: Timeline) -> dict[int, int]:
    """By the index of a child of the outermost stack, which track of pictures it is."""
    numbers: dict[int, int] = {}
    for index, child in enumerate(timeline.tracks):
        if not (isinstance(child, Track) and child.kind != TrackKind.Video):
            numbers[index] = len(numbers) + 1
    return numbers


def _markers(timeline: Timeline) -> Iterator[Marker]:
    yield from timeline.tracks.markers
    for item in timeline.tracks.find_children(descended_from_type=otio.core.Item):
        yield from item.markers
