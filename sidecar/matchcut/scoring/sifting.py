"""Finding the pairs of shots that score enough among all, without scoring the others.

What a pair of moments may score at most is told by bits, by products of vectors, or by bounds of
the flavor's own: by far most pairs fall short, many of them by the areas of their silhouettes
alone. The few that may score enough are scored exactly, as `MomentScores` does. Threads work side
by side on parts of the moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring import by_bits, by_bounds, by_products
from matchcut.scoring.entries import Entries, Flags, Scored, cost_of
from matchcut.scoring.working import Work, one_by_one, side_by_side
from matchcut.types import Bounded, Products

SOON = 1e7
"""Nanoseconds of work on a query that one thread does: more of them take longer to start."""


def sift(
    every: tuple[Entries, ...],
    least: Callable[[], float],
    kept: Flags,
    near: NDArray[np.int64],
    part: tuple[int, int] = (0, 1),
) -> Iterator[Scored]:
    """Some pairs of shots at a time: all that score as much as `least` at least.

    A pair may come several times; the highest of its scores is its own, and it comes with that.
    Where it matters which shot is left, that is the first of a pair, and bounds tell all pairs.
    Shares of the work have the same pairs together as all of it, a pair by one of its scores in one
    share, and by another in another.

    Args:
        every: The moments that are compared, those first that are likely to score most.
        least: The least score that is wanted, which may rise as the work goes on.
        kept: (shots,) which shots are wanted.
        near: (shots, 2) half-open ranges of shots that each may not meet.
        part: Which share of the work is done, from 0 on, and of how many equal ones.

    Cost: 5 ns a pair of moments of 288 bytes on each core, much less once `least` is high.
    """
    yield from side_by_side(islice(_sifted(every, kept, near), part[0], None, part[1]), least)


def find(every: tuple[Entries, ...], query: int, least: Callable[[], float]) -> Iterator[Scored]:
    """Some shots at a time to cut to from one: all that score as much as `least` at least.

    As `sift`, but that the query is left; it comes first in what is given.

    Cost: that of reading the bits once, a few times for a query of several moments; on each core.
    """
    work = sum(len(entries.numbers) * cost_of(entries.prepared) for entries in every)
    together = one_by_one if work <= SOON else side_by_side
    yield from together(_met(every, query, least), least)


def _sifted(
    every: tuple[Entries, ...],
    kept: Flags,
    near: NDArray[np.int64],
) -> Iterator[Work]:
    for entries in every:
        wanted = entries.numbers[kept[entries.shots[entries.numbers]]]
        if not entries.symmetric:
            yield from by_bounds.led(entries, _bounded(entries), wanted, near)
            continue
        if isinstance(entries.prepared, Products):
            yield from by_products.sifted(entries, entries.prepared, wanted, near)
        elif not entries.prepared.bits:
            yield from by_bounds.sifted(entries, _bounded(entries), wanted, near)
        for bits in entries.prepared.bits:
            yield from by_bits.sifted(entries, bits, wanted, near)


def _met(every: tuple[Entries, ...], query: int, least: Callable[[], float]) -> Iterator[Work]:
    for entries in every:
        first, last = np.searchsorted(entries.shots, (query, query + 1)).tolist()
        queries = np.arange(first, last)[entries.leaves[first:last]]
        if not len(queries):
            continue
        for bits in entries.prepared.bits:
            yield from by_bits.met(entries, bits, queries, least)
        if not entries.prepared.bits:
            yield from by_bounds.met(entries, _bounded(entries), queries)


def _bounded(entries: Entries) -> Bounded:
    assert isinstance(entries.prepared, Bounded), "what has no bits tells bounds"
    return entries.prepared
