"""What is found is refined in order of rank: as it comes, when it is stopped, how it is shown."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut import engine
from matchcut.cli import indexing, matching
from matchcut.cli.shown import in_short, table_of
from matchcut.types import Candidate, FlavorCard, MatchSet, MediaQuery, Refined, Reframing
from tests.unit.cli.conftest import Matchcut
from tests.unit.server.stand_in import CANDIDATE, SIDE, StandIn

FOUND = MatchSet(tuple(replace(CANDIDATE, rank=rank) for rank in (1, 2, 3)), "frame", 7)
REFRAMING = Reframing("incoming", 1.124, -2.04, 0.031, -0.002, True, 0.6, 0.9)
FIND = ("find", "-l", "library", "--media", "/films/a.mov", "--at", "7")
SCAN = ("scan", "-l", "library")


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """What every verb asks in place of a library; it finds three pairs."""
    stand_in = StandIn(matches=FOUND, refining=one_by_one)
    for verbs in (matching, indexing):
        monkeypatch.setattr(verbs, "open_matching", lambda *_, **__: stand_in)
    return stand_in


def one_by_one(candidates: Sequence[Candidate]) -> Iterator[Refined]:
    for candidate in candidates:
        yield Refined(replace(candidate, refined=True, at_cut=0.75, reframing=REFRAMING))


@pytest.mark.parametrize("asked", [FIND, SCAN])
def test_handles_and_reframing_reach_the_search_and_the_refinement(
    asked: tuple[str, ...], library: StandIn, matchcut: Matchcut
) -> None:
    matchcut(*asked, "--json")
    matchcut(*asked, "--json", "--min-handle", "3", "--no-reframe")
    searched, refined, *others = library.asked
    # The last that a search is asked is its scorer.
    assert searched[-3:-1] == refined[-2:] == (engine.MIN_HANDLE, True)
    assert others[0][-3:-1] == others[1][-2:] == (3, False)
    assert refined[1] == FOUND.candidates


def test_a_handle_of_no_frames_is_refused(library: StandIn, matchcut: Matchcut) -> None:
    assert matchcut(*SCAN, "--min-handle", "0").code == 2
    assert library.asked == []


@pytest.mark.parametrize("exact", [True, False])
def test_the_other_options_still_reach_the_search(
    exact: bool, library: StandIn, matchcut: Matchcut
) -> None:
    options = ["-f", "camera", "-k", "9", "--min-gap", "0.5"]
    options += ["--exact"] if exact else ["--rejected"]
    matchcut(*FIND, *options, "--no-refine", "--json")
    query = MediaQuery(Path("/films/a.mov"), "7")
    gap = Fraction(1, 2)
    assert library.asked == [("find", query, "camera", 9, gap, not exact, exact, 8, True, None)]


def test_each_candidate_is_printed_as_soon_as_it_is_refined(
    library: StandIn, matchcut: Matchcut
) -> None:
    printed: list[int] = []

    def looking(candidates: Sequence[Candidate]) -> Iterator[Refined]:
        for refined in one_by_one(candidates):
            printed.append(len(sys.stdout.buffer.getvalue().splitlines()))  # type: ignore[attr-defined]
            yield refined

    library.refining = looking
    ran = matchcut(*SCAN, "--json")
    assert printed == [0, 1, 2]
    assert [line["rank"] for line in ran.lines] == [1, 2, 3]
    assert ran.lines[0]["at_cut"] == 0.75
    assert ran.lines[0]["reframing"] == {
        "side": "incoming",
        "scale": 1.124,
        "rotation": -2.04,
        "right": 0.031,
        "down": -0.002,
        "flop": True,
        "before": 0.6,
        "after": 0.9,
    }


def test_who_wants_no_refinement_gets_what_was_found_at_once(
    library: StandIn, matchcut: Matchcut
) -> None:
    ran = matchcut(*SCAN, "--no-refine", "--json")
    assert [call[0] for call in library.asked] == ["scan"]
    assert [(line["refined"], line["reframing"]) for line in ran.lines] == [(False, None)] * 3
    assert "reframed" not in matchcut(*SCAN, "--no-refine").err
    assert "reframed" in matchcut(*SCAN).err


def test_where_nothing_is_found_nothing_is_refined(library: StandIn, matchcut: Matchcut) -> None:
    library.matches = MatchSet((), "frame", 0)
    assert matchcut(*SCAN).code == 3
    assert [call[0] for call in library.asked] == ["scan", "sources"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_refined_and_gives_the_rest_as_it_was_found(
    number: signal.Signals, library: StandIn, matchcut: Matchcut, tmp_path: Path
) -> None:
    def interrupted(candidates: Sequence[Candidate]) -> Iterator[Refined]:
        for refined in one_by_one(candidates):
            if refined.candidate.rank == 2:
                signal.raise_signal(number)
            yield refined

    library.refining = interrupted
    library.cards = (FlavorCard("frame", "Framing", False, 0.0, 1.0, "RED", "our own"),)
    ran = matchcut(*SCAN, "--json", "-o", tmp_path / "pairs.csv")
    assert ran.code == 130
    assert [line["refined"] for line in ran.lines] == [True, True, False]
    assert [line["rank"] for line in ran.lines] == [1, 2, 3]
    assert "Stopped: the last 1 of 3 are as they were found." in ran.err
    assert len((tmp_path / "pairs.csv").read_text().splitlines()) == 4


def test_why_candidates_could_not_be_refined_is_said_once(
    library: StandIn, matchcut: Matchcut
) -> None:
    def offline(candidates: Sequence[Candidate]) -> Iterator[Refined]:
        for candidate in candidates:
            yield Refined(candidate, "a.mov is [offline]." if candidate.rank != 2 else "")

    library.refining = offline
    ran = matchcut(*SCAN, "--json")
    assert ran.code == 0
    assert ran.err.splitlines() == ["2 of 3 not refined: a.mov is [offline]."]


def test_progress_on_a_terminal_takes_nothing_from_what_programs_read(
    library: StandIn, matchcut: Matchcut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = matchcut(*SCAN, "--json")
    assert [line["rank"] for line in ran.lines] == [1, 2, 3]
    assert "refining" in ran.err


def test_a_preview_needs_a_contact_sheet(
    library: StandIn, matchcut: Matchcut, tmp_path: Path
) -> None:
    for outputs in ((), ("-o", tmp_path / "pairs.otio")):
        ran = matchcut(*SCAN, "--preview", *outputs)
        assert "contact sheet" in ran.refused(2, "USAGE")
        assert "-o x.html" in ran.err
    assert library.asked == []


def test_small_copies_are_made_unless_they_are_not_wanted(
    library: StandIn, matchcut: Matchcut
) -> None:
    matchcut("index", "/films/a.mov", "-l", "library")
    matchcut("index", "/films/a.mov", "-l", "library", "--no-proxies")
    assert [call[-1] for call in library.asked] == [True, False]


def test_the_table_tells_handles_and_reframing_in_80_columns() -> None:
    from rich.console import Console

    side = replace(SIDE, cut_frame=60, source=Path("/films/E01 reel 03.mov"))
    one = replace(CANDIDATE, outgoing=side, incoming=side, refined=True, reframing=REFRAMING)
    console = Console(width=80, record=True, file=sys.stderr)
    console.print(table_of(MatchSet((one,), "frame", 7)))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    words = text.replace("│", " ").split()
    assert words.count("01:00:00:00") == 2
    assert words.count("-60") == words.count("+39") == 2
    assert {"0.500", "0.600", "1.12x", "-2.0°", "flop"} <= set(words)
    assert words.count("1.12x") == 1, "one side alone is moved"


@pytest.mark.parametrize(
    ("reframing", "told"),
    [
        (REFRAMING, "1.12x -2.0° right 3% flop"),
        (Reframing("outgoing", 1.0, 0.04, -0.1, 0.25, False, 0, 1), "left 10% down 25%"),
        (Reframing("outgoing", 1.4, 0.0, 0.0, -0.01, False, 0, 1), "1.40x up 1%"),
        (Reframing("outgoing", 1.004, 0.0, 0.002, 0.0, False, 0, 1), "hardly"),
        (Reframing("outgoing", 1.0, 0.0, 0.0, 0.0, True, 0, 1), "flop"),
    ],
)
def test_a_reframing_is_told_in_few_words(reframing: Reframing, told: str) -> None:
    assert in_short(reframing) == told


def test_the_json_of_candidates_is_one_object_a_line(library: StandIn, matchcut: Matchcut) -> None:
    ran = matchcut(*FIND, "--json")
    side = json.loads(ran.out.splitlines()[0])["outgoing"]
    assert (side["handle_before"], side["handle_after"]) == (99, 0)
    assert (side["clean_start_frame"], side["clean_end_frame"]) == (0, 100)
