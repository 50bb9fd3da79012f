"""Classifiers of pairs over frozen embeddings: fitted to resamples, chosen on validation.

Source: Chen et al. 2022, arXiv:2210.05766, section on classification with frozen embeddings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.learn.choosing import Divided, chosen
from matchcut.learn.features import AGGREGATIONS, ShotFeatures, scale
from matchcut.learn.learners import Sample, Tensors, learner
from matchcut.learn.measures import average_precision
from matchcut.learn.pairs import Floats
from matchcut.learn.splits import SPLITS
from matchcut.learn.trained import Measured
from matchcut.learn.vectors import Matrix

_COLUMNS = 512
"""Whose means are computed at a time in double precision."""


@dataclass(frozen=True, slots=True)
class ClassifierRecipe:
    """Which classifier, and how it is fitted."""

    learner: str
    aggregation: str
    bootstraps: int
    """Models, each fitted to as many pairs as there are, drawn with repetition; at least 1."""
    seed: int
    """Of the draws and of what the learner leaves to chance."""


def classifier_scores(
    recipe: dict[str, Any], tensors: Tensors, outgoing: Matrix, incoming: Matrix
) -> Floats:
    """(N,) how surely each pair matches, 0 to 1.

    Args:
        recipe: Of the trained model.
        tensors: What it learned.
        outgoing: (N, D) the vectors of the shots that are left.
        incoming: (N, D) those of the shots that are cut to.
    """
    seen = AGGREGATIONS[recipe["aggregation"]].of(outgoing, incoming)
    return learner(recipe["learner"]).scores(tensors, scaled(seen, tensors))


def scaled(rows: Matrix, tensors: Tensors) -> Matrix:
    """(N, D) rows as a model was given them when it was fitted."""
    found = (rows - tensors["scale.mean"]) / tensors["scale.deviation"]
    return np.asarray(found, np.float32)


def fit(
    features: ShotFeatures,
    pairs: Divided,
    recipe: ClassifierRecipe,
    device: str,
    stop: Callable[[], bool],
) -> tuple[Tensors, Measured]:
    """The classifier that is best on validation of all that were fitted, and how good all were.

    Args:
        features: The vectors of all shots of the pairs.
        pairs: What is learned from, chosen by and reported on.
        recipe: Which one.
        device: As PyTorch names it.
        stop: Is asked now and then.

    Raises:
        LearnerUnknown: there is no such learner.
        Cancelled: `stop` said so.
        LearningMissing: what fits it is not installed.
    """
    of = AGGREGATIONS[recipe.aggregation].of
    seen = {split: of(*features.sides(pairs.of(split))) for split in SPLITS}
    sample = _sample(seen["train"], pairs.train.match, recipe)
    models = [
        {**tensors, "scale.mean": mean, "scale.deviation": deviation}
        for tensors, mean, deviation in zip(
            learner(recipe.learner).fit(sample, recipe.seed, device, stop),
            sample.mean,
            sample.deviation,
            strict=True,
        )
    ]

    def precision(model: Tensors, split: str) -> float:
        if not len(pairs.of(split)):
            return float("nan")
        scores = learner(recipe.learner).scores(model, scaled(seen[split], model))
        return average_precision(pairs.of(split).match, scores)

    return chosen(models, precision)


def _sample(rows: Matrix, match: NDArray[np.bool_], recipe: ClassifierRecipe) -> Sample:
    """The pairs, with how often each resample has them, and how each scales them."""
    count = len(rows)
    drawn = []
    for number in range(recipe.bootstraps):
        random = np.random.default_rng((recipe.seed, number))
        drawn.append(np.bincount(random.integers(count, size=count), minlength=count))
    counts = np.stack(drawn)
    mean, deviation = (np.empty((len(counts), rows.shape[1]), np.float32) for _ in range(2))
    for columns in range(0, rows.shape[1], _COLUMNS):
        some = slice(columns, columns + _COLUMNS)
        mean[:, some], deviation[:, some] = scale(rows[:, some], counts / count)
    return Sample(
        rows,
        match,
        counts,
        mean,
        deviation,
    )
