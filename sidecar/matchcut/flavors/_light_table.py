"""The light of all moments, made ready once: layouts as the whole numbers they are.

What two moments score at most is told by how flat they are, then by their keys, then by sketches
of their layouts, until it is too little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors import _light_compared as compared
from matchcut.flavors import _lightness as made
from matchcut.flavors._light_compared import Figures
from matchcut.similarity.decay import decay_at_most
from matchcut.similarity.sketch import Sketch, cosine_at_most, sketched
from matchcut.similarity.spool import Spool
from matchcut.similarity.whole import multiplied
from matchcut.types import Bits, RowNumbers, Rows

Floats = NDArray[np.float32]
_POWER, _KEY, _TRUST = compared.POWER, compared.KEY, compared.TRUST
_KEYS = compared.KEYS


@dataclass(frozen=True, eq=False)
class LightTable:
    """The light of many rows. Memory: 1.4 KB a row."""

    layout: NDArray[np.int16]
    """(R, 576); of very many rows, mapped from a file."""
    figures: Figures
    """(3, R)."""
    sketch: Sketch
    """Of the layouts."""
    bits: tuple[Bits, ...] = ()
    cost: float = 10.0

    @classmethod
    def of(cls, parts: Iterable[Rows]) -> LightTable:
        """All rows of some arrays, in their order. 20 µs a row."""
        layouts, told = Spool(), []
        for rows in (np.zeros(0, made.ROW), *parts):
            layouts.add(np.array(compared.flat(rows)))
            told.append(compared.figures(rows))
        layout = layouts.joined()
        return cls(layout, np.concatenate(told, axis=1), sketched(layout))

    def __len__(self) -> int:
        return len(self.layout)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows with some others. 0.1 µs a pair."""
        return self._scores(one[:, None], other[None])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        return self._scores(one, other)

    def _scores(self, one: RowNumbers, other: RowNumbers) -> Floats:
        products = multiplied(self.layout, one, other)
        return compared.score(self.figures[:, one], self.figures[:, other], products)

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`. 5 to 15 ns a pair."""
        sketch = self.sketch
        return _most(sketch.along, sketch.rest, sketch.length, self.figures, one, other, wanted)


@njit(nogil=True, cache=True, error_model="numpy")
def _most(
    along: Floats,
    rest: Floats,
    length: NDArray[np.float64],
    figures: Figures,
    one: RowNumbers,
    other: RowNumbers,
    wanted: Floats,
) -> Floats:
    found = np.empty((len(one), len(other)), np.float32)
    for column in range(len(other)):
        there = other[column]
        for row in range(len(one)):
            here = one[row]
            most = min(figures[_TRUST, here], figures[_TRUST, there])
            if most >= wanted[row, column]:
                apart = (figures[_KEY, here] - figures[_KEY, there]) / _KEYS
                most *= decay_at_most(apart * apart / 2)
            if most >= wanted[row, column]:
                power = max(figures[_POWER, here] + figures[_POWER, there], 1.0)
                most *= 2 * length[here] * length[there] / power
            if most >= wanted[row, column]:
                most *= max(cosine_at_most(along, rest, here, there), 0.0)
            found[row, column] = most
    return found
