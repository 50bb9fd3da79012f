"""How rare a score is: what makes the scores of different flavors comparable.

A mask IoU of 0.6 and a cosine of 0.9 say nothing to each other. That one of 1,000 random pairs of
this library scores as high is the same for every flavor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_KNOTS = 256
"""Points of the curve from score to rarity; between them it is straight."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """The curve from the scores of one flavor to how rare they are."""

    scores: NDArray[np.float64]
    """(K,) strictly increasing, from 0 on."""
    decades: NDArray[np.float64]
    """(K,) the rarity of each, not decreasing, from 0 on."""
    slope: float
    """Decades a unit of score beyond the last point; above 0, so that rarer pairs stay apart."""

    def of(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """How rare each score is, in decades: 3 where one of 1,000 random pairs scores as high.

        Strictly increasing beyond the scores that were sampled; 0 for what is no match (0 or less).
        Each value depends on its own score alone.
        """
        values = scores.astype(np.float64)
        known = np.interp(values, self.scores, self.decades)
        beyond = np.maximum(values - self.scores[-1], 0) * self.slope
        return np.where(values > 0, known + beyond, 0.0)


def rarity(sampled: NDArray[np.float32], highest: float) -> Rarity:
    """The curve that the scores of random pairs give.

    Beyond the best of them it goes on as steeply as it rose over the last decade.

    Args:
        sampled: (N,) scores of random pairs; none is allowed.
        highest: The highest score the flavor can give.
    """
    values, counts = np.unique(np.maximum(sampled, 0).astype(np.float64), return_counts=True)
    as_high = np.cumsum(counts[::-1])[::-1]
    decades = -np.log10(as_high / max(len(sampled), 1))
    if len(values) == 0 or values[0] > 0:
        values, decades = np.insert(values, 0, 0.0), np.insert(decades, 0, 0.0)
    decades = decades - decades[0] if len(values) == 1 else decades
    rise = min(decades[-1], 1.0)
    before = float(np.interp(decades[-1] - rise, decades, values))
    run = float(values[-1]) - before
    slope = rise / run if run > 0 and rise > 0 else 1 / highest
    kept = _thinned(decades)
    return Rarity(values[kept], decades[kept], slope)


def _thinned(decades: NDArray[np.float64]) -> NDArray[np.int64]:
    """The first and last place, and those between that lie evenly in rarity."""
    if len(decades) <= _KNOTS:
        return np.arange(len(decades))
    wanted = np.linspace(decades[0], decades[-1], _KNOTS)
    return np.unique(np.append(np.searchsorted(decades, wanted), [0, len(decades) - 1]))
