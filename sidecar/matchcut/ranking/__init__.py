"""Step five: the best pairs, exactly.

Every allowed pair is scored; the result does not depend on the block size. Ties are broken by the
library's order: the pair whose outgoing shot comes first, then the one whose incoming shot does.
A pair that scores 0 or less is no match and is never ranked, however few others there are; nor is
one whose score would be shown as 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024
"""Shots a side of a block: a million pairs, 4 MB of scores."""

NO_MATCH = 5e-7
"""Scores up to this are 0 in the six decimals that are shown."""

BlockScores = Callable[[tuple[int, int], tuple[int, int]], NDArray[np.float32]]
"""Scores of a block of pairs, given half-open ranges of shot numbers; (N, M) float32."""


@dataclass(frozen=True, slots=True)
class ShotTable:
    """What the rules need to know of every shot, in the library's order."""

    source: NDArray[np.int32]
    """(N,) number of the source."""
    start: NDArray[np.int64]
    """(N,) start in ticks of a clock common to all sources."""
    end: NDArray[np.int64]
    """(N,) end in the same ticks, exclusive."""
    group: NDArray[np.int32]
    """(N,) number of the duplicate group."""
    earliest: NDArray[np.bool_]
    """(N,) whether the shot is the one kept of its group."""

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, slots=True)
class Rules:
    """Which pairs may be shown."""

    across: bool
    """Only pairs of different sources."""
    min_gap: int
    """Ticks between the end of one shot and the start of the other, within one source."""
    per_shot: int | None
    """At most this many pairs a shot; None for no limit."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Pairs, best first."""

    outgoing: NDArray[np.int64]
    """(K,) shot numbers."""
    incoming: NDArray[np.int64]
    """(K,) shot numbers."""
    scores: NDArray[np.float32]
    """(K,) descending."""
    compared: int
    """Allowed pairs that were scored."""


def allowed(
    shots: ShotTable, rules: Rules, outgoing: tuple[int, int], incoming: tuple[int, int]
) -> NDArray[np.bool_]:
    """(N, M) which pairs of a block the rules allow, whatever their score.

    Never a shot with itself, never two shots of one duplicate group, never two shots of one source
    closer than `rules.min_gap`.
    """
    a, b = slice(*outgoing), slice(*incoming)
    same_source = shots.source[a, None] == shots.source[None, b]
    other_group = shots.group[a, None] != shots.group[None, b]
    if rules.across:
        return np.asarray(other_group & ~same_source)
    gap = np.maximum(
        shots.start[None, b] - shots.end[a, None], shots.start[a, None] - shots.end[None, b]
    )
    return np.asarray(other_group & (~same_source | (gap >= rules.min_gap)))


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

    Cost: all pairs; memory about 16·block² bytes and `top` pairs. With `per_shot`, all pairs once
    for each time that the pool has to grow fourfold, and a pool of as many pairs as it takes.
    """
    if rules.per_shot is None:
        return _best(scores, shots, rules, top, symmetric, block, stop)
    # The limit is applied from the best pair down, so any prefix of the full ranking that yields
    # `top` pairs is enough. How long it must be is not known before: it grows until it is.
    pool = max(4 * top, 256)
    while True:
        ranked = _best(scores, shots, rules, pool, symmetric, block, stop)
        limited = _at_most_per_shot(ranked, rules.per_shot, top)
        if len(limited.scores) == top or len(ranked.scores) < pool:
            return limited
        pool *= 4


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
    pool = _Pool(top)
    for start in range(0, len(shots), block):
        stop()
        incoming = (start, min(start + block, len(shots)))
        mask = allowed(shots, rules, (query, query + 1), incoming)
        mask &= shots.earliest[None, slice(*incoming)]
        pool.add(scores((query, query + 1), incoming), mask, query, start)
    return pool.ranked()


def _best(
    scores: BlockScores,
    shots: ShotTable,
    rules: Rules,
    top: int,
    symmetric: bool,
    block: int,
    stop: Callable[[], None],
) -> Ranked:
    pool = _Pool(top)
    for row in range(0, len(shots), block):
        outgoing = (row, min(row + block, len(shots)))
        for column in range(row if symmetric else 0, len(shots), block):
            stop()
            incoming = (column, min(column + block, len(shots)))
            mask = allowed(shots, rules, outgoing, incoming)
            mask &= shots.earliest[slice(*outgoing), None] & shots.earliest[None, slice(*incoming)]
            if symmetric and row == column:
                mask = np.triu(mask, k=1)
            if mask.any():
                pool.add(scores(outgoing, incoming), mask, row, column)
    return pool.ranked()


class _Pool:
    """The best pairs so far, with a running threshold."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._scores = np.empty(0, np.float32)
        self._outgoing = np.empty(0, np.int64)
        self._incoming = np.empty(0, np.int64)
        self._compared = 0

    def add(
        self, scores: NDArray[np.float32], mask: NDArray[np.bool_], row: int, column: int
    ) -> None:
        self._compared += int(np.count_nonzero(mask))
        mask = mask & (scores > NO_MATCH)
        if len(self._scores) == self._top and self._top:
            # Equal scores stay in: a pair earlier in the library's order may come in a later block.
            mask = mask & (scores >= self._scores[-1])
        outgoing, incoming = np.nonzero(mask)
        self._scores = np.concatenate([self._scores, scores[outgoing, incoming]])
        self._outgoing = np.concatenate([self._outgoing, outgoing + row])
        self._incoming = np.concatenate([self._incoming, incoming + column])
        order = np.lexsort((self._incoming, self._outgoing, -self._scores))[: self._top]
        self._scores = self._scores[order]
        self._outgoing = self._outgoing[order]
        self._incoming = self._incoming[order]

    def ranked(self) -> Ranked:
        return Ranked(self._outgoing, self._incoming, self._scores, self._compared)


def _at_most_per_shot(ranked: Ranked, per_shot: int, top: int) -> Ranked:
    """The pairs left when, from the best down, a shot with `per_shot` pairs gets no more."""
    shown: dict[int, int] = {}
    kept: list[int] = []
    pairs = zip(ranked.outgoing.tolist(), ranked.incoming.tolist(), strict=True)
    for place, (outgoing, incoming) in enumerate(pairs):
        if len(kept) == top:
            break
        if shown.get(outgoing, 0) < per_shot and shown.get(incoming, 0) < per_shot:
            kept.append(place)
            shown[outgoing] = shown.get(outgoing, 0) + 1
            shown[incoming] = shown.get(incoming, 0) + 1
    return Ranked(
        ranked.outgoing[kept], ranked.incoming[kept], ranked.scores[kept], ranked.compared
    )
