"""The runs that `matchcut train` asks for: one a task, encoders and way to learn."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from matchcut.errors import UsageError
from matchcut.learn import classifier, metric
from matchcut.learn.choosing import Divided, divided_pairs
from matchcut.learn.classifier import ClassifierRecipe
from matchcut.learn.features import AGGREGATIONS, features_of
from matchcut.learn.learners import learner
from matchcut.learn.materials import JOINS, Combination, Materials
from matchcut.learn.metric import MetricRecipe
from matchcut.learn.trained import Trained

PAPER_ENCODERS = ("clip", "efficientnetb7", "resnet50", "clip4clip", "r2plus1d", "swin")
"""Of the paper's grid: each alone, and each behind `yamnet`, which is there alone as well."""
PAPER_GRID = (
    *PAPER_ENCODERS,
    "yamnet",
    *(f"yamnet{JOINS}{one}" for one in PAPER_ENCODERS),
)
PAPER_LEARNERS = ("lr", "xgboost", "mlp", "mlp_small", "mlp_large")
PAPER_AGGREGATIONS = ("mean", "concat", "abs_diff")
BOOTSTRAPS = 5
"""Models a run, as the paper has it."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierRun:
    """Fits one classifier."""

    combination: Combination
    settings: ClassifierRecipe
    pairs: Divided
    vectors: Path
    device: str

    @property
    def name(self) -> str:
        one, of = self.settings, self.combination
        return f"{of.task}-{of.encoders}-{one.learner}-{one.aggregation}"

    @property
    def recipe(self) -> dict[str, Any]:
        return _as_json({**asdict(self.combination), **asdict(self.settings)})

    def train(self, stop: Callable[[], bool], /) -> Trained:
        """See `classifier.fit`."""
        encoders = self.combination.encoders.split(JOINS)
        features = features_of(self.vectors, encoders, self.pairs.shots)
        tensors, measured = classifier.fit(features, self.pairs, self.settings, self.device, stop)
        return Trained("classifier", self.name, features.encoded, self.recipe, measured, tensors)


@dataclass(frozen=True, slots=True, eq=False)
class MetricRun:
    """Trains one projection."""

    combination: Combination
    preset: str
    settings: MetricRecipe
    seeds: range
    pairs: Divided
    vectors: Path
    device: str

    @property
    def name(self) -> str:
        return f"{self.combination.task}-{self.combination.encoders}-metric-{self.preset}"

    @property
    def recipe(self) -> dict[str, Any]:
        seeds = {"first_seed": self.seeds.start, "seeds": len(self.seeds)}
        settings = {"preset": self.preset, **asdict(self.settings)}
        return _as_json({**asdict(self.combination), **settings, **seeds})

    def train(self, stop: Callable[[], bool], /) -> Trained:
        """See `metric.train`."""
        encoders = self.combination.encoders.split(JOINS)
        features = features_of(self.vectors, encoders, self.pairs.shots)
        tensors, measured = metric.train(
            features, self.pairs, self.settings, self.seeds, self.device, stop
        )
        return Trained("metric", self.name, features.encoded, self.recipe, measured, tensors)


def classifier_runs(
    materials: Materials,
    learners: Sequence[str],
    aggregations: Sequence[str],
    bootstraps: int,
    seed: int,
    device: str,
) -> list[ClassifierRun]:
    """One for each combination, learner and aggregation.

    Raises:
        LearnerUnknown: there is no such learner.
        UsageError: there is no such aggregation.
    """
    for name in learners:
        learner(name)
    if unknown := [one for one in aggregations if one not in AGGREGATIONS]:
        raise UsageError(
            f"There is no aggregation named '{unknown[0]}'.",
            f"Choose among: {', '.join(AGGREGATIONS)}.",
        )
    divided = _all_divided(materials)
    return [
        ClassifierRun(
            combination,
            ClassifierRecipe(name, aggregation, bootstraps, seed),
            divided[combination.task],
            materials.vectors,
            device,
        )
        for combination, name, aggregation in product(
            materials.combinations, learners, aggregations
        )
    ]


def metric_runs(
    materials: Materials, preset: str | None, epochs: int | None, seeds: range, device: str
) -> list[MetricRun]:
    """One for each combination.

    Args:
        materials: What is learned from.
        preset: Name of the hyperparameters; None: those named as the task.
        epochs: Instead of the preset's.
        seeds: One projection each, of which the best is kept.
        device: As PyTorch names it.

    Raises:
        UsageError: there is no such preset, or none for a task.
    """
    divided = _all_divided(materials)
    found = []
    for combination in materials.combinations:
        name = preset or combination.task
        if name not in metric.PRESETS:
            raise UsageError(
                f"There are no hyperparameters named '{name}'.",
                f"Choose with --preset: {', '.join(metric.PRESETS)}.",
            )
        settings = metric.PRESETS[name]
        found.append(
            MetricRun(
                combination,
                name,
                settings if epochs is None else replace(settings, epochs=epochs),
                seeds,
                divided[combination.task],
                materials.vectors,
                device,
            )
        )
    return found


def _all_divided(materials: Materials) -> dict[str, Divided]:
    tasks = {one.task for one in materials.combinations}
    return {task: divided_pairs(materials.labelled, task) for task in tasks}


def _as_json(recipe: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from a file: what are tuples here are lists there."""
    found: dict[str, Any] = json.loads(json.dumps(recipe))
    return found
