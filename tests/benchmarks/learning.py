"""How quickly and how well is learned from labelled pairs: `python -m tests.benchmarks.learning`.

Embeddings are planted (see `tests.labelled`), in the paper's format and of its size: 100 titles,
21,200 shots, 512 numbers each, 10,000 labelled pairs of which a tenth match. One JSON object a
line. Everything computes with one thread, as `matchcut train` does; several seeds are trained one
after the other, and medians are printed. Beside the seconds that passed stand those of the
processor, which are the same on a machine that others use as well.

The reference way is that of pytorch-metric-learning, as the paper's own code calls it: its miner of
hard triplets, then its loss. That takes memory of the square of the number of triplets, gigabytes
for the paper's batch, so both ways are laid side by side at half of it. Of logistic regression it
is scikit-learn's pipeline on repeated rows, of reading `json.load` into lists. Logistic regression
on two vectors side by side cannot compare them: for it, shots that match also stand out.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from matchcut.learn import classifier, formats, metric
from matchcut.learn.choosing import Divided, divided_pairs
from matchcut.learn.classifier import ClassifierRecipe
from matchcut.learn.features import ShotFeatures, features_of
from matchcut.learn.measures import average_precision
from matchcut.learn.metric import MetricRecipe
from matchcut.learn.pairs import Floats
from matchcut.learn.splits import SPLITS
from matchcut.learn.vectors import Matrix, open_vectors
from matchcut.learn.vectors.arrays import FORMAT as ARRAYS
from tests.benchmarks.lines import say
from tests.labelled import Planted, write_planted

SIZE = {"titles": 100, "shots": 212, "pairs": 100, "length": 512, "code": 24}
MOTION = metric.PRESETS["motion"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.learning")
    parser.add_argument("--seeds", type=int, default=5, help="projections; 0: none")
    parser.add_argument("--learners", nargs="*", default=["lr", "xgboost", "mlp_small"])
    asked = parser.parse_args(arguments)
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        planted = write_planted(Path(folder), **SIZE)
        pairs = divided_pairs(formats.read(planted.labels), planted.task)
        features = reading(planted, pairs, Path(folder) / "arrays")
        out, into = features.sides(pairs.test)
        plain = np.einsum("nd,nd->n", _unit(out), _unit(into))
        say("learning.cosine", average_precision(pairs.test.match, plain), "average precision")
        say("learning.chance", float(pairs.test.match.mean()), "share that matches")
        if asked.seeds:
            metrics(features, pairs, range(asked.seeds))
        by_kind = write_planted(Path(folder) / "kind", **SIZE, kind=1.5)
        features = features_of(by_kind.embeddings, [by_kind.encoder], pairs.shots)
        for name in asked.learners:
            classifiers(features, pairs, name)
        reference_classifier(features, pairs)
    return 0


def reading(planted: Planted, pairs: Divided, arrays: Path) -> ShotFeatures:
    """Reads the embeddings in both forms and the reference way."""
    started = time.perf_counter()
    held = {
        file.stem: {int(shot): row for shot, row in json.loads(file.read_text()).items()}
        for file in sorted(planted.embeddings.iterdir())
    }
    say("learning.read", time.perf_counter() - started, "seconds", way="json.load into lists")
    del held
    started = time.perf_counter()
    features = features_of(planted.embeddings, [planted.encoder], pairs.shots)
    say("learning.read", time.perf_counter() - started, "seconds", way="the paper's format")
    vectors = open_vectors(planted.embeddings, planted.encoder)
    for title in vectors.titles:
        ARRAYS.write(arrays, vectors.encoded, title, vectors.of_title(title))
    started = time.perf_counter()
    features_of(arrays, [planted.encoder], pairs.shots)
    say("learning.read", time.perf_counter() - started, "seconds", way="arrays")
    return features


def metrics(features: ShotFeatures, pairs: Divided, seeds: range) -> None:
    """Trains projections: as we do, and both ways at half the batch."""
    half = replace(MOTION, batch=MOTION.batch // 2)
    _metric("ours", features, pairs, seeds, MOTION)
    ours = _metric("ours", features, pairs, seeds, half)
    theirs = _metric("pytorch-metric-learning", features, pairs, seeds, half)
    say("learning.metric.ratio", theirs / ours, "times as long the reference way", pairs=half.batch)


def _metric(
    way: str, features: ShotFeatures, pairs: Divided, seeds: range, recipe: MetricRecipe
) -> float:
    seconds, busy, precision = [], [], []
    out, into = features.sides(pairs.test)
    for seed in seeds:
        started, begun = time.perf_counter(), time.process_time()
        if way == "ours":
            tensors = metric.projected(features, pairs.train, recipe, seed, "cpu", lambda: False)
            scores = metric.similarity(tensors, out, into)
        else:
            scores = reference(features, pairs, seed, recipe, (out, into))
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - begun)
        precision.append(average_precision(pairs.test.match, scores))
    depends = {"way": way, "pairs": recipe.batch, "epochs": recipe.epochs, "seeds": len(seeds)}
    say("learning.metric", statistics.median(seconds), "seconds", **depends)
    say("learning.metric", statistics.median(busy), "processor seconds", **depends)
    say("learning.metric", statistics.mean(precision), "average precision",
        deviation=round(statistics.pstdev(precision), 4), **depends)  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say("learning.memory", peak, "MB at most so far", **depends)
    return statistics.median(busy)


def reference(
    features: ShotFeatures,
    pairs: Divided,
    seed: int,
    recipe: MetricRecipe,
    test: tuple[Matrix, Matrix],
) -> Floats:
    """What the paper's loop does with one batch after the other, and the cosines of test pairs."""
    import torch
    from pytorch_metric_learning import distances, losses, miners

    torch.manual_seed(seed)
    every = np.concatenate(features.sides(pairs.train))
    mean, deviation = every.mean(0), every.std(0)
    positive = pairs.train.some(pairs.train.match)
    sides = np.stack(features.sides(positive), axis=1)
    rows = torch.from_numpy((sides - mean) / deviation)
    network = torch.nn.Sequential(
        torch.nn.Linear(rows.shape[2], recipe.hidden),
        torch.nn.LeakyReLU(),
        torch.nn.Linear(recipe.hidden, recipe.length),
    )
    adam = torch.optim.Adam(network.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
    cosine = distances.CosineSimilarity()
    loss = losses.NTXentLoss(temperature=recipe.temperature, distance=cosine)
    miner = miners.TripletMarginMiner(distance=cosine, type_of_triplets="hard")
    for _ in range(recipe.epochs):
        for some in torch.randperm(len(rows)).split(recipe.batch):
            label = torch.arange(len(some)).repeat_interleave(2)
            adam.zero_grad()
            vectors = network(rows[some].flatten(0, 1))
            loss(vectors, label, miner(vectors, label)).backward()
            adam.step()
    with torch.no_grad():
        one, other = (
            _unit(network(torch.from_numpy((side - mean) / deviation)).numpy()) for side in test
        )
    return np.einsum("nd,nd->n", one, other)


def classifiers(features: ShotFeatures, pairs: Divided, learner: str) -> None:
    """Fits a classifier to five resamples; what fits it is loaded before."""
    classifier.fit(
        features, pairs, ClassifierRecipe(learner, "product", 1, 0), "cpu", lambda: False
    )
    for aggregation in ("concat", "abs_diff"):
        recipe = ClassifierRecipe(learner, aggregation, bootstraps=5, seed=0)
        started, begun = time.perf_counter(), time.process_time()
        _, measured = classifier.fit(features, pairs, recipe, "cpu", lambda: False)
        depends = {"learner": learner, "aggregation": aggregation, "bootstraps": 5}
        say("learning.classifier", time.perf_counter() - started, "seconds", **depends)
        say("learning.classifier", time.process_time() - begun, "processor seconds", **depends)
        say("learning.classifier", measured["test"][0], "average precision", **depends)


def reference_classifier(features: ShotFeatures, pairs: Divided) -> None:
    """Logistic regression as the paper's loop fits it: resampled rows, a pipeline for each."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    started, begun = time.perf_counter(), time.process_time()
    # Theirs are lists of double precision, as JSON gives them.
    train, validation, test = (
        np.concatenate(features.sides(pairs.of(split)), axis=1).astype(np.float64)
        for split in SPLITS
    )
    models = []
    for seed in range(5):
        drawn = np.random.default_rng((0, seed)).integers(len(train), size=len(train))
        model = make_pipeline(StandardScaler(), LogisticRegression(random_state=0))
        models.append(model.fit(train[drawn], pairs.train.match[drawn]))
        model.predict_proba(train)
    best = max(
        models,
        key=lambda one: average_precision(
            pairs.validation.match, one.predict_proba(validation)[:, 1]
        ),
    )
    found = average_precision(pairs.test.match, best.predict_proba(test)[:, 1])
    depends = {"learner": "lr, scikit-learn's pipeline", "aggregation": "concat", "bootstraps": 5}
    say("learning.classifier", time.perf_counter() - started, "seconds", **depends)
    say("learning.classifier", time.process_time() - begun, "processor seconds", **depends)
    say("learning.classifier", found, "average precision", **depends)


def _unit(rows: Matrix) -> Floats:
    exact = rows.astype(np.float64)
    return np.asarray(exact / np.linalg.norm(exact, axis=1, keepdims=True))


if __name__ == "__main__":
    sys.exit(main())
