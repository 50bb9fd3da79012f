"""Every video clip of a timeline with the stretch of record time in which it can be seen.

Record time is in seconds, exact, from the timeline's first frame (the start of its outermost
stack's visible part); the timeline's start timecode is not in it. Nested stacks and tracks, their
own trims and retimes are followed. Transitions take no time: a clip reaches to the cut that the
transition lies over; `crossings` tells how long they last. Frames matter where something runs
backwards, and are those of the timeline.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import TimeRange
from opentimelineio.schema import (
    Clip,
    LinearTimeWarp,
    Stack,
    TimeEffect,
    Timeline,
    Track,
    Transition,
)

from otio_matchcut import clock
from otio_matchcut.errors import TimelineError
from otio_matchcut.kept import kept_schema

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Placement:
    """A video clip where it is seen. `own = slope * record + offset` while it is."""

    clip: Clip
    address: tuple[int, ...]
    """Child indices that lead from the timeline's outermost stack to the clip."""
    track: str
    """Name of the innermost track, `V1`, `V2`, … counted from below where it has none."""
    start: Fraction
    """Record seconds at which it appears, trimmed by what it is nested in."""
    end: Fraction
    """Record seconds at which it is gone: half-open."""
    slope: Fraction
    """Clip seconds a record second, the clip's own retime left out; negative is backwards."""
    offset: Fraction
    """Clip seconds at record time 0; the clip begins at 0 of its own."""
    frame: Fraction
    """Record seconds a frame."""
    enabled: bool
    """Whether it and all that it is nested in are switched on."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A transition, where two neighbours on a track meet."""

    address: tuple[int, ...]
    """Child indices that lead from the timeline's outermost stack to it."""
    cut: Fraction
    """Record seconds of the cut that it lies over."""
    before: Fraction
    """Record seconds by which it begins before the cut."""
    after: Fraction
    """Record seconds by which it ends after the cut."""


@dataclass(frozen=True, slots=True)
class _View:
    """How record time maps into an item: `inner = slope * record + offset` in `[start, end)`."""

    slope: Fraction
    offset: Fraction
    start: Fraction
    end: Fraction
    enabled: bool

    def of_child(self, first: Fraction, length: Fraction, frame: Fraction) -> _View | None:
        """The view of a child that covers `[first, first + length)` here; None where unseen."""
        last = first + length
        if self.slope > 0:
            start, end = (first - self.offset) / self.slope, (last - self.offset) / self.slope
        elif self.slope < 0:
            # Backwards, what lies before an instant is shown after it: from the next frame on.
            start = _next_frame((last - self.offset) / self.slope, frame)
            end = _next_frame((first - self.offset) / self.slope, frame)
        elif first <= self.offset < last:
            start, end = self.start, self.end
        else:
            return None
        start, end = max(start, self.start), min(end, self.end)
        if start >= end:
            return None
        return _View(self.slope, self.offset - first, start, end, self.enabled)

    def inside(
        self, origin: Fraction, length: Fraction, speed: Fraction, frame: Fraction, enabled: bool
    ) -> _View:
        """The view in an item's inner time, which begins at `origin`, through its own retime."""
        slope, offset = retimed(self.slope, self.offset, length, speed, frame)
        return _View(slope, offset + origin, self.start, self.end, self.enabled and enabled)


def _next_frame(record: Fraction, frame: Fraction) -> Fraction:
    """Where the first record frame begins that begins after an instant."""
    return (math.floor(record / frame) + 1) * frame


def retimed(
    slope: Fraction, offset: Fraction, length: Fraction, speed: Fraction, frame: Fraction
) -> tuple[Fraction, Fraction]:
    """Slope and offset of record time to an item's inner time, after a retime.

    The item's source range begins at the earliest inner instant that is used, whichever way it
    runs, and its duration is that of the record; so a retime uses `length * abs(speed)` seconds.
    Backwards, the frames are those of the forward retime in opposite order.
    """
    if speed >= 0:
        return slope * speed, offset * speed
    last = length - frame * abs(slope)
    return -slope * abs(speed), (last - offset) * abs(speed)


def placements(timeline: Timeline) -> tuple[Placement, ...]:
    """All video clips that are seen at any time, from the lowest track up, each track in order.

    Disabled ones are there and say so. Clips that only lie outside of the trims of what they are
    nested in are not.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a clip or gap states no duration, or time is no number.
    """
    return tuple(place for place in _everything(timeline) if isinstance(place, Placement))


def crossings(timeline: Timeline) -> tuple[Crossing, ...]:
    """All transitions of video tracks that run forwards. Raises as `placements`."""
    return tuple(place for place in _everything(timeline) if isinstance(place, Crossing))


def record_rate(timeline: Timeline) -> Fraction:
    """The timeline's frame rate.

    That of its start time where it is one of frames, else of the first video item that states one;
    a clock of 24000, 30000 or 60000 ticks stands for its n/1001 rate; 24 where nothing is stated.
    """
    rates = [
        clock.nominal_rate(rate)
        for rate in _stated_rates(timeline)
        if rate > 0  # 0 and NaN say nothing
    ]
    for rate in rates:
        if clock.is_frame_rate(rate):
            return rate
    for rate in rates:
        if rate in (24000, 30000, 60000, 120000):
            return rate / 1001
    return Fraction(24)


def record_length(timeline: Timeline) -> Fraction:
    """Seconds from the timeline's first frame to its end, audio included."""
    return own_range(timeline.tracks)[1]


def own_range(item: otio.core.Item) -> tuple[Fraction, Fraction]:
    """Start in the item's own time and record length, both in seconds.

    A track or stack whose source range lies wholly beside what it holds (adapters of EDLs have
    written record times there) shows its contents from their start.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the item states no range and holds none.
    """
    holds = _contents(item) if isinstance(item, otio.core.Composition) else None
    span = stated_range(item)
    if span is None:
        if holds is None:
            raise _no_duration(item, "states neither a source range nor how long its media is")
        return Fraction(0), holds
    start, length = clock.seconds(span.start_time), clock.seconds(span.duration)
    if length < 0:
        raise _no_duration(item, "has a negative duration")
    if holds and (start >= holds or start + length <= 0):
        return Fraction(0), length
    return start, length


def stated_range(item: otio.core.Item) -> TimeRange | None:
    """The source range, or for a clip without one all of its media; None where neither is."""
    if item.source_range is not None:
        return item.source_range
    if isinstance(item, Clip) and item.media_reference is not None:
        return item.media_reference.available_range
    return None


def speed_of(item: otio.core.Item) -> Fraction:
    """How many seconds of its inside an item plays a second: 1, 2, 3/4, 0 frozen, -1 backwards."""
    speed = Fraction(1)
    for effect in item.effects:
        if isinstance(effect, LinearTimeWarp) and effect.enabled:
            speed *= clock.exact_speed(effect.time_scalar)
    return speed


def unknown_retimes(item: otio.core.Item) -> tuple[str, ...]:
    """Names of the item's retimes whose course cannot be known from the timeline."""
    found = []
    for effect in item.effects:
        schema = kept_schema(effect)
        if schema is not None and any(word in schema for word in ("Time", "Warp", "Freeze")):
            found.append(schema)
        elif isinstance(effect, TimeEffect) and not isinstance(effect, LinearTimeWarp):
            found.append(effect.effect_name or effect.name or "TimeEffect")
    return tuple(found)


def item_at(timeline: Timeline, address: tuple[int, ...]) -> otio.core.Composable | None:
    """What lies at an address of this timeline; None where it leads nowhere."""
    item: otio.core.Composable = timeline.tracks
    for index in address:
        if not isinstance(item, otio.core.Composition) or index >= len(item):
            return None
        item = item[index]
    return item


def _everything(timeline: Timeline) -> Iterator[Placement | Crossing]:
    stack = timeline.tracks
    origin, length = own_range(stack)
    frame = 1 / record_rate(timeline)
    outside = _View(Fraction(1), Fraction(0), Fraction(0), length, True)
    view = outside.inside(origin, length, speed_of(stack), frame, stack.enabled)
    return _walk(stack, (), "", view, frame)


def _walk(
    parent: otio.core.Composition,
    address: tuple[int, ...],
    track: str,
    view: _View,
    frame: Fraction,
) -> Iterator[Placement | Crossing]:
    begin, video_tracks = Fraction(0), 0
    for index, child in enumerate(parent):
        if isinstance(child, Transition) and view.slope > 0:
            yield Crossing(
                address=(*address, index),
                cut=(begin - view.offset) / view.slope,
                before=max(_ZERO, clock.seconds(child.in_offset) / view.slope),
                after=max(_ZERO, clock.seconds(child.out_offset) / view.slope),
            )
        if not isinstance(child, otio.core.Item):
            continue
        if isinstance(child, Track):
            if child.kind != otio.schema.TrackKind.Video:
                continue
            video_tracks += 1
        start, length = own_range(child)
        seen = view.of_child(begin, length, frame)
        if isinstance(parent, Track):
            begin += length
        if seen is None:
            continue
        name = track
        if isinstance(child, Track):
            name = child.name or f"V{video_tracks}"
        if isinstance(child, Clip):
            yield Placement(
                clip=child,
                address=(*address, index),
                track=name,
                start=seen.start,
                end=seen.end,
                slope=seen.slope,
                offset=seen.offset,
                frame=frame,
                enabled=seen.enabled and child.enabled,
            )
        elif isinstance(child, Track | Stack):
            inner = seen.inside(start, length, speed_of(child), frame, child.enabled)
            yield from _walk(child, (*address, index), name, inner, frame)


def _contents(parent: otio.core.Composition) -> Fraction:
    """Seconds that a track's children last one after the other, a stack's all at once."""
    lengths = [_length(child) for child in parent]
    return sum(lengths, Fraction(0)) if isinstance(parent, Track) else max(lengths, default=_ZERO)


def _length(child: otio.core.Composable) -> Fraction:
    if isinstance(child, otio.core.Item):
        return own_range(child)[1]
    if isinstance(child, Transition):
        return Fraction(0)
    raise _no_duration(child, "states no duration")


def _stated_rates(timeline: Timeline) -> Iterator[float]:
    if timeline.global_start_time is not None:
        yield timeline.global_start_time.rate
    for track in timeline.video_tracks():
        for item in track.find_children(descended_from_type=otio.core.Item):
            span = stated_range(item)
            if span is not None:
                yield clock.range_rate(span)


def _no_duration(item: otio.core.Composable, why: str) -> TimelineError:
    return TimelineError(
        "TIMELINE_UNREADABLE",
        f"'{item.name}' ({item.schema_name()}) {why}, so nothing after it has a place.",
        "Export the timeline again from the editing application.",
        item=item.name,
        why=f"'{item.name}' {why}",
    )
