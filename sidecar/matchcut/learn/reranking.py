"""An order learned from an editor's few verdicts, used only where it is shown to be better.

A logistic regression of a handful of features of a pair, the flavor's own score first among them.
Whether it is used is decided on pairs of groups (films, or shots that were asked about) that it has
not seen: its average precision must be higher than that of the flavor's own score however the
groups are dealt out, and stay so in nearly all of many draws of them. Else the flavor's own order
stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.learn.measures import Ranking
from matchcut.learn.pairs import Flags, Floats

PENALTY = 10.0
"""Of squared weights, less the prior ones, where features are scaled to a deviation of 1."""
PRIOR = 1.0
"""Weight of the flavor's own score before any verdict, where that of all others is 0: with none the
order is the flavor's own, and each verdict moves it a little."""
STEPS = 100
"""Newton steps at most; ten are enough."""
FOLDS, DEALINGS = 10, 5
"""Parts that the groups are divided into, each judged by a model of the others; and how often they
are dealt out anew."""
LEAST, LEAST_EACH, LEAST_GROUPS = 20, 5, 8
"""Pairs, pairs kept and pairs rejected, and groups below which nothing is learned."""
DRAWS = 2000
DOUBT = 0.005
"""Share of the draws of groups in which the learned order may be no better than the flavor's."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A logistic regression of scaled features."""

    mean: Floats
    """(D,) of the pairs that it was fitted to."""
    deviation: Floats
    """(D,) of the same; 1 where all are alike."""
    weight: Floats
    """(D,) of the scaled features."""
    bias: float

    def scores(self, features: Floats) -> Floats:
        """(N,) how surely each pair would be kept, as a logit: above 0 where rather so."""
        return np.asarray((features - self.mean) / self.deviation @ self.weight + self.bias)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the learned order compares with the flavor's own, on groups that it has not seen."""

    pairs: int
    kept: int
    groups: int
    own: float
    """Average precision of the flavor's own score; NaN where there are too few verdicts."""
    learned: float
    """That of the learned order."""
    better: float
    """Share of the draws of groups in which the learned order is better."""
    why_not: str
    """Why it is not used, as the end of a sentence; empty where it is used."""

    @property
    def used(self) -> bool:
        return not self.why_not


def fit(features: Floats, kept: Flags) -> Fitted:
    """The regression that fits best, with a penalty on what is far from the flavor's own order.

    The same on every run.

    Args:
        features: (N, D) without NaN; the first is the flavor's own score.
        kept: (N,) whether each pair was kept; both ways at least once.
    """
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    deviation = np.where(deviation > 1e-9, deviation, 1.0)
    rows = np.column_stack([(features - mean) / deviation, np.ones(len(features))])
    penalty, prior = np.full(rows.shape[1], PENALTY), np.zeros(rows.shape[1])
    penalty[-1], prior[0] = 0.0, PRIOR
    weight = prior.copy()
    for _ in range(STEPS):
        share = 0.5 * (1 + np.tanh(0.5 * (rows @ weight)))
        slope = rows.T @ (share - kept) + penalty * (weight - prior)
        bend = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(penalty + 1e-9)
        step = np.linalg.solve(bend, slope)
        weight = weight - step
        if np.abs(step).max() < 1e-10:
            break
    return Fitted(mean, deviation, weight[:-1], float(weight[-1]))


def unseen(features: Floats, kept: Flags, groups: NDArray[np.intp], *, seed: int = 0) -> Floats:
    """(N,) what a model says of each pair that has seen no pair of its group.

    Args:
        features: As `fit`.
        kept: As `fit`.
        groups: (N,) number of each pair's group, from 0 on.
        seed: Of how groups are dealt out.
    """
    count = int(groups.max()) + 1
    dealt = np.random.default_rng(seed).permutation(count) % min(FOLDS, count)
    found = np.zeros(len(kept))
    for fold in range(min(FOLDS, count)):
        held = dealt[groups] == fold
        if kept[~held].all() or not kept[~held].any():
            # Nothing can be learned from one kind alone: all of the fold are alike.
            continue
        found[held] = fit(features[~held], kept[~held]).scores(features[held])
    return found


def judge(features: Floats, kept: Flags, groups: NDArray[np.intp], *, seed: int = 0) -> Judgement:
    """Whether an order learned from these pairs is better than their own scores.

    Args:
        features: (N, D) what is known of each pair; the first is the flavor's own score.
        kept: (N,) whether it was kept, else rejected.
        groups: (N,) number of its group, from 0 on.
        seed: Of the folds and the draws.
    """
    pairs, many = len(kept), int(groups.max(initial=-1)) + 1
    few = min(int(kept.sum()), int((~kept).sum()))
    if pairs < LEAST or few < LEAST_EACH or many < LEAST_GROUPS:
        nan = float("nan")
        why = (
            f"there are too few verdicts: it takes {LEAST}, {LEAST_EACH} of them kept and "
            f"{LEAST_EACH} rejected, on {LEAST_GROUPS} shots"
        )
        return Judgement(pairs, int(kept.sum()), many, nan, nan, nan, why)
    dealt = [unseen(features, kept, groups, seed=seed + n) for n in range(DEALINGS)]
    rankings = Ranking.of(kept, features[:, 0]), Ranking.of(kept, np.mean(dealt, axis=0))
    before, after = (one.average_precision() for one in rankings)
    least = min(Ranking.of(kept, one).average_precision() for one in dealt)
    random = np.random.default_rng(seed)
    gains = []
    for _ in range(DRAWS):
        times = np.bincount(random.integers(many, size=many), minlength=many)[groups]
        if (kept & (times > 0)).any():
            drawn = [one.average_precision(times) for one in rankings]
            gains.append(drawn[1] > drawn[0])
    better = float(np.mean(gains))
    why = ""
    if min(least, after) <= before:
        why = "it orders pairs that it has not seen no better"
    elif fit(features, kept).weight[0] <= 0:
        why = "it would turn the flavor's own order around"
    elif better < 1 - DOUBT:
        why = "it may be better by chance"
    return Judgement(pairs, int(kept.sum()), many, before, after, better, why)
