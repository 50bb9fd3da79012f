"""A drawn library is a real one: it answers, its planted pairs come first, its numbers are so."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut.engine import Engine
from matchcut.flavors import flavors
from matchcut.library import Library
from matchcut.silhouettes.canvas import unpacked
from matchcut.types import MatchSet, Rows, Side
from tests.synthetic import Synthetic, library
from tests.synthetic.plan import plan
from tests.synthetic.write import DRAWN, USUAL


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    return library(tmp_path_factory.mktemp("drawn"), shots=200, sources=5, wanted=tuple(DRAWN))


def number(made: Synthetic, side: Side) -> int:
    film = made.films.index(side.source)
    return int(np.searchsorted(made.plan.film, film)) + side.shot


def scan(made: Synthetic, flavor: str, top: int) -> MatchSet:
    return Engine(made.folder).scan(
        flavor=flavor, top=top, per_shot=None, across=False, min_gap=Fraction(0)
    )


@pytest.mark.parametrize("flavor", ["frame", "camera", "color", "frame,color:0.5"])
def test_a_scan_shows_the_planted_pairs_first(made: Synthetic, flavor: str) -> None:
    # A camera's movement goes on either way: each pair comes in both directions.
    ways = 2 if flavor == "camera" else 1
    found = scan(made, flavor, ways * len(made.plan.planted)).candidates
    pairs = {tuple(sorted((number(made, c.outgoing), number(made, c.incoming)))) for c in found}
    assert pairs == set(made.plan.planted)


@pytest.mark.parametrize("flavor", [*USUAL, "light", "composition", "sound"])
def test_the_planted_shot_comes_first_for_its_partner(made: Synthetic, flavor: str) -> None:
    asked, partner = made.plan.planted[0]
    found = Engine(made.folder).find(made.query(asked), flavor=flavor, top=5, min_gap=Fraction(0))
    first = found.candidates[0]
    assert number(made, first.outgoing) == asked
    assert number(made, first.incoming) == partner


def test_repeats_are_grouped_as_they_were_drawn(made: Synthetic) -> None:
    groups = Library.open(made.folder).duplicates()
    repeated = sum(shot != first for shot, first in groups.items())
    assert repeated == len(made.plan.setup) - len(set(made.plan.setup.tolist()))
    assert repeated > 0


def test_silhouettes_have_the_stated_statistics(made: Synthetic) -> None:
    rows = stored(made, "frame")
    areas = unpacked(rows["subject"]["mask"]).mean(axis=(1, 2))
    seen = areas > 0
    assert 0.12 < 1 - seen.mean() < 0.28
    assert 0.4 < rows["people"]["mask"].any(axis=1).mean() < 0.7
    assert ((areas[seen] > 0.015) & (areas[seen] < 0.55)).mean() > 0.95
    trusted = rows["subject"]["confidence"][seen]
    assert 0.2 <= trusted.min() < 0.3
    assert 0.9 < trusted.max() <= 1
    assert (rows["count"] == 2).any()


def test_the_same_seed_gives_the_same_rows(made: Synthetic, tmp_path: Path) -> None:
    again = library(tmp_path / "again", shots=200, sources=5, wanted=tuple(DRAWN))
    other = library(tmp_path / "other", shots=200, sources=5, seed=2, wanted=("frame",))
    for flavor in DRAWN:
        assert stored(again, flavor).tobytes() == stored(made, flavor).tobytes()
    assert stored(other, "frame").tobytes() != stored(made, "frame").tobytes()


def test_shots_follow_each_other_without_gap_and_last_two_to_eight_seconds() -> None:
    made = plan(1000, 7, 5, np.random.default_rng(3))
    lasting = made.end - made.start
    assert 48 <= lasting.min() < 55
    assert 185 < lasting.max() <= 192
    same = made.film[1:] == made.film[:-1]
    assert (made.start[1:][same] == made.end[:-1][same]).all()
    assert (made.start[1:][~same] == 0).all()
    assert (made.moments[:, 0] == made.start).all()
    assert (made.moments[:, -1] == made.end - 1).all()
    assert (np.diff(made.moments) > 0).all()


def test_too_few_shots_for_the_films_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 4"):
        plan(10, 5, 3, np.random.default_rng(1))


def stored(made: Synthetic, flavor: str) -> Rows:
    opened = Library.open(made.folder)
    identity = flavors()[flavor].representation.spec.identity
    return np.concatenate(
        [opened.rows(one.source.digest, one.detector, identity) for one in opened.sources()]
    )
