"""Average precision is scikit-learn's, what chance gives is exact, and ties favour nobody."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve

from matchcut.learn.measures import (
    Ranking,
    average_precision,
    by_chance,
    interval,
    precision_at,
    recall_at,
)


def pairs(*scored: tuple[bool, float]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    return np.array([one for one, _ in scored]), np.array([one for _, one in scored])


def test_average_precision_is_that_of_arithmetic_by_hand() -> None:
    # Matches at places 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3.
    ranked = pairs((True, 0.9), (False, 0.8), (True, 0.7), (True, 0.6), (False, 0.5))
    assert average_precision(*ranked) == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_pairs_of_one_score_are_taken_together() -> None:
    # Either threshold takes all of a tie: 1/2 of the recall at precision 1, the rest at 2/4.
    ranked = pairs((True, 0.9), (True, 0.5), (False, 0.5), (False, 0.5))
    assert average_precision(*ranked) == pytest.approx(0.5 * 1 + 0.5 * 0.5)


@pytest.mark.parametrize("ties", [2, 7, 1000])
def test_average_precision_and_curve_are_those_of_scikit_learn(ties: int) -> None:
    random = np.random.default_rng(ties)
    for _ in range(20):
        match = random.random(200) < 0.2
        scores = random.integers(ties, size=200) / ties + 0.2 * match
        assert average_precision(match, scores) == pytest.approx(
            average_precision_score(match, scores), abs=1e-12
        )
        precision, recall, _ = precision_recall_curve(match, scores)
        ours = Ranking.of(match, scores).curve()
        # Theirs begins with the lowest threshold and ends with a point that is none.
        np.testing.assert_allclose(ours.precision, precision[-2::-1])
        np.testing.assert_allclose(ours.recall, recall[-2::-1])


def test_counting_a_pair_twice_is_having_it_twice() -> None:
    random = np.random.default_rng(3)
    match, scores = random.random(50) < 0.3, random.integers(9, size=50).astype(float)
    counts = random.integers(3, size=50)
    twice = np.repeat(np.arange(50), counts)
    assert Ranking.of(match, scores).average_precision(counts) == pytest.approx(
        average_precision_score(match[twice], scores[twice])
    )


def test_nothing_can_be_told_where_no_pair_matches() -> None:
    ranked = pairs((False, 0.9), (False, 0.8))
    assert np.isnan(average_precision(*ranked))
    assert np.isnan(precision_at(*ranked, 1))
    assert np.isnan(recall_at(*ranked, 1))
    assert np.isnan(by_chance(0, 2))


@pytest.mark.parametrize(("positives", "count"), [(1, 1), (1, 4), (2, 5), (3, 6), (6, 6)])
def test_what_chance_gives_is_the_mean_over_all_orders(positives: int, count: int) -> None:
    match = np.arange(count) < positives
    every = [
        average_precision_score(match[list(order)], -np.arange(count))
        for order in permutations(range(count))
    ]
    assert by_chance(positives, count) == pytest.approx(np.mean(every))


def test_precision_and_recall_at_k_are_those_of_the_best_k() -> None:
    ranked = pairs((True, 0.9), (False, 0.8), (True, 0.7), (True, 0.6))
    assert precision_at(*ranked, 1) == 1
    assert precision_at(*ranked, 3) == pytest.approx(2 / 3)
    assert recall_at(*ranked, 3) == pytest.approx(2 / 3)
    assert recall_at(*ranked, 100) == 1
    assert np.isnan(precision_at(*ranked, 5)), "there are no five"


def test_where_a_list_ends_among_equals_each_counts_for_its_share() -> None:
    ranked = pairs((False, 0.9), (True, 0.5), (False, 0.5), (False, 0.5))
    # One place is left for three of which one matches.
    assert precision_at(*ranked, 2) == pytest.approx((1 / 3) / 2)


def test_an_interval_holds_the_value_and_is_the_same_on_every_run() -> None:
    random = np.random.default_rng(5)
    match = random.random(600) < 0.2
    scores = random.random(600) + 0.4 * match
    titles = np.repeat(np.arange(20), 30)
    low, high = interval(match, scores[None], titles, resamples=300, seed=1)
    assert low < average_precision(match, scores) < high
    assert interval(match, scores[None], titles, resamples=300, seed=1) == (low, high)
    assert interval(match, scores[None], titles, resamples=300, seed=2) != (low, high)


def test_an_interval_is_wide_where_titles_differ() -> None:
    # The same pairs: once every title has its share of matches, once one title has them all.
    match = np.tile([True] + [False] * 9, 20)
    scores = np.linspace(1, 0, 200)
    even = np.repeat(np.arange(20), 10)
    uneven = np.where(match, 0, even)
    narrow, wide = (
        np.ptp(interval(match, scores[None], titles, resamples=300, seed=1))
        for titles in (even, uneven)
    )
    assert wide > narrow


def test_without_resamples_there_is_no_interval() -> None:
    match, scores = pairs((True, 0.9), (False, 0.8))
    assert np.isnan(interval(match, scores[None], np.array([0, 1]), resamples=0, seed=0)).all()
