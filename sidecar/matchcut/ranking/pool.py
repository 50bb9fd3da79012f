"""The best pairs so far: what comes first, and how well a pair must score to come in at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_MATCH = 5e-7
"""Scores up to this are 0 in the six decimals that are shown."""

_LOWEST = np.nextafter(np.float32(NO_MATCH), np.float32(1))

Pair = tuple[int, int]
"""Outgoing and incoming shot."""


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
    """Allowed pairs that were compared: scored, or known to score too little."""


class Pool:
    """The best `top` pairs of all that were added, whatever the order in which they came."""

    def __init__(self, top: int, without: Sequence[Pair] = ()) -> None:
        """Some pairs are left out, as if they were never added."""
        self.top = top
        self.without = tuple(without)
        self._left_out = np.array(self.without, np.int64).reshape(-1, 2)
        self._scores = np.empty(0, np.float32)
        self._outgoing = np.empty(0, np.int64)
        self._incoming = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._scores)

    @property
    def full(self) -> bool:
        """Whether there are as many pairs as are wanted."""
        return len(self._scores) == self.top

    @property
    def least(self) -> float:
        """The score below which no pair can come in any more.

        One that scores as much can: it may come earlier in the library's order.
        """
        if not self.top:
            return float("inf")
        return float(self._scores[-1] if self.full else _LOWEST)

    def add(
        self, outgoing: NDArray[np.int64], incoming: NDArray[np.int64], scores: NDArray[np.float32]
    ) -> None:
        """Takes in (N,) pairs. Of a pair that comes several times, the best score counts."""
        wanted = scores >= np.float32(self.least)
        if len(self._left_out):
            known = _keys(*self._left_out.T)
            wanted[wanted] = ~np.isin(_keys(outgoing[wanted], incoming[wanted]), known)
        if not wanted.any():
            return
        every = np.concatenate([self._scores, scores[wanted]])
        leaving = np.concatenate([self._outgoing, outgoing[wanted]])
        entering = np.concatenate([self._incoming, incoming[wanted]])
        order = np.lexsort((entering, leaving, -every))
        # A pair's best comes first of all its scores, so the others are the later ones.
        _, first_of = np.unique(_keys(leaving, entering)[order], return_index=True)
        order = order[np.sort(first_of)][: self.top]
        self._scores, self._outgoing, self._incoming = every[order], leaving[order], entering[order]

    def ranked(self, compared: int) -> Ranked:
        """The pairs as they stand."""
        return Ranked(self._outgoing, self._incoming, self._scores, compared)


def _keys(outgoing: NDArray[np.int64], incoming: NDArray[np.int64]) -> NDArray[np.int64]:
    """(N,) a number of its own for each pair of shots, of which there are less than 2^31."""
    return (outgoing << 31) | incoming
