"""Outlines say exactly how a picture is moved, even where silhouettes are wrong in part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
import pytest

from matchcut.flavors._mask_reframing import moved
from matchcut.flavors._outline_reframing import Outline, moved_soft, outlined
from matchcut.reframing import SCREEN, Move, admissible, covers
from matchcut.silhouettes.canvas import COLUMNS, ROWS, unpacked
from matchcut.silhouettes.labels import PERSON
from matchcut.silhouettes.rows import Instance, row
from matchcut.types import Reframing, Rows

Spoil: TypeAlias = Callable[[Rows], None]
FINER = 8
PLANTED: list[tuple[Move, bool]] = [
    ((1.2, 2.0, 0.04, -0.02), False),
    ((1.3, -3.0, -0.06, 0.03), False),
    ((1.1, 0.0, 0.02, 0.01), True),
    ((1.35, 3.5, 0.05, -0.05), True),
]


def _shape(width: int, height: int) -> Rows:
    """(height, width) somebody who holds out one arm, in the middle of the canvas; 0 or 255."""
    drawn = np.zeros((height, width), np.uint8)

    def at(right: float, down: float) -> tuple[int, int]:
        return round(width / 2 + right * height), round(height / 2 + down * height)

    cv2.circle(drawn, at(0, -0.24), round(0.07 * height), 255, -1)
    cv2.ellipse(drawn, at(0, 0.02), (height // 10, height // 5), 0, 0, 360, 255, -1)
    cv2.line(drawn, at(0, -0.08), at(0.24, -0.16), 255, height // 16)
    cv2.line(drawn, at(-0.04, 0.15), at(-0.1, 0.36), 255, height // 14)
    cv2.line(drawn, at(0.04, 0.15), at(0.12, 0.34), 255, height // 14)
    return drawn


def _soft(large: Rows) -> Rows:
    small = cv2.resize(large, (3 * COLUMNS, 3 * ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8), np.uint8)


def _pair(wish: Move, flop: bool, spoil: Spoil | None = None) -> tuple[Reframing, Rows, Rows]:
    """A planted reframing, the soft silhouette of what is moved, and that of the other."""
    truth = Reframing("incoming", *admissible(*wish, SCREEN), flop, 0.0, 1.0)
    large = _shape(FINER * 3 * COLUMNS, FINER * 3 * ROWS)
    there = moved_soft(large[None], SCREEN, truth)[0]
    if spoil is not None:
        spoil(there)
    return truth, _soft(large), _soft(there)


def _move(reframing: Reframing) -> Move:
    return reframing.scale, reframing.rotation, reframing.right, reframing.down


def _near(move: Move, by: float = 1.0) -> Move:
    scale, rotation, right, down = move
    return admissible(
        scale + 0.03 * by, rotation - 1.2 * by, right + 0.01 * by, down - 0.008 * by, SCREEN
    )


def _assert_found(found: Move, truth: Reframing) -> None:
    assert found[0] == pytest.approx(truth.scale, rel=0.01)
    assert found[1] == pytest.approx(truth.rotation, abs=0.5)
    assert found[2] == pytest.approx(truth.right, abs=0.005)
    assert found[3] == pytest.approx(truth.down, abs=0.005)


@pytest.mark.parametrize(("wish", "flop"), PLANTED)
@pytest.mark.parametrize("by", [1.0, -1.0])
def test_a_move_that_is_about_right_becomes_exact(wish: Move, flop: bool, by: float) -> None:
    truth, moving, fixed = _pair(wish, flop)
    _assert_found(outlined(_near(_move(truth), by), flop, moving, fixed, SCREEN), truth)


def _without_arm(large: Rows) -> None:
    middle, aside = large.shape[1] // 2, large.shape[0] // 5
    large[: large.shape[0] // 2, middle + aside :] = 0
    large[: large.shape[0] // 2, : middle - aside] = 0


def _with_shadow(large: Rows) -> None:
    bottom = round(0.8 * large.shape[0])
    cv2.ellipse(large, (large.shape[1] // 4, bottom), (200, 90), 0, 0, 360, 255, -1)


def _with_luggage(large: Rows) -> None:
    high, wide = large.shape
    cv2.rectangle(large, (wide // 2 - 250, high // 2), (wide // 2, round(0.75 * high)), 255, -1)


@pytest.mark.parametrize(("wish", "flop"), PLANTED)
@pytest.mark.parametrize("spoil", [_without_arm, _with_shadow, _with_luggage])
def test_a_part_that_is_missing_or_added_does_not_shift_the_move(
    wish: Move, flop: bool, spoil: Spoil
) -> None:
    truth, moving, fixed = _pair(wish, flop, spoil)
    assert np.abs(fixed.astype(int) - _pair(wish, flop)[2]).sum() > 0.02 * moving.sum()
    _assert_found(outlined(_near(_move(truth)), flop, moving, fixed, SCREEN), truth)


def test_with_hardly_an_outline_the_move_stays_as_it_was() -> None:
    truth, moving, fixed = _pair(*PLANTED[0])
    nobody = np.zeros_like(moving)
    speck = nobody.copy()
    speck[50:53, 90:94] = 255
    given = _near(_move(truth))
    everywhere = np.full_like(moving, 255)
    pairs = ((speck, fixed), (moving, speck), (nobody, fixed), (moving, everywhere))
    for here, there in pairs:
        assert outlined(given, False, here, there, SCREEN) == given


@pytest.mark.parametrize("aspect", [SCREEN, 2.39, 4 / 3, 9 / 16])
@pytest.mark.parametrize("seed", range(3))
def test_no_move_shows_what_lies_outside_of_the_picture(aspect: float, seed: int) -> None:
    draw = np.random.default_rng(seed)
    _, moving, fixed = _pair(*PLANTED[1])
    fixed = np.roll(fixed, draw.integers(-40, 40, 2), axis=(0, 1))
    wish = draw.uniform((1, -5, -0.1, -0.1), (1.4, 5, 0.1, 0.1)).tolist()
    given = admissible(*wish, aspect)
    found = outlined(given, bool(seed % 2), moving, fixed, aspect)
    assert found != given
    assert covers(Reframing("incoming", *found, False, 0.0, 1.0), aspect)


def test_the_same_move_is_found_on_every_run_and_nothing_is_changed() -> None:
    truth, moving, fixed = _pair(*PLANTED[3])
    before = moving.copy(), fixed.copy()
    first = outlined(_near(_move(truth)), True, moving, fixed, SCREEN)
    cv2.setRNGSeed(7)
    assert outlined(_near(_move(truth)), True, moving, fixed, SCREEN) == first
    assert np.array_equal(moving, before[0])
    assert np.array_equal(fixed, before[1])


def test_an_outline_agrees_with_itself_and_the_less_the_further_it_lies_off() -> None:
    outline = Outline.of(_soft(_shape(1536, 864)))
    met = [outline.met(outline.points + np.array([off, 0])) for off in (0, 0.003, 0.01, 2)]
    assert met[0] == pytest.approx(1, abs=1e-3)
    assert np.diff(met).max() < -0.05
    assert met[-1] == 0


@pytest.mark.parametrize(("wish", "flop"), PLANTED)
def test_soft_silhouettes_move_as_hard_ones_do(wish: Move, flop: bool) -> None:
    truth = Reframing("incoming", *admissible(*wish, SCREEN), flop, 0.0, 1.0)
    hard = _shape(COLUMNS, ROWS) > 127
    known = row([Instance(PERSON, 0.9, hard)])[None]
    expected = unpacked(moved(known, SCREEN, truth)["people"]["mask"])[0]
    fine = np.kron(hard, np.full((3, 3), 255)).astype(np.uint8)
    soft = moved_soft(np.stack([fine, np.zeros_like(fine)]), SCREEN, truth)
    assert (soft.shape, soft.dtype) == ((2, 3 * ROWS, 3 * COLUMNS), np.uint8)
    assert not soft[1].any()
    cells = soft[0].reshape(ROWS, 3, COLUMNS, 3).mean(axis=(1, 3))
    brush = np.ones((3, 3), np.uint8)
    wider, narrower = (
        change(expected.view(np.uint8), brush) > 0 for change in (cv2.dilate, cv2.erode)
    )
    found = cells > 127.5
    assert not (found & ~wider).any()
    assert not (narrower & ~found).any()
    assert (found ^ expected).sum() < 0.1 * expected.sum()
