"""Two sounds at every lag at which they overlap: `_overlap.overlaps`, to the last bit, compiled."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors._overlap import SHORTEST, chance
from matchcut.flavors._spectrum import FRAMES

Floats = NDArray[np.float32]
Changes = NDArray[np.int16]


@cache
def chances(pool: int) -> Floats:
    """(FRAMES / pool + 1,) what chance gives at an overlap of so many frames; 1 of too few."""
    frames = FRAMES // pool
    found = np.ones(frames + 1, np.float32)
    for number in range(SHORTEST // pool, frames + 1):
        found[number] = chance(number * pool)
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def compare(
    ending: Changes,
    starting: Changes,
    ours: Floats,
    theirs: Floats,
    likely: Floats,
    found: Floats,
) -> None:
    """Fills in what each overlap scores, 0 to 1, by its number of frames.

    Args:
        ending: (frames * dimensions) the changes of a tail, frames in the order of time.
        starting: As long, those of a head.
        ours: (frames,) weight of each overlap of n + 1 frames in the tail.
        theirs: In the head.
        likely: (frames + 1,) as `chances`.
        found: (frames + 1,) is filled.
    """
    frames = len(ours)
    numbers = len(ending) // frames
    for length in range(frames + 1):
        found[length] = 0
        if length and likely[length] < 1 and ours[length - 1] > 0 and theirs[length - 1] > 0:
            away = (frames - length) * numbers
            both = _product(ending[away:], starting[: length * numbers])
            score = np.float32(both) * ours[length - 1] * theirs[length - 1]
            score = (score - likely[length]) / (np.float32(1) - likely[length])
            found[length] = max(score, np.float32(0))


@njit(nogil=True, cache=True, error_model="numpy")
def _product(one: Changes, other: Changes) -> Any:
    # Kept to 32 bits, which hold it (see `_overlap`): a processor adds up eight at a time.
    total = np.int32(0)
    for number in range(len(one)):
        total = np.int32(total + np.int32(np.int32(one[number]) * np.int32(other[number])))
    return total
