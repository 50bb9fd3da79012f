"""The composition flavor finds the same circle, horizon or lines, and nothing in clutter."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest

from matchcut.flavors.composition import FLAVOR
from matchcut.types import Evidence, Picture, Rows, Window
from tests.planted import Shape, places, planted, treated
from tests.textures import flat, texture

DECOYS = range(40, 64)


def _rows(*pictures: Picture) -> Rows:
    """One row a picture, each that of a shot of one frame."""
    base = Fraction(1, 24)
    windows = [Window(one[None], np.zeros(1, np.int64), base, 0) for one in pictures]
    return FLAVOR.representation.compute(windows)


def _score(one: Picture, other: Picture) -> float:
    return float(FLAVOR.similarity.pairwise(_rows(one), _rows(other))[0, 0])


def _disc(x: int, y: int, radius: int, inside: int = 220, around: int = 20) -> Picture:
    picture = flat(around, around, around)
    cv2.circle(picture, (x, y), radius, (inside,) * 3, -1, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("kind", ["circle", "horizon", "lines"])
@pytest.mark.parametrize("treatment", ["as it is", "noise", "one stop darker"])
def test_a_planted_shape_finds_the_same_one_on_another_picture(kind: str, treatment: str) -> None:
    shapes = places(kind)[::2]
    before = [planted(one, texture(number), texture(99)) for number, one in enumerate(shapes)]
    after = [
        treated(planted(one, texture(20 + number), texture(98)), treatment, number)
        for number, one in enumerate(shapes)
    ]
    decoys = [texture(seed) for seed in DECOYS]
    scores = FLAVOR.similarity.pairwise(_rows(*before), _rows(*after, *decoys))
    assert scores.argmax(axis=1).tolist() == list(range(len(shapes)))


def test_the_round_cup_and_the_moon_match_whatever_else_they_show() -> None:
    cup = planted(Shape("circle", 200, 80, 36), texture(3), texture(1))
    assert _score(cup, _disc(200, 80, 36)) > 0.5
    assert _score(cup, _disc(200, 80, 36, inside=20, around=220)) > 0.5, "a dark one as well"


@pytest.mark.parametrize(
    ("x", "y", "radius"), [(110, 80, 36), (200, 140, 36), (200, 80, 14), (200, 80, 70)]
)
def test_a_circle_elsewhere_or_of_another_size_is_another_composition(
    x: int, y: int, radius: int
) -> None:
    here = _disc(200, 80, 36)
    assert _score(here, _disc(x, y, radius)) < 0.3 * _score(here, here)


def test_the_place_of_a_circle_is_told_on_the_screen() -> None:
    [circle, *others] = _rows(_disc(240, 60, 40))["circles"][0]
    assert circle["x"] == pytest.approx((240.5 - 160) / 320, abs=0.005)
    assert circle["y"] == pytest.approx((60.5 - 90) / 320, abs=0.005)
    assert circle["radius"] == pytest.approx(40 / 320, abs=0.006)
    assert not any(other["strength"] for other in others)


def test_a_picture_of_another_shape_is_compared_on_the_same_screen() -> None:
    """The same circle in the middle of a scope frame: black bars move nothing."""
    wide = np.ascontiguousarray(_disc(160, 90, 36)[23:157])
    assert _score(_disc(160, 90, 36), wide) > 0.5


def test_horizons_match_at_one_height_alone() -> None:
    def sea(line: int, light: int) -> Picture:
        picture = flat(light, light, light)
        picture[line:] = light // 3
        return picture

    assert _score(sea(70, 200), sea(70, 130)) > 0.5
    assert _score(sea(70, 200), sea(140, 130)) < 0.15


def test_the_border_of_the_picture_is_no_line() -> None:
    framed = flat(120, 120, 120)
    framed[:3] = framed[-3:] = 0
    assert not _rows(framed)["lines"]["strength"].any()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_picture_matches_nothing_not_even_itself(level: int) -> None:
    empty = flat(level, level, level)
    assert _score(empty, empty) == 0
    assert _score(_disc(100, 90, 30), empty) == 0


def test_clutter_does_not_match_clutter() -> None:
    draw = np.random.default_rng(5)
    leaves = [
        cv2.GaussianBlur(draw.integers(0, 255, (180, 320, 3)).astype(np.uint8), (0, 0), 1.2)
        for _ in range(4)
    ]
    scores = FLAVOR.similarity.pairwise(_rows(*leaves), _rows(*leaves))
    assert scores[~np.eye(4, dtype=np.bool_)].max() < 0.1


def test_the_reason_draws_the_circle_of_a_warm_and_that_of_b_cool() -> None:
    one, other = _disc(200, 80, 36), _disc(206, 84, 36)
    rows = _rows(one, other)
    drawn = FLAVOR.draw_reason(Evidence(one, rows[:1]), Evidence(other, rows[1:])).astype(int)
    warm, cool = drawn[..., 0] - drawn[..., 2], drawn[..., 2] - drawn[..., 0]
    assert (warm > 100).sum() > 100
    assert (cool > 100).sum() > 100
    at = np.argwhere(warm > 100).mean(axis=0)
    assert at == pytest.approx((80, 200), abs=12)


def test_the_shape_of_the_picture_is_no_mass() -> None:
    """Two portrait pictures of noise have nothing in common but the black beside them."""
    draw = np.random.default_rng(6)
    noise = [draw.integers(0, 255, (180, 101, 3)).astype(np.uint8) for _ in range(2)]
    assert _score(*noise) < 0.05
