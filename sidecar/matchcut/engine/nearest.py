"""The best shots to cut to where an index says which may be: few are scored, and those exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.comparison import Comparison
from matchcut.engine.vectors import Vectors
from matchcut.index import ShotIndex
from matchcut.ranking import Pair, Pool, Ranked, Rules, allowed_pairs, count_allowed_for
from matchcut.types import RowNumbers

FEW, MANY = 64, 1 << 16
"""Rows that are asked for at first, at least, and in the end, at most, for each moment at which the
shot may be left."""
ROUNDED = 2.0**-11
"""By how much a product of rows as an index keeps them may be less than that of the rows: nearly
twice the most among 120,000 drawn pairs, of 128 to 768 numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """An index that is open, and what its rows are."""

    index: ShotIndex
    vectors: Vectors

    def nearest(
        self,
        comparison: Comparison,
        rules: Rules,
        *,
        query: int,
        top: int,
        without: Sequence[Pair],
        stop: Callable[[], None],
    ) -> Ranked | None:
        """The best `top` shots to cut to from shot number `query`, scored as `comparison` does.

        Some pairs are left out.

        Twice as many rows are asked for until no shot that was not found can score enough. What an
        approximate search misses is missed.

        Returns:
            None where an index does not help: nearly all that is alike is forbidden, or little is
            alike at all.
        """
        pool, scores = Pool(top, without), comparison.scores
        asked = _asked(self.vectors, comparison, query)

        def stopped() -> bool:
            stop()
            return False

        table = comparison.snapshot.table
        if not len(asked.vectors):
            return pool.ranked(count_allowed_for(table, rules, query))
        seen = np.zeros(0, np.int64)
        compared, count = 0, max(8 * top, FEW)
        while True:
            stop()
            found = self.index.search(asked.vectors, count, stop=stopped)
            shots = self._shots(found.ids[found.ids >= 0], comparison)
            new = np.setdiff1d(shots, seen)
            seen = np.union1d(shots, seen)
            may = new[allowed_pairs(table, rules, np.array(query), new) & table.earliest[new]]
            if len(may):
                some = replace(scores, entering=scores.entering.only(may))
                scored = some.block((query, query + 1), (0, len(may)))[0]
                pool.add(np.full(len(may), query), may, scored)
                compared += len(may)
            highest = asked.highest(found.scores[:, -1])
            if highest <= 0 or highest + ROUNDED < pool.least:
                return pool.ranked(compared)
            if count >= MANY:
                return pool.ranked(compared) if pool.full else None
            count *= 2

    def _shots(self, ids: NDArray[np.int64], comparison: Comparison) -> NDArray[np.int64]:
        """The shots of some rows, each once, increasing."""
        source, row = self.vectors.located(ids)
        moments = _first_moments(comparison)[source] + row
        return np.unique(np.searchsorted(comparison.at.firsts, moments, side="right") - 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The moments at which a shot may be left."""

    vectors: NDArray[np.float32]
    """(Q, D) of those that are like anything."""
    plain: NDArray[np.bool_]
    """(Q,) which of them are compared plainly."""
    luck: float
    """What a comparison of any others loses, at least."""

    def highest(self, last: NDArray[np.float32]) -> float:
        """What a shot may score at most, given (Q,) the least products of rows that were found."""
        return float(np.where(self.plain, last, last - self.luck).max())


def _asked(vectors: Vectors, comparison: Comparison, query: int) -> _Asked:
    scores, source = comparison.scores, int(comparison.snapshot.source_numbers[query])
    leaving: RowNumbers = scores.leaving.of(query, query + 1)
    if not len(leaving):
        return _Asked(np.zeros((0, 1), np.float32), np.zeros(0, np.bool_), 0)
    rows = vectors.rows(source)[leaving - _first_moments(comparison)[source]]
    found = vectors.prepared(rows).vectors
    plain = np.arange(len(found)) == scores.leaving.plain[query] - scores.leaving.firsts[query]
    # Moments of one shot are often the same; those that are nothing are like nothing.
    each, back = np.unique(found, axis=0, return_inverse=True)
    plainly = np.isin(np.arange(len(each)), back.reshape(-1)[plain])
    some = each.any(axis=1)
    luck = scores.fluke * log(scores.ways * len(leaving))
    return _Asked(each[some], plainly[some], luck)


def _first_moments(comparison: Comparison) -> NDArray[np.int64]:
    """(sources + 1,) number of the first moment of each source."""
    shots = np.concatenate([[0], np.cumsum(comparison.snapshot.shot_counts)]).astype(np.int64)
    return comparison.at.firsts[shots]
