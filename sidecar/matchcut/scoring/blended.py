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
from matchcut.scoring.entries import Floats
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

    def __len__(self) -> int:
        return self.moments

    @cached_property
    def _weight(self) -> float:
        return sum(part.weight for part in self.parts)

    @cached_property
    def _ahead(self) -> list[float]:
        """What the parts after each can add at most."""
        most = [
            part.weight * float(part.rarity.of(np.array([best + ROUNDING], np.float32))[0])
            for part, best in zip(self.parts, self.highest, strict=True)
        ]
        return [sum(most[number + 1 :]) for number in range(len(most))]

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

        Cost: that of the first part, and of the others for the pairs that may still score enough.
        """
        # Numba takes half a second to load: not before moments are compared.
        from matchcut.scoring.decades import add, needed

        total = np.zeros(wanted.shape, np.float64)
        decades = wanted * np.float64(self._weight)
        for part, rows, ahead in zip(self.parts, self.prepared, self._ahead, strict=True):
            curve = part.rarity.scores, part.rarity.decades, part.rarity.slope
            least = needed(total, decades - ahead, part.weight, *curve) - np.float32(ROUNDING)
            told = _most(rows, part.rows(one), part.rows(other), least)
            add(total, told + np.float32(ROUNDING), least, part.weight, *curve)
        return np.asarray(total / self._weight, np.float32)


def bounded(rows: Prepared | None) -> bool:
    """Whether it is quickly told what a pair of prepared rows scores at most."""
    return rows is not None and (bool(rows.bits) or isinstance(rows, Bounded))


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
