"""The light flavor finds the same light whatever the colours, and nothing where all is flat."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from matchcut.flavors.light import FLAVOR
from matchcut.types import Evidence, Picture, Rows, Window
from tests.planted import TREATMENTS, backlit, same_light, treated
from tests.textures import flat, texture

DECOYS = range(40, 64)


def _rows(*pictures: Picture) -> Rows:
    """One row a picture, each that of a shot of one frame."""
    base = Fraction(1, 24)
    windows = [Window(one[None], np.zeros(1, np.int64), base, 0) for one in pictures]
    return FLAVOR.representation.compute(windows)


def _score(one: Picture, other: Picture) -> float:
    return float(FLAVOR.similarity.pairwise(_rows(one), _rows(other))[0, 0])


def _stops(picture: Picture, stops: float) -> Picture:
    """The picture exposed otherwise, as a camera with a gamma of 2.2 would show it."""
    light = (picture / 255) ** 2.2 * 2**stops
    return np.asarray(255 * np.clip(light, 0, 1) ** (1 / 2.2), np.uint8)


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_silhouettes_before_a_bright_window_find_each_other(treatment: str) -> None:
    places = range(8)
    before = [backlit(place, "figure", 0.1, texture(place)) for place in places]
    after = [
        treated(backlit(place, "figure", 0.6, texture(20 + place)), treatment, place)
        for place in places
    ]
    decoys = [texture(seed) for seed in DECOYS]
    scores = FLAVOR.similarity.pairwise(_rows(*before), _rows(*after, *decoys))
    assert scores.argmax(axis=1).tolist() == list(places)


def test_the_same_light_in_another_hue_and_on_other_detail_is_found() -> None:
    lit = [texture(seed) for seed in range(6)]
    made = [same_light(one, texture(20 + seed), 0.3 * seed) for seed, one in enumerate(lit)]
    decoys = [texture(seed) for seed in DECOYS]
    scores = FLAVOR.similarity.pairwise(_rows(*lit), _rows(*made, *decoys))
    assert scores.argmax(axis=1).tolist() == list(range(len(lit)))


def test_one_stop_darker_still_matches_but_less_and_four_stops_hardly() -> None:
    shown = backlit(2, "figure", 0.1, texture(1))
    same, one, four = (_score(shown, _stops(shown, -stops)) for stops in (0, 1, 4))
    assert same > 0.99
    assert 0.7 < one < same
    assert four < one / 2


def test_a_negative_is_no_match() -> None:
    shown = backlit(5, "bottle", 0.1, texture(1))
    assert _score(shown, 255 - shown) == 0


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_picture_matches_nothing_not_even_itself(level: int) -> None:
    empty = flat(level, level, level)
    assert _score(empty, empty) == 0
    assert _score(texture(1), empty) == 0


def test_colours_of_the_same_luminance_are_the_same_light() -> None:
    shown = backlit(2, "tree", 0.1, texture(1))
    grey = (shown @ np.array([0.2126, 0.7152, 0.0722])).astype(np.uint8)
    assert _score(shown, np.repeat(grey[..., None], 3, axis=2)) > 0.9


def test_the_reason_is_white_where_it_is_light_and_black_where_it_is_dark() -> None:
    left = np.concatenate([flat(255, 240, 200, width=160), flat(5, 5, 20, width=160)], axis=1)
    right = np.ascontiguousarray(left[:, ::-1])
    rows = _rows(left, right)
    drawn = FLAVOR.draw_reason(Evidence(left, rows[:1]), Evidence(right, rows[1:]))
    line = drawn[140].mean(axis=1)
    assert line[20] == line[300] >= 250
    assert line[140] == line[180] <= 5
