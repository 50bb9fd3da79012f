"""The paper's heuristic rows come out of the published labels, to three decimals."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from matchcut.learn import formats
from matchcut.learn.evaluation import evaluate
from matchcut.learn.measures import average_precision, by_chance
from matchcut.learn.pairs import LabelledSet
from matchcut.learn.scorers import Given, offered, scorer
from matchcut.learn.splits import SPLITS, pairs_of


@pytest.fixture(scope="module")
def labelled(shared: Path) -> LabelledSet:
    return formats.read(shared / "netflix-matchcut")


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[tuple[str, str], list[str]]:
    table = shared / "netflix-matchcut" / "paper-classification-ap.csv"
    with table.open(newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return {(row[0], row[1]): row[4:] for row in rows if not row[2]}


def test_the_published_set_is_read_whole(labelled: LabelledSet) -> None:
    assert {task: len(pairs) for task, pairs in labelled.tasks.items()} == {
        "frame": 9985,
        "motion": 9320,
    }
    assert [len(labelled.splits[split]) for split in SPLITS] == [60, 20, 20]
    assert len(labelled.tasks["frame"].match[labelled.tasks["frame"].match]) == 867
    assert labelled.seconds["tt0118799", 3] == pytest.approx((63.8137, 85.4604), abs=1e-4)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_heuristic_scores_what_the_paper_says(
    labelled: LabelledSet, published: dict[tuple[str, str], list[str]], number: int
) -> None:
    task, name = ("frame" if number < 4 else "motion"), f"heuristic {number}"
    found = [
        evaluate(
            labelled, task, split, scorer(name, Given(labelled, task)), at=(), resamples=0, seed=0
        ).row.average_precision
        for split in SPLITS
    ]
    assert [f"{one:.3f}" for one in found] == [f"{float(one):.3f}" for one in published[task, name]]


@pytest.mark.parametrize("task", ["frame", "motion"])
def test_a_task_offers_what_proposed_its_pairs_and_chance(labelled: LabelledSet, task: str) -> None:
    names = offered(Given(labelled, task))
    numbers = (1, 2, 3) if task == "frame" else (4, 5)
    assert sorted(names) == [*(f"heuristic {one}" for one in numbers), "random"]


@pytest.mark.parametrize("task", ["frame", "motion"])
@pytest.mark.parametrize("split", SPLITS)
def test_the_papers_random_baseline_is_a_draw_around_what_we_expect(
    labelled: LabelledSet, published: dict[tuple[str, str], list[str]], task: str, split: str
) -> None:
    pairs = pairs_of(labelled, task, split)
    expected = by_chance(int(pairs.match.sum()), len(pairs))
    random = np.random.default_rng(0)
    drawn = [average_precision(pairs.match, random.random(len(pairs))) for _ in range(200)]
    assert np.mean(drawn) == pytest.approx(expected, abs=4 * np.std(drawn) / 200**0.5)
    theirs = float(published[task, "baseline"][SPLITS.index(split)])
    assert abs(theirs - expected) < 4 * np.std(drawn)
