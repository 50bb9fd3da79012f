"""Avid Log Exchange: a bin, read as a timeline of its clips one after the other."""

from __future__ import annotations

from pathlib import Path

from opentimelineio.schema import Clip, SerializableCollection, Timeline

from otio_matchcut.parsing import unreadable
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._adapters import result_of
from otio_matchcut.readers._files import old_text_in
from otio_matchcut.readers._wrapping import laid_out


def _sniff(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"Heading")


def _read(path: Path, wanted: Wanted) -> Timeline:
    found = result_of("ale", path, text=old_text_in(path))
    if not isinstance(found, SerializableCollection):
        raise unreadable(str(path), "it holds no clips")
    clips = [one for one in found if isinstance(one, Clip) and one.source_range is not None]
    if not clips:
        raise unreadable(str(path), "none of its clips states a start and an end")
    timeline = laid_out(clips, path.stem)
    timeline.metadata.update(found.metadata)
    return timeline


READER = Reader(
    name="Avid Log Exchange",
    suffixes=(".ale",),
    applications=("Avid Media Composer", "DaVinci Resolve", "Silverstack"),
    line="The clips of a bin, one after the other; those without a start and an end are left out.",
    sniff=_sniff,
    read=_read,
)
