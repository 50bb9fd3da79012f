"""Exact products of halves, and the best of them.

A half has 11 significant bits and, unless it is 0, is at least 2**-14 here. The product of two is a
whole multiple of 2**-48, and so is every sum of them; of vectors of unit length no sum exceeds
little more than 1. All of that fits the 53 bits of a double: sums are exact, in whatever order they
are added up, so that every machine, block size and engine arrives at the same score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import Cancelled
from matchcut.index._words import Rows, Stop

BLOCK = 1 << 14
"""Rows read at a time: one to two milliseconds' work, and 64 kB of scores a query."""
SMALLEST = 2.0**-14
"""Numbers below are kept as 0: they would take more bits than products have room for."""
UNIT = 1e-3
"""A length that is so close to 1 is 1: halves do not tell better."""

Halves = NDArray[np.float16]


def kept(vectors: NDArray[np.floating]) -> Halves:
    """Vectors as they are kept: of unit length, as halves. What is kept already stays as it is.

    Args:
        vectors: (N, D), any length; one of length 0 stays 0, and is like nothing.
    """
    wide = np.asarray(vectors, np.float32)
    length = np.sqrt(np.einsum("nd,nd->n", wide, wide, dtype=np.float64))
    off = (np.abs(length - 1) > UNIT) & (length > 0)
    scaled = wide / np.where(off, length, 1)[:, None]
    return np.where(np.abs(scaled) < SMALLEST, 0, scaled).astype(np.float16)


@cache
def _products() -> Callable[..., None]:
    """The compiled product: half a second at the first call on a machine, then kept on disk."""
    from numba import njit

    # A half's bits, moved into a float's place, are the half times 2**-112: numba knows no halves.
    sign, rest = np.uint32(0x8000), np.uint32(0x7FFF)
    up, down, grown = np.uint32(13), np.uint32(16), 2.0**112

    # Sums are exact, so that the compiler is free to order them for the processor.
    @njit(nogil=True, cache=True, fastmath={"reassoc", "contract", "nsz"})
    def products(rows: Any, numbers: Any, queries: Any, scores: Any) -> None:
        for row in range(len(numbers)):
            for query in range(len(queries)):
                total = 0.0
                for at in range(rows.shape[1]):
                    half = np.uint32(rows[numbers[row], at])
                    bits = np.uint32(((half & rest) << up) | ((half & sign) << down))
                    total += np.float64(bits.view(np.float32)) * queries[query, at]
                scores[query, row] = np.float32(total * grown)

    return products


def products(rows: Halves, numbers: NDArray[np.int64], queries: Halves) -> NDArray[np.float32]:
    """(Q, K) the exact product of every query with each of these (K,) rows, rounded once.

    Cost: for one query, that of reading the rows from memory once (16 GB/s on one core).
    """
    scores = np.empty((len(queries), len(numbers)), np.float32)
    _products()(rows.view(np.uint16), numbers, queries.astype(np.float64), scores)
    return scores


class Best:
    """The `top` best rows of each query among all that were offered, whatever the order."""

    def __init__(self, queries: int, top: int) -> None:
        self.ids = np.full((queries, top), -1, np.int64)
        self.scores = np.full((queries, top), -np.inf, np.float32)

    def offer(self, query: int, scores: NDArray[np.float32], ids: NDArray[np.int64]) -> None:
        """Takes what is good enough of (N,) `scores` of rows with these (N,) `ids`."""
        top = self.scores.shape[1]
        least = self.scores[query, -1]
        if len(scores) > 4 * top:
            least = max(least, np.partition(scores, -top)[-top])
        chosen = np.flatnonzero(scores >= least)
        if len(chosen) == 0:
            return
        scores = np.concatenate([self.scores[query], scores[chosen]])
        ids = np.concatenate([self.ids[query], ids[chosen]])
        order = np.lexsort((ids, -scores))[:top]
        self.scores[query], self.ids[query] = scores[order], ids[order]


def blocks(stretches: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The row numbers in (R, 2) half-open stretches, `BLOCK` at a time: often many short ones."""
    firsts, ends = stretches.T
    before = np.concatenate([[0], np.cumsum(ends - firsts)])
    for start in range(0, int(before[-1]), BLOCK):
        end = min(start + BLOCK, int(before[-1]))
        low, high = np.searchsorted(before, [start + 1, end]) - [1, 0]
        lengths = np.diff(np.clip(before[low : high + 1], start, end))
        shift = np.repeat(firsts[low:high] - before[low:high], lengths)
        yield np.arange(start, end) + shift


def scan(rows: Rows, stretches: NDArray[np.int64], queries: Halves, best: Best, stop: Stop) -> None:
    """Offers every row of these (R, 2) half-open stretches to `best`, block by block.

    Raises:
        Cancelled: `stop` said so, which is asked before every block.
    """
    for numbers in blocks(stretches):
        if stop():
            raise Cancelled
        ids = rows.ids[numbers]
        for query, scores in enumerate(products(rows.vectors, numbers, queries)):
            best.offer(query, scores, ids)


def score(rows: Rows, numbers: NDArray[np.int64], queries: Halves, best: Best) -> None:
    """Offers to each query the rows that were found for it: (Q, C) row numbers, -1 for none."""
    for query, some in enumerate(numbers):
        found = np.unique(some[some >= 0])
        scores = products(rows.vectors, found, queries[query : query + 1])
        best.offer(query, scores[0], rows.ids[found])
