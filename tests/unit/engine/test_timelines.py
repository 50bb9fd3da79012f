"""What is written into timelines counts as hosts count: by the clock, at the nominal rate."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from matchcut.engine import Engine
from matchcut.engine.timelines import write_matches, write_table
from matchcut.types import Candidate, MatchSet, MediaTime, Side, Span
from tests.conftest import Quiet

MILLISECONDS = Fraction(1, 1000)


def _phone(cut_frame: int, cut_ms: int, clean: tuple[int, int] = (4, 9)) -> Side:
    """A film of a phone: ten decoded frames in ten seconds, counted by hosts at 30 a second."""
    return Side(
        source=Path("/media/phone.mp4"),
        digest="00",
        shot=1,
        start_frame=4,
        end_frame=9,
        cut_frame=cut_frame,
        cut_time=MediaTime(cut_ms, MILLISECONDS),
        timecode="00:00:05:00",
        rate=Fraction(30),
        start_timecode_frame=0,
        source_frames=10,
        clean_start_frame=clean[0],
        clean_end_frame=clean[1],
        size=(1080, 1920),
        span=Span(4000, 9000, MILLISECONDS),
        clean=Span(clean[0] * 1000, clean[1] * 1000, MILLISECONDS),
        source_span=Span(0, 10_000, MILLISECONDS),
    )


@pytest.fixture
def found() -> MatchSet:
    side = _phone(5, 5000)
    return MatchSet((Candidate(1, 0.9, "frame", 0.9, True, side, side),), "frame", 1)


def test_a_film_of_variable_rate_is_placed_by_its_clock(found: MatchSet, tmp_path: Path) -> None:
    write_matches(found, "CYAN", tmp_path / "x.otio")
    outgoing, incoming = otio.adapters.read_from_file(str(tmp_path / "x.otio")).find_clips()
    assert outgoing.source_range.end_time_inclusive().value == 150
    assert incoming.source_range.start_time.value == 150
    assert incoming.source_range.end_time_exclusive().value <= 270
    assert incoming.available_range().duration.value == 300


def test_at_a_variable_rate_no_frame_of_a_dissolve_is_shown(tmp_path: Path) -> None:
    side = _phone(6, 6000, clean=(5, 8))
    found = MatchSet((Candidate(1, 0.9, "frame", 0.9, True, side, side),), "frame", 1)
    write_matches(found, "CYAN", tmp_path / "x.otio")
    outgoing, incoming = otio.adapters.read_from_file(str(tmp_path / "x.otio")).find_clips()
    assert outgoing.source_range.start_time.value == 150
    assert incoming.source_range.end_time_exclusive().value == 240


def test_the_table_holds_the_decoded_frames_that_json_prints(
    found: MatchSet, tmp_path: Path
) -> None:
    write_table(found, "CYAN", tmp_path / "x.csv")
    row = (tmp_path / "x.csv").read_text().splitlines()[1].split(",")
    assert row[6:9] == ["4", "9", "5"]


def test_a_real_film_of_variable_rate_is_cut_where_its_timecode_says(
    shared: Path, tmp_path: Path
) -> None:
    films = shared / "assets" / "video"
    vfr = films / "odd" / "vfr_desks_h263.3gp"
    library = tmp_path / "library"
    others = [films / "motion" / "tlrender_train_pan_Dinky.m4v"]
    Engine(library).index([vfr, *others], detector="content", monitor=Quiet())
    found = Engine(library).scan(
        flavor="camera/average", top=5, per_shot=None, across=True, min_gap=Fraction(0)
    )
    write_matches(found, "ORANGE", tmp_path / "x.otio")
    clips = otio.adapters.read_from_file(str(tmp_path / "x.otio")).find_clips()
    sides = [side for one in found.candidates for side in (one.outgoing, one.incoming)]
    assert "vfr_desks_h263.3gp" in {side.source.name for side in sides}
    for clip, side, outgoing in zip(clips, sides, [True, False] * len(sides), strict=False):
        used = clip.source_range
        cut = used.end_time_inclusive() if outgoing else used.start_time
        shown = otio.opentime.to_timecode(cut, float(side.rate), False)
        assert shown == side.timecode.replace(";", ":")
