"""Logistic regression with a penalty on large weights, as scikit-learn fits it by default."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from matchcut.errors import Cancelled
from matchcut.learn.learners import Sample, Tensors
from matchcut.learn.libraries import needed
from matchcut.learn.pairs import Floats
from matchcut.learn.vectors import Matrix

STEPS = 100
"""Of the optimiser, as scikit-learn and so the paper have it. With more numbers than a few hundred
it ends there, before it has arrived; that alone keeps the model from fitting noise."""
PENALTY = 1.0
"""Weight of the data against the penalty, as scikit-learn and so the paper have it."""


class _LogisticRegression:
    name = "lr"
    label = "logistic regression"

    def fit(
        self, sample: Sample, seed: int, device: str, stop: Callable[[], bool], /
    ) -> list[Tensors]:
        """On the CPU; nothing is left to chance, so `seed` has no use."""
        linear = needed("sklearn.linear_model")
        ended_early = needed("sklearn.exceptions").ConvergenceWarning
        found: list[Tensors] = []
        for model in range(len(sample.counts)):
            if stop():
                raise Cancelled
            rows, match, counts = sample.scaled(model)
            fitted = linear.LogisticRegression(C=PENALTY, max_iter=STEPS)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ended_early)
                # A pair that was drawn twice counts twice, as if it were there twice.
                fitted.fit(rows, match, counts)
            found.append(
                {
                    "weight": fitted.coef_[0].astype(np.float32),
                    "bias": fitted.intercept_.astype(np.float32),
                }
            )
        return found

    def scores(self, tensors: Tensors, rows: Matrix, /) -> Floats:
        """The logistic function of one product."""
        return logistic(rows @ tensors["weight"] + tensors["bias"][0])


def logistic(values: Matrix) -> Floats:
    """1 / (1 + exp(-x)), in double precision: it orders what single precision calls 1."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values.astype(np.float64))))


LEARNER = _LogisticRegression()
