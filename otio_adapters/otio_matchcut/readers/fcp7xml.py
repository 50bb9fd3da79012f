"""Final Cut Pro 7 XML (xmeml), through OpenTimelineIO's adapter.

The adapter keeps two things in metadata alone, which are read here: whether a clip or track is
switched off, and Time Remap. Of a retimed clip, `in` counts frames of the clip as it plays: Hiero
writes a frame held for 400 frames of a still as speed 0.25 % and `in` 326400, which is frame 816.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio.schema import Clip, Timeline

from otio_matchcut import clock
from otio_matchcut.parsing import unreadable
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._adapters import through
from otio_matchcut.readers._files import text_in
from otio_matchcut.readers._retimes import begin_at, first_shown, linear, of_unknown_course

_METADATA = "fcp_xml"
_HUNDRED = Fraction(100)


def _sniff(head: bytes) -> bool:
    return b"<xmeml" in head


def _read(path: Path, wanted: Wanted) -> Timeline:
    text = text_in(path)
    if "<xmeml" not in text:
        raise unreadable(str(path), "it is XML, but no timeline of a kind that is known")
    if "<sequence" not in text:
        raise unreadable(str(path), "it holds no sequence")
    timeline = through("fcp_xml", path, wanted, text=text)
    for item in timeline.tracks.find_children(descended_from_type=otio.core.Item):
        if str(item.metadata.get(_METADATA, {}).get("enabled", "")).upper() == "FALSE":
            item.enabled = False
        _retime(item)
    return timeline


def _retime(item: otio.core.Item) -> None:
    for index, effect in enumerate(item.effects):
        stated = effect.metadata.get(_METADATA, {})
        if stated.get("effectid") != "timeremap":
            continue
        speed = _speed(_parameters(stated))
        media = _media_frames(item)
        if not speed or item.source_range is None or (speed < 0 and media is None):
            item.effects[index] = of_unknown_course(effect)
            continue
        span = item.source_range
        frames = clock.exact_value(span.duration.value)
        start, length = media or (Fraction(0), Fraction(0))
        played = clock.exact_value(span.start_time.value) - start
        # What is left of the media counts backwards from its last frame.
        first = played * speed if speed > 0 else length - 1 + played * speed
        item.effects[index] = linear(effect, speed)
        begin_at(item, first_shown(start + first, speed, frames))


def _media_frames(item: otio.core.Item) -> tuple[Fraction, Fraction] | None:
    """First frame and number of frames of the item's media, at the item's rate."""
    if not isinstance(item, Clip):
        return None
    media = item.media_reference.available_range if item.media_reference else None
    if media is None:
        return None
    rate = item.source_range.start_time.rate
    return (
        clock.exact_value(media.start_time.rescaled_to(rate).value),
        clock.exact_value(media.duration.rescaled_to(rate).value),
    )


def _parameters(stated: Mapping[str, Any]) -> dict[str, str]:
    listed = stated.get("parameter", [])
    entries = [listed] if isinstance(listed, Mapping) else list(listed)
    return {str(one.get("parameterid", "")): str(one.get("value", "")) for one in entries}


def _speed(parameters: Mapping[str, str]) -> Fraction | None:
    """Source frames a record frame; None where it changes or is not stated."""
    if parameters.get("variablespeed", "0") not in ("", "0", "FALSE"):
        return None
    try:
        speed = Fraction(parameters.get("speed", "")) / _HUNDRED
    except ValueError:
        return None
    return -speed if parameters.get("reverse", "").upper() == "TRUE" else speed


READER = Reader(
    name="Final Cut Pro 7 XML",
    suffixes=(".xml",),
    applications=("Premiere Pro", "DaVinci Resolve", "Hiero", "Final Cut Pro 7"),
    line="All tracks, nested sequences, markers, constant speed; every transition as a dissolve.",
    sniff=_sniff,
    read=_read,
)
