"""`matchcut export`: which files are made of what a search has written, and where."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.engine.exporting import deliver, hosts
from matchcut.engine.timelines import mark_timeline, read_text
from matchcut.types import TimelineQuery
from otio_matchcut.candidates import matches_timeline
from otio_matchcut.clock import frame_of_timecode
from otio_matchcut.marking import unmark
from otio_matchcut.reading import read
from otio_matchcut.writing import write
from tests.golden.deliveries import DELIVERIES
from tests.small_films import Footage
from tests.unit.cli.conftest import Matchcut


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """An editor's timeline that a search has marked."""
    edited = DELIVERIES["pal_25_start_tc_10h"]().edited
    assert edited is not None
    path = tmp_path / "cut.otio"
    write(edited.timeline, path)
    return path


@pytest.fixture
def candidates(tmp_path: Path) -> Path:
    """The same matches as a timeline of their own."""
    path = tmp_path / "cut.matches.otio"
    write(matches_timeline(DELIVERIES["pal_25_start_tc_10h"]().matches, "cut"), path)
    return path


def test_each_file_is_written_and_said_how_to_bring_in(marked: Path, matchcut: Matchcut) -> None:
    ran = matchcut("export", marked, "--for", "avid")
    assert ran.code == 0
    path = marked.parent / "cut for avid" / "cut.markers.txt"
    assert path.read_text().startswith("matchcut\t01:00:04:00\tV1\tgreen\t#1 0.890 frame.")
    assert str(path) in ran.err
    assert "Import Markers" in ran.err


def test_programs_read_a_file_a_line(marked: Path, tmp_path: Path, matchcut: Matchcut) -> None:
    ran = matchcut("export", marked, "--for", "avid", "-o", tmp_path / "new" / "er", "--json")
    assert ran.code == 0
    line = next(line for line in ran.lines if line["carrier"] == "avid-markers")
    assert set(line) == {"path", "carrier", "label", "how"}
    assert Path(line["path"]).parent == tmp_path / "new" / "er"


def test_candidates_without_a_timeline_leave_out_what_belongs_to_one(
    candidates: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("export", candidates, "--for", "avid")
    assert ran.code == 0
    assert "cut.markers.txt is left out" in ran.err
    assert not (candidates.parent / "cut for avid" / "cut.markers.txt").exists()


def test_candidates_are_marked_on_the_timeline_that_is_given(
    candidates: Path, marked: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    edited = DELIVERIES["pal_25_start_tc_10h"]().edited
    assert edited is not None
    plain = tmp_path / "plain.otio"
    write(unmark(edited.timeline), plain)
    for path, timeline in ((marked, ()), (candidates, ("--timeline", plain))):
        matchcut("export", path, *timeline, "--for", "avid", "-o", tmp_path / path.name[:-5])
    one, other = (tmp_path / name / "cut.markers.txt" for name in ("cut", "cut.matches"))
    assert one.read_text() == other.read_text()


def test_exporting_again_replaces_its_own_files(marked: Path, matchcut: Matchcut) -> None:
    path = marked.parent / "cut for avid" / "cut.markers.txt"
    matchcut("export", marked, "--for", "avid")
    delivery = DELIVERIES["pal_25_start_tc_10h"]()
    assert delivery.edited is not None
    write(replace(delivery.edited, marks=()).timeline, marked)
    assert matchcut("export", marked, "--for", "avid").code == 0
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_of_somebody_else_is_never_overwritten(
    marked: Path, matchcut: Matchcut, when: str
) -> None:
    folder = marked.parent / "cut for avid"
    if when == "before":
        folder.mkdir()
    else:
        matchcut("export", marked, "--for", "avid")
    path = folder / "cut.markers.txt"
    path.write_text("mine")
    said = matchcut("export", marked, "--for", "avid").refused(1, "OUTPUT_UNWRITABLE")
    assert str(path) in said
    assert path.read_text() == "mine"


def test_an_unknown_application_is_refused_with_those_that_are_known(
    marked: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("export", marked, "--for", "moviola")
    assert "moviola" in ran.refused(2, "HOST_UNKNOWN")
    assert "avid" in ran.err


def test_a_timeline_without_our_markers_is_refused(tmp_path: Path, matchcut: Matchcut) -> None:
    edited = DELIVERIES["film_23976"]().edited
    assert edited is not None
    path = tmp_path / "plain.otio"
    write(unmark(edited.timeline), path)
    said = matchcut("export", path, "--for", "avid").refused(1, "TIMELINE_REFUSED")
    assert "no candidate" in said


def test_what_a_search_has_marked_is_exported_at_the_frames_it_found(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    out = tmp_path / "out.otio"
    asked = ("find", "-l", footage_library, "--timeline", footage.timeline, "-k", "3")
    found = matchcut(*asked, "-o", out, "--json")
    ran = matchcut("export", out, "--for", "resolve-free", "--json")
    assert ran.code == 0
    written = {line["carrier"]: Path(line["path"]) for line in ran.lines}
    assert written.keys() == {"otio-matches", "otio-timeline", "resolve-markers"}
    text = written["resolve-markers"].read_text()
    for line in found.lines:
        assert (
            f"to {Path(line['incoming']['source']).name} at {line['incoming']['timecode']}" in text
        )
    assert text.count("|D:1") == len(found.lines)
    matches = read(written["otio-matches"])
    ends = [clip.source_range.end_time_inclusive().value for clip in matches.find_clips()]
    wanted = [
        line["outgoing"]["cut_frame"] + frame_of_timecode("10:00:00:00", Fraction(25))
        for line in found.lines
    ]
    assert ends[::2] == wanted


def test_an_answer_is_delivered_as_its_file_is_exported(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    query = TimelineQuery(read_text(footage.timeline), footage.timeline.parent, "cut.otio")
    engine = Engine(footage_library)
    found = engine.find(
        query, flavor="frame", top=3, min_gap=Fraction(2), min_handle=8, reframe=False, exact=False
    )
    files, notes = deliver(found, "CYAN", "avid", "out", query)
    assert notes == ()
    out = tmp_path / "out.otio"
    mark_timeline(query, found, "CYAN", out)
    matchcut("export", out, "--for", "avid")
    for file in files:
        assert (tmp_path / "out for avid" / file.name).read_bytes() == file.content


def test_films_are_written_where_the_editing_machine_has_them(
    candidates: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    ran = matchcut(
        *("export", candidates, "--for", "fcp", "-o", tmp_path / "out"),
        *("--map", "/media=/Volumes/SAN/show", "--map", "/med=/wrong"),
    )
    assert ran.code == 0
    [written] = (tmp_path / "out").glob("*.fcpxml")
    assert 'src="file:///Volumes/SAN/show/a.mov"' in written.read_text()
    assert "/media/" not in written.read_text()


def test_a_map_without_two_folders_is_explained(candidates: Path, matchcut: Matchcut) -> None:
    assert (
        "--map /mnt/san does not say"
        in matchcut("export", candidates, "--for", "avid", "--map", "/mnt/san").err
    )
    relative = matchcut("export", candidates, "--for", "avid", "--map", "san=/Volumes/SAN")
    assert "'san' is no folder" in relative.err


def test_help_names_each_application_that_files_are_made_for(matchcut: Matchcut) -> None:
    # It is written by hand, so that asking for help need not load every carrier.
    told = " ".join(matchcut("export", "--help").out.replace("│", " ").split())
    listed = told.partition("--for APPLICATION")[2].partition(".")[0]
    assert sorted(listed.replace("; or", ",").replace(" ", "").split(",")) == list(hosts())
