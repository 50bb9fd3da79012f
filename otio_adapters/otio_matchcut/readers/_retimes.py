"""Retimes that an adapter has left unread, put into OpenTimelineIO's own words."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import FreezeFrame, LinearTimeWarp, TimeEffect

from otio_matchcut import clock


def linear(effect: otio.schema.Effect, speed: Fraction) -> otio.schema.Effect:
    """The effect as a retime at a constant speed, its name and metadata kept."""
    if speed == 0:
        made = FreezeFrame(effect.name)
    else:
        made = LinearTimeWarp(effect.name, time_scalar=clock.to_float(speed))
    made.metadata.update(effect.metadata)
    return made


def of_unknown_course(effect: otio.schema.Effect) -> TimeEffect:
    """The effect as a retime that cannot be followed; the clip then carries a note."""
    name = effect.name or effect.effect_name or "Retime"
    made = TimeEffect(name, effect_name=effect.effect_name or name)
    made.metadata.update(effect.metadata)
    return made


def begin_at(item: otio.core.Item, first: Fraction) -> None:
    """Moves the item's source range to begin at a frame, in the rate that it is written in.

    A clip that runs backwards begins at the earliest instant that it uses, as any other.
    """
    span = item.source_range
    start = RationalTime(clock.to_float(first), span.start_time.rate)
    item.source_range = TimeRange(start, span.duration)


def first_shown(first: Fraction, speed: Fraction, frames: Fraction) -> Fraction:
    """Where the source range begins of an item whose first record frame shows `first`.

    Args:
        first: Source frame, not rounded down, at the item's first record frame.
        speed: Source frames a record frame; negative is backwards.
        frames: Record frames that the item lasts.
    """
    return first if speed >= 0 else first - (frames - 1) * abs(speed)
