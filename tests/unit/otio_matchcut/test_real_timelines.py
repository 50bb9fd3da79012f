"""Every timeline of other applications that lies beside the project: read, asked, marked, written.

They are third-party files and no part of the project; without them these tests are skipped.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import ShotInTimeline, locate, settle
from otio_matchcut.marking import mark, unmark
from otio_matchcut.placing import placements
from otio_matchcut.reading import parse, read
from otio_matchcut.writing import text_of
from tests.unit.otio_matchcut.build import match, side

FOLDER = Path(__file__).parents[4] / "shared" / "assets" / "timelines"
FILES = sorted(FOLDER.rglob("*.otio"))
REASONS = {"MEDIA_OFFLINE", "MEDIA_NOT_A_FILE", "CLIP_NOT_FOUND"}

pytestmark = pytest.mark.skipif(
    not FILES, reason="there are no timelines of other applications in ../shared/assets/timelines"
)
each = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))


def _shots(path: Path, made: otio.schema.Timeline) -> list[ShotInTimeline]:
    """What is seen at the start of every visible video clip; refusals must be sentences."""
    found = []
    for place in placements(made):
        frame = -int(-place.start // place.frame)
        try:
            found.append(locate(made, base=path.parent, clip=None, at=str(frame)))
        except TimelineError as error:
            if error.reason not in REASONS:
                raise
    return found


@each
def test_it_is_written_back_without_loss(path: Path) -> None:
    made = read(path)
    again = parse(text_of(made), path.name)
    # A NaN in metadata is never equal to itself; then the text says it.
    assert again.is_equivalent_to(made) or "NaN" in text_of(made)
    assert text_of(again) == text_of(made)
    kept = path.read_text(encoding="utf-8").count('"Marker.3"')
    assert text_of(made).count('"Marker.3"') == kept


@each
def test_every_clip_is_located_or_refused_with_a_reason(path: Path) -> None:
    for shot in _shots(path, read(path)):
        assert shot.source_start <= shot.source_frame < shot.source_end
        rate = shot.source_rate if shot.source_rate <= 480 else Fraction(24000, 1001)
        found = settle(shot, rate=rate, start_timecode_frame=0, frames=10**7)
        assert 0 <= found.start <= found.frame < found.end


@each
def test_marking_changes_nothing_but_our_markers(path: Path) -> None:
    made = read(path)
    for shot in _shots(path, made)[:3]:
        outgoing = side(rate=shot.source_rate, frames=10**7, shot=(0, 10**7), cut=40)
        marked = mark(made, shot, [match(1, outgoing=outgoing), match(2, outgoing=outgoing)])
        assert not marked.is_equivalent_to(made)
        assert text_of(unmark(marked)) == text_of(made)
        written = parse(text_of(marked), path.name)
        assert text_of(written) == text_of(marked)
        assert text_of(mark(written, shot, [])) == text_of(written)


def test_the_frames_of_a_newer_marker_are_exactly_those_in_the_file() -> None:
    path = FOLDER / "otio_core" / "premiere_example.otio"
    if not path.exists():
        pytest.skip("the Premiere example is not in ../shared/assets/timelines")

    def newer(node: object) -> list[object]:
        if isinstance(node, dict):
            if node.get("OTIO_SCHEMA") == "Marker.3":
                return [node]
            return [found for value in node.values() for found in newer(value)]
        return [found for value in node for found in newer(value)] if isinstance(node, list) else []

    original = newer(json.loads(path.read_text(encoding="utf-8")))
    assert original
    assert newer(json.loads(text_of(read(path)))) == original
