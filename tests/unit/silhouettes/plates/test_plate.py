"""The clean plate shows what stands still, and what differs from it is not its grain or shade."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.silhouettes.plates import plate
from matchcut.silhouettes.warping import Map

HIGH, WIDE, FRAMES = 54, 96, 9


def _behind() -> Map:
    """(h, w, 3) RGB, 0 to 100."""
    noise = np.random.default_rng(5).normal(size=(HIGH, WIDE, 3)).astype(np.float32)
    return np.clip(55 + 60 * cv2.GaussianBlur(noise, (0, 0), 3.0), 5, 95).astype(np.float32)


def _labs(rgbs: Map) -> Map:
    return np.stack([cv2.cvtColor(one / np.float32(100), cv2.COLOR_RGB2Lab) for one in rgbs])


def _passing(width: int = 12, step: int = 9) -> tuple[Map, NDArray[np.bool_]]:
    """(T, h, w, 3) RGB of a red block that passes, and where it is."""
    rgbs = np.stack([_behind()] * FRAMES)
    there = np.zeros(rgbs.shape[:3], np.bool_)
    for frame in range(FRAMES):
        there[frame, 15:45, 4 + step * frame : 4 + step * frame + width] = True
    rgbs[there] = (80, 10, 10)
    return rgbs, there


def test_the_plate_is_what_is_behind_who_passes() -> None:
    rgbs, _ = _passing()
    found = plate.usual(_labs(rgbs))
    assert found.seen.all()
    assert np.abs(found.lab - _labs(_behind()[None])[0]).max() < 0.01
    assert np.abs(found.rgb - _behind()).max() < 0.5


def test_what_is_covered_most_of_the_time_shows_when_it_is_known_to_be_uncovered() -> None:
    rgbs, there = _passing(width=40, step=3)
    labs, behind = _labs(rgbs), _labs(_behind()[None])[0]
    assert np.abs(plate.usual(labs).lab - behind).max() > 20
    found = plate.uncovered(labs, there)
    assert np.array_equal(found.seen, (~there).sum(axis=0) >= 2)
    assert not found.seen.all()
    assert np.abs(found.lab - behind)[found.seen].max() < 0.01
    assert np.isfinite(found.lab).all()


def test_two_plates_are_mixed_where_it_is_asked_for() -> None:
    rgbs, there = _passing()
    labs = _labs(rgbs)
    one, other = plate.usual(labs), plate.uncovered(labs, ~there)
    where = np.zeros((HIGH, WIDE), np.bool_)
    where[:, :48] = True
    found = plate.mixed(one, other, where)
    for name in ("lab", "rgb", "seen"):
        mixed = getattr(found, name)
        assert np.array_equal(mixed[where], getattr(one, name)[where])
        assert np.array_equal(mixed[~where], getattr(other, name)[~where])


@pytest.mark.parametrize("grain", [0.0, 1.0])
def test_who_passes_differs_from_the_plate_and_its_grain_does_not(grain: float) -> None:
    rgbs, there = _passing()
    rgbs += np.random.default_rng(2).normal(scale=grain, size=rgbs.shape).astype(np.float32)
    rgbs = np.clip(rgbs, 0, 100)
    labs = _labs(rgbs)
    usual = plate.usual(labs)
    differs = plate.differing(labs, rgbs, usual, plate.noise(labs, usual))
    assert differs.shape == (FRAMES, HIGH, WIDE)
    assert (differs[there] > 1).mean() > 0.97
    assert (differs[~there] > 1).mean() < 0.02


def test_what_is_a_little_darker_may_be_shade_and_what_is_as_much_lighter_may_not() -> None:
    rgbs = np.stack([_behind() * np.float32(0.8)] * FRAMES)
    rgbs[4, 10:25, 10:30] *= np.float32(0.9)
    rgbs[4, 10:25, 60:80] /= np.float32(0.9)
    labs = _labs(rgbs)
    usual = plate.usual(labs)
    differs = plate.differing(labs, rgbs, usual, plate.noise(labs, usual))[4]
    assert (differs[12:23, 12:28] < 1).mean() > 0.9
    assert (differs[12:23, 62:78] > 1).mean() > 0.9
    assert differs[30:, :].max() < 1


def test_a_plate_of_many_frames_is_put_together_from_some_of_all() -> None:
    assert plate.sampled(5) == slice(None, None, 1)
    for frames in (24, 47, 100, 1000):
        chosen = range(frames)[plate.sampled(frames)]
        assert min(frames, 24) <= len(chosen) < 2 * 24
        assert chosen[-1] >= 0.9 * (frames - 1)
