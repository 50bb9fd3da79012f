"""The best pairs where most are known to score too little, and are never scored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.ranking.pairs import Bring
from matchcut.ranking.pool import Pair, Pool, Ranked
from matchcut.ranking.rules import (
    Rules,
    ShotTable,
    allowed_pairs,
    barred,
    count_allowed_for,
)

Scored = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
"""(N,) each: the earlier and the later shot of some pairs, or the one that is left and the one that
is entered where that matters, and what they score."""
Sift = Callable[[Callable[[], float], NDArray[np.bool_], NDArray[np.int64]], Iterator[Scored]]
"""Given the least score that is wanted, which rises as the work goes on, (N,) flags of the shots
that are, and (N, 2) half-open ranges of shots that each may not meet: some pairs at a time, all
that score as much at least. A pair may come several times; the highest of its scores is its own,
and it comes with that."""

Find = Callable[[int, Callable[[], float]], Iterator[Scored]]
"""Given a shot and the least score that is wanted, as `Sift`: pairs of it, left, and another."""


def sifting(
    sift: Sift, shots: ShotTable, rules: Rules, stop: Callable[[], None] = lambda: None
) -> Bring:
    """Brings the pairs that score enough: undirected, or directed where that matters.

    Args:
        sift: What finds them.
        shots: All shots.
        rules: Which pairs may be shown.
        stop: Called now and then; may raise to end the work.
    """
    near = barred(shots, rules)

    def bring(pool: Pool, kept: NDArray[np.bool_]) -> None:
        for one, other, scores in sift(lambda: pool.least, kept, near):
            stop()
            may = allowed_pairs(shots, rules, one, other)
            pool.add(one[may], other[may], scores[may])

    return bring


def best_found(
    find: Find,
    shots: ShotTable,
    rules: Rules,
    *,
    query: int,
    top: int,
    without: Sequence[Pair] = (),
    stop: Callable[[], None] = lambda: None,
) -> Ranked:
    """The best `top` shots to cut to from shot number `query`, as `best_for` has them."""
    pool = Pool(top, without)
    for one, other, scores in find(query, lambda: pool.least):
        stop()
        if len(one):
            may = allowed_pairs(shots, rules, one, other) & shots.earliest[other]
            pool.add(one[may], other[may], scores[may])
    return pool.ranked(count_allowed_for(shots, rules, query))
