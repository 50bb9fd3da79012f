"""Soft silhouettes are told apart to the place, and as alike as they could be reframed to be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchcut.flavors._outline_reframing import moved_soft
from matchcut.flavors._soft import SoftSilhouettes
from matchcut.flavors._soft_aligned import AlignedSoftSilhouettes
from matchcut.reframing import SCREEN, admissible
from matchcut.types import Reframing, Rows, Similarity

HEIGHT, WIDTH = 108, 192
PLAIN, ALIGNED = SoftSilhouettes(), AlignedSoftSilhouettes()
EITHER = pytest.mark.parametrize("similarity", [PLAIN, ALIGNED], ids=lambda one: one.name)


def _figure(x: float, y: float, tall: float) -> Rows:
    """(1, 108, 192) somebody who holds out one arm; places and height in heights of the canvas."""
    finer = 8
    drawn = np.zeros((finer * HEIGHT, finer * WIDTH), np.uint8)
    size = tall * len(drawn)

    def at(right: float, down: float) -> tuple[int, int]:
        return round(x * len(drawn) + right * size), round(y * len(drawn) + down * size)

    cv2.circle(drawn, at(0, -0.4), round(0.1 * size), 255, -1)
    cv2.ellipse(drawn, at(0, 0.05), (round(0.14 * size), round(0.4 * size)), 0, 0, 360, 255, -1)
    cv2.line(drawn, at(0, -0.2), at(0.34, -0.3), 255, round(0.08 * size))
    small = cv2.resize(drawn, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.7), np.uint8)[None]


def _many(seed: int, count: int) -> Rows:
    """(count, 108, 192) figures here and there, of which the first is nobody."""
    draw = np.random.default_rng(seed)
    spots = draw.uniform((0.0, 0.1, 0.1), (1.8, 0.9, 1.2), (count - 1, 3)).tolist()
    return np.concatenate([np.zeros((1, HEIGHT, WIDTH), np.uint8), *(_figure(*s) for s in spots)])


def _overlap(a: Rows, b: Rows) -> float:
    here, there = a.astype(np.float64) / 255, b.astype(np.float64) / 255
    both = float((here * there).sum())
    return both / (float(here.sum() + there.sum()) - both)


@EITHER
def test_a_silhouette_matches_itself_fully(similarity: Similarity) -> None:
    soft = _figure(0.8, 0.5, 0.7)
    hard = np.uint8(255) * (soft > 127)
    # Brought to one size, what is sure becomes unsure at its edge.
    least = 0.999 if similarity is PLAIN else 0.95
    assert least < similarity.pairwise(hard, hard)[0, 0] <= 1 + 1e-5
    assert 0.9 < similarity.pairwise(soft, soft)[0, 0] <= 1 + 1e-5


@EITHER
def test_where_nobody_is_nothing_matches(similarity: Similarity) -> None:
    rows = _many(1, 4)
    scores = similarity.pairwise(rows, rows)
    assert not scores[0].any()
    assert not scores[:, 0].any()
    assert scores[1:, 1:].diagonal().min() > 0.8


@EITHER
@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4))
def test_scores_are_bounded_the_same_both_ways_and_alone(
    similarity: Similarity, seed: int, count: int, others: int
) -> None:
    a, b = _many(seed, count), _many(seed + 1, others)
    scores = similarity.pairwise(a, b)
    assert (scores.shape, scores.dtype) == ((count, others), np.float32)
    assert scores.min() >= similarity.lowest
    assert scores.max() <= similarity.highest + 1e-5
    assert np.allclose(scores, similarity.pairwise(b, a).T, atol=1e-5)
    alone = [[similarity.pairwise(a[i : i + 1], b[j : j + 1])[0, 0] for j in range(others)]
             for i in range(count)]  # fmt: skip
    assert np.allclose(scores, alone, atol=1e-5)


@EITHER
def test_the_silhouettes_compared_are_not_changed(similarity: Similarity) -> None:
    rows = _many(3, 4)
    before = rows.copy()
    similarity.pairwise(rows, rows[::-1])
    assert np.array_equal(rows, before)


def test_a_cut_one_place_off_loses_more_than_by_overlap_alone() -> None:
    here = _figure(0.8, 0.5, 0.7)
    exact = float(PLAIN.pairwise(here, here)[0, 0])
    lost = [exact - float(PLAIN.pairwise(here, np.roll(here, by, axis=2))[0, 0]) for by in (1, 2)]
    plain = [_overlap(here, here) - _overlap(here, np.roll(here, by, axis=2)) for by in (1, 2)]
    assert lost[0] > 1.1 * plain[0] > 0
    assert lost[1] > 1.3 * plain[1]
    assert lost[1] > lost[0]


def test_what_the_border_cuts_off_is_no_outline_that_matches() -> None:
    low, lower = _figure(0.6, 0.95, 0.9), _figure(1.2, 0.95, 0.9)
    assert PLAIN.pairwise(low, lower)[0, 0] < 0.05


@pytest.mark.parametrize(
    ("scale", "right", "down", "flop"),
    [
        (1.0, 0.0, 0.0, True),
        (1.15, 0.05, -0.02, False),
        (1.3, -0.1, 0.05, False),
        (1.3, 0.12, 0.03, True),
    ],
)
def test_who_can_be_reframed_onto_another_scores_high(
    scale: float, right: float, down: float, flop: bool
) -> None:
    here = _figure(0.8, 0.5, 0.6)
    move = admissible(scale, 0.0, right, down, SCREEN)
    there = moved_soft(here, SCREEN, Reframing("incoming", *move, flop, 0.0, 1.0))
    for a, b in ((here, there), (there, here)):
        score = ALIGNED.pairwise(a, b)[0, 0]
        assert score > 0.85
        assert score > PLAIN.pairwise(a, b)[0, 0] + 0.15


def test_who_no_reframing_brings_together_is_not_promised() -> None:
    small, large = _figure(0.9, 0.5, 0.3), _figure(0.9, 0.5, 0.9)
    assert ALIGNED.pairwise(small, large)[0, 0] < 0.25, "three times as large"
    left, right = _figure(0.8, 0.5, 0.5), _figure(1.55, 0.5, 0.5)
    assert ALIGNED.pairwise(left, right)[0, 0] == 0, "too far to the right"
    scores = [float(ALIGNED.pairwise(small, _figure(0.9, 0.5, 0.3 * by))[0, 0])
              for by in (1.3, 1.5, 1.8, 2.4)]  # fmt: skip
    assert scores[0] > 0.8
    assert np.diff(scores).max() < -0.05


@pytest.mark.parametrize("value", [1, 255])
def test_specks_and_full_pictures_get_a_score_and_never_nan(value: int) -> None:
    rows = np.zeros((4, HEIGHT, WIDTH), np.uint8)
    rows[0, 0, 0] = rows[1, HEIGHT - 1, WIDTH - 1] = rows[2, 50, 90] = value
    rows[3] = value
    for similarity in (PLAIN, ALIGNED):
        scores = similarity.pairwise(rows, rows)
        assert np.isfinite(scores).all()
        assert scores.min() >= 0
        assert scores.max() <= 1 + 1e-5
