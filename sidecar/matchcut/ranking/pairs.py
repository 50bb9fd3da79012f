"""The best pairs by whatever brings pairs, with a limit on how often a shot is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.ranking.pool import Pair, Pool, Ranked
from matchcut.ranking.rules import Rules, ShotTable, count_allowed

LEAST_POOL, POOLED = 256, 4
"""Pairs that are looked through at a time where a shot may be shown a few times only: so many at
least, and so many times those wanted."""

Bring = Callable[[Pool, NDArray[np.bool_]], None]
"""Adds to a pool every pair that belongs into it, of some of the shots: (N,) flags."""


def best_brought(
    bring: Bring,
    shots: ShotTable,
    rules: Rules,
    *,
    top: int,
    symmetric: bool,
    without: Sequence[Pair] = (),
) -> Ranked:
    """The best `top` pairs among the kept shot of every duplicate group.

    With a limit a shot, pairs are taken from the best down, and what shows a shot too often is
    passed over. A shot that has its share is not looked at again: so a pair that was passed over
    does not come back, and every round gives at least one pair, however many of one shot are best.

    Args:
        bring: What brings pairs, asked once a round.
        shots: All shots.
        rules: Which pairs may be shown; how many a shot is seen to here.
        top: How many at most.
        symmetric: Whether a pair is brought once, instead of once in either direction.
        without: Pairs that are passed over, as they are brought.
    """
    compared = count_allowed(shots, rules) * (1 if symmetric else 2)
    per_shot = rules.per_shot
    if per_shot is None:
        pool = Pool(top, without)
        bring(pool, shots.earliest)
        return pool.ranked(compared)
    shown = np.zeros(len(shots), np.int64)
    taken: list[tuple[int, int, float]] = []
    while len(taken) < top:
        left_out = [*without, *((one, other) for one, other, _ in taken)]
        pool = Pool(max(POOLED * top, LEAST_POOL), left_out)
        bring(pool, shots.earliest & (shown < per_shot))
        ranked = pool.ranked(compared)
        for one, other, score in zip(
            ranked.outgoing.tolist(), ranked.incoming.tolist(), ranked.scores.tolist(), strict=True
        ):
            if len(taken) < top and max(shown[one], shown[other]) < per_shot:
                taken.append((one, other, score))
                shown[[one, other]] += 1
        if not pool.full:
            break
    leaving, entering, scores = zip(*taken, strict=True) if taken else ((), (), ())
    return Ranked(
        np.array(leaving, np.int64),
        np.array(entering, np.int64),
        np.array(scores, np.float32),
        compared,
    )
