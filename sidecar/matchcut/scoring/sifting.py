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
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.moments import Moments
from matchcut.types import Bits, Prepared, RowNumbers

AT_ONCE = 256
"""Moments that are compared with all others in one piece of work."""
ROOM = 1 << 14
"""Pairs of moments that are scored at a time."""
ROUNDING = 1e-5
"""By how much what is told by bits may be wrong."""

Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Scored = tuple[RowNumbers, RowNumbers, Floats]
"""(N,) each: the earlier and the later shot of some pairs, and what they score."""


@dataclass(frozen=True, slots=True, eq=False)
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

    @property
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

    def scored(self, one: RowNumbers, other: RowNumbers) -> Scored:
        """The shots of some pairs of moments, and the better score of those ways they may meet."""
        first, second = self.shots[one], self.shots[other]
        scores = self.prepared.along(one, other)
        best = np.zeros(len(one), np.float32)
        for (left, leaving), (entered, entering) in (
            ((first, one), (second, other)),
            ((second, other), (first, one)),
        ):
            count = self.ways * self.counts[0][left] * self.counts[1][entered]
            luck = self.fluke * np.log(np.maximum(count, 1))
            worth = np.asarray(np.maximum(scores - luck, 0), np.float32)
            may = self.leaves[leaving] & self.enters[entering]
            best = np.maximum(best, np.where(may, worth, np.float32(0)))
        return np.minimum(first, second), np.maximum(first, second), best


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
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
        """Some of the pairs that score `least` or more, and what is left to do; None if nothing."""
        # Numba takes half a second to load: not before masks are compared.
        from matchcut.similarity.bits import sifted

        bits = self.bits
        needed = max(least + 2 * float(self.luck.min(initial=0)) - ROUNDING, 1e-9)
        found = np.empty((ROOM + self.end - self.begin, 2), np.int64)
        count, at = sifted(
            bits.words, bits.others, bits.areas, bits.worth, self.luck, self.entries.shots,
            self.near, self.order, self.begin, self.end, self.at, least - ROUNDING, needed, found,
        )  # fmt: skip
        scored = self.entries.scored(found[:count, 0], found[:count, 1])
        return scored, None if at == len(self.order) else self._from(at)

    def _from(self, at: int) -> _Work:
        return _Work(
            self.entries, self.bits, self.luck, self.order, self.near, self.begin, self.end, at
        )


def entries_of(
    plain: Prepared,
    scores: Prepared,
    leaving: Moments,
    entering: Moments,
    shots: RowNumbers,
    *,
    ways: int,
    fluke: float,
) -> tuple[Entries, Entries]:
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

    return of(plain, one, other, 1, 0.0), of(scores, leaving.numbers, entering.numbers, ways, fluke)


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
    workers = max(1, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 2
    waiting = _works(every, least, kept, near)
    pending: deque[Future[tuple[Scored, _Work | None]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="sifting") as pool:
        try:
            for work in waiting:
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


def _works(
    every: tuple[Entries, ...],
    least: Callable[[], float],
    kept: Flags,
    near: NDArray[np.int64],
) -> Iterator[_Work]:
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
                    yield _Work(entries, bits, luck, order, near, begin, end, begin + 1)
