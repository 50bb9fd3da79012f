"""What verdicts teach is used where it is better on pairs it has not seen, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matchcut.errors import OutputUnwritable, TrainedRefused
from matchcut.learn import rerankers, reranking
from matchcut.learn.measures import average_precision
from matchcut.learn.pairs import Flags, Floats
from matchcut.learn.rerankers import Reranker

GROUPS = 24


def drawn(seed: int, *, signal: float, pairs: int = 240) -> tuple[Floats, Flags, np.ndarray]:
    """Features of which the first is the flavor's score, and the second what the editor sees."""
    draw = np.random.default_rng(seed)
    seen = draw.normal(size=(pairs, 5))
    wish = seen[:, 0] + signal * seen[:, 1]
    kept = draw.random(pairs) < 1 / (1 + np.exp(-wish))
    return seen, kept, np.arange(pairs) % GROUPS


def test_a_clear_wish_is_learned_and_orders_what_it_has_not_seen_better() -> None:
    seen, kept, groups = drawn(1, signal=3.0)
    told = reranking.judge(seen, kept, groups)
    assert told.used
    assert told.better > 0.98
    assert told.own == average_precision(kept, seen[:, 0])
    assert told.learned > told.own + 0.1
    others, wanted, _ = drawn(2, signal=3.0)
    fitted = reranking.fit(seen, kept)
    assert average_precision(wanted, fitted.scores(others)) > (
        average_precision(wanted, others[:, 0]) + 0.1
    )


def test_where_there_is_nothing_to_learn_the_flavors_order_stays() -> None:
    told = [reranking.judge(*drawn(seed, signal=0.0, pairs=96)) for seed in range(12)]
    assert [one.used for one in told] == [False] * 12
    assert all(one.why_not for one in told)


def test_what_holds_in_a_single_film_only_is_not_used() -> None:
    # In one film of eight the second feature says all, in the others nothing.
    seen, kept, _ = drawn(3, signal=0.0)
    groups = np.arange(len(kept)) * 8 // len(kept)
    first = groups == 0
    seen[first, 1] = np.where(kept[first], 3.0, -3.0)
    assert not reranking.judge(seen, kept, groups).used


@pytest.mark.parametrize(("pairs", "kept", "groups"), [(19, 9, 19), (40, 4, 40), (40, 20, 7)])
def test_from_few_verdicts_nothing_is_learned(pairs: int, kept: int, groups: int) -> None:
    seen = np.random.default_rng(0).normal(size=(pairs, 3))
    told = reranking.judge(seen, np.arange(pairs) < kept, np.arange(pairs) % groups)
    assert not told.used
    assert "too few verdicts" in told.why_not
    assert np.isnan(told.learned)


def test_nothing_of_a_group_is_seen_by_what_judges_it() -> None:
    seen, kept, groups = drawn(4, signal=1.0, pairs=60)
    before = reranking.unseen(seen, kept, groups)
    changed = kept.copy()
    changed[groups == 7] = ~changed[groups == 7]
    after = reranking.unseen(seen, changed, groups)
    assert (before[groups == 7] == after[groups == 7]).all()
    assert (before[groups == 8] != after[groups == 8]).any()


def test_the_regression_is_the_one_that_a_minimum_has() -> None:
    seen, kept, _ = drawn(5, signal=1.0, pairs=80)
    fitted = reranking.fit(seen, kept)
    rows = (seen - seen.mean(axis=0)) / seen.std(axis=0)

    def loss(weight: Floats, bias: float) -> float:
        wish = rows @ weight + bias
        sides = np.where(kept, 1.0, -1.0)
        moved = weight - np.array([reranking.PRIOR, 0, 0, 0, 0])
        penalty = 0.5 * reranking.PENALTY * (moved**2).sum()
        return float(np.log1p(np.exp(-sides * wish)).sum() + penalty)

    least = loss(fitted.weight, fitted.bias)
    draw = np.random.default_rng(0)
    for _ in range(50):
        aside = draw.normal(size=6) * 1e-3
        assert loss(fitted.weight + aside[:5], fitted.bias + aside[5]) > least


def test_an_order_against_the_flavors_own_is_not_used() -> None:
    seen, kept, groups = drawn(7, signal=2.0)
    kept = seen[:, 0] < np.median(seen[:, 0])
    assert reranking.judge(seen, kept, groups).why_not == (
        "it would turn the flavor's own order around"
    )


def test_verdicts_that_are_told_apart_fully_still_give_finite_weights() -> None:
    seen = np.linspace(-1, 1, 40)[:, None] * np.ones((1, 3))
    fitted = reranking.fit(seen, seen[:, 0] > 0)
    assert np.isfinite(fitted.weight).all()
    assert np.isfinite(fitted.scores(seen)).all()


def test_the_same_verdicts_give_the_same_order() -> None:
    seen, kept, groups = drawn(6, signal=2.0)
    assert reranking.judge(seen, kept, groups) == reranking.judge(seen, kept, groups)
    assert (reranking.fit(seen, kept).weight == reranking.fit(seen, kept).weight).all()


@pytest.fixture
def learned() -> Reranker:
    seen, kept, groups = drawn(1, signal=3.0)
    told = reranking.judge(seen, kept, groups)
    names = ("score", "at cut", "same film", "gap", "handle out")
    return Reranker("frame/subject", names, reranking.fit(seen, kept), told, "2026-03-01T12:00:00")


def test_what_was_learned_survives_the_way_to_the_disk(learned: Reranker, tmp_path: Path) -> None:
    at = rerankers.save(learned, tmp_path)
    found = rerankers.load(at)
    assert (found.flavor, found.features, found.judgement, found.when, found.name) == (
        *(learned.flavor, learned.features, learned.judgement, learned.when, learned.name),
    )
    seen = drawn(9, signal=1.0)[0]
    assert (found.fitted.scores(seen) == learned.fitted.scores(seen)).all()
    card = at.with_suffix(".md").read_text()
    assert learned.name in card
    assert f"{learned.judgement.own:.3f} by the flavor's own score" in card
    assert sorted(one.suffix for one in at.parent.iterdir()) == [".md", ".safetensors"]


def test_another_flavor_has_another_place_and_forgetting_leaves_it(
    learned: Reranker, tmp_path: Path
) -> None:
    places = [
        rerankers.save(replace(learned, flavor=flavor), tmp_path)
        for flavor in ("frame", "frame/subject", "frame,subject", "frame,subject:0.5")
    ]
    assert len(set(places)) == 4
    rerankers.forget(tmp_path, "frame")
    rerankers.forget(tmp_path, "frame")
    assert [one.is_file() for one in places] == [False, True, True, True]


def test_a_file_that_is_cut_short_or_of_other_features_is_refused(
    learned: Reranker, tmp_path: Path
) -> None:
    at = rerankers.save(learned, tmp_path)
    whole = at.read_bytes()
    at.write_bytes(whole[:-5])
    with pytest.raises(TrainedRefused):
        rerankers.load(at)
    fitted = replace(learned.fitted, weight=learned.fitted.weight[1:])
    rerankers.save(replace(learned, features=learned.features[1:], fitted=fitted), tmp_path)
    with pytest.raises(TrainedRefused, match="features"):
        rerankers.load(at)


def test_where_it_cannot_be_written_that_is_said(learned: Reranker, tmp_path: Path) -> None:
    (tmp_path / "scorers").write_text("in the way")
    with pytest.raises(OutputUnwritable):
        rerankers.save(learned, tmp_path)
