"""GStreamer Editing Services projects (Pitivi), through OpenTimelineIO's adapter."""

from __future__ import annotations

from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._adapters import through
from otio_matchcut.readers._files import text_in


def _sniff(head: bytes) -> bool:
    return b"<ges" in head


def _read(path: Path, wanted: Wanted) -> Timeline:
    return through("xges", path, wanted, text=text_in(path))


READER = Reader(
    name="GStreamer Editing Services",
    suffixes=(".xges",),
    applications=("Pitivi",),
    line="All layers and transitions. Times are those of the file, which are not always on frames.",
    sniff=_sniff,
    read=_read,
)
