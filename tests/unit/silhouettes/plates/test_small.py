"""Frames are told often enough, equally lit, and laid where they belong on the canvas."""

from __future__ import annotations

import numpy as np
import pytest

from matchcut.silhouettes import canvas
from matchcut.silhouettes.plates import SIDES
from matchcut.silhouettes.plates.small import LEAST, Stretch, laid, looked_at, shows, shrunk
from tests.textures import texture


@pytest.mark.parametrize(
    ("rate", "every"), [(12, 1), (13, 1), (24, 2), (25, 2), (30, 3), (50, 4), (60, 5)]
)
def test_frames_are_told_a_thirteenth_of_a_second_apart_and_the_last_one_always(
    rate: int, every: int
) -> None:
    nodes = looked_at(np.arange(41) / rate).tolist()
    assert nodes == sorted({*range(0, 41, every), 40})


def test_frames_that_come_irregularly_are_told_by_their_time() -> None:
    seconds = np.array([0, 0.01, 0.02, 0.1, 0.9, 0.95, 1.0, 1.01])
    assert looked_at(seconds).tolist() == [0, 3, 4, 6, 7]
    assert looked_at(seconds[:1]).tolist() == [0]
    assert looked_at(seconds[:2]).tolist() == [0, 1]


def test_a_flat_frame_shows_nothing_and_a_dim_one_something() -> None:
    grey = np.full((180, 320, 3), 90, np.uint8)
    noisy = grey + np.random.default_rng(1).integers(0, 3, grey.shape, np.uint8)
    assert not shows(np.zeros_like(grey))
    assert not shows(noisy)
    assert shows((texture(1) * 0.2).astype(np.uint8))


@pytest.mark.parametrize("light", [0.4, 0.7, 1.0])
def test_a_change_of_exposure_does_not_look_like_a_change_of_colour(light: float) -> None:
    same = (texture(4) * 0.6).astype(np.uint8)
    other = np.rint(same * light).astype(np.uint8)
    stretch = Stretch.of(np.stack([other, same, other]), np.arange(3) / 12)
    assert np.abs(stretch.labs[0] - stretch.labs[1]).mean() < 1
    assert np.array_equal(stretch.labs[0], stretch.labs[2])
    assert stretch.labs[1, ..., 0].max() <= 100


@pytest.mark.parametrize("size", [(180, 320), (134, 320), (180, 101), (320, 2), (2, 2)])
def test_pictures_of_any_shape_are_large_enough_for_optical_flow(size: tuple[int, int]) -> None:
    pictures = np.random.default_rng(2).integers(0, 256, (2, *size, 3), np.uint8)
    stretch = Stretch.of(pictures, np.arange(2) / 12)
    assert min(stretch.grays[0].shape) >= LEAST
    assert stretch.shape == size
    mask = np.ones((canvas.ROWS, canvas.COLUMNS), np.bool_)
    assert shrunk(mask, stretch).shape == stretch.labs.shape[1:3]
    assert np.allclose(shrunk(mask, stretch), 1, atol=1e-5)


@pytest.mark.parametrize("size", [(180, 320), (134, 320), (180, 101), (90, 160)])
def test_a_mask_that_is_shrunk_and_laid_comes_back_where_it_was(size: tuple[int, int]) -> None:
    rows, columns = canvas.placed(*size)
    mask = np.zeros((canvas.ROWS, canvas.COLUMNS), np.bool_)
    middle = (columns.start + columns.stop) // 2
    mask[rows.start + 4 : rows.start + 16, middle - 3 : middle + 8] = True
    stretch = Stretch.of(np.zeros((1, *size, 3), np.uint8), np.zeros(1))
    soft = laid(shrunk(mask, stretch)[None], np.array([0]), size, 1)[0]
    large = np.kron(mask, np.ones((3, 3), np.bool_))
    found = soft > 127
    assert (found & large).sum() / (found | large).sum() > 0.9
    away = np.ones(SIDES, np.bool_)
    away[3 * rows.start : 3 * rows.stop, 3 * columns.start : 3 * columns.stop] = False
    assert not soft[away].any()


def test_frames_between_two_told_ones_lie_on_the_way_and_those_beyond_stay() -> None:
    likely = np.stack([np.full((108, 192), value, np.float32) for value in (0, 1, 0.5)])
    soft = laid(likely, np.array([2, 6, 8]), (180, 320), 10)
    assert (soft == soft[:, :1, :1]).all()
    found = soft[:, 0, 0].tolist()
    assert found == pytest.approx([0, 0, 0, 63.75, 127.5, 191.25, 255, 191.25, 127.5, 127.5], abs=1)
