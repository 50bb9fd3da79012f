"""Final Cut Pro's XML as a file or a bundle (`.fcpxmld`); versions 1.8 to 1.13 were seen.

Our own, since the adapter on the package index (otio-fcpx-xml-adapter 1.0.0) cuts rates down to
whole numbers and returns several of Final Cut's own exports as empty timelines. What is read and
how is in docs/final-cut.md.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element

from opentimelineio.schema import Timeline

from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._choosing import the_one
from otio_matchcut.readers._fcpxml import story
from otio_matchcut.readers._fcpxml.document import Document, parse, refusal
from otio_matchcut.readers._fcpxml.tracks import KEY, time_of, tracks_of
from otio_matchcut.readers._files import content_of

_INSIDE = "Info.fcpxml"


def _sniff(head: bytes) -> bool:
    return b"<fcpxml" in head


def _read(path: Path, wanted: Wanted) -> Timeline:
    document = parse(content_of(path / _INSIDE if path.is_dir() else path), str(path))
    projects = [
        (Timeline(project.get("name", "")), sequence)
        for project in document.root.iter("project")
        for sequence in project.iterfind("sequence")
    ]
    if not projects:
        raise refusal(
            document.name,
            "it holds no project, at most clips of an event",
            "Select the project in Final Cut Pro and export it (File > Export XML).",
        )
    timeline = the_one([made for made, _ in projects], wanted, path)
    sequence = next(sequence for made, sequence in projects if made is timeline)
    laid = story.sequence(document, sequence, timeline.name or "its project")
    rate = 1 / laid.frame
    timeline.global_start_time = time_of(document.time(sequence, "tcStart") or Fraction(0), rate)
    timeline.tracks.extend(tracks_of(document, laid))
    timeline.metadata[KEY] = _facts(document, sequence)
    return timeline


def _facts(document: Document, sequence: Element) -> dict[str, str]:
    facts = {"version": document.root.get("version"), "tcFormat": sequence.get("tcFormat")}
    return {name: fact for name, fact in facts.items() if fact}


READER = Reader(
    name="Final Cut Pro XML",
    suffixes=(".fcpxml", ".fcpxmld"),
    applications=("Final Cut Pro", "DaVinci Resolve"),
    line="Storylines, lanes, compound, synchronized and multicam clips, auditions, constant speed.",
    sniff=_sniff,
    read=_read,
)
