"""How rare a score is, against counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.scoring import rarity
from matchcut.scoring.decades import add, needed

scores = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=200)


def test_a_score_that_one_of_ten_pairs_reaches_is_one_decade_rare() -> None:
    sampled = np.arange(1, 101, dtype=np.float32) / 128
    curve = rarity(sampled, 1.0)
    told = curve.of(np.array([[1, 51, 91, 100]], np.float32) / 128)
    assert told == pytest.approx(np.array([[0.0, np.log10(2), 1.0, 2.0]]), abs=0.02)


def test_equal_rarity_means_the_same_in_flavors_of_other_ranges() -> None:
    sampled = np.random.default_rng(1).random(5_000).astype(np.float32)
    plain, squared = rarity(sampled, 1.0), rarity(sampled**4, 1.0)
    some = np.array([0.2, 0.5, 0.9, 0.999], np.float32)
    assert plain.of(some) == pytest.approx(squared.of(some**4), abs=0.03)


def test_pairs_better_than_all_sampled_ones_still_rank_among_themselves() -> None:
    curve = rarity(np.linspace(0, 0.5, 1_000, dtype=np.float32), 1.0)
    told = curve.of(np.array([0.5, 0.6, 0.9, 1.0], np.float32))
    assert (np.diff(told) > 0.01).all()


@pytest.mark.parametrize(
    "sampled", [[], [0.0], [0.3], [0.0] * 50, [0.3] * 50, [-0.5] * 9, [0.0] * 50 + [0.4]]
)
def test_a_library_of_few_or_equal_pairs_still_tells_a_better_one_from_a_worse(
    sampled: list[float],
) -> None:
    curve = rarity(np.array(sampled, np.float32), 1.0)
    told = curve.of(np.array([-1, 0, 0.45, 0.6, 1], np.float32))
    assert np.isfinite(told).all()
    assert told[0] == told[1] == 0
    assert told[1] <= told[2] < told[3] < told[4]


@given(sampled=scores, asked=scores)
def test_a_higher_score_is_never_less_rare_and_no_match_is_not_rare_at_all(
    sampled: list[float], asked: list[float]
) -> None:
    curve = rarity(np.array(sampled, np.float32), 1.0)
    ordered = np.sort(np.array(asked, np.float32))
    told = curve.of(ordered)
    assert (np.diff(told) >= 0).all()
    assert (told >= 0).all()
    assert not told[ordered <= 0].any()
    assert np.array_equal(told[:1], curve.of(ordered[:1])), "whatever it is asked with"


def test_a_curve_of_many_scores_stays_small_and_right() -> None:
    sampled = np.random.default_rng(2).random(60_000).astype(np.float32)
    curve = rarity(sampled, 1.0)
    assert len(curve.scores) <= 258
    some = np.array([0.1, 0.5, 0.9, 0.99, 0.999, 0.9999], np.float32)
    counted = -np.log10([(sampled >= one).mean() for one in some])
    assert curve.of(some) == pytest.approx(counted, abs=0.02)


def test_the_least_score_for_a_rarity_is_one_that_is_so_rare() -> None:
    rng = np.random.default_rng(2)
    curve = rarity(rng.choice([0, 0.2, 0.5, 0.500001, 0.8], 500).astype(np.float32), 1.0)
    facts = curve.scores, curve.decades, curve.slope
    wanted = np.linspace(-1, 6, 200)[None]
    least = needed(np.zeros_like(wanted), wanted, 2.0, *facts)
    assert (least[wanted <= 0] == 0).all()
    above, below = (curve.of(least + by) for by in (np.float32(1e-5), np.float32(-1e-5)))
    assert (2 * above >= wanted).all()
    assert (2 * below[wanted > 0] <= wanted[wanted > 0]).all()


def test_what_scores_enough_adds_its_rarity_and_what_does_not_is_out() -> None:
    rng = np.random.default_rng(3)
    curve = rarity(rng.random(300).astype(np.float32), 1.0)
    scores = rng.uniform(0, 1.2, (7, 30)).astype(np.float32)
    total = np.ones(scores.shape)
    least = np.full(scores.shape, 0.4, np.float32)
    add(total, scores, least, 0.5, curve.scores, curve.decades, curve.slope)
    enough = scores >= least
    np.testing.assert_allclose(total[enough], 1 + 0.5 * curve.of(scores[enough]), rtol=1e-12)
    assert (total[~enough] < -1e20).all()
