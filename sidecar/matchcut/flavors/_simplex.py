"""Climbing to where a function of a few numbers is highest, without its slope.

Source: Nelder and Mead 1965, "A simplex method for function minimization", The Computer
Journal 7(4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class _Corner:
    value: float
    at: NDArray[np.float64]


def climbed(
    value: Callable[[NDArray[np.float64]], float],
    start: NDArray[np.float64],
    steps: NDArray[np.float64],
    least: NDArray[np.float64],
    most: int,
) -> NDArray[np.float64]:
    """Where a function of (D,) numbers is highest near a start: Nelder and Mead's simplex.

    Args:
        value: What is made as large as it can be.
        start: (D,) where to begin.
        steps: (D,) first steps.
        least: (D,) ends when no corner is further than this from the best one.
        most: How often `value` is called at most, but for the last round.
    """
    points = [start, *(start + step for step in np.diag(steps))]
    corners = [_Corner(value(point), point) for point in points]
    calls = len(corners)

    def tried(share: float) -> _Corner:
        point = centre + share * (centre - corners[-1].at)
        return _Corner(value(point), point)

    while calls < most:
        corners.sort(key=lambda one: -one.value)
        if all((np.abs(one.at - corners[0].at) <= least).all() for one in corners[1:]):
            break
        centre = np.mean([one.at for one in corners[:-1]], axis=0)
        new = tried(1.0)
        calls += 2
        if new.value > corners[0].value:
            further = tried(2.0)
            new = further if further.value > new.value else new
        elif new.value <= corners[-2].value:
            new = tried(0.5 if new.value > corners[-1].value else -0.5)
        if new.value > corners[-1].value:
            corners[-1] = new
            continue
        best = corners[0]
        points = [best.at + (one.at - best.at) / 2 for one in corners[1:]]
        corners = [best, *(_Corner(value(point), point) for point in points)]
        calls += len(points)
    return max(corners, key=lambda one: one.value).at
