"""The parts of `tests.benchmarks.cuts` that could be wrong without anyone noticing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.types import Reframing
from tests.benchmarks.cuts import Answer, say_cuts, say_each, say_framings
from tests.benchmarks.cuts_indexed import Indexed
from tests.film.script import Plate
from tests.passing.script import Film, Framing, Pair, Shot, Stance, Way

MOVE = Framing("incoming", 1.2, 3.0, 0.04, 0.01)


def answer(
    cut: tuple[int, int] | None, reframing: Reframing | None = None, framing: Framing | None = None
) -> Answer:
    shots = tuple(
        Shot(tag, Plate("city", "noon", 1), 40, at, (way,), stance=Stance("walking", 0.5, 0.5, 0.6),
             motion=0.0, framing=framing if tag == "B" else None)
        for tag, at, way in (("A", 12, Way(across=0.2)), ("B", 25, Way(down=0.3)))
    )  # fmt: skip
    film = Film("one", shots, (Pair("frame", "A", "B"),), width=160, height=90)
    indexed = Indexed(film, Path("one.mp4"), Engine(Path("library")))
    rank = None if cut is None else 1
    return Answer(indexed, film.truth()[0], rank, cut, cut, reframing)


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {line["name"]: line for line in lines}


def test_a_pair_that_was_no_match_counts_as_a_cut_that_missed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_cuts("cut", [answer((12, 65)), answer((12, 69)), answer(None), answer((14, 63))])
    lines = said(capsys)
    assert lines["cut.rank"]["missed"] == 1
    refined = lines["cut.cut.refined"]
    assert (refined["value"], refined["leave"], refined["enter"]) == (0.5, 0.75, 0.5)
    assert refined["not_found"] == 1
    assert lines["cut.cut.true silhouettes"]["value"] == 1
    assert lines["cut.cut.middle frames"]["value"] == 0


def test_a_reframing_counts_by_what_it_does_and_one_that_is_missing_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = Reframing("incoming", 1.2, 3.0, 0.04, 0.01, False, 0.4, 0.9)
    flopped = Reframing("incoming", 1.2, 3.0, 0.04, 0.01, True, 0.4, 0.9)
    some = [answer((12, 65), found, MOVE) for found in (right, flopped, None)]
    say_framings(some)
    say_each("framed", some)
    lines = said(capsys)
    refined = lines["reframing.moving.refined"]
    assert refined["value"] == pytest.approx(1 / 3, abs=1e-3)
    assert refined["flop"] == pytest.approx(2 / 3, abs=1e-3)
    assert lines["reframing.moving.as they are"]["value"] == 0
    assert lines["reframing.side"]["value"] == 1
    assert lines["framed.each"]["reframing"] is None
