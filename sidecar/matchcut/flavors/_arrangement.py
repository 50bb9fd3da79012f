"""The elements of a composition, and how far those of two pictures agree.

All places are those on the screen: a picture is fitted into 16:9, its middle is (0, 0), x runs to
the right and y down, and 1 is the width of the screen. So pictures of any shape can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Rows

LINES = 6
"""Lines kept of a picture."""
CIRCLES = 3
"""Circles kept of a picture."""
GRID = (9, 16)
"""Rows and columns of the cells of mass."""

LINE = np.dtype(
    [(name, "<f4") for name in ("x", "y", "along_x", "along_y", "half", "strength")], align=False
)
"""A straight line: its middle, its direction of length 1, half its length, and how much it leads
the eye, 0 (none) to 1."""
CIRCLE = np.dtype([(name, "<f4") for name in ("x", "y", "radius", "strength")])
"""A circle, and how much it draws the eye, 0 (none) to 1."""
ROW = np.dtype(
    [
        ("lines", LINE, (LINES,)),
        ("total", "<f4"),
        ("circles", CIRCLE, (CIRCLES,)),
        ("masses", "<i2", GRID),
        ("weight", "<f4"),
    ]
)
"""The strongest lines and circles, strongest first, the rest zeros; `total` the strength of all
lines, kept or not; `masses` where the visual weight lies, less than usual being negative; `weight`
how far there is any such place, 0 to 1."""

TURN = 0.14
"""Sine of the angle between two lines from which on they have nothing in common (8 degrees)."""
ASIDE = 0.04
"""Screen widths between two parallel lines from which on they have nothing in common."""
OFF_CENTRE = 0.6
"""Radii between two centres from which on circles have nothing in common."""
OTHER_SIZE = 0.35
"""Share of the larger radius that the smaller may lack, from which on they have neither."""
MASSES = 0.05
"""What the same masses are worth where neither lines nor circles are shared."""
LEADING = 0.5
"""Strength of shared lines that is all that one could wish."""
_AT_ONCE = 1 << 15
"""Pairs of lines compared at a time, so that what is computed for them stays in the cache."""

Scores = NDArray[np.float32]


def same_line(a: Rows, b: Rows) -> Scores:
    """How far two lines are one, whatever their strength: 1 where they cover each other.

    Args:
        a: (N, 1) or any shape that can be broadcast with `b`, of `LINE`.
        b: (M,) as `a`.

    Returns:
        (N, M) float32, 0 to 1: by the angle between them, the distance of either middle from the
        other line, and the share of the longer one along which both run.
    """
    turn = a["along_x"] * b["along_y"] - a["along_y"] * b["along_x"]
    across, down = b["x"] - a["x"], b["y"] - a["y"]
    aside = np.maximum(
        np.abs(across * a["along_y"] - down * a["along_x"]),
        np.abs(across * b["along_y"] - down * b["along_x"]),
    )
    apart = np.maximum(
        np.abs(across * a["along_x"] + down * a["along_y"]),
        np.abs(across * b["along_x"] + down * b["along_y"]),
    )
    longer, shorter = np.maximum(a["half"], b["half"]), np.minimum(a["half"], b["half"])
    both = np.minimum(a["half"] + b["half"] - apart, 2 * shorter)
    share = np.maximum(both, 0) / np.maximum(2 * longer, np.float32(1e-6))
    return np.asarray(_falling(turn / TURN) * _falling(aside / ASIDE) * share, np.float32)


def same_circle(a: Rows, b: Rows) -> Scores:
    """How far two circles are one, whatever their strength; shapes as in `same_line`."""
    larger = np.maximum(np.maximum(a["radius"], b["radius"]), np.float32(1e-6))
    apart = np.square(a["x"] - b["x"]) + np.square(a["y"] - b["y"])
    size = np.abs(a["radius"] - b["radius"]) / larger
    place = np.maximum(1 - apart / np.square(larger * np.float32(OFF_CENTRE)), 0)
    return np.asarray(place * _falling(size / np.float32(OTHER_SIZE)), np.float32)


def _falling(distance: Scores) -> Scores:
    """1 at no distance, 0 from 1 on; flat at the top, for no two things are at one place."""
    return np.asarray(np.maximum(1 - np.square(distance), 0), np.float32)


def shared_lines(a: Rows, b: Rows) -> Scores:
    """(N, M) how far the lines of two pictures are the same and are what leads the eye in both.

    The strength that both share, over the strength of all lines of the two: a picture full of
    lines shares little with any. Times how strong what is shared is.
    """
    here, there = (_leading(side) for side in (a, b))
    result = np.zeros((len(a), len(b)), np.float32)
    for some, others in _blocks(len(a), len(b), _AT_ONCE // max(1, len(here) * len(there))):
        result[some, others] = _shared(
            here[:, some, None], there[:, None, others], a["total"][some, None], b["total"][others]
        )
    return result


def shared_lines_along(a: Rows, b: Rows) -> Scores:
    """(N,) as `shared_lines`, of each of (N,) rows and that of the others beside it."""
    return _shared(_leading(a), _leading(b), a["total"], b["total"])


def _shared(here: Rows, there: Rows, ours_all: Scores, theirs_all: Scores) -> Scores:
    """As `shared_lines`, of (I, ...) lines and (J, ...), of which all but the first are broadcast.

    Args:
        here: The lines of some pictures.
        there: Those of others.
        ours_all: (...) the strength of all lines of the first.
        theirs_all: (...) that of the others.
    """
    left, right = here[:, None], there[None]
    shared = same_line(left, right)
    shared *= np.minimum(left["strength"], right["strength"])
    ours, theirs = (_added(shared.max(axis=axis, initial=0)) for axis in (1, 0))
    share = (ours + theirs) / np.maximum(ours_all + theirs_all, np.float32(1e-6))
    return np.asarray(share * np.minimum(np.minimum(ours, theirs) / np.float32(LEADING), 1))


def _blocks(rows: int, columns: int, size: int) -> Iterator[tuple[slice, slice]]:
    """Parts of a table, together all of it, of up to `size` cells each."""
    wide = max(1, min(columns, size))
    high = max(1, size // wide)
    for top, left in product(range(0, rows, high), range(0, columns, wide)):
        yield slice(top, top + high), slice(left, left + wide)


def _leading(rows: Rows) -> Rows:
    """(up to LINES, N) the lines of N rows: those that lead the eye in any."""
    lines = rows["lines"].T
    return np.ascontiguousarray(lines[lines["strength"].any(axis=1)])


def _added(parts: NDArray[np.float32]) -> Scores:
    """The sum over the first axis, always in that order."""
    total = np.zeros(parts.shape[1:], np.float32)
    for part in parts:
        total += part
    return total


def shared_circle(a: Rows, b: Rows) -> Scores:
    """(N, M) how much the circle that two pictures share draws the eye, whatever else they show."""
    return shared_circle_along(a[:, None], b[None])


def shared_circle_along(a: Rows, b: Rows) -> Scores:
    """(...) as `shared_circle`, of (...) rows that are broadcast against each other."""
    best = np.zeros(np.broadcast_shapes(a.shape, b.shape), np.float32)
    drawing = [
        np.flatnonzero(side["circles"]["strength"].reshape(-1, CIRCLES).any(axis=0))
        for side in (a, b)
    ]
    for one, other in product(*drawing):
        left, right = a["circles"][..., one], b["circles"][..., other]
        strength = np.minimum(left["strength"], right["strength"])
        np.maximum(best, same_circle(left, right) * strength, out=best)
    return best


def same_masses(a: Rows, b: Rows) -> Scores:
    """(N, M) how far the visual weight lies at the same places, and has any.

    All that is summed are whole numbers, so that no order of summing changes a digit.
    """
    left, right = (side["masses"].reshape(-1, prod(GRID)).astype(np.float64) for side in (a, b))
    power = np.square(left).sum(axis=1)[:, None] + np.square(right).sum(axis=1)[None]
    return _same_masses(left @ right.T, power, a["weight"][:, None], b["weight"][None])


def same_masses_along(a: Rows, b: Rows) -> Scores:
    """(N,) as `same_masses`, of each of (N,) rows and that of the others beside it."""
    left, right = (side["masses"].reshape(-1, prod(GRID)).astype(np.float64) for side in (a, b))
    power = np.square(left).sum(axis=1) + np.square(right).sum(axis=1)
    return _same_masses(np.einsum("nd,nd->n", left, right), power, a["weight"], b["weight"])


def _same_masses(
    products: NDArray[np.float64], power: NDArray[np.float64], one: Scores, other: Scores
) -> Scores:
    shared = np.divide(2 * products, power, out=np.zeros_like(power), where=power > 0)
    return np.asarray(np.clip(shared, 0, 1) * np.minimum(one, other), np.float32)
