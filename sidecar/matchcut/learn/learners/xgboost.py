"""Gradient-boosted trees, as XGBoost grows them by default.

What is stored is its own JSON, as bytes; it is read as numbers, and nothing in it runs.

Source: Chen and Guestrin 2016, "XGBoost: A Scalable Tree Boosting System", arXiv:1603.02754.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matchcut.errors import Cancelled
from matchcut.learn.learners import Sample, Tensors
from matchcut.learn.libraries import needed
from matchcut.learn.pairs import Floats
from matchcut.learn.vectors import Matrix

TREES = 100
"""As XGBoost's classifier and so the paper have it; the depth, 6, and the rate, 0.3, are the
defaults of the library itself."""


class _Trees:
    name = "xgboost"
    label = "gradient-boosted trees"

    def fit(
        self, sample: Sample, seed: int, device: str, stop: Callable[[], bool], /
    ) -> list[Tensors]:
        """On a GPU where the installed XGBoost can use it."""
        xgboost = needed("xgboost")
        at = device if device.startswith("cuda") and xgboost.build_info()["USE_CUDA"] else "cpu"
        # One thread: how sums are split among several changes their last digits.
        wanted = {"objective": "binary:logistic", "seed": seed, "device": at, "nthread": 1}
        found: list[Tensors] = []
        for model in range(len(sample.counts)):
            if stop():
                raise Cancelled
            rows, match, counts = sample.scaled(model)
            data = xgboost.DMatrix(rows, match.astype(np.float32), weight=counts, nthread=1)
            grown = xgboost.train(wanted, data, TREES)
            found.append({"trees": np.frombuffer(grown.save_raw("json"), np.uint8)})
        return found

    def scores(self, tensors: Tensors, rows: Matrix, /) -> Floats:
        """By the library that grew the trees."""
        xgboost = needed("xgboost")
        trees = xgboost.Booster({"nthread": 1, "device": "cpu"})
        trees.load_model(bytearray(tensors["trees"].tobytes()))
        # The margin orders pairs that a probability in single precision calls equal.
        margin = trees.predict(xgboost.DMatrix(rows, nthread=1), output_margin=True)
        return np.asarray(0.5 * (1 + np.tanh(0.5 * margin.astype(np.float64))))


LEARNER = _Trees()
