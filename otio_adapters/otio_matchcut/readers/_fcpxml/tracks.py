"""A timeline that is laid out, as tracks of OpenTimelineIO: the border where times become floats.

The primary storyline is one video track; lanes above and below it are tracks above and below, each
named as editors call it. What is heard only lies on audio tracks. Two clips of one lane that are
there at one time get tracks of their own, the later one above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import (
    Clip,
    ExternalReference,
    FreezeFrame,
    Gap,
    GeneratorReference,
    LinearTimeWarp,
    Marker,
    MarkerColor,
    MissingReference,
    Stack,
    TimeEffect,
    Track,
    TrackKind,
    Transition,
    TransitionTypes,
)

from otio_matchcut import clock
from otio_matchcut.readers._fcpxml.document import Document
from otio_matchcut.readers._fcpxml.marks import Mark
from otio_matchcut.readers._fcpxml.pieces import (
    Crossing,
    Level,
    Made,
    Media,
    Nothing,
    Piece,
    Run,
    Timeline,
)

KEY = "fcpxml"
"""Under which metadata holds what OpenTimelineIO has no field for."""


@dataclass(slots=True)
class _Row:
    """What lies on one track."""

    level: Level
    sound: bool
    end: Fraction = Fraction(0)
    pieces: list[Piece] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def tracks_of(document: Document, timeline: Timeline) -> list[Track]:
    """The tracks of a timeline: pictures from the lowest up, then sound."""
    rows = _rows(timeline.runs, sound=True)
    if not timeline.sound:
        rows = [*_rows(timeline.runs, sound=False), *rows]
    return [_track(document, row, timeline) for row in rows]


def time_of(seconds: Fraction, rate: Fraction) -> RationalTime:
    """Seconds at a rate, as near as floats come."""
    return RationalTime(clock.to_float(seconds * rate), clock.to_float(rate))


def _rows(runs: Iterable[Run], *, sound: bool) -> list[_Row]:
    by_level: dict[Level, list[_Row]] = {}
    for run in sorted(runs, key=lambda run: run.pieces[0].start if run.pieces else Fraction(0)):
        pieces = [
            piece
            for piece in run.pieces
            if piece.sound is sound and not (sound and isinstance(piece.source, Nothing))
        ]
        seen = any(not isinstance(piece.source, Nothing) for piece in pieces)
        heard = any(piece.sound for piece in run.pieces)
        if not pieces or (not seen and (heard or run.level)):
            continue
        rows = by_level.setdefault(run.level, [])
        row = next((row for row in rows if row.end <= pieces[0].start), None)
        if row is None:
            row = _Row(run.level, sound)
            rows.append(row)
        row.pieces.extend(pieces)
        row.end = pieces[-1].end
        if not sound or not any(not piece.sound for piece in run.pieces):
            row.crossings.extend(run.crossings)
            row.marks.extend(run.marks)
    depth = max((len(level) for level in by_level), default=0)
    order = sorted(by_level, key=lambda level: level + (0,) * (depth - len(level)))
    return [row for level in order for row in by_level[level]]


def _track(document: Document, row: _Row, timeline: Timeline) -> Track:
    rate = 1 / timeline.frame
    lanes = ", ".join(str(lane) for lane in row.level)
    track = Track(
        f"Lane {lanes}" if lanes else "Primary storyline",
        kind=TrackKind.Audio if row.sound else TrackKind.Video,
    )
    end = Fraction(0)
    crossings = sorted(row.crossings, key=lambda crossing: crossing.cut)
    for piece in row.pieces:
        while crossings and crossings[0].cut <= end:
            track.append(_transition(crossings.pop(0), rate))
        if end < piece.start:
            track.append(_gap(piece.start - end, rate))
        while crossings and crossings[0].cut <= piece.start:
            track.append(_transition(crossings.pop(0), rate))
        track.append(_item(document, piece, timeline.frame))
        end = piece.end
    track.extend(_transition(crossing, rate) for crossing in crossings)
    track.markers.extend(_marker(mark, rate) for mark in row.marks)
    return track


def _gap(length: Fraction, rate: Fraction) -> Gap:
    return Gap(source_range=TimeRange(time_of(Fraction(0), rate), time_of(length, rate)))


def _transition(crossing: Crossing, rate: Fraction) -> Transition:
    dissolve = "dissolve" in crossing.name.lower()
    return Transition(
        name=crossing.name,
        transition_type=(TransitionTypes.SMPTE_Dissolve if dissolve else TransitionTypes.Custom),
        in_offset=time_of(crossing.cut - crossing.start, rate),
        out_offset=time_of(crossing.end - crossing.cut, rate),
    )


def _item(document: Document, piece: Piece, frame: Fraction) -> otio.core.Item:
    rate = 1 / frame
    source = piece.source
    if isinstance(source, Timeline):
        own = 1 / source.frame
        item: otio.core.Item = Stack(piece.name, children=tracks_of(document, source))
    elif isinstance(source, Nothing):
        own = rate
        item = Gap(name=piece.name)
    elif isinstance(source, Made):
        own = rate
        item = Clip(piece.name, media_reference=GeneratorReference(source.effect, source.kind))
    else:
        own = source.rate
        item = Clip(piece.name, media_reference=_media(document, source))
    # Backwards, a range begins at the earliest time that it uses.
    first = piece.at + min(Fraction(0), piece.speed * piece.length)
    item.source_range = TimeRange(time_of(first, own), time_of(piece.length, rate))
    item.enabled = piece.enabled
    item.effects.extend(_retimes(piece))
    item.markers.extend(_marker(mark, own) for mark in piece.marks)
    item.metadata[KEY] = {"element": piece.tag}
    if piece.note:
        item.metadata[KEY]["note"] = piece.note
    return item


def _retimes(piece: Piece) -> Iterator[TimeEffect]:
    if piece.unknown:
        yield TimeEffect(effect_name=piece.unknown)
    elif piece.speed == 0:
        yield FreezeFrame()
    elif piece.speed != 1:
        warp = LinearTimeWarp(time_scalar=clock.to_float(piece.speed))
        warp.metadata[KEY] = {"speed": str(piece.speed)}
        yield warp


def _media(document: Document, source: Media) -> otio.core.MediaReference:
    asset = source.asset
    address = _address(asset)
    start = document.time(asset, "start") or Fraction(0)
    length = document.time(asset, "duration")
    available = None
    if length and not source.still:
        available = TimeRange(time_of(start, source.rate), time_of(length, source.rate))
    reference: otio.core.MediaReference
    if address:
        reference = ExternalReference(target_url=address, available_range=available)
    else:
        reference = MissingReference(available_range=available)
    reference.name = asset.get("name", "")
    reference.metadata[KEY] = {"uid": asset.get("uid", "")} if asset.get("uid") else {}
    return reference


def _address(asset: Element) -> str:
    """Where the media lies: the original, not its proxy; up to version 1.8 the asset says it."""
    copies = asset.findall("media-rep")
    originals = [copy for copy in copies if copy.get("kind", "original-media") == "original-media"]
    found = (originals or copies or [asset])[0].get("src", "")
    return str(found)


def _marker(mark: Mark, rate: Fraction) -> Marker:
    marker = Marker(
        name=mark.name,
        marked_range=TimeRange(time_of(mark.start, rate), time_of(mark.length, rate)),
        color=_color(mark),
    )
    marker.comment = mark.note
    facts = {"element": mark.kind, "completed": mark.completed, "posterOffset": mark.poster}
    marker.metadata[KEY] = {name: fact for name, fact in facts.items() if fact}
    return marker


def _color(mark: Mark) -> str:
    """As Final Cut shows it: blue, red to do, green done, orange for chapters."""
    if mark.kind == "chapter-marker":
        return str(MarkerColor.ORANGE)
    if mark.kind == "keyword":
        return str(MarkerColor.PURPLE)
    return str({"0": MarkerColor.RED, "1": MarkerColor.GREEN}.get(mark.completed, MarkerColor.BLUE))
