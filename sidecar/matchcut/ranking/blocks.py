"""The best pairs where every pair is scored, a block of them at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matchcut.ranking.pairs import best_brought
from matchcut.ranking.pool import Pool, Ranked
from matchcut.ranking.rules import Rules, ShotTable, allowed, count_allowed

BLOCK = 1024
"""Shots a side of a block: a million pairs, 4 MB of scores."""

BlockScores = Callable[[tuple[int, int], tuple[int, int]], NDArray[np.float32]]
"""Scores of a block of pairs, given half-open ranges of shot numbers; (N, M) float32."""


def best_pairs(
    scores: BlockScores,
    shots: ShotTable,
    rules: Rules,
    *,
    top: int,
    symmetric: bool,
    block: int = BLOCK,
    stop: Callable[[], None] = lambda: None,
) -> Ranked:
    """The best `top` pairs among the kept shot of every duplicate group.

    Args:
        scores: Scores of a block of pairs.
        shots: All shots.
        rules: Which pairs may be shown.
        top: How many at the most.
        symmetric: Whether A to B scores as B to A; each pair is then taken once, in the library's
            order.
        block: Shots a side of a block; changes memory, never the result.
        stop: Called between blocks; may raise to end the work.

    Cost: all pairs; memory about 16·block² bytes and `top` pairs. With `per_shot`, all pairs once a
    round of `best_brought`.
    """

    def bring(pool: Pool, kept: NDArray[np.bool_]) -> None:
        for row in range(0, len(shots), block):
            outgoing = (row, min(row + block, len(shots)))
            for column in range(row if symmetric else 0, len(shots), block):
                stop()
                incoming = (column, min(column + block, len(shots)))
                mask = allowed(shots, rules, outgoing, incoming)
                mask &= kept[slice(*outgoing), None] & kept[None, slice(*incoming)]
                if symmetric and row == column:
                    mask = np.triu(mask, k=1)
                if mask.any():
                    _add(pool, scores(outgoing, incoming), mask, row, column)

    compared = count_allowed(shots, rules) * (1 if symmetric else 2)
    return best_brought(bring, shots, per_shot=rules.per_shot, top=top, compared=compared)


def best_for(
    scores: BlockScores,
    shots: ShotTable,
    rules: Rules,
    *,
    query: int,
    top: int,
    block: int = 65_536,
    stop: Callable[[], None] = lambda: None,
) -> Ranked:
    """The best `top` shots to cut to from shot number `query`.

    The query may itself be a repeat; of other duplicate groups only the kept shot is shown.
    """
    pool, compared = Pool(top), 0
    for start in range(0, len(shots), block):
        stop()
        incoming = (start, min(start + block, len(shots)))
        mask = allowed(shots, rules, (query, query + 1), incoming)
        mask &= shots.earliest[None, slice(*incoming)]
        compared += int(np.count_nonzero(mask))
        _add(pool, scores((query, query + 1), incoming), mask, query, start)
    return pool.ranked(compared)


def _add(
    pool: Pool, scores: NDArray[np.float32], mask: NDArray[np.bool_], row: int, column: int
) -> None:
    outgoing, incoming = np.nonzero(mask & (scores >= np.float32(pool.least)))
    pool.add(outgoing + row, incoming + column, scores[outgoing, incoming])
