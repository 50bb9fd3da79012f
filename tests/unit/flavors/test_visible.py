"""A fade is no place to cut: where a shot can be entered and left."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from matchcut.flavors._visible import VISIBLE
from matchcut.types import Span, Window


def _seen(light: list[int]) -> tuple[int, int]:
    pictures = np.stack([np.full((9, 16, 3), level, np.uint8) for level in light])
    pts = np.arange(len(light), dtype=np.int64) * 10
    [row] = VISIBLE.compute([Window(pictures, pts, Fraction(1, 240), 0)])
    return int(row["enter"]), int(row["leave"])


def test_a_shot_without_fades_is_entered_and_left_at_its_edges() -> None:
    assert _seen([90] * 20) == (0, 190)


def test_a_fade_from_black_is_entered_where_there_is_something_to_see() -> None:
    assert _seen([0, 0, 10, 20, 40, 80, 100, 100, 100, 100]) == (50, 90)


def test_a_fade_to_black_is_left_before_it_is_dark() -> None:
    assert _seen([100, 100, 100, 100, 60, 35, 20, 5, 0, 0]) == (0, 40)


def test_a_dark_shot_is_not_taken_for_a_fade() -> None:
    assert _seen([12] * 10) == (0, 90)


def test_a_black_shot_keeps_its_edges() -> None:
    assert _seen([0] * 10) == (0, 90)


def test_both_ends_of_a_long_shot_are_looked_at() -> None:
    span = Span(0, 24_000, Fraction(1, 240))
    [start] = VISIBLE.moments(span)
    request = VISIBLE.window(span, start)
    assert request.instants[0] == 0
    assert request.instants[-1] == span.end - 1
    assert len(request.instants) < 100
