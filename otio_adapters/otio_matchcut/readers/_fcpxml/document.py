"""An FCPXML file as a tree, with its resources by name and its times as exact fractions.

Only what Final Cut itself writes is parsed: no entities, no external parts, bounded depth.

Source of the format: Apple, "FCPXML Reference",
https://developer.apple.com/documentation/professional-video-applications/fcpxml-reference
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from otio_matchcut.errors import TimelineError

DEEPEST = 200
"""How deep elements may nest. Final Cut's own files stay below 30."""
_TIME = re.compile(r"\s*([+-]?\d{1,19}(?:\.\d{1,19})?)(?:/(\d{1,10}))?s?\s*", re.ASCII)
"""64 bits over 32, as Apple says; a time of zero seconds is also written `0`."""
_NAMED_RATE = re.compile(r"FFVideoFormat.*?([pi])(2398|24|25|2997|30|50|5994|60)(_16x9)?$")
_RATES = {
    "2398": Fraction(24000, 1001),
    "2997": Fraction(30000, 1001),
    "5994": Fraction(60000, 1001),
}


class _Refused(Exception):
    """Raised inside the parser's callbacks, with the reason in words."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file."""

    name: str
    """What to call it in messages."""
    root: Element
    resources: Mapping[str, Element]
    """By their id."""

    def refusal(self, why: str) -> TimelineError:
        """The error that says why the file is not read."""
        return refusal(self.name, why)

    def resource(self, element: Element, kind: str) -> Element:
        """What an element refers to.

        Raises:
            TimelineError: TIMELINE_UNREADABLE, it is not there.
        """
        found = self.resources.get(element.get("ref", ""))
        if found is None:
            raise self.refusal(
                f"{said(element)} refers to {kind} '{element.get('ref', '')}', which the file "
                "does not hold"
            )
        return found

    def time(self, element: Element, attribute: str) -> Fraction | None:
        """An attribute in seconds; None where it is not there.

        Raises:
            TimelineError: TIMELINE_UNREADABLE, it is no time.
        """
        text = element.get(attribute)
        if text is None:
            return None
        match = _TIME.fullmatch(text)
        if match is None or (match[2] is not None and int(match[2]) == 0):
            raise self.refusal(f"{said(element)} has '{text}' as its {attribute}, which is no time")
        return Fraction(match[1]) / int(match[2] or 1)

    def frame(self, format_id: str | None) -> Fraction | None:
        """Seconds a frame of a format; None where it has no frames (sound, stills) or is missing.

        Apple's own formats are told by their name alone where the file leaves the duration out.
        """
        found = self.resources.get(format_id or "")
        if found is None:
            return None
        duration = self.time(found, "frameDuration")
        if duration is not None:
            return duration if duration > 0 else None
        named = _NAMED_RATE.match(found.get("name", ""))
        if named is None:
            return None
        rate = _RATES.get(named[2]) or Fraction(named[2])
        return 1 / rate if named[1] == "p" else 2 / rate


_AGAIN = "Export it again from Final Cut Pro (File > Export XML)."


def refusal(name: str, why: str, next_step: str = _AGAIN) -> TimelineError:
    """The error that says why a file is not read."""
    return TimelineError(
        "TIMELINE_UNREADABLE",
        f"The timeline {name} cannot be read: {why}.",
        next_step,
        timeline=name,
        why=why,
    )


def said(element: Element) -> str:
    """An element for people: `the clip 'Cam 1' (asset-clip)`."""
    name = element.get("name")
    return f"'{name}' ({element.tag})" if name else f"a {element.tag} without a name"


def parse(content: bytes, name: str) -> Document:
    """The document in a file's bytes.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, it is not FCPXML, or holds what Final Cut never writes.
    """
    root = _tree(content, name)
    if root.tag != "fcpxml":
        raise refusal(name, f"it is XML of another kind (<{root.tag}>), not FCPXML")
    resources = {
        entry.get("id", ""): entry
        # Versions up to 1.2 keep them inside the project.
        for holder in root.iter("resources")
        for entry in holder
    }
    return Document(name, root, resources)


def _tree(content: bytes, name: str) -> Element:
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _Refused(f"its elements are nested more than {DEEPEST} deep")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def entity(*_: object) -> None:
        raise _Refused("its document type defines entities, which Final Cut does not write")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except _Refused as refused:
        raise refusal(name, str(refused)) from None
    except expat.ExpatError as error:
        if not content.strip():
            why = "it is empty"
        else:
            why = f"it is not whole XML (line {error.lineno}, column {error.offset + 1})"
        raise refusal(name, why) from None
    return builder.close()
