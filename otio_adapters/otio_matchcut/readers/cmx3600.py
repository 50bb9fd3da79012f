"""CMX 3600 edit decision lists, through OpenTimelineIO's adapter (see `edl`)."""

from __future__ import annotations

import re
from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut import edl
from otio_matchcut.errors import TimelineError
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._files import old_text_in

_EVENT = re.compile(rb"(?m)^\s*\d+\s+\S.*\s\d\d[:;.,]\d\d[:;.,]\d\d[:;.,]\d\d\s")


def _sniff(head: bytes) -> bool:
    return _EVENT.search(head) is not None


def _read(path: Path, wanted: Wanted) -> Timeline:
    text = old_text_in(path)
    if wanted.rate is None:
        raise TimelineError(
            "QUERY_INVALID",
            f"{path.name} is an edit decision list, which does not say at how many frames a second "
            "it counts.",
            "Say it with --rate, such as --rate 23.976.",
            timeline=path,
        )
    return edl.parse(text, path.name, wanted.rate)


READER = Reader(
    name="CMX 3600 EDL",
    suffixes=(".edl",),
    applications=("Avid Media Composer", "DaVinci Resolve", "Premiere Pro", "Nucoda", "Lustre"),
    line="Cuts, dissolves, wipes and speed (M2) of one video track; at the rate of --rate.",
    sniff=_sniff,
    read=_read,
)
