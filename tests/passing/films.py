"""The films of the benchmark: 46 pairs to cut, 48 to reframe, 48 that go on."""

from __future__ import annotations

from fractions import Fraction

from tests.passing.cutting import cut_film
from tests.passing.directed import action_film, camera_film
from tests.passing.script import Film


def cut_films() -> tuple[Film, ...]:
    """Pairs to be cut at known frames, at three rates."""
    return (
        cut_film(1, 12, 6),
        cut_film(2, 12, 6),
        cut_film(3, 11, 6, Fraction(25)),
        cut_film(4, 11, 6, Fraction(30000, 1001)),
    )


def framed_films() -> tuple[Film, ...]:
    """Pairs of which one picture has to be moved, half of them standing."""
    return tuple(cut_film(seed, 16, 4, framed=True) for seed in (11, 12, 13))


def unseen_cut_films() -> tuple[Film, ...]:
    """As many as `cut_films`, of which none was looked at while anything was tuned."""
    return (
        cut_film(5, 12, 6),
        cut_film(6, 12, 6),
        cut_film(7, 11, 6, Fraction(25)),
        cut_film(8, 11, 6, Fraction(30000, 1001)),
    )


def unseen_framed_films() -> tuple[Film, ...]:
    """As many as `framed_films`, of which none was looked at while anything was tuned."""
    return tuple(cut_film(seed, 16, 4, framed=True) for seed in (14, 15, 16))


def directed_films() -> tuple[Film, ...]:
    """Pairs that go on: cameras, then subjects."""
    return camera_film(21, 24), action_film(22, 24)


def films() -> tuple[Film, ...]:
    """All of them."""
    return (*cut_films(), *framed_films(), *directed_films())
