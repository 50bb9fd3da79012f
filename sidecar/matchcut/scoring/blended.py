"""The moments of a blend, made ready: what its flavors say at most bounds what they say together.

How rare a score is never falls as the score rises. So what each flavor tells quickly of a pair
tells how rare the pair is at most, and how much is left for the next flavor to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.blending import BlendedScores, Part
from matchcut.scoring.entries import Floats, cost_of
from matchcut.scoring.working import ROUNDING
from matchcut.types import Bits, Bounded, Prepared, RowNumbers

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BlendedTable:
    """All moments of a blend, as `BlendedScores` scores them."""

    parts: tuple[Part, ...]
    prepared: tuple[Prepared, ...]
    """The rows of each part; `bounded`."""
    highest: tuple[float, ...]
    """What each can score at most."""
    moments: int
    bits: tuple[Bits, ...] = ()

    @property
    def cost(self) -> float:
        """As `types.Bounded`: that of all parts, as if none were spared."""
        return sum(map(cost_of, self.prepared))

    def __len__(self) -> int:
        return self.moments

    @cached_property
    def _weight(self) -> float:
        return sum(part.weight for part in self.parts)

    @cached_property
    def _quickest_first(self) -> list[tuple[Part, Prepared, float]]:
        """Each part, its rows, and what all parts after it can add at most."""
        found, ahead = [], 0.0
        for at in sorted(range(len(self.parts)), key=lambda at: -cost_of(self.prepared[at])):
            part, best = self.parts[at], np.array([self.highest[at] + ROUNDING], np.float32)
            found.append((part, self.prepared[at], ahead))
            ahead += part.weight * float(part.rarity.of(best)[0])
        return found[::-1]

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some moments with some others."""
        return BlendedScores(self.parts)(one, other)

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each moment of `one` with that of `other` beside it."""
        scores = (
            rows.along(part.rows(one), part.rows(other))
            for part, rows in zip(self.parts, self.prepared, strict=True)
        )
        return BlendedScores(self.parts).together(scores)

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`.

        Cost: that of the quickest part, and of the others for pairs that may still score enough.
        """
        # Numba takes half a second to load: not before moments are compared.
        from matchcut.scoring.decades import add, needed

        total = np.zeros(wanted.shape, np.float64)
        decades = wanted * np.float64(self._weight)
        for part, rows, ahead in self._quickest_first:
            curve = part.rarity.scores, part.rarity.decades, part.rarity.slope
            least = needed(total, decades - ahead, part.weight, *curve) - np.float32(ROUNDING)
            told = _told(rows, part, one, other, least)
            add(total, told + np.float32(ROUNDING), least, part.weight, *curve)
        return np.asarray(total / self._weight, np.float32)


def bounded(rows: Prepared | None) -> bool:
    """Whether it is quickly told what a pair of prepared rows scores at most."""
    return rows is not None and (bool(rows.bits) or isinstance(rows, Bounded))


def _told(rows: Prepared, part: Part, one: RowNumbers, other: RowNumbers, wanted: Floats) -> Floats:
    """(N, M) what a part tells of some moments, in increasing order; each of its rows once."""
    if part.at is None:
        return _most(rows, one, other, wanted)
    leaving, entering = _runs(part.at[one]), _runs(part.at[other])
    least = np.minimum.reduceat(wanted, leaving[0], axis=0)
    least = np.minimum.reduceat(least, entering[0], axis=1)
    told = _most(rows, part.at[one[leaving[0]]], part.at[other[entering[0]]], least)
    return np.repeat(np.repeat(told, leaving[1], axis=0), entering[1], axis=1)


def _runs(values: RowNumbers) -> tuple[RowNumbers, RowNumbers]:
    """(K,) where each run of equal ones begins, and its length."""
    starts = np.flatnonzero(np.diff(values, prepend=values[0] - 1))
    return starts, np.diff(starts, append=len(values))


def _most(rows: Prepared, one: RowNumbers, other: RowNumbers, wanted: Floats) -> Floats:
    from matchcut.similarity.bits import raise_to_overlaps

    if not rows.bits:
        assert isinstance(rows, Bounded), "only parts that are `bounded` are made ready together"
        return rows.most(one, other, wanted)
    found = np.zeros(wanted.shape, np.float32)
    for bits in rows.bits:
        raise_to_overlaps(
            bits.words, bits.others, bits.areas, bits.worth, bits.kind, one, other, wanted, found
        )
    return found
