"""Markers, chapter markers and keywords, as spans of what they are on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from otio_matchcut.readers._fcpxml.document import Document
from otio_matchcut.readers._fcpxml.retime import Course

_KINDS = ("marker", "chapter-marker", "keyword")
_GENERATED = Fraction(3600)
"""Seconds at which Final Cut starts the clock of what it makes: titles, gaps, transitions."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something written at a span of time."""

    kind: str
    """The element's: `marker`, `chapter-marker` or `keyword`."""
    name: str
    start: Fraction
    length: Fraction
    note: str = ""
    completed: str = ""
    """Of a marker that is a task: `0` to do, `1` done; empty for others."""
    poster: str = ""
    """Of a chapter: where its picture is taken, as written."""

    def moved(self, by: Fraction) -> Mark:
        """The mark later by some seconds."""
        return replace(self, start=self.start + by)

    def through(self, source: Callable[[Fraction], Fraction], speed: Fraction) -> Mark:
        """The mark in another clock, which runs `speed` seconds a second of this one.

        On a held frame it keeps its length, since there is none of the other clock's.
        """
        ends = (source(self.start), source(self.start + self.length))
        return replace(self, start=min(ends), length=abs(speed) * self.length or self.length)


def marks_of(document: Document, element: Element, course: Course) -> tuple[Mark, ...]:
    """What is written on an element, in the time of its source.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a time is none.
    """
    found = []
    for child in element:
        if child.tag not in _KINDS:
            continue
        mark = _mark(document, child)
        ends = (course.source(mark.start), course.source(mark.start + mark.length))
        length = abs(ends[1] - ends[0]) or mark.length
        found.append(replace(mark, start=min(ends), length=length))
    return tuple(found)


def marks_of_transition(document: Document, element: Element, start: Fraction) -> tuple[Mark, ...]:
    """What is written on a transition that begins at `start`, in seconds of its timeline.

    A transition states no start of its own clock; Final Cut counts from an hour, as for titles.
    """
    found = []
    for child in element:
        if child.tag in _KINDS:
            mark = _mark(document, child)
            origin = _GENERATED if mark.start >= _GENERATED else Fraction(0)
            found.append(mark.moved(start - origin))
    return tuple(found)


def _mark(document: Document, element: Element) -> Mark:
    return Mark(
        kind=element.tag,
        name=element.get("value", ""),
        start=document.time(element, "start") or Fraction(0),
        length=document.time(element, "duration") or Fraction(0),
        note=element.get("note", ""),
        completed=element.get("completed", ""),
        poster=element.get("posterOffset", ""),
    )
