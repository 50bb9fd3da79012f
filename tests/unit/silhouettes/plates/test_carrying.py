"""What is told of a point at one time is told of it at all times."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.plates.carrying import Paths
from matchcut.silhouettes.warping import Map

HIGH, WIDE, FRAMES, STEP = 54, 96, 7, 2


def _panning() -> list[NDArray[np.uint8]]:
    noise = np.random.default_rng(4).normal(size=(HIGH, WIDE + 40)).astype(np.float32)
    plate = np.clip(120 + 150 * cv2.GaussianBlur(noise, (0, 0), 2.0), 0, 255).astype(np.uint8)
    return [plate[:, 20 - STEP * f : 20 - STEP * f + WIDE].copy() for f in range(FRAMES)]


def _told(at: int, value: float, weight: float = 1.0) -> tuple[Map, Map]:
    """Values and weights of (T, 2h, 2w): a block at one time, and -1 around it."""
    values, weights = np.zeros((2, FRAMES, 2 * HIGH, 2 * WIDE), np.float32)
    values[at], weights[at] = -1, weight
    values[at, 40:70, 70:110] = value
    return values, weights


def test_a_block_goes_with_what_moves_to_earlier_and_later_frames() -> None:
    carried = Paths.of(_panning(), np.arange(FRAMES) / 12).carried(*_told(3, 1.0))
    for frame in range(FRAMES):
        expected = np.zeros((2 * HIGH, 2 * WIDE), np.bool_)
        left = 70 + 2 * STEP * (frame - 3)
        expected[40:70, left : left + 40] = True
        found = carried[frame] > 0
        assert (found & expected).sum() / (found | expected).sum() > 0.85


def test_nothing_told_is_nothing_carried() -> None:
    values, weights = _told(3, 1.0, weight=0.0)
    assert not Paths.of(_panning(), np.arange(FRAMES) / 12).carried(values, weights).any()


def test_the_nearer_and_the_more_trusted_word_counts_more() -> None:
    still = [_panning()[0]] * FRAMES
    paths = Paths.of(still, np.arange(FRAMES) / 12)
    (first, one), (last, other) = _told(0, 1.0), _told(6, -1.0)
    values = first + last
    spot = paths.carried(values, one + other)[:, 55, 90]
    assert (np.diff(spot) < 0).all()
    assert spot[0] > 0.1 > -0.1 > spot[-1]
    trusted = paths.carried(values, one + 0.1 * other)[:, 55, 90]
    assert (trusted > spot + 0.1).all()


def test_what_looks_otherwise_all_of_a_sudden_is_not_carried_over() -> None:
    grays = _panning()
    cut = [*([grays[0]] * 4), *([255 - grays[0][::-1, ::-1]] * 3)]
    paths = Paths.of(cut, np.arange(FRAMES) / 12)
    assert np.mean(paths.from_earlier[4]) < 0.3 < 0.8 < np.mean(paths.from_earlier[3])


def test_a_single_frame_keeps_what_is_told_of_it() -> None:
    values, weights = (one[3:4] for one in _told(3, 1.0))
    carried = Paths.of(_panning()[:1], np.zeros(1)).carried(values, weights)
    assert np.abs(carried - values).mean() < 0.05
