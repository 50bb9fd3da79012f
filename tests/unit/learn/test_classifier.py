"""Classifiers find what was planted, choose by validation, and refuse features of another kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchcut.errors import FeaturesUnfit
from matchcut.learn.choosing import Divided, chosen
from matchcut.learn.classifier import ClassifierRecipe, classifier_scores, fit
from matchcut.learn.features import AGGREGATIONS, ShotFeatures, check_fit
from matchcut.learn.learners import learners
from matchcut.learn.measures import average_precision
from matchcut.learn.vectors import Encoded


def never() -> bool:
    return False


@pytest.mark.parametrize("aggregation", AGGREGATIONS.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("learner", ["lr", "xgboost", "mlp_small"])
def test_symmetric_aggregations_give_symmetric_scores(
    features: ShotFeatures, divided: Divided, aggregation, learner: str
) -> None:
    recipe = ClassifierRecipe(learner, aggregation.name, bootstraps=1, seed=0)
    tensors, _ = fit(features, divided, recipe, "cpu", never)
    asked = {"learner": learner, "aggregation": aggregation.name}
    out, into = features.sides(divided.test)
    there = classifier_scores(asked, tensors, out, into)
    back = classifier_scores(asked, tensors, into, out)
    assert np.array_equal(there, back) == aggregation.symmetric


def test_every_head_of_the_paper_is_there_with_its_sizes() -> None:
    assert set(learners()) == {"lr", "xgboost", "mlp_small", "mlp", "mlp_large"}
    widths = {name: getattr(one, "width", None) for name, one in learners().items()}
    assert (widths["mlp_small"], widths["mlp"], widths["mlp_large"]) == (50, 100, 500)


def test_aggregations_are_those_of_arithmetic_by_hand() -> None:
    a, b = np.array([[1, 4]], np.float32), np.array([[3, -2]], np.float32)
    found = {name: one.of(a, b).tolist() for name, one in AGGREGATIONS.items()}
    assert found == {
        "mean": [[2, 1]],
        "concat": [[1, 4, 3, -2]],
        "abs_diff": [[2, 6]],
        "product": [[3, -8]],
    }


def test_what_was_planted_is_found(features: ShotFeatures, divided: Divided) -> None:
    recipe = ClassifierRecipe("mlp_small", "abs_diff", bootstraps=3, seed=0)
    tensors, measured = fit(features, divided, recipe, "cpu", never)
    scores = classifier_scores(
        {"learner": "mlp_small", "aggregation": "abs_diff"}, tensors, *features.sides(divided.test)
    )
    assert measured["test"] == (average_precision(divided.test.match, scores),)
    assert measured["test"][0] > 2.5 * divided.test.match.mean()
    assert len(measured["train"]) == len(measured["validation"]) == 3


def test_the_model_is_chosen_on_validation_and_test_is_asked_once() -> None:
    asked: list[tuple[str, str]] = []
    known = {
        ("a", "train"): 0.9, ("a", "validation"): 0.2, ("a", "test"): 0.8,
        ("b", "train"): 0.1, ("b", "validation"): 0.5, ("b", "test"): 0.3,
    }  # fmt: skip

    def precision(model: str, split: str) -> float:
        asked.append((model, split))
        return known[model, split]

    model, measured = chosen(["a", "b"], precision)
    assert model == "b"
    assert measured == {"train": (0.9, 0.1), "validation": (0.2, 0.5), "test": (0.3,)}
    assert [split for _, split in asked].count("test") == 1


@pytest.mark.parametrize(
    "given",
    [
        (Encoded("clip", 512, "clip"),),
        (Encoded("yamnet", 1024, "other"), Encoded("clip", 512, "clip")),
        (Encoded("clip", 512, "clip"), Encoded("yamnet", 1024, "yamnet")),
        (Encoded("yamnet", 1024, "yamnet"), Encoded("clip", 513, "clip")),
    ],
)
def test_features_of_another_kind_are_refused(given: tuple[Encoded, ...]) -> None:
    wants = (Encoded("yamnet", 1024, "yamnet"), Encoded("clip", 512, "clip"))
    check_fit("model", wants, wants)
    with pytest.raises(FeaturesUnfit, match=r"yamnet \(1024 numbers\) \+ clip \(512 numbers\)"):
        check_fit("model", wants, given)


def test_the_same_seed_gives_the_same_measures(features: ShotFeatures, divided: Divided) -> None:
    recipe = ClassifierRecipe("lr", "concat", bootstraps=2, seed=4)
    one, again, other = (
        fit(features, divided, each, "cpu", never)[1]
        for each in (recipe, recipe, replace(recipe, seed=5))
    )
    assert one == again
    assert one != other
