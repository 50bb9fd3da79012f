"""A random order: what any scorer has to be better than."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchcut.learn.pairs import Floats, Pairs
from matchcut.learn.scorers import Given, Scorer

ORDERS = 100
"""Whose measures are averaged: the mean average precision of 2,000 pairs is then within 0.002."""


@dataclass(frozen=True, slots=True)
class _Random:
    seed: int
    name: str = "random"

    def score(self, pairs: Pairs, /) -> Floats:
        """(ORDERS, N): one random order alone may be far better or worse than the next."""
        return np.random.default_rng(self.seed).random((ORDERS, len(pairs)))


class _Chance:
    name = "chance"
    usage = "random"

    def offered(self, given: Given, /) -> Sequence[str]:
        return ("random",)

    def scorer(self, name: str, given: Given, /) -> Scorer | None:
        return _Random(given.seed) if name == "random" else None


SCORERS = _Chance()
