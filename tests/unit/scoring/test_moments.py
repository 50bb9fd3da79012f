"""Two shots score what their moments say together, corrected for how many were compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.scoring import Moments, MomentScores, RowNumbers
from matchcut.scoring.moments import CompareRows

FLUKE = 0.05


def _moments(counts: list[int]) -> Moments:
    """Every moment of shots that have so many; the middle one is compared plainly."""
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    middle = (firsts[:-1] + firsts[1:]) // 2
    plain = np.where(np.array(counts) > 0, middle, -1)
    return Moments(np.arange(firsts[-1], dtype=np.int64), firsts, plain)


def _scores(scores: NDArray[np.float32], leaving: list[int], entering: list[int]) -> MomentScores:
    def of(outgoing: RowNumbers, incoming: RowNumbers) -> NDArray[np.float32]:
        return scores[np.ix_(outgoing, incoming)]

    return MomentScores(of, of, 1, _moments(leaving), _moments(entering), FLUKE)


def _pair(scores: list[list[float]]) -> float:
    cells = np.array(scores, np.float32)
    shots = _scores(cells, [cells.shape[0]], [cells.shape[1]])
    return float(shots.block((0, 1), (0, 1))[0, 0])


def test_shots_of_one_moment_score_what_it_scores() -> None:
    assert _pair([[0.731]]) == np.float32(0.731)
    assert _pair([[0.0]]) == 0


def test_middles_that_are_alike_lose_nothing_for_there_being_other_moments() -> None:
    cells = [[0.1] * 5 for _ in range(5)]
    cells[2][2] = 0.8
    assert _pair(cells) == np.float32(0.8)


def test_a_lucky_moment_of_many_loses_what_luck_is_worth() -> None:
    cells = [[0.0] * 5 for _ in range(5)]
    cells[3][1] = 0.9
    assert _pair(cells) == pytest.approx(0.9 - FLUKE * np.log(25), abs=1e-6)
    cells[2][2] = 0.85
    assert _pair(cells) == np.float32(0.85)


def test_luck_is_not_rewarded_unrelated_shots_of_many_moments_score_like_those_of_one() -> None:
    """With an exponential tail, as unrelated scores have it, as many of each pass any limit."""
    draws = np.random.default_rng(1).exponential(FLUKE, (3_000, 25)).astype(np.float32)
    many = np.array([_pair(draw.reshape(5, 5).tolist()) for draw in draws])
    for limit in (0.15, 0.25):
        of_one = float((draws > limit).mean())
        assert (many > limit).mean() < 3 * of_one
        assert (draws.max(axis=1) > limit).mean() > 10 * of_one, "which the bare best does reward"


def test_a_negative_score_is_no_match() -> None:
    assert _pair([[0.7, -1.0]]) == _pair([[0.7, 0.0]])
    assert _pair([[-1.0, -0.5]]) == 0


def test_a_reframing_is_one_more_way_to_be_lucky_and_never_hides_what_needs_none() -> None:
    def plain(outgoing: RowNumbers, incoming: RowNumbers) -> NDArray[np.float32]:
        return np.full((len(outgoing), len(incoming)), 0.5, np.float32)

    def reframed(outgoing: RowNumbers, incoming: RowNumbers) -> NDArray[np.float32]:
        return np.full((len(outgoing), len(incoming)), 0.6, np.float32)

    def score(ways: CompareRows, moments: int) -> float:
        sides = _moments([moments]), _moments([moments])
        return float(MomentScores(plain, ways, 2, *sides, FLUKE).block((0, 1), (0, 1))[0, 0])

    assert score(reframed, 1) == pytest.approx(0.6 - FLUKE * np.log(2), abs=1e-6)
    assert score(reframed, 3) == 0.5
    assert score(plain, 1) == 0.5


counts = st.lists(st.integers(0, 4), min_size=1, max_size=6)


@given(leaving=counts, entering=counts, data=st.data())
def test_a_score_does_not_depend_on_the_block_it_is_computed_in(
    leaving: list[int], entering: list[int], data: st.DataObject
) -> None:
    cells = np.random.default_rng(2).random((sum(leaving), sum(entering))).astype(np.float32)
    scores = _scores(cells, leaving, entering)
    whole = scores.block((0, len(leaving)), (0, len(entering)))
    a = data.draw(st.integers(0, len(leaving) - 1))
    b = data.draw(st.integers(a + 1, len(leaving)))
    c = data.draw(st.integers(0, len(entering) - 1))
    d = data.draw(st.integers(c + 1, len(entering)))
    assert np.array_equal(scores.block((a, b), (c, d)), whole[a:b, c:d])


@given(leaving=counts, entering=counts)
def test_a_shot_that_may_not_be_left_or_entered_scores_nothing(
    leaving: list[int], entering: list[int]
) -> None:
    cells = np.full((sum(leaving), sum(entering)), 0.5, np.float32)
    block = _scores(cells, leaving, entering).block((0, len(leaving)), (0, len(entering)))
    possible = np.outer(np.array(leaving) > 0, np.array(entering) > 0)
    assert np.array_equal(block > 0, possible)


def test_the_cut_joins_the_two_moments_that_are_most_alike() -> None:
    cells = np.zeros((5, 4), np.float32)
    cells[3, 2] = cells[4, 3] = 0.4
    cells[1, 0] = 0.9
    scores = _scores(cells, [2, 3], [1, 3])
    assert scores.best(0, [0]) == [(1, 0)]
    assert scores.best(1, [1]) == [(3, 2)], "the middles are as good as the others"
    assert scores.best(0, [1, 0, 1]) == [*scores.best(0, [1]), (1, 0), *scores.best(0, [1])]
    assert _scores(cells, [5, 0], [4]).best(1, [0]) == [None]


def test_the_middles_are_cut_at_unless_others_are_better_by_more_than_a_fluke() -> None:
    cells = np.full((3, 3), 0.2, np.float32)
    cells[1, 1], cells[0, 2] = 0.6, 0.6 + 0.9 * FLUKE
    assert _scores(cells, [3], [3]).best(0, [0]) == [(1, 1)]
    cells[0, 2] = 0.6 + 1.1 * FLUKE
    assert _scores(cells, [3], [3]).best(0, [0]) == [(0, 2)]


def test_either_direction_counts_where_both_are_looked_at() -> None:
    cells = np.zeros((2, 2), np.float32)
    cells[0, 1], cells[1, 0] = 0.3, 0.8
    scores = _scores(cells, [1, 1], [1, 1])
    assert scores.either((0, 1), (1, 2))[0, 0] == np.float32(0.8)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.data())
def test_shots_picked_out_score_as_they_do_among_all(
    entering: list[int], data: st.DataObject
) -> None:
    cells = np.random.default_rng(sum(entering)).random((5, sum(entering)), np.float32)
    every = _scores(cells, [2, 3], entering)
    numbers = st.integers(0, len(entering) - 1)
    chosen = np.array(sorted(data.draw(st.sets(numbers, min_size=1))), np.int64)
    some = replace(every, entering=every.entering.only(chosen))
    np.testing.assert_array_equal(
        some.block((1, 2), (0, len(chosen))), every.block((1, 2), (0, len(entering)))[:, chosen]
    )
