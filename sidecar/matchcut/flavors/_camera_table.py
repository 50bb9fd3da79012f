"""The cameras of all moments, made ready once: what matters of them is a few numbers a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors._movement import ROW, STILL
from matchcut.types import Bits, RowNumbers, Rows

Floats = NDArray[np.float32]
Figures = NDArray[np.float64]
"""(..., F) what matters of one side of moments."""
Score = Callable[[Figures, Figures], Floats]
"""What each of some moments that are left scores with each that is entered, broadcast."""
Most = Callable[[Figures, Figures, Floats], Floats]
"""(N, M) what (N, F) scores with (M, F) at most, given (N, M) what is wanted."""

_ROUNDED = 1e-6
"""By how much what is told quickly may be too little."""


@dataclass(frozen=True, eq=False)
class CameraTable:
    """What matters of many moments before and after them. Memory: 16 F bytes a row."""

    before: Figures
    """(R, F) of who leaves a shot there."""
    after: Figures
    """(R, F) of who enters it."""
    score: Score
    quickly: Most
    bits: tuple[Bits, ...] = ()
    cost: float = 3.0

    @classmethod
    def of(
        cls, parts: Iterable[Rows], figures: Callable[[Rows], Figures], score: Score, most: Most
    ) -> CameraTable:
        """All rows of some arrays, in their order, given what matters of one side of them."""
        sides = [
            (figures(np.array(rows["before"])), figures(np.array(rows["after"])))
            for rows in (np.zeros(0, ROW), *parts)
        ]
        before, after = (np.concatenate(side) for side in zip(*sides, strict=True))
        return cls(before, after, score, most)

    def __len__(self) -> int:
        return len(self.before)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows, left, with some others, entered."""
        return self.score(self.before[one][:, None], self.after[other][None])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        return self.score(self.before[one], self.after[other])

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`. 2 to 5 ns a pair."""
        return self.quickly(self.before[one], self.after[other], wanted)


@njit(nogil=True, cache=True, error_model="numpy")
def moving_alike(before: Figures, after: Figures, wanted: Floats) -> Floats:
    """(N, M) what movements score at most: of their four effects, their speed and their trust."""
    found = np.empty((len(before), len(after)), np.float32)
    for column in range(len(after)):
        for row in range(len(before)):
            most = min(before[row, 5], after[column, 5])
            if most >= wanted[row, column]:
                faster = max(before[row, 4], after[column, 4], STILL)
                apart = 0.0
                for effect in range(4):
                    apart += (before[row, effect] - after[column, effect]) ** 2
                most *= max(1 - sqrt(apart) / faster, 0.0)
            found[row, column] = most + _ROUNDED
    return found


def standing_alike(before: Figures, after: Figures, _: Floats) -> Floats:
    """(N, M) what standing cameras score at most: of how still either stands."""
    lesser = np.minimum(before[:, 0].astype(np.float32)[:, None], after[:, 0].astype(np.float32))
    return np.asarray(lesser + np.float32(_ROUNDED), np.float32)
