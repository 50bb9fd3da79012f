"""Which pairs to judge next: those of which one cannot tell what would be said, of many shots.

They are taken from the best pairs that nothing was said of yet. Where some were kept and others
rejected, a regression of them says how sure it is of each, and those near the border come first;
before that, the best come first. Shots that were judged least often have precedence, so that a few
verdicts tell of the whole library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from matchcut.engine.answers import Shown, chosen
from matchcut.engine.comparison import Comparison, Meeting
from matchcut.engine.learned import Lesson
from matchcut.engine.pair_features import features
from matchcut.learn import reranking
from matchcut.ranking import Pair, Ranked
from matchcut.types import MatchSet

TIMES, LEAST = 10, 200
"""Pairs that are looked at: so many times those wanted, and so many at least."""


def pool(top: int) -> int:
    """How many of the best pairs are looked at to suggest `top`."""
    return max(TIMES * top, LEAST)


def suggested(comparison: Comparison, ranked: Ranked, shown: Shown, of: Lesson) -> MatchSet:
    """The pairs to judge next, of those that were ranked; the one that would tell most first."""

    def tell(pairs: Sequence[Pair], scores: Sequence[float], met: Sequence[Meeting]) -> list[int]:
        order = list(range(len(pairs)))
        if pairs and of.kept.any() and not of.kept.all():
            seen = features(comparison, pairs, scores, met, of.held, of.rows)
            doubt = np.abs(reranking.fit(of.seen, of.kept).scores(seen))
            order = np.argsort(doubt, kind="stable").tolist()
        return spread(order, pairs, of.pairs, shown.top)

    return chosen(comparison, ranked, shown, tell)


def spread(
    order: Sequence[int], pairs: Sequence[Pair], before: Sequence[Pair], top: int
) -> list[int]:
    """The first `top` places of an order in which no shot comes again before all others have come.

    Args:
        order: Places of pairs, the one wanted most first.
        pairs: Numbers of two shots each.
        before: Pairs that were taken earlier, whose shots count as having come.
        top: How many at most.
    """
    times = Counter(shot for pair in before for shot in pair)
    taken: list[int] = []
    left = list(order)
    while left and len(taken) < top:
        round_of = min(max(times[shot] for shot in pairs[place]) for place in left)
        later: list[int] = []
        for place in left:
            if len(taken) < top and max(times[shot] for shot in pairs[place]) <= round_of:
                taken.append(place)
                times.update(pairs[place])
            else:
                later.append(place)
        left = later
    return taken
