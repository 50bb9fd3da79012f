"""The edges of all shots, made ready once, and compared at every lag: compiled, and exactly.

All that is added up are whole numbers, and all else is computed in the order and precision of
`_overlap`: so the scores are those to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors import _overlap as overlap
from matchcut.flavors._lags import chances, compare
from matchcut.flavors._spectrum import BANDS
from matchcut.similarity.spool import Spool
from matchcut.types import Bits, RowNumbers, Rows

POOL = 2
"""Frames of 10 ms taken together as one."""

Floats = NDArray[np.float32]
Edges = tuple[NDArray[np.int8], Floats, NDArray[np.float64], Floats]
"""As `_overlap.Edge`, in that order: changes, weight (N, frames), shape, steady."""
_APART, _KIND, _EIGHTHS = overlap.APART, overlap.KIND, overlap.EIGHTHS


@dataclass(frozen=True, eq=False)
class SoundTable:
    """How many shots end and begin. Memory: 6 KB a shot."""

    tail: Edges
    """Of all shots; of very many, the changes are mapped from a file."""
    head: Edges
    bits: tuple[Bits, ...] = ()
    cost: float = 3000.0

    @classmethod
    def of(cls, parts: Iterable[Rows], none: Rows) -> SoundTable:
        """All rows of some arrays, in their order; `none` are (0,) rows. 0.1 ms a row."""
        tail, head = _Collected(), _Collected()
        for rows in (none, *parts):
            tail.add(overlap.edge(np.array(rows["tail"]), tail=True, pool=POOL))
            head.add(overlap.edge(np.array(rows["head"]), tail=False, pool=POOL))
        return cls(tail.joined(), head.joined())

    def __len__(self) -> int:
        return len(self.tail[0])

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some shots, left, with some others, entered. 3 µs a pair."""
        here, there = np.repeat(one, len(other)), np.tile(other, len(one))
        return self.along(here, there).reshape(len(one), len(other))

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each shot of `one` with that of `other` beside it."""
        return np.asarray(_scores(*self.tail, *self.head, chances(POOL), one, other), np.float32)

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`: exactly. At every lag two sounds may turn out to be the same."""
        found = np.zeros(wanted.shape, np.float32)
        here, there = np.nonzero(wanted <= 1)
        found[here, there] = self.along(one[here], other[there])
        return found


class _Collected:
    """The edges of some shots after the other."""

    def __init__(self) -> None:
        self._changes = Spool()
        self._others: list[tuple[Floats, NDArray[np.float64], Floats]] = []

    def add(self, edge: overlap.Edge) -> None:
        self._changes.add(edge.changes.astype(np.int8))
        self._others.append((edge.weight.T, edge.shape, edge.steady))

    def joined(self) -> Edges:
        weight, shape, steady = zip(*self._others, strict=True)
        return (
            self._changes.joined(),
            np.concatenate(weight),
            np.concatenate(shape),
            np.concatenate(steady),
        )


@njit(nogil=True, cache=True, error_model="numpy")
def _scores(
    changes: NDArray[np.int8],
    weight: Floats,
    shape: NDArray[np.float64],
    steady: Floats,
    head_changes: NDArray[np.int8],
    head_weight: Floats,
    head_shape: NDArray[np.float64],
    head_steady: Floats,
    chances: Floats,
    one: RowNumbers,
    other: RowNumbers,
) -> Floats:
    found = np.zeros(len(one), np.float32)
    lags = np.zeros(len(chances), np.float32)
    ending = np.empty(changes.shape[1], np.int16)
    starting = np.empty(changes.shape[1], np.int16)
    for place in range(len(one)):
        here, there = one[place], other[place]
        # Number by number: as whole rows they take twenty times as long.
        for number in range(len(ending)):
            ending[number] = changes[here, number]
            starting[number] = head_changes[there, number]
        compare(ending, starting, weight[here], head_weight[there], chances, lags)
        best = lags.max()
        kind = _same_kind(shape[here], head_shape[there], steady[here], head_steady[there])
        best += (np.float32(1) - best) * kind
        found[place] = min(best, np.float32(1))
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def _same_kind(
    one: NDArray[np.float64], other: NDArray[np.float64], steady: Any, other_steady: Any
) -> Any:
    """As `_overlap.same_kind`."""
    squares, product = 0.0, 0.0
    for band in range(BANDS):
        squares += one[band] ** 2 + other[band] ** 2
        product += one[band] * other[band]
    apart = sqrt((squares - 2 * product) / BANDS) / _EIGHTHS
    return np.float32(_KIND * (max(1 - apart / _APART, 0.0) * min(steady, other_steady)))
