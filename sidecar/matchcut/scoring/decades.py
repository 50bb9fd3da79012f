"""How rare scores are, and how high a score must be to be so rare, compiled: for many pairs."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@njit(nogil=True, cache=True, error_model="numpy")
def needed(
    total: Doubles, wanted: Doubles, weight: float, scores: Doubles, decades: Doubles, slope: float
) -> Floats:
    """(N, M) the least scores that bring totals to what is wanted; 0 where any score does.

    Args:
        total: (N, M) decades so far.
        wanted: (N, M) decades that there must be.
        weight: Of this part.
        scores: As `Rarity`.
        decades: As `Rarity`.
        slope: As `Rarity`.
    """
    found = np.zeros(total.shape, np.float32)
    last = len(scores) - 1
    for row in range(total.shape[0]):
        for column in range(total.shape[1]):
            rare = (wanted[row, column] - total[row, column]) / weight
            if rare <= decades[0]:
                continue
            if rare > decades[last]:
                found[row, column] = scores[last] + (rare - decades[last]) / slope
                continue
            at = np.searchsorted(decades, rare)
            share = (rare - decades[at - 1]) / (decades[at] - decades[at - 1])
            found[row, column] = scores[at - 1] + share * (scores[at] - scores[at - 1])
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def add(
    total: Doubles,
    told: Floats,
    least: Floats,
    weight: float,
    scores: Doubles,
    decades: Doubles,
    slope: float,
) -> None:
    """Adds the rarity of scores to totals; what scores less than the least is not looked at again.

    Args:
        total: (N, M) decades so far, of which those of no use are made very low.
        told: (N, M) scores.
        least: (N, M) what they must be.
        weight: Of this part.
        scores: As `Rarity`.
        decades: As `Rarity`.
        slope: As `Rarity`.
    """
    last = len(scores) - 1
    for row in range(total.shape[0]):
        for column in range(total.shape[1]):
            score = float(told[row, column])
            if score < least[row, column]:
                total[row, column] = -1e30
            elif score >= scores[last]:
                total[row, column] += weight * (decades[last] + (score - scores[last]) * slope)
            elif score > 0:
                at = np.searchsorted(scores, score, side="right")
                share = (score - scores[at - 1]) / (scores[at] - scores[at - 1])
                rare = decades[at - 1] + share * (decades[at] - decades[at - 1])
                total[row, column] += weight * rare
