"""What lies where in a sequence: story elements laid out on runs, nested timelines inside.

Left out, since they do not move pictures: effects, adjustments, roles, captions, ratings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from otio_matchcut.readers._fcpxml.document import Document, said
from otio_matchcut.readers._fcpxml.marks import Mark, marks_of, marks_of_transition
from otio_matchcut.readers._fcpxml.media import as_pictures, as_sound, filmed
from otio_matchcut.readers._fcpxml.narrow import begun, only_piece, through
from otio_matchcut.readers._fcpxml.pieces import (
    Crossing,
    Level,
    Made,
    Nothing,
    Piece,
    Run,
    Timeline,
)
from otio_matchcut.readers._fcpxml.retime import Course, course_of

MOST = 100_000
"""Pieces of a timeline at most, nested ones counted each time they are used."""
DEEPEST = 50
"""Compound clips inside each other at most."""
_ZERO = Fraction(0)
_SPANNED = frozenset({"clip", "sync-clip"})
_NESTED = frozenset({"ref-clip", "mc-clip"})
_MADE = frozenset({"title", "live-drawing"})
_PIECES = (
    frozenset({"asset-clip", "audio", "video", "audition", "gap"}) | _SPANNED | _NESTED | _MADE
)
_STORY = _PIECES | {"spine"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an element is read: its document, its timeline's frame, and what it is nested in."""

    document: Document
    frame: Fraction
    known: dict[tuple[str, str], Timeline]
    """What is laid out already, by the id of its media and its angle's."""
    inside: tuple[str, ...] = ()
    """Ids of the compound and multicam clips around."""


def sequence(document: Document, element: Element, name: str) -> Timeline:
    """A sequence laid out.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, with what is not understood.
    """
    return _sequence(_Place(document, Fraction(1, 24), {}), element, name)


def _sequence(place: _Place, element: Element, name: str) -> Timeline:
    document = place.document
    frame = document.frame(element.get("format"))
    if frame is None:
        raise document.refusal(
            f"'{name}' states no frame rate: its format '{element.get('format', '')}' has none, or "
            "is not in the file"
        )
    spine = element.find("spine")
    if spine is None:
        raise document.refusal(f"'{name}' has no primary storyline")
    origin = document.time(element, "tcStart") or _ZERO
    return _laid(replace(place, frame=frame), list(spine), name, origin)


def _laid(place: _Place, elements: Sequence[Element], name: str, origin: Fraction) -> Timeline:
    runs: list[Run] = []
    _storyline(place, elements, _ZERO, origin, (), runs)
    timeline = Timeline(name, place.frame, tuple(begun(run) for run in runs))
    if timeline.size > MOST:
        raise place.document.refusal(
            f"'{name}' holds more than {MOST} clips, nested ones counted each time they are used"
        )
    return timeline


def _storyline(
    place: _Place,
    elements: Sequence[Element],
    begin: Fraction,
    origin: Fraction,
    level: Level,
    runs: list[Run],
) -> None:
    """Lays elements one after the other; `offset`s count from `origin`, which is at `begin`."""
    document = place.document
    pieces: list[Piece] = []
    crossings: list[Crossing] = []
    marks: list[Mark] = []
    end = begin
    for element in elements:
        offset = document.time(element, "offset")
        start = end if offset is None else begin + offset - origin
        if element.tag == "transition":
            crossing = _crossing(document, element, start, end)
            crossings.append(crossing)
            marks.extend(marks_of_transition(document, element, crossing.start))
            continue
        if element.tag == "spine":
            _storyline(place, list(element), start, _ZERO, level, runs)
            continue
        if element.tag not in _PIECES:
            raise document.refusal(f"it holds {said(element)}, which is not known here")
        if start < end:
            raise document.refusal(
                f"{said(element)} begins before the element ahead of it in its storyline has ended"
            )
        piece = _piece(place, element, start, level, runs)
        pieces.append(piece)
        end = piece.end
    runs.append(Run(level, tuple(pieces), tuple(crossings), tuple(marks)))


def _crossing(document: Document, element: Element, start: Fraction, cut: Fraction) -> Crossing:
    length = document.time(element, "duration")
    if length is None or not start <= cut <= start + length:
        raise document.refusal(f"{said(element)} does not lie over a cut")
    return Crossing(element.get("name", ""), start, cut, start + length)


def _piece(
    place: _Place, element: Element, start: Fraction, level: Level, runs: list[Run]
) -> Piece:
    """An element as a piece; what is connected to it goes to `runs`."""
    document = place.document
    if element.tag == "audition":
        active = next(iter(element), None)
        if active is None or active.tag not in _PIECES:
            raise document.refusal("an audition holds no clip")
        return _piece(place, active, start, level, runs)
    length = _length(place, element)
    course = course_of(document, element, length, place.frame)
    piece = Piece(
        source=Nothing(),
        tag=element.tag,
        name=element.get("name", ""),
        start=start,
        length=length,
        at=course.at,
        speed=course.speed,
        unknown=course.unknown,
        enabled=element.get("enabled") != "0",
        marks=marks_of(document, element, course),
        note=(element.findtext("note") or "").strip(),
    )
    _connected(place, element, start, course, level, runs)
    return _sourced(place, element, piece, course)


def _length(place: _Place, element: Element) -> Fraction:
    length = place.document.time(element, "duration")
    if length is None and element.tag == "asset-clip":
        asset = place.document.resource(element, "the asset")
        length = place.document.time(asset, "duration")
    if length is None or length < 0:
        raise place.document.refusal(f"{said(element)} states no duration")
    return length


def _connected(
    place: _Place,
    element: Element,
    start: Fraction,
    course: Course,
    level: Level,
    runs: list[Run],
) -> None:
    document = place.document
    for child in element:
        lane = _lane(document, child)
        if not lane:
            continue
        offset = document.time(child, "offset") or _ZERO
        begin = start + course.parent(offset)
        if child.tag == "spine":
            _storyline(place, list(child), begin, _ZERO, (*level, lane), runs)
        else:
            piece = _piece(place, child, begin, (*level, lane), runs)
            runs.append(Run((*level, lane), (piece,)))


def _lane(document: Document, element: Element) -> int:
    """0 inside its parent, above it where positive; 0 for what is no part of the story."""
    if element.tag not in _STORY:
        if element.tag != "caption" and {"lane", "offset"} & set(element.attrib):
            raise document.refusal(f"it holds {said(element)}, which is not known here")
        return 0
    text = element.get("lane", "0")
    try:
        return int(text)
    except ValueError:
        raise document.refusal(f"{said(element)} has the lane '{text}'") from None


def _sourced(place: _Place, element: Element, piece: Piece, course: Course) -> Piece:
    """The piece with its source."""
    document, tag = place.document, element.tag
    if tag == "gap":
        return piece
    if tag in _MADE:
        effect = document.resources.get(element.get("ref", ""))
        return replace(piece, source=Made(tag, "" if effect is None else effect.get("name", "")))
    if tag in _SPANNED:
        return _spanned(place, element, piece)
    if tag in _NESTED:
        return _nested(place, element, piece)
    found = document.resource(element, "the asset")
    if found.tag == "effect":
        return replace(piece, source=Made("generator", found.get("name", "")))
    if found.tag != "asset":
        raise document.refusal(f"{said(element)} refers to a {found.tag}, not to an asset")
    sound = tag == "audio" or element.get("srcEnable") == "audio"
    return filmed(document, place.frame, found, piece, sound=sound)


def _nested(place: _Place, element: Element, piece: Piece) -> Piece:
    """A compound or multicam clip: its timeline, laid out once however often it is used."""
    document = place.document
    media = document.resource(element, "the compound or multicam clip")
    known = media.get("id", "")
    if known in place.inside or len(place.inside) >= DEEPEST:
        raise document.refusal(f"{said(element)} is nested in itself, or too deep")
    holder = next(iter(media), None)
    if holder is None or holder.tag not in ("sequence", "multicam"):
        raise document.refusal(f"{said(element)} refers to '{known}', which holds no timeline")
    within = replace(place, inside=(*place.inside, known))
    name = media.get("name", "") or piece.name
    enabled, angle = element.get("srcEnable", "all"), ""
    if holder.tag == "multicam":
        enabled, angle = _active(element, enabled)
    timeline = place.known.get((known, angle))
    if timeline is None:
        if holder.tag == "multicam":
            timeline = _angle(within, holder, name, angle)
        else:
            timeline = _sequence(within, holder, name)
        place.known[known, angle] = timeline
    if enabled == "audio":
        timeline = as_sound(timeline)
    elif enabled == "video":
        timeline = as_pictures(timeline)
    return _shifted(piece, timeline, document.time(holder, "tcStart") or _ZERO)


def _active(element: Element, enabled: str) -> tuple[str, str]:
    """What is used of a multicam clip, and the id of the angle that is seen, or only heard."""
    chosen = {
        what: source.get("angleID", "")
        for source in element.iterfind("mc-source")
        for what in ("video", "audio")
        if source.get("srcEnable", "all") in ("all", what)
    }
    if enabled == "audio" or "video" not in chosen:
        return "audio", chosen.get("audio", "")
    return "all", chosen["video"]


def _angle(place: _Place, multicam: Element, name: str, wanted: str) -> Timeline:
    document = place.document
    frame = document.frame(multicam.get("format"))
    if frame is None:
        raise document.refusal(f"the multicam clip '{name}' states no frame rate")
    angles = [angle for angle in multicam.iterfind("mc-angle") if angle.get("angleID") == wanted]
    if len(angles) != 1:
        raise document.refusal(f"a clip of '{name}' does not say which angle of it is active")
    origin = document.time(multicam, "tcStart") or _ZERO
    label = f"{name} {angles[0].get('name', '')}".rstrip()
    return _laid(replace(place, frame=frame), list(angles[0]), label, origin)


def _spanned(place: _Place, element: Element, piece: Piece) -> Piece:
    """A `clip` or `sync-clip`: a timeline of what it contains; of one picture, that picture."""
    document = place.document
    inside = [child for child in element if child.tag in _STORY and _lane(document, child) == 0]
    if not inside:
        raise document.refusal(f"{said(element)} holds no media")
    offsets = [document.time(child, "offset") or _ZERO for child in inside]
    frame = document.frame(element.get("format")) or place.frame
    timeline = _laid(replace(place, frame=frame), inside, piece.name, min(offsets))
    spanned = _shifted(piece, timeline, min(offsets))
    only = only_piece(timeline, spanned) if element.tag == "clip" else None
    return spanned if only is None else through(spanned, only)


def _shifted(piece: Piece, timeline: Timeline, origin: Fraction) -> Piece:
    """A piece of a timeline whose own times count from `origin`."""
    return replace(
        piece,
        source=timeline,
        at=piece.at - origin,
        marks=tuple(mark.moved(-origin) for mark in piece.marks),
    )
