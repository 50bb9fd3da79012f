"""A camera that shakes is held still to the pixel, and one that goes away is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.silhouettes.plates.small import Stretch
from matchcut.silhouettes.plates.steady import Affine, held

HIGH, WIDE = 108, 192
MIDDLE = 4
EVERYWHERE = np.ones((HIGH, WIDE), np.bool_)
CORNERS = np.array([[0, 0, 1], [WIDE, 0, 1], [0, HIGH, 1], [WIDE, HIGH, 1]], np.float64)


def _way(scale: float, degrees: float, right: float, down: float) -> Affine:
    """The camera's movement about the middle of the picture."""
    way = np.asarray(cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), degrees, scale), np.float64)
    way[:, 2] += (right, down)
    return way


SHAKE = [
    _way(1 + 0.01 * np.sin(step), 0.8 * np.sin(1.7 * step), 4 * np.sin(0.9 * step), -0.8 * step)
    for step in range(-MIDDLE, MIDDLE + 1)
]
PAN = [_way(1, 0, 10.5 * step, 0) for step in range(-MIDDLE, MIDDLE + 1)]


def _backdrop(high: int, wide: int, size: float = 2.0) -> NDArray[np.uint8]:
    noise = np.random.default_rng(7).normal(size=(high, wide, 3)).astype(np.float32)
    return np.clip(110 + 60 * size * cv2.GaussianBlur(noise, (0, 0), size), 0, 255).astype(np.uint8)


def _stretch(ways: list[Affine], size: float = 2.0) -> Stretch:
    """What a camera sees that moves so: `ways` lead from the middle frame to each."""
    edge = 70
    plate = _backdrop(HIGH + 2 * edge, WIDE + 2 * edge, size)
    onto = np.array([[1, 0, -edge], [0, 1, -edge], [0, 0, 1]], np.float64)
    seen = [
        cv2.warpAffine(plate, (np.vstack([way, [0, 0, 1]]) @ onto)[:2], (WIDE, HIGH))
        for way in ways
    ]
    return Stretch.seen(np.stack(seen), np.arange(len(ways)) / 12, (180, 320))


def test_a_known_shake_is_recovered_to_the_pixel() -> None:
    steady = held(_stretch(SHAKE), EVERYWHERE)
    assert steady is not None
    assert len(steady.ways) == len(SHAKE)
    for way, truth in zip(steady.ways, SHAKE, strict=True):
        assert np.hypot(*(CORNERS @ (way - truth).T).T).mean() < 1.5
        assert np.hypot(*(way - truth) @ (WIDE / 2, HIGH / 2, 1)) < 0.7, "in the middle"


def test_what_is_held_still_looks_as_in_the_middle_frame() -> None:
    shaken = _stretch(SHAKE)
    steady = held(shaken, EVERYWHERE)
    assert steady is not None
    known = shaken.labs[MIDDLE]
    for frame in (0, 2, 6, 8):
        there = steady.inside[frame]
        assert 0.8 < there.mean() < 1, "the camera has not seen all of it"
        before = np.abs(shaken.labs[frame] - known)[there].mean()
        assert np.abs(steady.stretch.labs[frame] - known)[there].mean() < 0.35 * before
    assert np.array_equal(steady.stretch.seconds, shaken.seconds)


def test_what_is_taken_into_the_held_frame_goes_back_to_its_place() -> None:
    steady = held(_stretch(SHAKE), EVERYWHERE)
    assert steady is not None
    spot = np.zeros((HIGH, WIDE), np.float32)
    spot[40:70, 80:110] = 1
    for frame, truth in enumerate(SHAKE):
        taken = steady.taken(spot, frame)
        rows, columns = np.nonzero(taken > 0.5)
        expected = np.linalg.solve(truth[:, :2], np.array([94.5, 54.5]) - truth[:, 2])
        assert [columns.mean(), rows.mean()] == pytest.approx(expected.tolist(), abs=0.7)
        back = steady.back(np.stack([taken] * len(SHAKE)))[frame]
        assert np.abs(back - spot).mean() < 0.01


def test_a_camera_that_stands_changes_nothing() -> None:
    still = _stretch([SHAKE[MIDDLE]] * 9)
    steady = held(still, EVERYWHERE)
    assert steady is not None
    assert steady.ways == ()
    assert steady.stretch is still
    assert steady.inside.all()
    values = np.random.default_rng(1).random((9, HIGH, WIDE), np.float32)
    assert np.array_equal(steady.taken(values[3], 3), values[3])
    assert np.array_equal(steady.back(values), values)


def test_who_moves_before_a_camera_that_stands_is_not_taken_for_its_shake() -> None:
    plate = _backdrop(HIGH, WIDE)
    figure = _backdrop(80, 70)[..., ::-1]
    pictures, behind = np.stack([plate] * 9), EVERYWHERE.copy()
    for frame, picture in enumerate(pictures):
        picture[20:100, 30 + 8 * frame : 100 + 8 * frame] = figure
    behind[15:, 25:170] = False
    steady = held(Stretch.seen(pictures, np.arange(9) / 12, (180, 320)), behind)
    assert steady is not None
    assert steady.ways == ()


def test_a_camera_that_goes_away_is_not_held() -> None:
    assert held(_stretch(PAN, size=6.0), EVERYWHERE) is None


def test_where_a_subject_hides_everything_the_camera_is_taken_to_stand() -> None:
    steady = held(_stretch(SHAKE), np.zeros_like(EVERYWHERE))
    assert steady is not None
    assert steady.ways == ()
