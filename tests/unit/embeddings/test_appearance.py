"""What looks like the same set-up, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import cv2
import numpy as np
import pytest

from matchcut.embeddings.appearance import APPEARANCE, REPEATS
from matchcut.types import Picture, Rows, Span, Window
from tests.textures import flat, texture

Change = Callable[[Picture], Picture]


def _window(*pictures: Picture, centre: int = 0) -> Window:
    pts = np.arange(len(pictures), dtype=np.int64)
    return Window(np.stack(pictures), pts, Fraction(1, 24), centre)


def _rows(*pictures: Picture) -> Rows:
    return APPEARANCE.compute([_window(picture) for picture in pictures])


def _cosine(one: Picture, other: Picture) -> float:
    rows = _rows(one, other)
    return float(rows[0] @ rows[1])


def _cropped(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    inner = picture[height // 50 : -height // 50, width // 50 : -width // 50]
    return np.asarray(cv2.resize(inner, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _brighter(picture: Picture) -> Picture:
    return np.clip(picture.astype(np.float32) * 1.08 + 4, 0, 255).astype(np.uint8)


def _grainy(picture: Picture) -> Picture:
    grain = np.random.default_rng(9).normal(0, 6, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def _compressed(picture: Picture) -> Picture:
    _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _halved(picture: Picture) -> Picture:
    return np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "change",
    [_cropped, _brighter, _grainy, _compressed, _halved],
    ids=lambda change: change.__name__,
)
def test_the_same_set_up_is_a_repeat_after_a_slight_change(seed: int, change: Change) -> None:
    picture = texture(seed)
    assert _cosine(picture, change(picture)) >= REPEATS


def test_other_pictures_are_no_repeats() -> None:
    rows = _rows(*(texture(seed) for seed in range(12)))
    cosines = rows @ rows.T
    assert np.triu(cosines, 1).max() < REPEATS


def test_a_mirrored_picture_is_no_repeat() -> None:
    for seed in range(6):
        picture = texture(seed)
        assert _cosine(picture, np.ascontiguousarray(picture[:, ::-1])) < REPEATS


def test_two_figures_of_one_colour_before_one_wall_at_other_places_are_no_repeats() -> None:
    def standing(left: int) -> Picture:
        picture = flat(120, 118, 110)
        cv2.ellipse(picture, (left, 60), (18, 24), 0, 0, 360, (190, 150, 130), -1)
        cv2.rectangle(picture, (left - 35, 84), (left + 35, 179), (40, 40, 70), -1)
        return picture

    assert _cosine(standing(80), standing(240)) < REPEATS
    assert _cosine(standing(80), standing(82)) >= REPEATS


def test_black_frames_are_repeats_of_each_other() -> None:
    assert _cosine(flat(0, 0, 0), flat(0, 0, 0)) == pytest.approx(1.0, abs=1e-6)
    assert _cosine(flat(0, 0, 0), flat(2, 2, 2)) >= REPEATS
    assert _cosine(flat(0, 0, 0), flat(0, 0, 0, width=128, height=72)) >= REPEATS


def test_a_black_frame_is_no_repeat_of_a_white_one() -> None:
    assert _cosine(flat(0, 0, 0), flat(255, 255, 255)) < REPEATS


def test_a_black_frame_is_no_repeat_of_a_picture() -> None:
    rows = _rows(flat(0, 0, 0), *(texture(seed) for seed in range(12)))
    assert (rows[1:] @ rows[0]).max() < REPEATS


@pytest.mark.parametrize("level", [*range(0, 256, 15), 118, 119, 120])
def test_a_flat_picture_has_an_appearance(level: int) -> None:
    rows = _rows(flat(level, level, level), flat(level, 0, 255 - level))
    assert np.isfinite(rows).all()
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


@pytest.mark.parametrize(("width", "height"), [(101, 180), (320, 134), (32, 18), (7, 5)])
def test_a_picture_of_any_shape_has_an_appearance_of_length_one(width: int, height: int) -> None:
    rows = _rows(np.asarray(cv2.resize(texture(1), (width, height)), np.uint8))
    assert rows.dtype == APPEARANCE.spec.dtype
    assert rows.shape == (1, *APPEARANCE.spec.shape)
    assert np.linalg.norm(rows) == pytest.approx(1.0, abs=1e-5)


def test_a_row_does_not_depend_on_what_else_is_computed_with_it() -> None:
    pictures = [texture(seed) for seed in range(3)] + [flat(0, 0, 0)]
    together = _rows(*pictures)
    alone = np.concatenate([_rows(picture) for picture in pictures])
    assert together.tobytes() == alone.tobytes()
    assert APPEARANCE.compute([]).shape == (0, *APPEARANCE.spec.shape)


def test_the_middle_of_the_shot_is_what_is_looked_at() -> None:
    span = Span(100, 200, Fraction(1, 24))
    (middle,) = APPEARANCE.moments(span)
    request = APPEARANCE.window(span, middle)
    assert (request.moment, request.instants) == (150, (150,))
    shown = APPEARANCE.compute([_window(texture(1), texture(2), centre=1)])
    assert shown.tobytes() == _rows(texture(2)).tobytes()
