"""The runs that `matchcut train` asks for: one a task, encoders and way to learn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from glob import escape
from itertools import product
from pathlib import Path
from typing import Any

from matchcut.errors import Cancelled, TaskUnknown, UsageError
from matchcut.learn import classifier, metric
from matchcut.learn.choosing import Divided, divided_pairs
from matchcut.learn.classifier import ClassifierRecipe
from matchcut.learn.features import AGGREGATIONS, features_of
from matchcut.learn.heads import head
from matchcut.learn.metric import MetricRecipe
from matchcut.learn.pairs import LabelledSet
from matchcut.learn.trained import Trained
from matchcut.learn.vectors import Vectors, encoders_in, gathered, open_vectors
from matchcut.learn.vectors.arrays import FORMAT as ARRAYS
from matchcut.types import Monitor, Progress

JOINS = "+"
"""Between the names of encoders whose vectors are joined."""
PAPER_ENCODERS = ("clip", "efficientnetb7", "resnet50", "clip4clip", "r2plus1d", "swin")
"""Of the paper's grid: each alone, and each behind `yamnet`, which is there alone as well."""
PAPER_GRID = (
    *PAPER_ENCODERS,
    "yamnet",
    *(f"yamnet{JOINS}{one}" for one in PAPER_ENCODERS),
)
PAPER_HEADS = ("lr", "xgboost", "mlp", "mlp_small", "mlp_large")
PAPER_AGGREGATIONS = ("mean", "concat", "abs_diff")
BOOTSTRAPS = 5
"""Models a run, as the paper has it."""


@dataclass(frozen=True, slots=True)
class Combination:
    """What every run learns from."""

    task: str
    encoders: str
    """Names, joined by `+`."""
    labels: str
    """Digest of the pairs, their labels and their splits."""
    features: tuple[tuple[str, int, str, str], ...]
    """Of each encoder, what made its vectors, and a digest of them."""


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
        return f"{of.task}-{of.encoders}-{one.head}-{one.aggregation}"

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


@dataclass(frozen=True, slots=True)
class Materials:
    """Labels, and embeddings that are read quickly, for all runs of a command."""

    labelled: LabelledSet
    vectors: Path
    combinations: tuple[Combination, ...]


def prepared(
    labelled: LabelledSet,
    tasks: Sequence[str],
    embeddings: Path,
    encoders: Sequence[str],
    folder: Path,
    monitor: Monitor,
) -> Materials:
    """What the runs learn from; embeddings that are slow to read are first made arrays of.

    Args:
        labelled: The pairs.
        tasks: Some of its tasks.
        embeddings: Folder of theirs.
        encoders: Names, or several joined by `+`.
        folder: Where `vectors` with arrays may be made; a title that is there is not read again.
        monitor: Is told about progress, and may stop the work.

    Raises:
        TaskUnknown: the set has no such task.
        EmbeddingsMissing: there are none.
        EncoderUnknown: there are none by an encoder.
        EmbeddingsRefused: they cannot be read.
        EmbeddingMissing: there is none of a shot.
        LabelsTooFew: there is not enough to learn from.
        Cancelled: the monitor said so.
    """
    divided = {task: _divided(labelled, task) for task in tasks}
    singles = sorted({one for joined in encoders for one in joined.split(JOINS)})
    formats = encoders_in(embeddings)
    opened = {one: open_vectors(embeddings, one) for one in singles}
    vectors = embeddings
    if not all(formats[one].quick for one in singles):
        vectors = folder / "vectors"
        titles = {title for one in divided.values() for title, _ in one.shots}
        _copied(opened, titles, embeddings, vectors, monitor)
        opened = {one: open_vectors(vectors, one) for one in singles}
    made_by = {
        (task, name): (one.encoded.encoder, one.encoded.length, one.encoded.identity, digest)
        for name, one in opened.items()
        for task, some in divided.items()
        for digest in [_digest_of(gathered(one, some.shots).tobytes())]
    }
    return Materials(
        labelled,
        vectors,
        tuple(
            Combination(
                task,
                joined,
                _digest(some),
                tuple(made_by[task, one] for one in joined.split(JOINS)),
            )
            for task, some in divided.items()
            for joined in encoders
        ),
    )


def classifier_runs(
    materials: Materials,
    heads: Sequence[str],
    aggregations: Sequence[str],
    bootstraps: int,
    seed: int,
    device: str,
) -> list[ClassifierRun]:
    """One for each combination, head and aggregation.

    Raises:
        HeadUnknown: there is no such head.
        UsageError: there is no such aggregation.
    """
    for name in heads:
        head(name)
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
        for combination, name, aggregation in product(materials.combinations, heads, aggregations)
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


def _divided(labelled: LabelledSet, task: str) -> Divided:
    if task not in labelled.tasks:
        raise TaskUnknown(task, list(labelled.tasks))
    return divided_pairs(labelled, task)


def _all_divided(materials: Materials) -> dict[str, Divided]:
    tasks = {one.task for one in materials.combinations}
    return {task: divided_pairs(materials.labelled, task) for task in tasks}


def _copied(
    opened: dict[str, Vectors], titles: set[str], embeddings: Path, folder: Path, monitor: Monitor
) -> None:
    """Writes those titles as arrays, one at a time, unless they are there and not older."""
    wanted = [
        (vectors, title)
        for vectors in opened.values()
        for title in vectors.titles
        if title in titles
        and not _is_newer(
            folder / f"{vectors.encoded.encoder}-{title}.safetensors", embeddings, title
        )
    ]
    for at, (vectors, title) in enumerate(wanted):
        if monitor.cancelled():
            raise Cancelled
        monitor.report(Progress("reading embeddings", title, at, len(wanted), "files"))
        ARRAYS.write(folder, vectors.encoded, title, vectors.of_title(title))


def _is_newer(copy: Path, embeddings: Path, title: str) -> bool:
    """Whether a copy is there, and is newer than all embeddings of its title."""
    originals = embeddings.glob(f"*-{escape(title)}.*")
    return copy.is_file() and all(
        one.stat().st_mtime_ns < copy.stat().st_mtime_ns for one in originals
    )


def _digest(pairs: Divided) -> str:
    """Another one for other pairs, labels or splits."""
    listed = [
        [split, out, into, match]
        for split in ("train", "validation", "test")
        for out, into, match in zip(
            pairs.of(split).outgoing,
            pairs.of(split).incoming,
            pairs.of(split).match.tolist(),
            strict=True,
        )
    ]
    return _digest_of(json.dumps(listed).encode())


def _digest_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _as_json(recipe: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from a file: what are tuples here are lists there."""
    found: dict[str, Any] = json.loads(json.dumps(recipe))
    return found
