"""The colours of all moments, made ready once, and what any two of them score at most.

Histograms and layouts are kept as the whole numbers they are. What two moments score at most is
told by how colourful and how light they are, then by sketches of their layouts and of their
histograms, until it is too little. Most are told apart by the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors import _colors_compared as compared
from matchcut.flavors import _palette as made
from matchcut.flavors._colors_compared import Figures
from matchcut.similarity.decay import decay_at_most
from matchcut.similarity.popcount import LIKELY
from matchcut.similarity.sketch import Sketch, cosine_at_most, sketched
from matchcut.similarity.spool import Spool
from matchcut.similarity.whole import multiplied
from matchcut.types import Bits, RowNumbers, Rows

Floats = NDArray[np.float32]
_POWER, _SPREAD, _TRUST, _LIGHT, _UNIT = range(5)
_CHANCE, _EXPOSURE = compared.CHANCE, compared.EXPOSURE
_APART, _CELLS = compared.APART, compared.CELLS


@dataclass(frozen=True, eq=False)
class ColorTable:
    """The colours of many rows, and where they lie. Memory: 2.9 KB a row."""

    histogram: NDArray[np.int16]
    """(R, 1183); of very many rows, mapped from a file, as the layout is."""
    layout: NDArray[np.int16]
    """(R, 120)."""
    figures: Figures
    """(5, R)."""
    sketches: tuple[Sketch, Sketch]
    """Of the histograms, and of the layouts."""
    placed: bool
    """Whether it matters where colours lie."""
    bits: tuple[Bits, ...] = ()
    cost: float = 20.0

    @classmethod
    def of(cls, parts: Iterable[Rows], *, placed: bool) -> ColorTable:
        """All rows of some arrays, in their order. 40 µs a row."""
        histograms, layouts, told = Spool(), Spool(), []
        for rows in (np.zeros(0, made.ROW), *parts):
            histograms.add(np.array(compared.flat(rows, "histogram")))
            layouts.add(np.array(compared.flat(rows, "layout")))
            told.append(compared.figures(rows))
        vectors = histograms.joined(), layouts.joined()
        sketches = sketched(vectors[0]), sketched(vectors[1])
        return cls(*vectors, np.concatenate(told, axis=1), sketches, placed)

    def __len__(self) -> int:
        return len(self.histogram)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows with some others. 0.3 µs a pair."""
        return self._scores(one[:, None], other[None])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        return self._scores(one, other)

    def _scores(self, one: RowNumbers, other: RowNumbers) -> Floats:
        a, b = self.figures[:, one], self.figures[:, other]
        likeness = compared.palettes(a, b, multiplied(self.histogram, one, other))
        if self.placed:
            placed = compared.places(a, b, multiplied(self.layout, one, other))
            likeness = np.sqrt(likeness * placed)
        return compared.score(likeness)

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`. 5 to 30 ns a pair."""
        palette, layout = self.sketches
        if self.placed:
            return _placed(
                palette.along, palette.rest, layout.along, layout.rest, layout.length,
                self.figures, one, other, wanted,
            )  # fmt: skip
        return _anywhere(palette.along, palette.rest, self.figures, one, other, wanted)


@njit(nogil=True, cache=True, error_model="numpy")
def _exposed(figures: Figures, here: int, there: int) -> float:
    """How far apart two lightnesses are, as the power by which a score falls."""
    apart = (figures[_LIGHT, here] - figures[_LIGHT, there]) / _EXPOSURE
    return float(apart * apart / 2)


@njit(nogil=True, cache=True, error_model="numpy")
def _above(cosine: float) -> float:
    return max(cosine - _CHANCE, 0.0) / (1 - _CHANCE)


@njit(nogil=True, cache=True, error_model="numpy")
def _anywhere(
    along: Floats,
    rest: Floats,
    figures: Figures,
    one: RowNumbers,
    other: RowNumbers,
    wanted: Floats,
) -> Floats:
    """(N, M) what palettes score at most, wherever their colours lie."""
    found = np.empty((len(one), len(other)), np.float32)
    for column in range(len(other)):
        there = other[column]
        for row in range(len(one)):
            here = one[row]
            most = min(figures[_TRUST, here], figures[_TRUST, there])
            if most >= wanted[row, column]:
                most *= decay_at_most(_exposed(figures, here, there))
            if most >= wanted[row, column]:
                most *= _above(cosine_at_most(along, rest, here, there))
            found[row, column] = most
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def _placed(
    along: Floats,
    rest: Floats,
    layout: Floats,
    layout_rest: Floats,
    length: NDArray[np.float64],
    figures: Figures,
    one: RowNumbers,
    other: RowNumbers,
    wanted: Floats,
) -> Floats:
    """(N, M) what colours score at most, where it matters at which places they lie."""
    found = np.empty((len(one), len(other)), np.float32)
    likely = np.empty(LIKELY, np.int64)
    for start in range(0, len(other), LIKELY):
        for row in range(len(one)):
            here, some = one[row], 0
            for column in range(start, min(start + LIKELY, len(other))):
                there = other[column]
                shared = cosine_at_most(layout, layout_rest, here, there)
                squares = figures[_SPREAD, here] + figures[_SPREAD, there]
                away = max(squares - 2 * shared * length[here] * length[there], 0.0)
                away *= figures[_UNIT, here] * figures[_UNIT, there] / _CELLS
                fall = _exposed(figures, here, there) + away / _APART**2 / 2
                most = decay_at_most(fall)
                most *= min(figures[_TRUST, here], figures[_TRUST, there])
                # The score is the root of what is told, and so no less than that.
                found[row, column] = most
                # Which may score enough cannot be guessed: all are written, one over the other.
                likely[some] = column
                some += most >= max(wanted[row, column], np.float32(0)) ** 2
            for place in range(some):
                column = likely[place]
                above = _above(cosine_at_most(along, rest, here, other[column]))
                found[row, column] = sqrt(found[row, column] * above)
    return found
