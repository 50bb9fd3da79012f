"""OpenTimelineIO itself: JSON, from every application that writes it."""

from __future__ import annotations

from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut.parsing import parse
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._files import text_in


def _sniff(head: bytes) -> bool:
    return b'"OTIO_SCHEMA"' in head


def _read(path: Path, wanted: Wanted) -> Timeline:
    return parse(text_in(path), str(path))


READER = Reader(
    name="OpenTimelineIO",
    suffixes=(".otio", ".json"),
    applications=("DaVinci Resolve", "Premiere Pro", "Hiero", "Nuke Studio", "Kdenlive"),
    line="Everything, objects that are newer than OpenTimelineIO here included.",
    sniff=_sniff,
    read=_read,
)
