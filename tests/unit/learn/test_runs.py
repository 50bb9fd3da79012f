"""Runs that are finished are not done again, whatever ended the command that did them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from matchcut.errors import Cancelled, EmbeddingMissing, TaskUnknown
from matchcut.learn import formats
from matchcut.learn.materials import prepared
from matchcut.learn.runs import Finished, finish
from matchcut.learn.training import (
    PAPER_AGGREGATIONS,
    PAPER_GRID,
    PAPER_LEARNERS,
    ClassifierRun,
    classifier_runs,
    metric_runs,
)
from tests.conftest import Quiet
from tests.labelled import Planted, write_planted


def runs_of(planted: Planted, folder: Path, *learners: str, seed: int = 0) -> list[ClassifierRun]:
    labelled = formats.read(planted.labels)
    materials = prepared(
        labelled, [planted.task], planted.embeddings, [planted.encoder], folder, Quiet()
    )
    return classifier_runs(materials, learners or ("lr",), ["mean", "abs_diff"], 2, seed, "cpu")


def done(runs: list[ClassifierRun], folder: Path, workers: int = 1) -> dict[str, Finished]:
    return {one.name: one for one in finish(runs, folder, workers, Quiet())}


def test_a_finished_run_is_taken_as_it_is(planted: Planted, tmp_path: Path) -> None:
    runs = runs_of(planted, tmp_path)
    first = done(runs, tmp_path)
    again = done(runs, tmp_path)
    assert [one.known for one in first.values()] == [False, False]
    assert [one.known for one in again.values()] == [True, True]
    assert {name: one.measured for name, one in first.items()} == {
        name: one.measured for name, one in again.items()
    }


def test_a_run_is_done_anew_where_it_would_come_out_otherwise(
    planted: Planted, tmp_path: Path
) -> None:
    done(runs_of(planted, tmp_path), tmp_path)
    assert not any(one.known for one in done(runs_of(planted, tmp_path, seed=1), tmp_path).values())


def test_other_vectors_of_the_same_encoder_are_another_run(tmp_path: Path) -> None:
    planted = write_planted(tmp_path / "set", titles=10)
    before = runs_of(planted, tmp_path / "out")[0].recipe
    time.sleep(0.01)
    write_planted(tmp_path / "set", titles=10, seed=5, encoder="planted")
    changed = runs_of(planted, tmp_path / "out")[0].recipe
    assert before["features"] != changed["features"]


@pytest.mark.slow
def test_two_processes_come_to_what_one_comes_to(planted: Planted, tmp_path: Path) -> None:
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        done(runs_of(planted, folder, "lr", "xgboost", "mlp_small"), folder, workers)
    names = sorted(one.name for one in (tmp_path / "1").iterdir() if one.name != "vectors")
    assert len(names) == 6
    for name in names:
        one, two = (
            load_file(tmp_path / str(workers) / name / "weights.safetensors") for workers in (1, 2)
        )
        for key in one:
            np.testing.assert_array_equal(one[key], two[key])


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
def test_a_grid_that_is_killed_goes_on_where_it_was(planted: Planted, tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "matchcut", "train", "classifier",
        "--dataset", planted.labels, "--embeddings", planted.embeddings, "-o", tmp_path / "out",
        *(word for learner in ("lr", "xgboost", "mlp_small") for word in ("--learner", learner)),
        *(word for one in ("mean", "concat", "abs_diff") for word in ("--aggregation", one)),
        "--workers", "2", "--json",
    ]  # fmt: skip
    command = [str(one) for one in command]

    def folders() -> set[str]:
        out = tmp_path / "out"
        return {one.parent.name for one in out.glob("[!.]*/model.json")} if out.is_dir() else set()

    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until = time.monotonic() + 200
        while len(folders()) < 2 and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        running.kill()
        running.wait()
    workers = _workers_left(running.pid)
    assert not workers, "no worker outlives the command"
    kept = folders()
    assert 2 <= len(kept) < 9, "it was killed in the midst of it"
    rest = subprocess.run(command, capture_output=True, text=True, check=True, timeout=250)

    lines = [json.loads(line) for line in rest.stdout.splitlines()]
    assert {line["name"] for line in lines if line["known"]} == kept
    assert len(lines) == 9
    assert len(folders()) == 9


def _workers_left(session: int, patience: float = 10) -> list[int]:
    """Processes of a session that are still there after a while."""
    until = time.monotonic() + patience
    while True:
        left = []
        for one in Path("/proc").glob("[0-9]*"):
            try:
                stat = (one / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(stat[3]) == session and stat[0] != "Z":
                left.append(int(one.name))
        if not left or time.monotonic() > until:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return left
        time.sleep(0.1)


def test_stopping_keeps_what_is_finished(planted: Planted, tmp_path: Path) -> None:
    class Impatient(Quiet):
        def cancelled(self) -> bool:
            return (tmp_path / runs[0].name).is_dir()

    runs = runs_of(planted, tmp_path)
    found = finish(runs, tmp_path, 1, Impatient())
    next(found)
    with pytest.raises(Cancelled):
        next(found)
    assert [one.known for one in done(runs, tmp_path).values()] == [True, False]


def test_the_grid_of_the_paper_is_390_runs(planted: Planted, tmp_path: Path) -> None:
    assert len(PAPER_GRID) * len(PAPER_LEARNERS) * len(PAPER_AGGREGATIONS) * 2 == 390
    names = [one.replace("+", "-") for one in PAPER_GRID]
    assert "yamnet-efficientnetb7" in names
    assert len(set(names)) == 13


def test_the_grid_is_that_of_the_published_table(shared: Path) -> None:
    import csv

    with (shared / "netflix-matchcut" / "paper-classification-ap.csv").open(newline="") as lines:
        rows = [row for row in csv.reader(lines) if row[2] not in ("", "model")]
    assert {row[1] for row in rows} == {one.replace("+", "-") for one in PAPER_GRID}
    assert {row[2] for row in rows} == set(PAPER_LEARNERS)
    assert {row[3] for row in rows} == set(PAPER_AGGREGATIONS)


def test_a_projection_is_a_run_like_any_other(planted: Planted, tmp_path: Path) -> None:
    labelled = formats.read(planted.labels)
    materials = prepared(
        labelled, [planted.task], planted.embeddings, [planted.encoder], tmp_path, Quiet()
    )
    (run,) = metric_runs(materials, "motion", 1, range(2), "cpu")
    (found,) = finish([run], tmp_path, 2, Quiet())
    assert len(found.measured["validation"]) == 2
    (again,) = finish([run], tmp_path, 2, Quiet())
    assert again.known
    (longer,) = metric_runs(materials, "motion", 2, range(2), "cpu")
    assert longer.recipe != run.recipe


def test_what_cannot_be_learned_from_is_refused_before_anything_is_trained(
    planted: Planted, tmp_path: Path
) -> None:
    labelled = formats.read(planted.labels)
    with pytest.raises(TaskUnknown, match="This labelled set has: planted"):
        prepared(labelled, ["frame"], planted.embeddings, ["planted"], tmp_path, Quiet())
    pairs = labelled.tasks[planted.task]
    other = replace(pairs, outgoing=tuple((title, shot + 100) for title, shot in pairs.outgoing))
    with pytest.raises(EmbeddingMissing):
        prepared(
            replace(labelled, tasks={planted.task: other}),
            [planted.task], planted.embeddings, ["planted"], tmp_path, Quiet(),
        )  # fmt: skip
