"""The color flavor finds the same palette, in the same places, and is not taken in by grey."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from matchcut.flavors import _palette
from matchcut.flavors.color import FLAVOR
from matchcut.types import Evidence, Picture, Rows, Window
from tests.planted import TREATMENTS, same_colors, same_palette, treated
from tests.textures import flat, texture

(PALETTE,) = FLAVOR.variants
DECOYS = range(40, 64)


def _rows(*pictures: Picture) -> Rows:
    """One row a picture, each that of a shot of one frame."""
    base = Fraction(1, 24)
    windows = [Window(one[None], np.zeros(1, np.int64), base, 0) for one in pictures]
    return FLAVOR.representation.compute(windows)


def _score(one: Picture, other: Picture) -> float:
    return float(FLAVOR.similarity.pairwise(_rows(one), _rows(other))[0, 0])


def _grey(picture: Picture) -> Picture:
    mean = picture.mean(axis=2, keepdims=True).astype(np.uint8)
    return np.repeat(mean, 3, axis=2)


def _halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Picture:
    return np.concatenate([flat(*left, width=160), flat(*right, width=160)], axis=1)


TEAL, ORANGE = (20, 110, 120), (230, 130, 40)


@pytest.mark.parametrize("treatment", ["as it is", "noise", "crop"])
def test_a_palette_on_other_content_is_found_among_others(treatment: str) -> None:
    colors = [texture(seed) for seed in range(6)]
    made = [
        treated(same_palette(one, texture(20 + seed)), treatment, seed)
        for seed, one in enumerate(colors)
    ]
    decoys = [texture(seed) for seed in DECOYS]
    scores = PALETTE.similarity.pairwise(_rows(*colors), _rows(*made, *decoys))
    assert scores.argmax(axis=1).tolist() == list(range(len(colors)))


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_same_colours_on_other_detail_are_found_where_they_lie(treatment: str) -> None:
    colors = [texture(seed) for seed in range(6)]
    made = [
        treated(same_colors(one, texture(20 + seed)), treatment, seed)
        for seed, one in enumerate(colors)
    ]
    decoys = [texture(seed) for seed in DECOYS]
    scores = FLAVOR.similarity.pairwise(_rows(*colors), _rows(*made, *decoys))
    assert scores.argmax(axis=1).tolist() == list(range(len(colors)))


def test_one_stop_darker_has_the_same_palette_still() -> None:
    rows = _rows(*(treated(texture(3), kind, 0) for kind in ("as it is", "one stop darker")))
    assert 0.4 < PALETTE.similarity.pairwise(rows, rows)[0, 1] < 0.95


def test_colours_that_change_sides_keep_their_palette_but_not_their_places() -> None:
    rows = _rows(_halves(TEAL, ORANGE), _halves(ORANGE, TEAL))
    assert PALETTE.similarity.pairwise(rows, rows)[0, 1] > 0.95
    assert FLAVOR.similarity.pairwise(rows, rows)[0, 1] < 0.5


def test_the_same_shapes_in_other_colours_are_no_match() -> None:
    assert _score(_halves(TEAL, ORANGE), _halves((90, 200, 60), (200, 60, 190))) == 0


@pytest.mark.parametrize("other", [flat(0, 0, 0), flat(255, 255, 255), flat(200, 30, 30)])
def test_a_picture_of_one_colour_matches_nothing_not_even_itself(other: Picture) -> None:
    assert _score(other, other) == 0
    assert _score(texture(1), other) == 0


def test_black_and_white_films_match_each_other_weakly_and_colour_films_hardly() -> None:
    color, grey = texture(3), _grey(texture(3))
    assert _score(color, color) == pytest.approx(1)
    assert 0 < _score(grey, grey) < 0.5
    assert _score(color, grey) < _score(grey, grey)


def test_a_palette_is_all_of_the_picture_with_its_largest_colour_first() -> None:
    picture = np.concatenate([flat(*TEAL, width=240), flat(*ORANGE, width=80)], axis=1)
    row = _rows(picture)[0]
    assert row["shares"].sum() == pytest.approx(1)
    assert (np.diff(row["shares"]) <= 0).all()
    shown = _palette.rgb(row["palette"].astype(np.float64))
    assert np.abs(shown[0].astype(int) - TEAL).max() <= 3
    assert row["shares"][0] == pytest.approx(0.75, abs=0.02)


def test_colours_come_back_from_oklab_as_they_were() -> None:
    picture = texture(9)
    assert np.abs(_palette.rgb(_palette.oklab(picture)).astype(int) - picture).max() <= 1
    white = _palette.oklab(flat(255, 255, 255, 1, 1))[0, 0]
    assert white == pytest.approx([1, 0, 0], abs=1e-4)


def test_the_reason_shows_the_palette_of_a_over_that_of_b() -> None:
    above, below = _halves(TEAL, TEAL), _halves(ORANGE, ORANGE)
    rows = _rows(above, below)
    drawn = FLAVOR.draw_reason(Evidence(above, rows[:1]), Evidence(below, rows[1:]))
    lower = drawn[len(drawn) * 6 // 10 :, 160].astype(int)
    teal, orange = (np.abs(lower - color).max(axis=1) <= 6 for color in (TEAL, ORANGE))
    assert teal.any()
    assert orange.any()
    assert np.flatnonzero(teal).max() < np.flatnonzero(orange).min()
