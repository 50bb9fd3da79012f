"""The best pairs where every pair is scored, a block of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.ranking.pairs import Bring, best_brought
from matchcut.ranking.pool import Pair, Pool, Ranked
from matchcut.ranking.rules import Rules, ShotTable, allowed

BLOCK = 1024
"""Shots a side of a block: a million pairs, 4 MB of scores."""
WIDE = 1 << 13
"""Shots that one shot is compared with at a time: up to 100 MB of their rows, as vectors."""

BlockScores = Callable[[tuple[int, int], tuple[int, int]], NDArray[np.float32]]
"""Scores of a block of pairs, given half-open ranges of shot numbers; (N, M) float32."""


def blocks(
    scores: BlockScores,
    shots: ShotTable,
    rules: Rules,
    *,
    symmetric: bool,
    block: int = BLOCK,
    part: tuple[int, int] = (0, 1),
    stop: Callable[[], None] = lambda: None,
) -> Bring:
    """Scores all pairs, a block at a time, and brings those that score enough.

    Args:
        scores: Scores of a block of pairs.
        shots: All shots.
        rules: Which pairs may be shown.
        symmetric: Whether A to B scores as B to A; each pair is then taken once, in the library's
            order.
        block: Shots a side of a block; changes memory, never the result.
        part: Which share of the blocks is scored, from 0 on, and of how many equal ones.
        stop: Called between blocks; may raise to end the work.

    Cost: all pairs; memory about 16·block² bytes.
    """
    corners = [
        (row, column)
        for row in range(0, len(shots), block)
        for column in range(row if symmetric else 0, len(shots), block)
    ]

    def bring(pool: Pool, kept: NDArray[np.bool_]) -> None:
        for row, column in corners[part[0] :: part[1]]:
            stop()
            outgoing = (row, min(row + block, len(shots)))
            incoming = (column, min(column + block, len(shots)))
            mask = allowed(shots, rules, outgoing, incoming)
            mask &= kept[slice(*outgoing), None] & kept[None, slice(*incoming)]
            if symmetric and row == column:
                mask = np.triu(mask, k=1)
            if mask.any():
                _add(pool, scores(outgoing, incoming), mask, row, column)

    return bring


def best_pairs(
    scores: BlockScores,
    shots: ShotTable,
    rules: Rules,
    *,
    top: int,
    symmetric: bool,
    without: Sequence[Pair] = (),
    block: int = BLOCK,
    stop: Callable[[], None] = lambda: None,
) -> Ranked:
    """The best `top` pairs among the kept shot of every duplicate group.

    Arguments as `blocks` and `best_brought`.
    """
    bring = blocks(scores, shots, rules, symmetric=symmetric, block=block, stop=stop)
    return best_brought(bring, shots, rules, top=top, symmetric=symmetric, without=without)


def best_for(
    scores: BlockScores,
    shots: ShotTable,
    rules: Rules,
    *,
    query: int,
    top: int,
    without: Sequence[Pair] = (),
    block: int = WIDE,
    stop: Callable[[], None] = lambda: None,
) -> Ranked:
    """The best `top` shots to cut to from shot number `query`, but for some pairs.

    The query may itself be a repeat; of other duplicate groups only the kept shot is shown.
    """
    pool, compared = Pool(top, without), 0
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
