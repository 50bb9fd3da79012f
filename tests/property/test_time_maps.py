"""Random time maps are exact: the frame seen at a record frame is the one that a slow oracle finds.

The oracle asks, frame by frame and from the outermost stack inwards, what is on the screen at one
instant, in Fractions. It shares no code with `placing`, which computes intervals and slopes once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import opentimelineio as otio
from hypothesis import given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime, TimeRange

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate

BASE = Path("/project")
NTSC = Fraction(1000, 1001)
RATES = (Fraction(24), Fraction(25), Fraction(30), 24 * NTSC, 30 * NTSC, 60 * NTSC)
WRITTEN = {24 * NTSC: (23.976, 23.98, 24000 / 1001, 23.976024627685547), 30 * NTSC: (29.97,)}
"""How else applications write these rates."""
SPEEDS = ("1", "1", "2", "1/2", "3/4", "-1", "-2", "-7/10", "0", "3/2", "1/3")
thorough = settings(deadline=None, max_examples=100)


@dataclass(frozen=True)
class Shot:
    name: str
    rate: Fraction
    first: int
    """Frame number at which the source range begins."""
    origin: int | None
    """Frame number of the media's first frame, None where the clip does not say."""
    frames: int
    speed: Fraction
    enabled: bool

    @property
    def length(self) -> Fraction:
        return self.frames / self.rate


@dataclass(frozen=True)
class Hole:
    frames: int
    rate: Fraction

    @property
    def length(self) -> Fraction:
        return self.frames / self.rate


@dataclass(frozen=True)
class Row:
    """A track."""

    parts: tuple[Part, ...]
    dissolves: tuple[bool, ...]
    """Whether a transition lies before each part; it takes no time."""
    enabled: bool

    @property
    def length(self) -> Fraction:
        return sum((part.length for part in self.parts), Fraction(0))


@dataclass(frozen=True)
class Pile:
    """A nested sequence: tracks over each other, trimmed and retimed as one."""

    rows: tuple[Row, ...]
    trim: tuple[int, int, Fraction] | None
    """First frame, frames, rate."""
    speed: Fraction
    enabled: bool

    @property
    def inside(self) -> Fraction:
        return max((row.length for row in self.rows), default=Fraction(0))

    @property
    def start(self) -> Fraction:
        return Fraction(0) if self.trim is None else self.trim[0] / self.trim[2]

    @property
    def length(self) -> Fraction:
        return self.inside if self.trim is None else self.trim[1] / self.trim[2]


Part: TypeAlias = Shot | Hole | Pile


# The oracle


class NoWholeFrame(Exception):
    """Which frame is seen is not defined."""


def inner(time: Fraction, length: Fraction, speed: Fraction, step: Fraction) -> Fraction:
    """The instant inside of something retimed, `step` being one record frame as seen from there.

    Backwards, the frames are those of the forward retime in opposite order. What runs backwards
    and ends between two record frames has no whole frame left for the last one.
    """
    if speed < 0 and time + step > length:
        raise NoWholeFrame
    return time * speed if speed >= 0 else (length - step - time) * -speed


def in_row(row: Row, time: Fraction, step: Fraction) -> tuple[Shot, Fraction] | None:
    if not row.enabled:
        return None
    for part in row.parts:
        if 0 <= time < part.length:
            return in_part(part, time, step)
        time -= part.length
    return None


def in_part(part: Part, time: Fraction, step: Fraction) -> tuple[Shot, Fraction] | None:
    if isinstance(part, Hole) or not part.enabled:
        return None
    inside = inner(time, part.length, part.speed, step)
    if isinstance(part, Shot):
        return part, part.first + inside * part.rate
    return seen(part.rows, part.start + inside, step * abs(part.speed))


def seen(rows: Sequence[Row], time: Fraction, step: Fraction) -> tuple[Shot, Fraction] | None:
    """The topmost clip at an instant, and the frame number of its media there."""
    for row in reversed(rows):
        found = in_row(row, time, step)
        if found is not None:
            return found
    return None


# The same in OpenTimelineIO


def _range(first: Fraction | int, frames: int, rate: float) -> TimeRange:
    return TimeRange(RationalTime(float(first), rate), RationalTime(frames, rate))


def _retimed(item: otio.core.Item, speed: Fraction) -> None:
    if speed == 0:
        item.effects.append(otio.schema.FreezeFrame())
    elif speed != 1:
        item.effects.append(otio.schema.LinearTimeWarp(time_scalar=float(speed)))


def build_part(part: Part, spelled: dict[Fraction, float]) -> otio.core.Item:
    if isinstance(part, Hole):
        return otio.schema.Gap(source_range=_range(0, part.frames, spelled[part.rate]))
    if isinstance(part, Shot):
        rate = spelled[part.rate]
        media = otio.schema.ExternalReference("/media/a.mov")
        if part.origin is not None:
            media.available_range = _range(part.origin, 10**6, rate)
        clip = otio.schema.Clip(part.name, media, _range(part.first, part.frames, rate))
        clip.enabled = part.enabled
        _retimed(clip, part.speed)
        return clip
    stack = otio.schema.Stack(children=[build_row(row, spelled) for row in part.rows])
    if part.trim is not None:
        first, frames, rate = part.trim
        stack.source_range = _range(first, frames, spelled[rate])
    stack.enabled = part.enabled
    _retimed(stack, part.speed)
    return stack


def build_row(row: Row, spelled: dict[Fraction, float]) -> otio.schema.Track:
    track = otio.schema.Track(kind="Video")
    for part, dissolve in zip(row.parts, row.dissolves, strict=True):
        if dissolve and len(track):
            two = RationalTime(2, 24)
            track.append(otio.schema.Transition("", "SMPTE_Dissolve", two, two))
        track.append(build_part(part, spelled))
    track.enabled = row.enabled
    return track


def build(
    rows: Sequence[Row], rate: Fraction, spelled: dict[Fraction, float]
) -> otio.schema.Timeline:
    made = otio.schema.Timeline(global_start_time=RationalTime(0, spelled[rate]))
    made.tracks.extend(build_row(row, spelled) for row in rows)
    return made


# What is drawn

enabled = st.sampled_from([True, True, True, False])
speeds = st.sampled_from([Fraction(speed) for speed in SPEEDS])


@st.composite
def shots(draw: st.DrawFn) -> Shot:
    origin = draw(st.sampled_from([None, 0, 86400, 107892]))
    return Shot(
        name=draw(st.text("abcdefgh", min_size=1, max_size=4)),
        rate=draw(st.sampled_from(RATES)),
        first=draw(st.integers(0, 300)) + (origin or 0),
        origin=origin,
        frames=draw(st.integers(1, 40)),
        speed=draw(speeds),
        enabled=draw(enabled),
    )


@st.composite
def rows(draw: st.DrawFn, depth: int) -> Row:
    holes = st.builds(Hole, st.integers(1, 20), st.sampled_from(RATES))
    kinds: list[st.SearchStrategy[Part]] = [shots(), shots(), holes]
    if depth:
        kinds.append(piles(depth - 1))
    parts = draw(st.lists(st.one_of(kinds), min_size=1, max_size=4))
    dissolves = draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))
    return Row(tuple(parts), tuple(dissolves), draw(enabled))


@st.composite
def piles(draw: st.DrawFn, depth: int) -> Pile:
    made = Pile(
        tuple(draw(st.lists(rows(depth), min_size=1, max_size=2))),
        None,
        draw(speeds),
        draw(enabled),
    )
    rate = draw(st.sampled_from(RATES))
    most = math.ceil(made.inside * rate) - 1
    if most < 1 or not draw(st.booleans()):
        return made
    # A trim that lies beside all of its contents is read in a kinder way, see `placing.own_range`.
    trim = (draw(st.integers(0, most)), draw(st.integers(1, 60)), rate)
    return Pile(made.rows, trim, made.speed, made.enabled)


@st.composite
def spellings(draw: st.DrawFn) -> dict[Fraction, float]:
    return {rate: draw(st.sampled_from((float(rate), *WRITTEN.get(rate, ())))) for rate in RATES}


@thorough
@given(
    st.lists(rows(2), min_size=1, max_size=2),
    st.sampled_from(RATES),
    spellings(),
    st.lists(st.integers(0, 120), min_size=1, max_size=12),
)
def test_the_media_frame_seen_at_a_record_frame_is_exactly_the_oracles(
    drawn: list[Row], rate: Fraction, spelled: dict[Fraction, float], frames: list[int]
) -> None:
    timeline = build(drawn, rate, spelled)
    length = max(row.length for row in drawn)
    for frame in frames:
        time = frame / rate
        try:
            expected = seen(drawn, time, 1 / rate) if time < length else None
        except NoWholeFrame:
            continue
        try:
            shot = locate(timeline, base=BASE, clip=None, at=str(frame))
        except TimelineError as error:
            if error.reason not in ("CLIP_NOT_FOUND", "TIME_OUTSIDE"):
                raise
            assert expected is None
            continue
        assert expected is not None
        part, number = expected
        assert (shot.clip_name, shot.source_timecode_frame) == (part.name, math.floor(number))
        assert shot.source_frame == math.floor(number) - (part.origin or 0)
        assert shot.source_rate == part.rate
