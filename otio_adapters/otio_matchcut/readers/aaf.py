"""Advanced Authoring Format, through OpenTimelineIO's adapter.

The adapter reads the speed of a retime and not where its curve begins, so that trimmed and
backward clips are off by some frames. The curve is in the effect's metadata: a straight one is
read here, exactly. Measured against Avid's own renders of two timelines, whose frames are numbered.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio.schema import TimeEffect, Timeline

from otio_matchcut import clock
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._adapters import through
from otio_matchcut.readers._files import content_of
from otio_matchcut.readers._retimes import begin_at, first_shown, linear, of_unknown_course

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_Point = tuple[Fraction, Fraction]


def _sniff(head: bytes) -> bool:
    return head.startswith(_MAGIC)


def _read(path: Path, wanted: Wanted) -> Timeline:
    # pyaaf2 is needed only here, and says what it cannot read by an error of its own.
    from aaf2.exceptions import AAFError

    content_of(path)
    timeline = through("AAF", path, wanted, AAFError, OSError, struct.error)
    for item in timeline.tracks.find_children(descended_from_type=otio.core.Item):
        for index, effect in enumerate(item.effects):
            if isinstance(effect, TimeEffect):
                item.effects[index] = _followed(item, effect)
    return timeline


def _followed(item: otio.core.Item, effect: TimeEffect) -> otio.schema.Effect:
    """The retime with its curve read, the item's source range moved to where that begins."""
    stated = effect.metadata.get("AAF", {})
    points = _points(stated)
    span = item.source_range
    if points is None or span is None:
        return effect
    frames = clock.exact_value(span.duration.value)
    # Where the adapter has shortened an item, the curve's frames are counted from elsewhere.
    if len(points) != 2 or points[0][0] == points[1][0] or frames != stated.get("Length"):
        return of_unknown_course(effect)
    (time, value), (later, end) = points
    speed = clock.exact_speed(clock.to_float((end - value) / (later - time)))
    first = clock.exact_value(span.start_time.value) + value - speed * time
    begin_at(item, first_shown(first, speed, frames))
    return linear(effect, speed)


def _points(stated: Mapping[str, Any]) -> list[_Point] | None:
    """Record frame and source frame of each point of the curve, both from the item's first.

    None where there is no curve: then the adapter has read all that there is.
    """
    parameters = stated.get("Parameters", {})
    curve = parameters.get("PARAM_SPEED_OFFSET_MAP_U")
    unit = Fraction(1)
    if curve is None:
        curve = parameters.get("PARAM_OFFSET_MAP_U")
        # This one runs from 0 at the first frame to 1 at the last.
        unit = Fraction(max(1, int(stated.get("Length", 1)) - 1))
    if curve is None or not isinstance(curve, Mapping):
        return None
    values = curve.get("keyframe_values")
    if not values:
        return None
    return sorted(
        (_close(float(time) * clock.to_float(unit)), _close(float(value))) for time, value in values
    )


def _close(number: float) -> Fraction:
    return clock.exact_value(round(number, 6))


READER = Reader(
    name="AAF",
    suffixes=(".aaf",),
    applications=("Avid Media Composer", "Premiere Pro", "DaVinci Resolve"),
    line="All tracks, nests, markers and dissolves; constant speed exactly, other retimes noted.",
    sniff=_sniff,
    read=_read,
)
