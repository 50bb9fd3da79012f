"""Finding the pairs of shots that score enough among all, without scoring the others.

What a pair of moments may score at most is told by bits (`types.Bits`): by far most pairs fall
short, many of them by their areas alone. The few that may score enough are scored exactly, as
`MomentScores` does. Threads work side by side on parts of the moments.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.moments import Moments
from matchcut.types import Bits, Prepared, RowNumbers

AT_ONCE = 256
"""Moments that are compared with all others in one piece of work."""
FIRST, MANY = 1 << 12, 1 << 16
"""Moments that a query is compared with in one piece of work: few at first, which tell how much is
enough."""
ROOM = 1 << 14
"""Pairs of moments that are scored at a time."""
ROUNDING = 1e-5
"""By how much what is told by bits may be wrong."""

Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Scored = tuple[RowNumbers, RowNumbers, Floats]
"""(N,) each: the shots of some pairs, and what they score."""


@dataclass(frozen=True, eq=False)
class Entries:
    """Moments that are compared with each other, and what luck their comparisons are worth."""

    prepared: Prepared
    numbers: RowNumbers
    """(n,) of the moments, increasing."""
    shots: RowNumbers
    """(R,) the shot of each moment of all."""
    leaves: Flags
    """(R,) whether a shot may be left there."""
    enters: Flags
    """(R,) whether it may be entered there."""
    counts: tuple[RowNumbers, RowNumbers]
    """(shots,) each: moments at which each may be left, and entered."""
    ways: int
    fluke: float
    """0 where the comparison is the plain one, of which there is one only."""

    @cached_property
    def luck(self) -> Floats:
        """(R,) what is taken off for a moment at least; that of both sides of a pair adds up."""
        logs = [np.log(np.maximum(count, 1))[self.shots] for count in self.counts]
        left, entered = (
            np.where(flags, log, np.inf)
            for flags, log in zip((self.leaves, self.enters), logs, strict=True)
        )
        least = np.minimum(left, entered)
        least[~(self.leaves | self.enters)] = 0
        return np.asarray(self.fluke * (least + np.log(self.ways) / 2), np.float32)

    def directed(self, leaving: RowNumbers, entering: RowNumbers) -> Floats:
        """(N,) the scores of some moments at which one shot is left and another entered."""
        return self._directed(self.prepared.along(leaving, entering), leaving, entering)

    def either(self, one: RowNumbers, other: RowNumbers) -> Floats:
        """(N,) the better score of both directions."""
        scores = self.prepared.along(one, other)
        return np.maximum(self._directed(scores, one, other), self._directed(scores, other, one))

    def _directed(self, scores: Floats, leaving: RowNumbers, entering: RowNumbers) -> Floats:
        left, entered = self.counts[0][self.shots[leaving]], self.counts[1][self.shots[entering]]
        luck = self.fluke * np.log(np.maximum(self.ways * left * entered, 1))
        worth = np.asarray(np.maximum(scores - luck, 0), np.float32)
        return np.where(self.leaves[leaving] & self.enters[entering], worth, np.float32(0))


class _Work(Protocol):
    """A piece of work."""

    def done(self, least: float) -> tuple[Scored, _Work | None]:
        """Some of the pairs that score `least` or more, and what is left to do; None if nothing."""
        ...


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

    def done(self, least: float) -> tuple[Scored, _Work | None]:
        """As `_Work.done`."""
        # Numba takes half a second to load: not before masks are compared.
        from matchcut.similarity.bits import sifted

        bits = self.bits
        needed = max(least + 2 * float(self.luck.min(initial=0)) - ROUNDING, 1e-9)
        found = np.empty((ROOM + self.end - self.begin, 2), np.int64)
        count, at = sifted(
            bits.words, bits.others, bits.areas, bits.worth, self.luck, self.entries.shots,
            self.near, self.order, self.begin, self.end, self.at, least - ROUNDING, needed, found,
        )  # fmt: skip
        one, other = found[:count].T
        first, second = self.entries.shots[one], self.entries.shots[other]
        scores = self.entries.either(one, other)
        scored = np.minimum(first, second), np.maximum(first, second), scores
        return scored, None if at == len(self.order) else replace(self, at=at)


def entries_of(
    plain: Prepared,
    scores: Prepared,
    leaving: Moments,
    entering: Moments,
    shots: RowNumbers,
    *,
    ways: int,
    fluke: float,
) -> tuple[Entries, ...]:
    """The moments that are compared plainly, and all moments, as `MomentScores` compares them."""
    counts = np.diff(leaving.firsts), np.diff(entering.firsts)
    one, other = (side.numbers[side.plain[side.plain >= 0]] for side in (leaving, entering))

    def of(
        prepared: Prepared, left: RowNumbers, entered: RowNumbers, many: int, luck: float
    ) -> Entries:
        flags = np.zeros((2, len(shots)), np.bool_)
        flags[0, left] = flags[1, entered] = True
        numbers = np.flatnonzero(flags.any(axis=0))
        return Entries(prepared, numbers, shots, flags[0], flags[1], counts, many, luck)

    plainly = of(plain, one, other, 1, 0.0)
    every = of(scores, leaving.numbers, entering.numbers, ways, fluke)
    single = max(int(each.max(initial=0)) for each in counts) <= 1
    if plain is scores and single and np.array_equal(plainly.numbers, every.numbers):
        # Of one moment each, the plain comparison is the only one.
        return (plainly,)
    return plainly, every


def sift(
    every: tuple[Entries, ...],
    least: Callable[[], float],
    kept: Flags,
    near: NDArray[np.int64],
) -> Iterator[Scored]:
    """Some pairs of shots at a time: all that score as much as `least` at least.

    A pair may come several times; the highest of its scores is its own, and it comes with that.

    Args:
        every: The moments that are compared, those first that are likely to score most.
        least: The least score that is wanted, which may rise as the work goes on.
        kept: (shots,) which shots are wanted.
        near: (shots, 2) half-open ranges of shots that each may not meet.

    Cost: 5 ns a pair of moments of 288 bytes on each core, much less once `least` is high.
    """
    yield from _side_by_side(_siftings(every, least, kept, near), least)


def find(every: tuple[Entries, ...], query: int, least: Callable[[], float]) -> Iterator[Scored]:
    """Some shots at a time to cut to from one: all that score as much as `least` at least.

    As `sift`, but that the query is left; it comes first in what is given.

    Cost: that of reading the bits once, a few times for a query of several moments; on each core.
    """
    yield from _side_by_side(_findings(every, query, least), least)


def _side_by_side(works: Iterator[_Work], least: Callable[[], float]) -> Iterator[Scored]:
    """What the works give, several under way at a time."""
    workers = max(1, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 2
    pending: deque[Future[tuple[Scored, _Work | None]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="sifting") as pool:
        try:
            for work in works:
                pending.append(pool.submit(work.done, least()))
                while len(pending) > workers:
                    yield from _ended(pending, pool, least)
            while pending:
                yield from _ended(pending, pool, least)
        finally:
            for one in pending:
                one.cancel()


def _ended(
    pending: deque[Future[tuple[Scored, _Work | None]]],
    pool: ThreadPoolExecutor,
    least: Callable[[], float],
) -> Iterator[Scored]:
    scored, left = pending.popleft().result()
    yield scored
    if left is not None:
        pending.append(pool.submit(left.done, least()))


def _siftings(
    every: tuple[Entries, ...],
    least: Callable[[], float],
    kept: Flags,
    near: NDArray[np.int64],
) -> Iterator[_Sifting]:
    for entries in every:
        luck = entries.luck
        wanted = entries.numbers[kept[entries.shots[entries.numbers]]]
        for bits in entries.prepared.bits:
            for kind in np.unique(bits.kind[wanted]):
                # What is worth too little by itself is so in every pair.
                enough = bits.worth - luck >= least() - ROUNDING
                rows = wanted[(bits.kind[wanted] == kind) & enough[wanted]]
                order = rows[np.argsort(bits.areas[rows], kind="stable")]
                order = order[bits.areas[order] > 0]
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

    def done(self, least: float) -> tuple[Scored, _Work | None]:
        """As `_Work.done`."""
        # Numba takes half a second to load: not before masks are compared.
        from matchcut.similarity.bits import met

        entries, bits = self.entries, self.bits
        found = np.empty((ROOM + len(self.queries), 2), np.int64)
        count, at = met(
            bits.words, bits.others, bits.areas, bits.worth, entries.luck, bits.kind,
            self.queries, entries.numbers, self.at, self.end, max(least - ROUNDING, 1e-9), found,
        )  # fmt: skip
        leaving, entering = found[:count].T
        scores = entries.directed(leaving, entering)
        scored = entries.shots[leaving], entries.shots[entering], scores
        return scored, None if at == self.end else replace(self, at=at)


def _findings(
    every: tuple[Entries, ...], query: int, least: Callable[[], float]
) -> Iterator[_Finding]:
    for entries in every:
        first, last = np.searchsorted(entries.shots, (query, query + 1)).tolist()
        queries = np.arange(first, last)[entries.leaves[first:last]]
        if not len(queries):
            continue
        for bits in entries.prepared.bits:
            most = float((bits.worth[queries] - 2 * entries.luck.min(initial=0)).max())
            if most < least() - ROUNDING:
                continue
            at, length = 0, FIRST
            while at < len(entries.numbers):
                end = min(at + length, len(entries.numbers))
                yield _Finding(entries, bits, queries, at, end)
                at, length = end, MANY
