"""OpenTimelineIO itself: JSON, from every application that writes it.

Studios keep single clips and tracks of a timeline as such files too. Each is read as a timeline of
that alone; a bin, as its one timeline, or as its clips one after the other.
"""

from __future__ import annotations

from pathlib import Path

from opentimelineio.schema import Clip, SerializableCollection, Timeline

from otio_matchcut.parsing import parse_anything, whole
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._choosing import the_one
from otio_matchcut.readers._files import text_in
from otio_matchcut.readers._wrapping import laid_out, wrapped


def _sniff(head: bytes) -> bool:
    return b'"OTIO_SCHEMA"' in head


def _read(path: Path, wanted: Wanted) -> Timeline:
    found = parse_anything(text_in(path), str(path))
    if isinstance(found, SerializableCollection):
        timelines = [one for one in found if isinstance(one, Timeline)]
        clips = [one for one in found if isinstance(one, Clip)]
        if timelines:
            found = the_one(timelines, wanted, path)
        elif clips:
            found = laid_out(clips, found.name or path.stem)
    return whole(wrapped(found) or found, str(path))


READER = Reader(
    name="OpenTimelineIO",
    suffixes=(".otio", ".json"),
    applications=("DaVinci Resolve", "Premiere Pro", "Hiero", "Nuke Studio", "Kdenlive", "AYON"),
    line="Everything, also objects that are newer than the OpenTimelineIO here.",
    sniff=_sniff,
    read=_read,
)
