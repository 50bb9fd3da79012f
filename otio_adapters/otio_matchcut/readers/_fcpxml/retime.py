"""Which time of its source a clip shows: rate conforming and time maps.

Three clocks meet in a clip. The *parent's* runs where the clip lies. The *local* one begins at the
clip's `start`; connected clips and markers are placed in it. The *source's* is that of the media or
of the nested timeline. Rate conforming lies between the first two, a time map between the last two.

Source: Apple, "Timing Attributes", "timeMap" and "conform-rate" of the FCPXML Reference. What those
leave open was measured in files that Final Cut wrote; docs/decisions/0028-fcpxml.md says what.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

from otio_matchcut import clock
from otio_matchcut.readers._fcpxml.document import Document, said

_ONE = Fraction(1)
_NTSC = Fraction(1000, 1001)
_PULLED = Fraction(1001, 1000)
_CONFORMED = {
    # (media, timeline): the rate at which the media then runs, by Apple's table.
    (24 * _NTSC, Fraction(24)): Fraction(24),
    (24 * _NTSC, Fraction(25)): Fraction(25),
    (24 * _NTSC, Fraction(50)): Fraction(25),
    (Fraction(24), 24 * _NTSC): 24 * _NTSC,
    (Fraction(24), Fraction(25)): Fraction(25),
    (Fraction(24), Fraction(50)): Fraction(25),
    (Fraction(25), 24 * _NTSC): 24 * _NTSC,
    (Fraction(25), Fraction(24)): Fraction(24),
    (30 * _NTSC, Fraction(30)): Fraction(30),
    (30 * _NTSC, Fraction(60)): Fraction(30),
    (Fraction(30), 30 * _NTSC): 30 * _NTSC,
    (Fraction(30), 60 * _NTSC): 30 * _NTSC,
    (Fraction(50), 24 * _NTSC): 48 * _NTSC,
    (Fraction(50), Fraction(24)): Fraction(48),
    (60 * _NTSC, Fraction(30)): Fraction(60),
    (60 * _NTSC, Fraction(60)): Fraction(60),
    (Fraction(60), 30 * _NTSC): 60 * _NTSC,
    (Fraction(60), 60 * _NTSC): 60 * _NTSC,
    # Not in the table, but what Final Cut does: media at 23.976 runs at 24 in 59.94.
    (24 * _NTSC, 60 * _NTSC): 24 * _NTSC * _PULLED,
}
_WRITTEN = {
    "23.98": 24 * _NTSC,
    "29.97": 30 * _NTSC,
    "47.95": 48 * _NTSC,
    "59.94": 60 * _NTSC,
    "119.88": 120 * _NTSC,
}


@dataclass(frozen=True, slots=True)
class Course:
    """How a clip runs: `local = start + pace * parent` and `source = at + speed * parent`.

    `parent` is in seconds from where the clip begins in its parent.
    """

    start: Fraction
    """The clip's local time where it begins."""
    pace: Fraction
    """Local seconds a parent second: rate conforming."""
    at: Fraction
    """The source's time where it begins."""
    speed: Fraction
    """Source seconds a parent second: 1 normal, 0 frozen, negative backwards."""
    points: tuple[tuple[Fraction, Fraction], ...] = ()
    """The time map, local to source, in order of local time; empty where there is none."""
    unknown: str = ""
    """What the retime is called whose course is not constant, or not known; `speed` is 1 then."""

    def source(self, local: Fraction) -> Fraction:
        """The source's time at a local one, along straight lines between the points of a map."""
        return _along(self.points, local) if self.points else local

    def parent(self, local: Fraction) -> Fraction:
        """Seconds from where the clip begins to a local time."""
        return (local - self.start) / self.pace


def course_of(document: Document, element: Element, length: Fraction, frame: Fraction) -> Course:
    """The course of a clip.

    Args:
        document: Which holds it.
        element: The clip.
        length: How long it lasts, in seconds of its parent.
        frame: Seconds a frame of the timeline that it lies in.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a time is none, or points of a map are out of order.
    """
    start = document.time(element, "start") or Fraction(0)
    pace, unsettled = _pace(element, frame)
    points = _points(document, element)
    if not points:
        return Course(start, pace, start, _ONE if unsettled else pace, (), unsettled)
    at = _along(points, start)
    if pace != 1 or unsettled:
        return Course(start, pace, at, _ONE, points, "time map with a rate conform")
    speed = _constant(element, points, start, start + length)
    if speed is None:
        return Course(start, pace, at, _ONE, points, "time map")
    return Course(start, pace, at, speed, points)


def _pace(element: Element, frame: Fraction) -> tuple[Fraction, str]:
    """Local seconds a parent second, and the name of a rate conform that is not settled."""
    conform = element.find("conform-rate")
    if conform is None or conform.get("scaleEnabled") == "0":
        return _ONE, ""
    written = conform.get("srcFrameRate")
    if written is None:
        return _ONE, "rate conform from a rate that is not stated"
    media = _WRITTEN.get(written)
    if media is None:
        try:
            media = Fraction(written)
        except (ValueError, ZeroDivisionError):
            return _ONE, f"rate conform from '{written}'"
    if media == 1 / frame:
        return _ONE, ""
    conformed = _CONFORMED.get((media, 1 / frame))
    if conformed is None:
        return _ONE, f"rate conform from {written} to {clock.rate_text(1 / frame)}"
    return conformed / media, ""


def _points(document: Document, element: Element) -> tuple[tuple[Fraction, Fraction], ...]:
    found = []
    for point in element.iterfind("timeMap/timept"):
        local, source = document.time(point, "time"), document.time(point, "value")
        if local is None or source is None:
            raise document.refusal(f"a point of the time map of {said(element)} is not complete")
        found.append((local, source))
    if any(first[0] >= second[0] for first, second in pairwise(found)):
        raise document.refusal(f"the points of the time map of {said(element)} are out of order")
    return tuple(found)


def _along(points: tuple[tuple[Fraction, Fraction], ...], local: Fraction) -> Fraction:
    """Along the line between the two points around a time; a lone point holds its source's time."""
    if len(points) == 1:
        return points[0][1]
    last = len(points) - 2
    for index, (first, second) in enumerate(pairwise(points)):
        if local < second[0] or index == last:
            slope = (second[1] - first[1]) / (second[0] - first[0])
            return first[1] + (local - first[0]) * slope
    raise AssertionError("two points make a line")


def _constant(
    element: Element,
    points: tuple[tuple[Fraction, Fraction], ...],
    start: Fraction,
    end: Fraction,
) -> Fraction | None:
    """The speed from `start` to `end` where it is one, else None.

    A smooth point bends the lines beside it, so that more than two points in a row are of one speed
    only where they are linear, or lie on one line anyhow.
    """
    if len(points) == 1:
        return Fraction(0)
    lines = list(pairwise(points))
    used = [
        index
        for index, (first, second) in enumerate(lines)
        if (first[0] < end or index == 0) and (second[0] > start or index == len(lines) - 1)
    ]
    bends = any(
        point.get("interp", "smooth2") != "linear" for point in element.iterfind("timeMap/timept")
    )
    if bends:
        used = [index for index in range(len(lines)) if min(used) - 1 <= index <= max(used) + 1]
    slopes = {
        (second[1] - first[1]) / (second[0] - first[0])
        for first, second in (lines[index] for index in used)
    }
    return slopes.pop() if len(slopes) == 1 else None
