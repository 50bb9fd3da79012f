"""A reframing moves the picture as it says, and never shows what is outside of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.reframing import (
    SCREEN,
    admissible,
    covers,
    effort,
    extent,
    matrix,
    moved,
    room,
    worthwhile,
)
from matchcut.types import LARGEST_ROTATION, LARGEST_SCALE, Picture, Reframing
from tests.textures import texture

STILL = Reframing("incoming", 1.0, 0.0, 0.0, 0.0, False, 0.4, 0.9)
SIZES = [(180, 320), (134, 320), (180, 101), (180, 240), (7, 9)]

aspects = st.floats(0.4, 3.0)
wishes = st.tuples(
    st.floats(0.5, 2), st.floats(-20, 20), st.floats(-0.6, 0.6), st.floats(-0.6, 0.6), st.booleans()
)


def _admitted(wish: tuple[float, float, float, float, bool], aspect: float) -> Reframing:
    scale, rotation, right, down, flop = wish
    move = admissible(scale, rotation, right, down, aspect)
    return Reframing("incoming", *move, flop, 0.4, 0.9)


def _corners(aspect: float) -> NDArray[np.float64]:
    wide, high = extent(aspect)
    return np.array([[x, y] for x in (-wide, wide) for y in (-high, high)])


@given(wish=wishes, aspect=aspects)
@example(wish=(1.0, 5.0, 0.1, 0.1, True), aspect=SCREEN)
@example(wish=(1.4, 5.0, 0.2, 0.2, False), aspect=2.39)
def test_what_is_admitted_covers_the_place_and_keeps_within_the_limits(
    wish: tuple[float, float, float, float, bool], aspect: float
) -> None:
    one = _admitted(wish, aspect)
    assert 1 <= one.scale <= LARGEST_SCALE
    assert abs(one.rotation) <= LARGEST_ROTATION
    assert covers(one, aspect)


@given(wish=wishes, aspect=aspects)
def test_a_picture_covers_its_place_if_all_corners_of_the_place_show_it(
    wish: tuple[float, float, float, float, bool], aspect: float
) -> None:
    one = Reframing("outgoing", *wish, 0.4, 0.9)
    way = matrix(one)
    shown = (_corners(aspect) - way[:, 2]) @ np.linalg.inv(way[:, :2]).T
    beyond = float((np.abs(shown) - extent(aspect)).max())
    assume(abs(beyond) > 1e-6)
    assert covers(one, aspect) == (beyond < 0)


@pytest.mark.parametrize("size", SIZES)
@given(wish=wishes)
def test_no_pixel_shows_what_is_outside_of_the_picture(
    size: tuple[int, int], wish: tuple[float, float, float, float, bool]
) -> None:
    height, width = size
    one = _admitted(wish, width / height)
    unit = max(width, height * SCREEN)
    way = matrix(one)
    way[:, 2] *= unit
    middle = np.array([width / 2 - 0.5, height / 2 - 0.5])
    way[:, 2] += middle - way[:, :2] @ middle
    white = np.full((height, width), 255, np.uint8)
    shown = cv2.warpAffine(white, way, (width, height), flags=cv2.INTER_NEAREST, borderValue=(0.0,))
    assert shown.min() == 255


@given(wish=wishes, aspect=aspects)
def test_what_is_admitted_once_is_admitted_as_it_is(
    wish: tuple[float, float, float, float, bool], aspect: float
) -> None:
    one = _admitted(wish, aspect)
    again = admissible(one.scale, one.rotation, one.right, one.down, aspect)
    assert again == pytest.approx((one.scale, one.rotation, one.right, one.down), abs=2e-4)


def test_a_picture_as_large_as_before_has_no_room() -> None:
    assert room(1.0, 0.0, SCREEN) == (0, 0)
    assert min(room(1.0, 2.0, SCREEN)) < 0
    assert room(1.4, 0.0, SCREEN) == pytest.approx((0.2, 0.1125))
    assert room(1.4, 0.0, 2.4)[1] == pytest.approx(0.4 * 0.5 / 2.4)


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_that_is_not_moved_stays_as_it_is(size: tuple[int, int]) -> None:
    picture = np.ascontiguousarray(texture(1)[: size[0], : size[1]])
    assert np.array_equal(moved(picture, STILL), picture)


@pytest.mark.parametrize("size", SIZES)
def test_a_flop_swaps_left_and_right_and_twice_changes_nothing(size: tuple[int, int]) -> None:
    picture = np.ascontiguousarray(texture(2)[: size[0], : size[1]])
    flop = replace(STILL, flop=True)
    once = moved(picture, flop)
    assert np.array_equal(once, picture[:, ::-1])
    assert np.array_equal(moved(once, flop), picture)


def _dot(x: int, y: int) -> Picture:
    picture = np.zeros((180, 320, 3), np.uint8)
    cv2.circle(picture, (x, y), 4, (255, 255, 255), -1)
    return picture


def _place(picture: Picture) -> tuple[float, float]:
    rows, columns = np.nonzero(picture[..., 0] > 127)
    return float(columns.mean()), float(rows.mean())


def test_the_picture_is_flopped_then_scaled_and_turned_and_only_then_shifted() -> None:
    """By hand: 60 right of the middle, flopped 60 left, 72 by the scale, then 16 to the right."""
    dot = _dot(220, 90)
    flopped = replace(STILL, flop=True)
    assert _place(moved(dot, flopped)) == pytest.approx((99, 90), abs=0.6)
    scaled = replace(flopped, scale=1.2)
    assert _place(moved(dot, scaled)) == pytest.approx((86.7, 90), abs=0.6)
    shifted = replace(scaled, right=0.05, down=0.02)
    assert _place(moved(dot, shifted)) == pytest.approx((102.7, 96.4), abs=0.6)
    turned = replace(STILL, scale=1.3, rotation=5.0)
    # Clockwise: what is right of the middle goes down.
    assert _place(moved(dot, turned)) == pytest.approx((237.6, 96.9), abs=0.6)


def test_a_shift_is_told_in_widths_of_the_screen_whatever_the_shape_of_the_picture() -> None:
    tall = np.zeros((180, 100, 3), np.uint8)
    cv2.circle(tall, (50, 90), 4, (255, 255, 255), -1)
    one = replace(STILL, scale=1.3, right=0.04)
    assert covers(one, 100 / 180)
    assert _place(moved(tall, one))[0] == pytest.approx(50.1 + 0.04 * 320, abs=0.6)


def test_a_reframing_is_worth_it_by_more_the_further_it_moves_the_picture() -> None:
    near = replace(STILL, scale=1.05, before=0.7, after=0.76)
    far = replace(near, scale=1.4, rotation=5.0, right=0.1, flop=True)
    assert effort(1.0, 0.0, 0.0, 0.0, False) == 0
    assert worthwhile(near)
    assert not worthwhile(far)
    assert worthwhile(replace(far, after=0.95))
    assert not worthwhile(replace(STILL, before=0.7, after=0.7))
