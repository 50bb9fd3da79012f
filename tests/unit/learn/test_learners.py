"""Classifiers compute what scikit-learn and XGBoost do, and refuse nothing silently."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from matchcut.errors import Cancelled, LearnerUnknown
from matchcut.learn.classifier import ClassifierRecipe, _sample
from matchcut.learn.features import scale
from matchcut.learn.learners import learner, learners
from matchcut.learn.learners._network import Network


def never() -> bool:
    return False


def problem(seed: int = 0, count: int = 400, length: int = 6):
    random = np.random.default_rng(seed)
    rows = random.normal(3, 2, size=(count, length)).astype(np.float32)
    match = rows[:, 0] - rows[:, 1] + random.normal(0, 1, count) > 2
    return rows, match


def fitted(name: str, seed: int = 0, models: int = 2):
    """The models, and for each the rows of its resample, repeated as often as they were drawn."""
    rows, match = problem()
    sample = _sample(rows, match, ClassifierRecipe(name, "mean", models, seed))
    tensors = learner(name).fit(sample, seed, "cpu", never)
    drawn = [np.repeat(np.arange(len(rows)), counts) for counts in sample.counts]
    return rows, match, sample, tensors, drawn


def test_a_resample_has_as_many_pairs_and_is_scaled_by_its_own_mean() -> None:
    rows, _, sample, _, drawn = fitted("lr")
    for model, some in enumerate(drawn):
        assert len(some) == len(rows)
        assert len(set(some.tolist())) < len(rows)
        theirs = StandardScaler().fit(rows[some].astype(np.float64))
        np.testing.assert_allclose(sample.mean[model], theirs.mean_, rtol=1e-5)
        np.testing.assert_allclose(sample.deviation[model], theirs.scale_, rtol=1e-5)


def test_a_number_that_is_the_same_in_all_pairs_is_not_blown_up() -> None:
    rows = np.full((50, 2), 1e4 / 3, np.float32)
    rows[:, 1] = np.arange(50)
    mean, deviation = scale(rows, np.full((1, 50), 1 / 50))
    assert deviation[0, 0] == 1
    assert abs((rows[:, 0] - mean[0, 0]) / deviation[0, 0]).max() < 1e-2
    assert deviation[0, 1] == pytest.approx(np.arange(50).std())


def test_logistic_regression_is_scikit_learns_on_the_pairs_as_they_were_drawn() -> None:
    rows, match, sample, tensors, drawn = fitted("lr")
    for model, some in enumerate(drawn):
        theirs = make_pipeline(StandardScaler(), LogisticRegression(max_iter=100))
        theirs.fit(rows[some], match[some])
        given = (rows - sample.mean[model]) / sample.deviation[model]
        ours = learner("lr").scores(tensors[model], given)
        np.testing.assert_allclose(ours, theirs.predict_proba(rows)[:, 1], atol=2e-3)


def test_trees_are_xgboosts() -> None:
    rows, match, sample, tensors, _ = fitted("xgboost")
    given = (rows - sample.mean[0]) / sample.deviation[0]
    used = sample.counts[0] > 0
    theirs = XGBClassifier(random_state=0, n_jobs=1)
    theirs.fit(given[used], match[used], sample_weight=sample.counts[0][used])
    ours = learner("xgboost").scores(tensors[0], given)
    np.testing.assert_allclose(ours, theirs.predict_proba(given)[:, 1], atol=1e-6)


def test_a_network_computes_what_arithmetic_by_hand_gives() -> None:
    tensors = {
        "first.weight": np.array([[1, -1], [0, 2]], np.float32),
        "first.bias": np.array([0, 1], np.float32),
        "second.weight": np.array([[1, 0], [1, -1]], np.float32),
        "second.bias": np.array([0, 0], np.float32),
        "last.weight": np.array([[1], [10]], np.float32),
        "last.bias": np.array([-2], np.float32),
    }
    # (3, 1): first (3, 0), second (3, 0), last 1. (-1, 0): first (0, 2), second (2, 0), last 0.
    found = Network("by hand", 2).scores(tensors, np.array([[3, 1], [-1, 0]], np.float32))
    np.testing.assert_allclose(found, [1 / (1 + np.exp(-1)), 0.5])


def test_a_network_learns_as_much_as_scikit_learns() -> None:
    rows, match, sample, tensors, drawn = fitted("mlp_small")
    held_rows, held_match = problem(seed=9)
    for model, some in enumerate(drawn):
        theirs = make_pipeline(
            StandardScaler(), MLPClassifier((50, 50), random_state=0, max_iter=60)
        )
        with pytest.warns(match="Maximum iterations"):
            theirs.fit(rows[some], match[some])
        given = (held_rows - sample.mean[model]) / sample.deviation[model]
        ours = average_precision_score(
            held_match, learner("mlp_small").scores(tensors[model], given)
        )
        reached = average_precision_score(held_match, theirs.predict_proba(held_rows)[:, 1])
        assert ours > reached - 0.05


@pytest.mark.parametrize("name", learners())
def test_the_same_seed_gives_the_same_model(name: str) -> None:
    rows, match = problem(count=60)
    sample = _sample(rows, match, ClassifierRecipe(name, "mean", 2, 5))
    one, again = (learner(name).fit(sample, 5, "cpu", never) for _ in range(2))
    for first, second in zip(one, again, strict=True):
        assert first.keys() == second.keys()
        for key in first:
            np.testing.assert_array_equal(first[key], second[key])


@pytest.mark.parametrize("name", learners())
def test_a_score_depends_on_its_own_row_alone(name: str) -> None:
    rows, match = problem(count=60)
    sample = _sample(rows, match, ClassifierRecipe(name, "mean", 1, 0))
    (tensors,) = learner(name).fit(sample, 0, "cpu", never)
    every = learner(name).scores(tensors, rows)
    assert ((every >= 0) & (every <= 1)).all()
    np.testing.assert_allclose(learner(name).scores(tensors, rows[7:8]), every[7:8], rtol=1e-5)


@pytest.mark.parametrize("name", learners())
def test_fitting_stops_when_it_is_told_to(name: str) -> None:
    rows, match = problem(count=60)
    sample = _sample(rows, match, ClassifierRecipe(name, "mean", 2, 0))
    with pytest.raises(Cancelled):
        learner(name).fit(sample, 0, "cpu", lambda: True)


def test_a_classifier_that_is_none_is_refused() -> None:
    with pytest.raises(LearnerUnknown, match="svm"):
        learner("svm")
