"""How good a ranking of labelled pairs is: average precision, precision and recall at K.

Pairs of equal score have no order: a threshold takes all of them or none, and where a list ends
among them, each counts for its share of the places left. So no measure depends on the order in
which pairs are given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.learn.pairs import Flags, Floats

INTERVAL = 0.95
"""Share of resamples that lie inside an interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Precision and recall at every threshold, the strictest first."""

    precision: Floats
    recall: Floats
    taken: NDArray[np.int64]
    """How many pairs score at least the threshold."""
    found: NDArray[np.int64]
    """How many of them match."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Pairs in the order of their scores, the best first."""

    order: NDArray[np.intp]
    """(N,) the place of each among the pairs as they were given."""
    match: Flags
    """(N,) which match, in this order."""
    ends: NDArray[np.intp]
    """Where each run of equal scores has its last pair."""

    @classmethod
    def of(cls, match: Flags, scores: Floats) -> Ranking:
        """Ranks (N,) pairs; no score is NaN."""
        order = np.argsort(-scores, kind="stable")
        return cls(order, match[order], np.flatnonzero(np.diff(scores[order], append=-np.inf)))

    def curve(self, counts: NDArray[np.int64] | None = None) -> Curve:
        """At least one pair must match. `counts`: (N,) how often each counts; None: once."""
        weight = np.ones(len(self.match), np.int64) if counts is None else counts[self.order]
        taken = np.cumsum(weight)[self.ends]
        found = np.cumsum(weight * self.match)[self.ends]
        if counts is not None:
            taken, found = taken[taken > 0], found[taken > 0]
        return Curve(found / taken, found / found[-1], taken, found)

    def average_precision(self, counts: NDArray[np.int64] | None = None) -> float:
        """As the function of this name."""
        match = self.match if counts is None else self.match & (counts[self.order] > 0)
        if not match.any():
            return float("nan")
        drawn = self.curve(counts)
        return float(np.sum(np.diff(drawn.recall, prepend=0.0) * drawn.precision))


def average_precision(match: Flags, scores: Floats) -> float:
    """The mean precision at each threshold, weighted by the recall that it adds, from 0 to 1.

    As `sklearn.metrics.average_precision_score` defines it; NaN where no pair matches.
    """
    return Ranking.of(match, scores).average_precision()


def by_chance(positives: int, pairs: int) -> float:
    """The average precision to expect of a random order of `pairs` of which `positives` match.

    Exact: at place k a matching pair finds (k-1)(positives-1)/(pairs-1) others before it on
    average, and every place is as likely. NaN where none matches.
    """
    if positives == 0:
        return float("nan")
    if pairs == 1:
        return 1.0
    harmonic = float(np.sum(1 / np.arange(1, pairs + 1))) / pairs
    return harmonic + (1 - harmonic) * (positives - 1) / (pairs - 1)


def found_within(match: Flags, scores: Floats, k: int) -> float:
    """How many of the `k` best pairs match; ties at the end count for their share."""
    drawn = Ranking.of(match, scores).curve()
    whole = int(np.searchsorted(drawn.taken, k, side="right"))
    taken, found = (drawn.taken[whole - 1], drawn.found[whole - 1]) if whole else (0, 0)
    if whole == len(drawn.taken):
        return float(found)
    share = (k - taken) / (drawn.taken[whole] - taken)
    return float(found + share * (drawn.found[whole] - found))


def precision_at(match: Flags, scores: Floats, k: int) -> float:
    """The share of the `k` best pairs that match; NaN where there are fewer, or none matches."""
    if len(match) < k or not match.any():
        return float("nan")
    return found_within(match, scores, k) / k


def recall_at(match: Flags, scores: Floats, k: int) -> float:
    """The share of matching pairs that are among the `k` best; NaN where none matches."""
    if not match.any():
        return float("nan")
    return found_within(match, scores, k) / int(match.sum())


def interval(
    match: Flags, scores: Floats, titles: NDArray[np.intp], *, resamples: int, seed: int
) -> tuple[float, float]:
    """Between which values the average precision lies for 95 of 100 draws of as many titles.

    Titles are drawn, with repetition, and each brings all its pairs: pairs of one title are not
    independent. With one title alone, pairs are drawn.

    Args:
        match: (N,) which pairs match.
        scores: (D, N) rankings, which take turns.
        titles: (N,) a number for each pair's title; at least one pair.
        resamples: How many draws; where there are none, both ends are NaN.
        seed: Of the draws.
    """
    names, units = np.unique(titles, return_inverse=True)
    many = len(names)
    if many == 1:
        units, many = np.arange(len(match)), len(match)
    random = np.random.default_rng(seed)
    rankings = [Ranking.of(match, one) for one in scores]
    drawn = []
    for turn in range(resamples):
        times = np.bincount(random.integers(many, size=many), minlength=many)
        drawn.append(rankings[turn % len(rankings)].average_precision(times[units]))
    known = [one for one in drawn if one == one]
    if not known:
        return float("nan"), float("nan")
    outside = (1 - INTERVAL) / 2
    low, high = np.quantile(known, [outside, 1 - outside])
    return float(low), float(high)
