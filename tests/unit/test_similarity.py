"""Similarities on rows whose score is known."""

from __future__ import annotations

import numpy as np
import pytest

from matchcut import similarity
from matchcut.similarity import Cosine, MaskIoU, mask_areas, mask_iou


def row(cells: int, confidence: float = 1.0, start: int = 0) -> np.ndarray:
    mask = np.zeros(64 * 36, np.bool_)
    mask[start : start + cells] = True
    made = np.zeros(1, np.dtype([("mask", "u1", (288,)), ("confidence", "<f4")]))
    made["mask"], made["confidence"] = np.packbits(mask), confidence
    return made


def score(a: np.ndarray, b: np.ndarray) -> float:
    return float(MaskIoU().pairwise(a, b)[0, 0])


def test_a_mask_is_wholly_like_itself():
    assert score(row(500), row(500)) == 1.0


def test_half_shared_masks_overlap_by_a_third():
    assert score(row(400), row(400, start=200)) == pytest.approx(1 / 3)


def test_two_empty_masks_are_not_alike():
    assert score(row(0), row(0)) == 0.0
    assert score(row(0), row(500)) == 0.0


def test_specks_that_coincide_count_less_than_subjects_that_do():
    assert score(row(10), row(10)) == pytest.approx(10 / (0.015 * 2304))
    assert score(row(40), row(40)) == 1.0


def test_full_frames_are_not_a_match():
    assert score(row(2304), row(2304)) == 0.0
    assert 0 < score(row(2200), row(2200)) < 0.5
    assert score(row(1900), row(1900)) == 1.0


def test_the_less_trusted_mask_decides_how_far_a_pair_is_trusted():
    assert score(row(500, 0.9), row(500, 0.25)) == pytest.approx(0.5)
    assert score(row(500, 0.5), row(500, 0.7)) == 1.0
    assert score(row(500, 0.0), row(500)) == 0.0


def test_no_rows_give_an_empty_table():
    assert MaskIoU().pairwise(row(5)[:0], row(5)).shape == (0, 1)
    assert MaskIoU().pairwise(row(5), row(5)[:0]).shape == (1, 0)
    assert Cosine().pairwise(np.zeros((0, 4)), np.ones((2, 4))).shape == (0, 2)


def test_masks_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        mask_iou(np.zeros((1, 8), np.uint8), np.zeros((1, 16), np.uint8))


def test_the_block_size_does_not_change_the_scores(monkeypatch):
    chance = np.random.default_rng(3)
    a, b = chance.integers(0, 256, (2, 37, 288), dtype=np.uint8)
    whole = mask_iou(a, b)
    for block in (1, 5, 100):
        monkeypatch.setattr(similarity, "_BLOCK", block)
        assert np.array_equal(mask_iou(a, b), whole)


def test_areas_are_counted_in_cells():
    assert mask_areas(row(77)["mask"]).tolist() == [77]


def test_cosine_of_known_vectors():
    a = np.array([[1, 0], [0, 2], [0, 0]], np.float32)
    b = np.array([[3, 0], [-1, 0], [1, 1]], np.float32)
    expected = [[1, -1, 0.5**0.5], [0, 0, 0.5**0.5], [0, 0, 0]]
    assert np.allclose(Cosine().pairwise(a, b), expected)


def test_cosine_sees_rows_of_any_shape_as_vectors():
    grid = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    assert np.allclose(Cosine().pairwise(grid, grid), Cosine().pairwise(grid.reshape(2, 6), grid))
