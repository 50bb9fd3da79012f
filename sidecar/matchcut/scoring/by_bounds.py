"""Pairs of moments that may score enough, as bounds of what they score tell (`types.Bounded`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.entries import Entries, Floats, Scored
from matchcut.scoring.working import ROUNDING, Work
from matchcut.types import Bounded, RowNumbers

FIRST, MANY = 1 << 12, 1 << 15
"""Moments that a query is compared with in one piece of work: few at first, which tell how much is
enough."""
PIECE = 1e7
"""Nanoseconds that a piece of work of a query should take at most."""
FEW, SIDE = 1 << 8, 1 << 11
"""Moments on either side of a block of all pairs; few at first."""
BLOCK = 2e8
"""Nanoseconds that a block should take at most: no sooner may the work be stopped."""
ROOM, MOST = 1 << 7, 1 << 12
"""Pairs of moments that are scored at first, those that may score most; twice as many each time
after, so that of many that are as likely, none waits for long, up to what has room in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Bounding:
    """Some moments that are still to be compared with some others."""

    entries: Entries
    bounded: Bounded
    one: RowNumbers
    other: RowNumbers
    near: NDArray[np.int64] | None
    """(shots, 2) half-open ranges of shots that each may not meet; None where each may meet all."""
    either: bool
    """Whether either of a pair may be left, of which then comes each once; else the first is."""

    def done(self, least: float) -> tuple[Scored, Work | None]:
        """As `Work.done`."""
        entries = self.entries
        luck = np.add.outer(entries.luck[self.one], entries.luck[self.other])
        wanted = luck + np.float32(max(least - ROUNDING, 1e-9))
        most = self.bounded.most(self.one, self.other, wanted)
        rows, columns = np.nonzero(most >= wanted)
        one, other = self.one[rows], self.other[columns]
        most = most[rows, columns] - luck[rows, columns]
        if self.near is not None:
            first, second = entries.shots[one], entries.shots[other]
            may = (second < self.near[first, 0]) | (second >= self.near[first, 1])
            if self.either:
                may &= one < other
            one, other, most = one[may], other[may], most[may]
        order = np.argsort(-most, kind="stable")
        return _Likely(entries, one[order], other[order], most[order], self.either).done(least)


@dataclass(frozen=True, slots=True, eq=False)
class _Likely:
    """Pairs of moments that are still to be scored."""

    entries: Entries
    one: RowNumbers
    other: RowNumbers
    most: Floats
    """(N,) what each scores at most, falling."""
    either: bool
    """Whether either of a pair may be left."""
    room: int = ROOM
    """How many are scored next."""

    def done(self, least: float) -> tuple[Scored, Work | None]:
        """As `Work.done`."""
        enough = int(np.searchsorted(-self.most, ROUNDING - least, side="right"))
        one, other = (side[: min(enough, self.room)] for side in (self.one, self.other))
        first, second = self.entries.shots[one], self.entries.shots[other]
        if self.either:
            scores = self.entries.either(one, other)
            first, second = np.minimum(first, second), np.maximum(first, second)
        else:
            scores = self.entries.directed(one, other)
        if enough <= self.room:
            return (first, second, scores), None
        left = slice(self.room, enough)
        later = replace(
            self,
            one=self.one[left],
            other=self.other[left],
            most=self.most[left],
            room=min(2 * self.room, MOST),
        )
        return (first, second, scores), later


def sifted(
    entries: Entries, bounded: Bounded, wanted: RowNumbers, near: NDArray[np.int64]
) -> Iterator[Work]:
    """The comparisons of some moments with each other: the upper triangle of all."""
    few, side = _sides(bounded)
    for one in _stretches(wanted, few, side):
        for other in _stretches(wanted, few, side):
            if other[-1] > one[0]:
                yield _Bounding(entries, bounded, one, other, near, either=True)


def led(
    entries: Entries, bounded: Bounded, wanted: RowNumbers, near: NDArray[np.int64]
) -> Iterator[Work]:
    """The comparisons of some moments at which a shot is left with those where one is entered."""
    entered = wanted[entries.enters[wanted]]
    few, side = _sides(bounded)
    for one in _stretches(wanted[entries.leaves[wanted]], few, side):
        for other in _stretches(entered, few, side):
            yield _Bounding(entries, bounded, one, other, near, either=False)


def met(entries: Entries, bounded: Bounded, queries: RowNumbers) -> Iterator[Work]:
    """The comparisons of a few moments, at which a shot is left, with all where one is entered."""
    many = min(MANY, max(int(PIECE / bounded.cost / len(queries)), 1))
    for other in _stretches(entries.entered, min(FIRST, many), many):
        yield _Bounding(entries, bounded, queries, other, None, either=False)


def _sides(bounded: Bounded) -> tuple[int, int]:
    """Moments on either side of the first block, and of the others."""
    side = min(SIDE, max(int((BLOCK / bounded.cost) ** 0.5), 1))
    return min(FEW, side), side


def _stretches(numbers: RowNumbers, first: int, size: int) -> Iterator[RowNumbers]:
    """All of some moments, few at first; none of them is empty."""
    starts = [0, *range(min(first, len(numbers)), len(numbers), size), len(numbers)]
    for start, end in pairwise(starts):
        if end > start:
            yield numbers[start:end]
