"""Pairs of moments that may score enough, as their bits tell (`types.Bits`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.entries import Entries, Floats, Scored
from matchcut.scoring.working import ROUNDING, Work
from matchcut.types import Bits, RowNumbers

AT_ONCE = 256
"""Moments that are compared with all others in one piece of work."""
FIRST, MANY = 1 << 12, 1 << 16
"""Moments that a query is compared with in one piece of work: few at first, which tell how much is
enough."""
ROOM = 1 << 14
"""Pairs of moments that are scored at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sifting:
    """Some moments of a kind that are still to be compared with those after them."""

    entries: Entries
    bits: Bits
    luck: Floats
    order: RowNumbers
    """(n,) all moments of the kind, by increasing area."""
    near: NDArray[np.int64]
    begin: int
    end: int
    at: int

    def done(self, least: float) -> tuple[Scored, Work | None]:
        """As `Work.done`."""
        # Numba takes half a second to load: not before masks are compared.
        from matchcut.similarity.bits import sifted as compared

        bits = self.bits
        needed = max(least + 2 * self.entries.least_luck - ROUNDING, 1e-9)
        found = np.empty((ROOM + self.end - self.begin, 2), np.int64)
        count, at = compared(
            bits.words, bits.others, bits.areas, bits.worth, self.luck, self.entries.shots,
            self.near, self.order, self.begin, self.end, self.at, least - ROUNDING, needed, found,
        )  # fmt: skip
        one, other = found[:count].T
        first, second = self.entries.shots[one], self.entries.shots[other]
        scores = self.entries.either(one, other)
        scored = np.minimum(first, second), np.maximum(first, second), scores
        return scored, None if at == len(self.order) else replace(self, at=at)


def sifted(
    entries: Entries, bits: Bits, wanted: RowNumbers, near: NDArray[np.int64]
) -> Iterator[Work]:
    """The comparisons of some moments with each other.

    Args:
        entries: What is compared.
        bits: One of the ways to score them.
        wanted: Some of the moments.
        near: (shots, 2) half-open ranges of shots that each may not meet.
    """
    luck = entries.luck
    for kind in np.unique(bits.kind[wanted]):
        rows = wanted[(bits.kind[wanted] == kind) & (bits.areas[wanted] > 0)]
        order = rows[np.argsort(bits.areas[rows], kind="stable")]
        for begin in range(0, len(order) - 1, AT_ONCE):
            end = min(begin + AT_ONCE, len(order))
            yield _Sifting(entries, bits, luck, order, near, begin, end, begin + 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Finding:
    """Some moments that are still to be compared with those of a query."""

    entries: Entries
    bits: Bits
    queries: RowNumbers
    at: int
    end: int

    def done(self, least: float) -> tuple[Scored, Work | None]:
        """As `Work.done`."""
        # Numba takes half a second to load: not before masks are compared.
        from matchcut.similarity.bits import met as compared
        from matchcut.similarity.popcount import LIKELY

        entries, bits = self.entries, self.bits
        found = np.empty((FIRST + LIKELY * len(self.queries), 2), np.int64)
        count, at = compared(
            bits.words, bits.others, bits.areas, bits.worth, entries.luck, bits.kind,
            self.queries, entries.numbers, self.at, self.end, max(least - ROUNDING, 1e-9), found,
        )  # fmt: skip
        leaving, entering = found[:count].T
        scores = entries.directed(leaving, entering)
        scored = entries.shots[leaving], entries.shots[entering], scores
        return scored, None if at == self.end else replace(self, at=at)


def met(
    entries: Entries, bits: Bits, queries: RowNumbers, least: Callable[[], float]
) -> Iterator[Work]:
    """The comparisons of a few moments, at which a shot is left, with all at which one is entered.

    Args:
        entries: What is compared.
        bits: One of the ways to score them.
        queries: The few, at least one.
        least: What a pair must score.
    """
    most = float((bits.worth[queries] - entries.luck[queries]).max()) - entries.least_luck
    # Once enough is known to score something, there is nothing to learn from a few.
    first = MANY if least() > ROUNDING else FIRST
    starts = [0, *range(first, len(entries.numbers), MANY), len(entries.numbers)]
    for at, end in pairwise(starts):
        if most >= least() - ROUNDING:
            yield _Finding(entries, bits, queries, at, end)
