"""Flavors score labelled pairs of a library's films as a scan of it would."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut.engine import Engine
from matchcut.engine.labelled import LabelledFlavors, _nearest
from matchcut.errors import FlavorUnknown, LabelsTooFew, LibraryMissing
from matchcut.learn.evaluation import evaluate
from matchcut.learn.pairs import LabelledSet, Pairs
from matchcut.learn.scorers import Given, scorer
from tests.small_films import Footage, day_one


def labelled(pairs: Pairs, seconds: dict[tuple[str, int], tuple[float, float]]) -> LabelledSet:
    return LabelledSet("set", {"frame": pairs}, {}, seconds)


@pytest.fixture
def everyone(footage: Footage) -> Pairs:
    """All pairs of different shots of the first film, by their numbers."""
    title = footage.one.stem
    pairs = [(a, b) for a in range(6) for b in range(6) if a != b]
    return Pairs(
        tuple((title, a) for a, _ in pairs),
        tuple((title, b) for _, b in pairs),
        np.array([{a, b} == {0, 2} for a, b in pairs]),
    )


@pytest.mark.parametrize("flavor", ["color", "camera"])
def test_a_pair_scores_what_a_scan_says(
    footage: Footage, footage_library: Path, everyone: Pairs, flavor: str
) -> None:
    found = LabelledFlavors(footage_library).score(flavor, everyone, labelled(everyone, {}))
    ranked = Engine(footage_library).scan(
        flavor=flavor,
        top=1000,
        per_shot=None,
        across=False,
        min_gap=Fraction(0),
        min_handle=1,
        reframe=False,
    )
    scanned = {
        (one.outgoing.shot, one.incoming.shot): one.score
        for one in ranked.candidates
        if one.outgoing.source == one.incoming.source == footage.one
    }
    assert scanned, "the films have candidates"
    ours = dict(
        zip(
            (
                (out[1], into[1])
                for out, into in zip(everyone.outgoing, everyone.incoming, strict=True)
            ),
            found.tolist(),
            strict=True,
        )
    )
    for pair, score in scanned.items():
        assert ours[pair] == pytest.approx(score, abs=1e-5)


def test_shots_are_found_by_their_seconds_whatever_their_numbers(
    footage: Footage, footage_library: Path, everyone: Pairs
) -> None:
    flavors = LabelledFlavors(footage_library)
    by_number = flavors.score("color", everyone, labelled(everyone, {}))
    # Numbered otherwise, and cut a little earlier or later, as another program would.
    starts = np.cumsum([0, *(shot.frames for shot in day_one().shots)]) / 25
    renamed = Pairs(
        tuple((title, 10 * shot) for title, shot in everyone.outgoing),
        tuple((title, 10 * shot) for title, shot in everyone.incoming),
        everyone.match,
    )
    seconds = {
        (footage.one.stem, 10 * shot): (starts[shot] + 0.05, starts[shot + 1] - 0.04)
        for shot in range(6)
    }
    by_time = flavors.score("color", renamed, labelled(renamed, seconds))
    np.testing.assert_array_equal(by_time, by_number)


def test_a_shot_that_shares_less_than_half_is_none_of_ours() -> None:
    times = np.array([[0.0, 4.0], [4.0, 10.0]])
    assert _nearest(times, (0.2, 3.9)) == 0
    assert _nearest(times, (3.0, 10.0)) == 1
    assert _nearest(times, (2.0, 7.0)) is None
    assert _nearest(times, (50.0, 51.0)) is None


def test_films_and_shots_that_are_not_here_are_left_out(
    footage: Footage, footage_library: Path
) -> None:
    title = footage.one.stem
    pairs = Pairs(
        ((title, 0), (title, 0), ("tt0000000", 0)),
        ((title, 2), (title, 999), ("tt0000000", 1)),
        np.array([True, False, False]),
    )
    given = labelled(pairs, {})
    found = LabelledFlavors(footage_library).score("color", pairs, given)
    assert np.isnan(found).tolist() == [False, True, True]
    flavors = Given(given, "frame", flavors=LabelledFlavors(footage_library))
    row = evaluate(
        given, "frame", "all", scorer("flavor:color", flavors), at=(), resamples=0, seed=0
    ).row
    assert (row.pairs, row.positives, row.left_out) == (1, 1, 2)
    nothing = labelled(pairs.some(np.array([False, False, True])), {})
    with pytest.raises(LabelsTooFew, match="has a score for none"):
        evaluate(
            nothing, "frame", "all", scorer("flavor:color", flavors), at=(), resamples=0, seed=0
        )


def test_a_flavor_that_is_none_is_refused(footage_library: Path, everyone: Pairs) -> None:
    with pytest.raises(FlavorUnknown):
        LabelledFlavors(footage_library).score("scent", everyone, labelled(everyone, {}))


def test_a_library_that_is_none_is_refused(tmp_path: Path, everyone: Pairs) -> None:
    with pytest.raises(LibraryMissing):
        LabelledFlavors(tmp_path).score("color", everyone, labelled(everyone, {}))


def test_the_flavors_that_are_offered_are_those_of_the_library(footage_library: Path) -> None:
    names = LabelledFlavors(footage_library).names
    assert {"frame", "color", "camera"} <= set(names)
