"""Scorers measured on labelled pairs: a row a task, scorer and split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchcut.errors import LabelsTooFew
from matchcut.learn.measures import (
    Curve,
    Ranking,
    average_precision,
    by_chance,
    interval,
    precision_at,
    recall_at,
)
from matchcut.learn.pairs import Flags, LabelledSet
from matchcut.learn.scorers import Scorer
from matchcut.learn.splits import pairs_of


@dataclass(frozen=True, slots=True)
class Row:
    """How good a scorer is on some pairs; values are NaN where no pair matches."""

    task: str
    scorer: str
    split: str
    title: str | None
    """The one whose pairs these are; None: all."""
    pairs: int
    """That it scored."""
    positives: int
    """Of these, that match."""
    left_out: int
    """Pairs of which it says nothing; not counted as wrong."""
    average_precision: float
    low: float
    high: float
    """Between which values it lies, see `measures.interval`; NaN where that was not asked for."""
    chance: float
    """The average precision to expect of a random order of the same pairs."""
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    """Of the best K, for each K that was asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """What was measured of one scorer on one split."""

    row: Row
    by_title: tuple[Row, ...]
    """In order of title; those without any pair that it scored are left out."""
    curve: Curve | None
    """Of all pairs, by the first of several rankings; None where none matches."""


def evaluate(
    labelled: LabelledSet,
    task: str,
    split: str,
    scorer: Scorer,
    *,
    at: Sequence[int],
    resamples: int,
    title_resamples: int = 0,
    seed: int,
) -> Evaluated:
    """Measures a scorer on the pairs of a task and split.

    Args:
        labelled: The pairs.
        task: One of its tasks.
        split: `train`, `validation`, `test` or `all`.
        scorer: What scores them.
        at: The Ks of precision and recall at K.
        resamples: From which the interval is found; 0: none is.
        title_resamples: The same for each title, whose pairs are drawn: 40 microseconds each.
        seed: Of the resamples.

    Raises:
        UsageError: there is no such split.
        LabelsTooFew: it says nothing of any pair.
    """
    everyone = pairs_of(labelled, task, split)
    scores = np.atleast_2d(scorer.score(everyone))
    said: Flags = np.asarray(~np.isnan(scores).any(axis=0))
    if not said.any():
        why = f"of {len(everyone)} pairs '{scorer.name}' has a score for none"
        raise LabelsTooFew(f"'{task}', {split}", why)
    pairs, scores = everyone.some(said), scores[:, said]
    left = np.array(everyone.titles)[~said]
    names, titles = np.unique(np.array(pairs.titles), return_inverse=True)

    def row(title: str | None, inside: Flags, left_out: int) -> Row:
        match, some = pairs.match[inside], scores[:, inside]
        positives = int(match.sum())
        many = resamples if title is None else title_resamples
        ends = interval(match, some, titles[inside], resamples=many, seed=seed)
        return Row(
            task,
            scorer.name,
            split,
            title,
            len(match),
            positives,
            left_out,
            float(np.mean([average_precision(match, one) for one in some])),
            *ends,
            by_chance(positives, len(match)),
            tuple(float(np.mean([precision_at(match, one, k) for one in some])) for k in at),
            tuple(float(np.mean([recall_at(match, one, k) for one in some])) for k in at),
        )

    return Evaluated(
        row(None, np.ones(len(pairs), np.bool_), len(left)),
        tuple(
            row(str(name), titles == number, int((left == name).sum()))
            for number, name in enumerate(names)
        ),
        Ranking.of(pairs.match, scores[0]).curve() if pairs.match.any() else None,
    )
