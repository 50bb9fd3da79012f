"""Every timeline beside the project, round: `python -m tests.benchmarks.timelines [--table]`.

Each file under `../shared/assets/timelines` is read, marked, written as OpenTimelineIO and read
again. Without our markers it must then be what was read first, by OpenTimelineIO's own comparison.
One JSON object a line: file, application, format, clips, markers, equal; or the sentence of the
refusal. `--table` prints the table of `docs/timelines.md` instead, one line for files of one folder
that fare alike.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from opentimelineio.schema import Timeline

from otio_matchcut.entries import our_entry
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import shot_of
from otio_matchcut.marking import mark, unmark
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.placing import placements
from otio_matchcut.readers import Wanted, reader_of
from otio_matchcut.reading import read
from otio_matchcut.writing import text_of, write

FOLDER = Path(__file__).parents[3] / "shared" / "assets" / "timelines"
MEDIA = {".m4v"}
LONG = 10**7
"""Frames of the media that is made up for the matches: more than any timeline uses."""
APPLICATIONS = {
    "aaf": "Avid Media Composer",
    "ale": "Avid Media Composer",
    "aswf_encoding": "script",
    "ayon_nle_clips": "AYON from Resolve and Hiero",
    "edl": "Avid, Nucoda, Premiere Pro",
    "fcp7xml": "Premiere Pro, Hiero",
    "fcp_exports": "Final Cut Pro",
    "fcpx_adapter": "Final Cut Pro",
    "kdenlive": "Kdenlive",
    "otio_core": "Resolve, Premiere Pro, scripts",
    "resolve_fcpxml": "script",
    "synopsis": "AVFoundation",
    "tlrender": "by hand",
    "toucan": "by hand",
    "xges": "Pitivi",
    "youtube": "script",
}


@dataclass(frozen=True, slots=True)
class Row:
    """How one file fared."""

    file: str
    application: str
    format: str = ""
    clips: int = 0
    """Video clips that can be seen."""
    markers: int = 0
    """Of ours, added to clips of the timeline."""
    equal: bool = False
    """Whether what was written is what was read, our markers left out."""
    refused: str = ""
    """The sentence and the next step; empty where it was read."""
    open: str = ""
    """What had to be settled that the file leaves open."""


def files() -> list[Path]:
    """The timelines, sorted; none where they do not lie beside the project."""
    found = (path for path in FOLDER.rglob("*") if path.is_file())
    return sorted(path for path in found if path.suffix not in MEDIA)


def row_of(path: Path, folder: Path) -> Row:
    """One file, read, marked, written into `folder`, and read again."""
    name = str(path.relative_to(FOLDER))
    application = APPLICATIONS[path.relative_to(FOLDER).parts[0]]
    try:
        timeline, settled = _read(path)
    except TimelineError as error:
        return Row(name, application, refused=str(error))
    marked = _marked(timeline)
    written = folder / "marked.otio"
    write(marked, written)
    again = read(written)
    return Row(
        name,
        application,
        format=reader_of(path).name,
        clips=len(placements(timeline)),
        markers=_ours(again),
        equal=_same(unmark(again), timeline) and _same(again, marked),
        open=settled,
    )


def _read(path: Path) -> tuple[Timeline, str]:
    """The timeline; where the file leaves something open, as the first answer that serves."""
    try:
        return read(path), ""
    except TimelineError as error:
        if error.reason != "QUERY_INVALID":
            raise
        names = error.facts.get("timelines")
        if names:
            first = names.split("', '")[0].strip("'")
            return read(path, Wanted(sequence=first)), f"--sequence '{first}'"
    for rate in (24, 25):
        try:
            return read(path, Wanted(Fraction(rate))), f"--rate {rate}"
        except TimelineError as error:
            refusal = error
    raise refusal


def _marked(timeline: Timeline) -> Timeline:
    """The timeline with two matches on each of its first three clips."""
    for place in placements(timeline)[:3]:
        shot = shot_of(timeline, place, Path(place.clip.name), place.start)
        side = MatchSide(
            path=Path("/films/a.mov"),
            name="a.mov",
            rate=shot.source_rate,
            start_timecode_frame=0,
            source_frames=LONG,
            start_frame=0,
            end_frame=LONG,
            clean_start_frame=0,
            clean_end_frame=LONG,
            cut_frame=max(0, shot.source_frame),
            timecode="00:00:00:00",
            shot=0,
        )
        matches = [Match(rank, 0.5, "frame", 0.5, True, side, side, "GREEN") for rank in (1, 2)]
        timeline = mark(timeline, shot, matches)
    return timeline


def _ours(timeline: Timeline) -> int:
    return sum(
        our_entry(marker) is not None for clip in timeline.find_clips() for marker in clip.markers
    )


def _same(one: Timeline, other: Timeline) -> bool:
    # A NaN in metadata is never equal to itself; then the text says it.
    text = text_of(one)
    return one.is_equivalent_to(other) or ("NaN" in text and text == text_of(other))


def rows() -> Iterator[Row]:
    """All files."""
    with TemporaryDirectory() as folder:
        for path in files():
            yield row_of(path, Path(folder))


def table(found: list[Row]) -> str:
    """The rows as Markdown: files of one folder that were read and are equal share a line."""
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in found:
        place, _, name = row.file.rpartition("/")
        told = () if row.equal else (name,)
        alike[(place, row.format, row.open, row.refused, *told)].append(row)
    lines = [
        "| files | application | read as | clips | markers | equal |",
        "|---|---|---|---|---|---|",
    ]
    for (place, read_as, settled, refused, *_), group in alike.items():
        one = group[0]
        files = one.file if len(group) == 1 else f"{place}/: {len(group)} files"
        if refused:
            lines.append(f"| {files} | {one.application} | refused: {refused} | | | |")
            continue
        how = f"{read_as}, {settled}" if settled else read_as
        clips, markers = sum(row.clips for row in group), sum(row.markers for row in group)
        equal = "yes" if all(row.equal for row in group) else "no"
        lines.append(f"| {files} | {one.application} | {how} | {clips} | {markers} | {equal} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="the table of the docs")
    asked = parser.parse_args()
    if not files():
        sys.exit("There are no timelines in ../shared/assets/timelines.")
    found = list(rows())
    if asked.table:
        sys.stdout.write(table(found) + "\n")
        return
    for row in found:
        sys.stdout.write(json.dumps(asdict(row)) + "\n")
    refused = sum(bool(row.refused) for row in found)
    lost = sum(not row.equal and not row.refused for row in found)
    sys.stderr.write(f"{len(found)} files: {refused} refused, {lost} not equal.\n")


if __name__ == "__main__":
    main()
