"""Pairs of moments that may score enough, as the products of their vectors tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.entries import Entries, Scored
from matchcut.scoring.working import ROUNDING, Work
from matchcut.types import Products, RowNumbers

FEW, SIDE = 1 << 8, 1 << 11
"""Moments on either side of a block of products; few at first, which tell how much is enough."""


@dataclass(frozen=True, slots=True, eq=False)
class _Multiplying:
    """Some moments that are still to be compared with some others, by products of vectors."""

    entries: Entries
    prepared: Products
    one: RowNumbers
    other: RowNumbers
    near: NDArray[np.int64]
    """Ranges of shots that may not be met."""

    def done(self, least: float) -> tuple[Scored, Work | None]:
        """As `Work.done`; all at once."""
        # Torch takes seconds to load: it does so only where there may be a GPU.
        from matchcut.models.devices import device
        from matchcut.similarity.vectors import alike

        entries, luck = self.entries, 2 * self.entries.least_luck
        needed = least + luck - self.prepared.error - ROUNDING
        one, other = alike(self.prepared.vectors, self.one, self.other, needed, device())
        first, second = entries.shots[one], entries.shots[other]
        may = (one < other) & ((second < self.near[first, 0]) | (second >= self.near[first, 1]))
        scores = entries.either(one[may], other[may])
        return (np.minimum(first, second)[may], np.maximum(first, second)[may], scores), None


def sifted(
    entries: Entries, prepared: Products, wanted: RowNumbers, near: NDArray[np.int64]
) -> Iterator[Work]:
    """The comparisons of some moments with each other: the upper triangle of all products."""
    for one in _stretches(wanted):
        for other in _stretches(wanted):
            if len(one) and len(other) and other[-1] > one[0]:
                yield _Multiplying(entries, prepared, one, other, near)


def _stretches(numbers: RowNumbers) -> Iterator[RowNumbers]:
    """All of some moments, few at first."""
    yield numbers[:FEW]
    for start in range(FEW, len(numbers), SIDE):
        yield numbers[start : start + SIDE]
