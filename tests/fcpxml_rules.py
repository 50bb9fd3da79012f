"""What an FCPXML document must be for Final Cut to take it, as far as Apple says so.

A checker of its own: it shares no code with what writes or reads such documents. `broken_rules`
lists what a document breaks, each with the number of the rule in docs/final-cut.md. Only elements
that we write are known to it; any other is an offence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
TIMES = {"offset", "start", "duration", "tcStart", "frameDuration"}
ATTRIBUTES = {
    # element: (those it must have, those it may have)
    "fcpxml": ({"version"}, set()),
    "resources": (set(), set()),
    "format": ({"id"}, {"name", "frameDuration", "width", "height", "colorSpace", "fieldOrder"}),
    "asset": (
        {"id"},
        {"name", "uid", "start", "duration", "hasVideo", "hasAudio", "format", "videoSources"},
    ),
    "media-rep": ({"src"}, {"kind", "sig", "suggestedFilename"}),
    "event": (set(), {"name", "uid"}),
    "keyword-collection": ({"name"}, set()),
    "collection-folder": ({"name"}, set()),
    "project": (set(), {"name", "uid", "id", "modDate"}),
    "sequence": (
        {"format"},
        {"duration", "tcStart", "tcFormat", "audioLayout", "audioRate", "renderFormat"},
    ),
    "spine": (set(), {"lane", "offset", "name", "format"}),
    "gap": ({"duration"}, {"name", "offset", "start", "enabled"}),
    "asset-clip": (
        {"ref"},
        {"name", "lane", "offset", "start", "duration", "enabled", "format", "tcFormat"}
        | {"srcEnable", "audioRole", "videoRole", "tcStart", "modDate"},
    ),
    "conform-rate": (set(), {"scaleEnabled", "srcFrameRate", "frameSampling"}),
    "adjust-transform": (set(), {"enabled", "position", "scale", "rotation", "anchor"}),
    "marker": ({"start", "value"}, {"duration", "completed", "note"}),
    "keyword": ({"value"}, {"start", "duration", "note"}),
}
CHILDREN = {
    # element: what it may hold, by the order in which it must come
    "fcpxml": (("resources",), ("event",)),
    "resources": (("format", "asset"),),
    "asset": (("media-rep",),),
    "event": (("asset-clip", "keyword-collection", "collection-folder", "project"),),
    "collection-folder": (("keyword-collection", "collection-folder"),),
    "project": (("sequence",),),
    "sequence": (("spine",),),
    "spine": (("asset-clip", "gap"),),
    "asset-clip": (("conform-rate",), ("adjust-transform",), ("marker", "keyword")),
}
VALUES = {
    "tcFormat": {"DF", "NDF"},
    "scaleEnabled": {"0", "1"},
    "kind": {"original-media", "proxy-media"},
    "audioLayout": {"stereo", "surround"},
    "audioRate": {"32k", "44.1k", "48k", "88.2k", "96k", "176.4k", "192k"},
    "srcFrameRate": set(["23.98", "24", "25", "29.97", "30", "47.95", "48", "50", "59.94", "60"]),
    "version": {"1.10"},
}
PROJECT_FRAMES = {
    Fraction(text)
    for text in (
        *("1001/24000", "1/24", "1/25", "1001/30000", "1/30"),
        *("1/50", "1001/60000", "1/60"),
    )
}
_TIME = re.compile(r"(\d+)(?:/(\d+))?s")


def broken_rules(content: bytes) -> list[str]:
    """What the document breaks; empty where it keeps every rule."""
    if not content.startswith(HEAD):
        return ["1: it does not begin as XML with the document type fcpxml"]
    root = ElementTree.fromstring(content.decode())
    if root.tag != "fcpxml":
        return ["1: its outermost element is not fcpxml"]
    found = [*_structure(root), *_times(root)]
    # What follows reads attributes that must be there, be times, and lead somewhere.
    found = found or list(_references(root))
    return found or [*_films(root), *_event(root), *_storyline(root)]


def _structure(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag not in ATTRIBUTES:
            yield f"2: {element.tag} is not known"
            continue
        must, may = ATTRIBUTES[element.tag]
        given = set(element.attrib)
        if missing := must - given:
            yield f"2: {element.tag} lacks {sorted(missing)}"
        if strange := given - must - may:
            yield f"2: {element.tag} has {sorted(strange)}"
        for name, allowed in VALUES.items():
            if element.get(name, next(iter(allowed))) not in allowed:
                yield f"2: {name} is {element.get(name)}"
        groups = CHILDREN.get(element.tag, ())
        place = 0
        for child in element:
            fitting = [index for index, group in enumerate(groups) if child.tag in group]
            if not fitting or fitting[0] < place:
                yield f"3: {child.tag} has no place in {element.tag} there"
            else:
                place = fitting[0]
    for tag, least in (
        *(("fcpxml", "resources"), ("fcpxml", "event"), ("asset", "media-rep")),
        *(("project", "sequence"), ("sequence", "spine")),
    ):
        for element in root.iter(tag):
            if len(element.findall(least)) != 1:
                yield f"3: {tag} must hold one {least}"


def _times(root: Element) -> Iterator[str]:
    for element in root.iter():
        for name in TIMES & set(element.attrib):
            match = _TIME.fullmatch(element.attrib[name])
            if match is None:
                yield f"4: {name} of {element.tag} is '{element.attrib[name]}'"
            elif int(match[1]) >= 2**63 or not 0 < int(match[2] or 1) < 2**31:
                yield f"4: {name} of {element.tag} does not fit 64 over 32 bits"


def _references(root: Element) -> Iterator[str]:
    kinds: dict[str, str] = {}
    for element in root.iter():
        if name := element.get("id"):
            if name in kinds:
                yield f"5: the id {name} is given twice"
            kinds[name] = element.tag
    for element in root.iter():
        for attribute, kind in (("ref", "asset"), ("format", "format")):
            if attribute in element.attrib and kinds.get(element.attrib[attribute]) != kind:
                yield f"5: {attribute} of {element.tag} leads to no {kind}"


def _films(root: Element) -> Iterator[str]:
    addresses = [copy.get("src", "") for copy in root.iter("media-rep")]
    if len(set(addresses)) != len(addresses):
        yield "6: one file is two assets"
    for address in addresses:
        if not re.fullmatch(r"file://[^/ ]*/[\x21-\x7e]+", address):
            yield f"6: {address} is no file:// address of an absolute path"
    formats = {entry.get("id"): entry for entry in root.iter("format")}
    for asset in root.iter("asset"):
        frame = _time(formats[asset.get("format")], "frameDuration")
        for name in ("start", "duration"):
            if _time(asset, name) % frame:
                yield f"6: {name} of the asset {asset.get('name')} is not on its frames"


def _event(root: Element) -> Iterator[str]:
    assets = {asset.get("id"): asset for asset in root.iter("asset")}
    keywords = set()
    for clip in root.iterfind("event/asset-clip"):
        asset = assets[clip.get("ref")]
        if (_time(clip, "start"), _time(clip, "duration")) != (
            _time(asset, "start"),
            _time(asset, "duration"),
        ):
            yield f"7: the clip {clip.get('name')} of the event is not the whole file"
        for keyword in clip.iterfind("keyword"):
            keywords.add(keyword.get("value"))
            if not _holds(clip, keyword):
                yield f"7: the keyword {keyword.get('value')} reaches out of {clip.get('name')}"
    collections = [entry.get("name") for entry in root.iter("keyword-collection")]
    if keywords != set(collections) or len(set(collections)) != len(collections):
        yield "7: keywords and their collections are not the same"
    if any("," in (name or "") for name in collections):
        yield "7: a keyword holds a comma"


def _storyline(root: Element) -> Iterator[str]:
    formats = {entry.get("id"): entry for entry in root.iter("format")}
    assets = {asset.get("id"): asset for asset in root.iter("asset")}
    for sequence in root.iter("sequence"):
        frame = _time(formats[sequence.get("format")], "frameDuration")
        if frame not in PROJECT_FRAMES:
            yield f"8: Final Cut has no projects with frames of {frame} s"
        if not {"width", "height"} <= set(formats[sequence.get("format")].attrib):
            yield "8: the project has no size"
        at = begin = _time(sequence, "tcStart")
        for entry in sequence.iterfind("spine/*"):
            offset, length = _time(entry, "offset"), _time(entry, "duration")
            name = entry.get("name")
            if (offset - begin) % frame or length % frame or length <= 0:
                yield f"9: {name} is not on frames of the project"
            if offset != at:
                yield f"9: {name} does not begin where what is ahead of it ends"
            at = offset + length
            if entry.tag == "gap":
                continue
            asset = assets[entry.get("ref")]
            if not _holds(asset, entry):
                yield f"10: {name} uses what its file does not have"
            for marker in entry.iterfind("marker"):
                if not _holds(entry, marker, begins=True):
                    yield f"10: the marker {marker.get('value')} lies outside of {name}"
            film = _time(formats[entry.get("format")], "frameDuration")
            conform = entry.find("conform-rate")
            if (film != frame) != (conform is not None):
                yield f"11: {name} and the project differ in rate, or not, as it does not say"
            if film == frame and (_time(entry, "start") - _time(asset, "start")) % film:
                yield f"10: {name} does not begin on a frame of its file"
        if at - begin != _time(sequence, "duration"):
            yield "9: the storyline is not as long as the project"


def _holds(outer: Element, inner: Element, *, begins: bool = False) -> bool:
    start, end = _time(outer, "start"), _time(outer, "start") + _time(outer, "duration")
    first = _time(inner, "start")
    last = first if begins else first + _time(inner, "duration")
    return start <= first and (last < end if begins else last <= end)


def _time(element: Element, name: str) -> Fraction:
    return Fraction(element.attrib[name].removesuffix("s"))
