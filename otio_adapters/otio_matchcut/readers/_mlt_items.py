"""What lies on a track of MLT: entries of its playlists, mixes, and the gaps between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import (
    Clip,
    Effect,
    ExternalReference,
    Gap,
    GeneratorReference,
    Marker,
    MarkerColor,
    Stack,
    Transition,
    TransitionTypes,
)

from otio_matchcut import clock
from otio_matchcut.readers._retimes import begin_at, first_shown, linear, of_unknown_course
from otio_matchcut.urls import path_of, target_of

_FILES = ("avformat", "avformat-novalidate", "qimage", "pixbuf", "timewarp")
_COLORS = ("PURPLE", "CYAN", "BLUE", "GREEN", "YELLOW", "ORANGE", "RED", "PINK", "MAGENTA")
"""Of Kdenlive's marker categories 0 to 8, as they are unless the user changes them."""


@dataclass(frozen=True, slots=True)
class Project:
    """What all entries of a file share."""

    rate: Fraction
    """Frames a second in which all times count."""
    folder: Path
    """Where relative paths start."""
    parts: Mapping[str, Element]
    """Producers, chains, playlists and tractors by their id."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """An entry in its place; times in record frames, half-open."""

    start: int
    end: int
    first: int
    """Frame of the producer that is shown first."""
    entry: Element
    producer: Element


def property_of(element: Element, name: str) -> str:
    """A property of MLT, empty where it is not set."""
    return (element.findtext(f"property[@name='{name}']") or "").strip()


def frames_of(text: str, rate: Fraction) -> int:
    """A time of MLT in frames: a count, or a clock time with its fraction, rounded as MLT does."""
    parts = [Fraction(part) for part in text.replace(",", ".").split(":")]
    if len(parts) == 1:
        return int(parts[0])
    seconds = Fraction(0)
    for part in parts:
        seconds = seconds * 60 + part
    return int(seconds * rate + Fraction(1, 2))


def markers_in(text: str, rate: Fraction) -> Iterator[Marker]:
    """The markers or guides that Kdenlive keeps as JSON.

    Raises:
        ValueError: it is not JSON, or not markers.
    """
    for one in json.loads(text) if text else []:
        if not isinstance(one, dict) or not isinstance(one.get("pos"), int):
            raise ValueError("markers that are none")
        kind = one.get("type", 0)
        color = _COLORS[kind] if isinstance(kind, int) and kind < len(_COLORS) else "PURPLE"
        yield Marker(
            name=str(one.get("comment", "")),
            marked_range=_range(one["pos"], int(one.get("duration", 0)), rate),
            color=getattr(MarkerColor, color),
        )


def laid(
    playlists: Sequence[Element],
    mixes: Sequence[Element],
    project: Project,
    nested: Callable[[Element], Stack],
) -> Iterator[otio.core.Composable]:
    """Clips, gaps and transitions in their order.

    Args:
        playlists: Of one track. Where entries of two overlap, one mixes into the other.
        mixes: The track's transitions, which say where in the overlap the cut is.
        project: What their times and names mean.
        nested: Makes the stack of a sequence.

    Raises:
        KeyError, ValueError: the file refers to what is not there, or a time is none.
    """
    found = [one for playlist in playlists for one in _entries(playlist, project)]
    found.sort(key=lambda one: one.start)
    cuts = {
        frames_of(mix.get("out", "0"), project.rate): frames_of(cut, project.rate)
        for mix in mixes
        if (cut := property_of(mix, "kdenlive:mixcut")) != ""
    }
    begins = [one.start for one in found]
    ends = [one.end for one in found]
    overlaps = [0] * (len(found) + 1)
    for index, (one, following) in enumerate(pairwise(found)):
        overlap = one.end - following.start
        if overlap > 0:
            after = next((cuts[out] for out in (one.end, one.end - 1) if out in cuts), 0)
            ends[index] = begins[index + 1] = one.end - min(after, overlap)
            overlaps[index + 1] = overlap
    end = 0
    for index, one in enumerate(found):
        if begins[index] > end:
            yield Gap(source_range=_range(0, begins[index] - end, project.rate))
        if overlaps[index]:
            yield _mix(begins[index] - one.start, found[index - 1].end - begins[index], project)
        first = one.first + begins[index] - one.start
        yield _item(one, first, ends[index] - begins[index], project, nested)
        end = ends[index]


def _entries(playlist: Element, project: Project) -> Iterator[_Laid]:
    at = 0
    for one in playlist:
        if one.tag == "blank":
            at += frames_of(one.get("length", "0"), project.rate)
        elif one.tag == "entry":
            producer = project.parts[one.get("producer", "")]
            first = frames_of(one.get("in") or producer.get("in") or "0", project.rate)
            last = frames_of(one.get("out") or producer.get("out") or "0", project.rate)
            length = last + 1 - first
            yield _Laid(at, at + length, first, one, producer)
            at += length


def _mix(before: int, after: int, project: Project) -> Transition:
    rate = clock.to_float(project.rate)
    return Transition(
        transition_type=TransitionTypes.SMPTE_Dissolve,
        in_offset=RationalTime(before, rate),
        out_offset=RationalTime(after, rate),
    )


def _item(
    one: _Laid, first: int, frames: int, project: Project, nested: Callable[[Element], Stack]
) -> otio.core.Item:
    producer, rate = one.producer, project.rate
    if producer.tag in ("tractor", "playlist"):
        item: otio.core.Item = nested(producer)
    else:
        item = Clip(media_reference=_media(producer, project))
        if not property_of(producer, "warp_speed"):
            item.markers.extend(markers_in(_markers(producer, project), rate))
    item.source_range = _range(first, frames, rate)
    item.name = _name(producer)
    tested = [property_of(producer, f"set.test_{what}") for what in ("image", "audio")]
    item.enabled = tested != ["1", "1"]
    speed = property_of(producer, "warp_speed")
    if speed and Fraction(speed) != 1:
        _retime(item, producer, Fraction(speed), rate)
    if any(property_of(link, "mlt_service") == "timeremap" for link in producer.iter("link")):
        item.effects.append(of_unknown_course(Effect("Time Remap", "timeremap")))
    return item


def _retime(item: otio.core.Item, producer: Element, speed: Fraction, rate: Fraction) -> None:
    """Times of a warped producer count its frames as they play, at `speed` of the media."""
    span = item.source_range
    first = clock.exact_value(span.start_time.value)
    if speed < 0:
        last = frames_of(property_of(producer, "length") or "0", rate) - 1
        first = last - first
    shown = first_shown(first * abs(speed), speed, clock.exact_value(span.duration.value))
    item.effects.append(linear(Effect("Speed"), speed))
    begin_at(item, shown)


def _media(producer: Element, project: Project) -> otio.core.MediaReference:
    service = property_of(producer, "mlt_service")
    if service not in _FILES:
        return GeneratorReference(name=_name(producer), generator_kind=service)
    speed = Fraction(property_of(producer, "warp_speed") or 1)
    address = property_of(producer, "kdenlive:originalurl")
    address = address or property_of(producer, "warp_resource")
    address = address or property_of(producer, "resource")
    length = property_of(producer, "length")
    media = ExternalReference(
        target_url=target_of(path_of(address, project.folder)) if address else ""
    )
    if length:
        count = Fraction(frames_of(length, project.rate)) * abs(speed)
        media.available_range = _range(0, round(count), project.rate)
    return media


def _markers(producer: Element, project: Project) -> str:
    """Those of the clip in the bin, where Kdenlive keeps them, of which this is one use."""
    number = property_of(producer, "kdenlive:id")
    main_bin = project.parts.get("main_bin")
    for entry in () if main_bin is None else main_bin.findall("entry"):
        one = project.parts.get(entry.get("producer", ""))
        if one is not None and number and property_of(one, "kdenlive:id") == number:
            return property_of(one, "kdenlive:markers")
    return property_of(producer, "kdenlive:markers")


def _name(producer: Element) -> str:
    named = property_of(producer, "kdenlive:clipname")
    resource = property_of(producer, "warp_resource") or property_of(producer, "resource")
    return named or resource.replace("\\", "/").rpartition("/")[2] or producer.get("id", "")


def _range(first: int, frames: int, rate: Fraction) -> TimeRange:
    written = clock.to_float(rate)
    return TimeRange(RationalTime(first, written), RationalTime(frames, written))
