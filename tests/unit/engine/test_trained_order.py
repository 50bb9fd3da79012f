"""A trained classifier orders the best pairs of any flavor, over the embeddings a library holds."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchcut.cli.options import scorer_named
from matchcut.embeddings.pretrained import encoders
from matchcut.engine import Engine
from matchcut.engine.ordering import LEAST
from matchcut.errors import (
    EmbeddingsAbsent,
    FeaturesUnfit,
    ScorerUnknown,
    TrainedMissing,
    TrainedRefused,
    UsageError,
)
from matchcut.learn.keeping import keep
from matchcut.learn.trained import Trained
from matchcut.learn.vectors import Encoded, Matrix, open_vectors
from matchcut.server.remote import RemoteMatching
from matchcut.types import Candidate, MatchSet, Side
from tests.synthetic import Synthetic, library
from tests.unit.cli.conftest import Matchcut, matchcut

__all__ = ["matchcut"]

LENGTH = encoders()["appearance"].shape[0]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    folder = tmp_path_factory.mktemp("trained-order") / "lib"
    return library(folder, shots=160, sources=8, wanted=["frame", "camera"])


@pytest.fixture(scope="module")
def vectors(drawn: Synthetic) -> dict[tuple[str, int], Matrix]:
    """Of each shot, by its film's title and number."""
    opened = open_vectors(drawn.folder, "appearance")
    return {
        (title, int(shot)): row
        for title in opened.titles
        for of in [opened.of_title(title)]
        for shot, row in zip(of.shots, of.rows, strict=True)
    }


def appearance() -> Encoded:
    spec = encoders()["appearance"]
    return Encoded("appearance", LENGTH, spec.identity)


def saved(
    folder: Path,
    weight: Matrix,
    *,
    aggregation: str = "concat",
    encoded: Sequence[Encoded] = (),
) -> Path:
    """A logistic regression of these weights, as `matchcut train classifier` saves one."""
    asked = {"task": "frame", "encoders": "appearance", "aggregation": aggregation}
    model = Trained(
        kind="classifier",
        name=folder.name,
        encoded=tuple(encoded) or (appearance(),),
        recipe={**asked, "learner": "lr"},
        measured={"train": (), "validation": (), "test": ()},
        tensors={
            "weight": weight.astype(np.float32),
            "bias": np.zeros(1, np.float32),
            "scale.mean": np.zeros(len(weight), np.float32),
            "scale.deviation": np.ones(len(weight), np.float32),
        },
    )
    model.save(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of other weights for the shot that is left than for the one that is cut to."""
    weight = np.random.default_rng(3).normal(size=2 * LENGTH)
    return saved(tmp_path_factory.mktemp("model") / "frame-appearance-lr-concat", weight)


def scanned(
    made: Synthetic, top: int = 10, scorer: str | Path | None = None, flavor: str = "frame"
) -> MatchSet:
    return Engine(made.folder).scan(
        flavor=flavor,
        top=top,
        per_shot=None,
        across=False,
        min_gap=Fraction(0),
        scorer=scorer,
    )


def shot(side: Side) -> tuple[str, int]:
    return side.source.stem, side.shot


def test_pairs_that_were_planted_come_first(
    drawn: Synthetic,
    vectors: dict[tuple[str, int], Matrix],
    matchcut: Matchcut,
    tmp_path: Path,
) -> None:
    random = np.random.default_rng(0)
    direction = random.normal(size=LENGTH)
    lie = {one: float(row @ direction) for one, row in vectors.items()}
    middle = float(np.median(list(lie.values())))

    def planted(one: tuple[str, int], other: tuple[str, int]) -> bool:
        return lie[one] > middle and lie[other] > middle

    shots = list(vectors)
    rows = ["title,shot1,title2,shot2,match"]
    pairs = list(combinations(shots, 2))
    for at in random.permutation(len(pairs))[:6000].tolist():
        one, other = pairs[at]
        rows.append(f"{one[0]},{one[1]},{other[0]},{other[1]},{int(planted(one, other))}")
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(rows))
    ran = matchcut(
        "train", "classifier", "--dataset", labels, "--embeddings", drawn.folder, "--encoder",
        "appearance", "--bootstraps", 1, "--workers", 1, "--aggregation", "mean",
        "-o", tmp_path / "trained",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    folder = tmp_path / "trained" / "labels-appearance-lr-mean"

    def share(found: Sequence[Candidate]) -> float:
        return float(np.mean([planted(shot(one.outgoing), shot(one.incoming)) for one in found]))

    own = share(scanned(drawn, LEAST).candidates)
    ordered = scanned(drawn, 10, folder).candidates
    assert share(ordered) > 2 * own
    assert share(ordered) >= 0.8


@pytest.mark.parametrize("flavor", ["frame", "frame,camera:0.5"])
def test_the_best_pairs_come_as_the_model_says_and_keep_the_flavors_score(
    drawn: Synthetic, vectors: dict[tuple[str, int], Matrix], model: Path, flavor: str
) -> None:
    weight = np.random.default_rng(3).normal(size=2 * LENGTH).astype(np.float32)
    own = scanned(drawn, LEAST, flavor=flavor).candidates

    def says(one: Candidate) -> float:
        both = np.concatenate([vectors[shot(one.outgoing)], vectors[shot(one.incoming)]])
        return float(both @ weight)

    wanted = sorted(own, key=says, reverse=True)[:10]
    found = scanned(drawn, 10, model, flavor).candidates
    [name] = {one.scorer for one in found}
    assert name.startswith("frame-appearance-lr-concat-")
    assert [replace(one, rank=0, scorer="") for one in found] == [
        replace(one, rank=0) for one in wanted
    ]
    assert [one.rank for one in found] == list(range(1, 11))


def test_find_is_ordered_as_scan_is_and_says_by_what(drawn: Synthetic, model: Path) -> None:
    engine = Engine(drawn.folder)
    asked = dict(flavor="camera", min_gap=Fraction(0))
    own = engine.find(drawn.query(20), top=LEAST, **asked)  # type: ignore[arg-type]
    found = engine.find(drawn.query(20), top=8, scorer=model, **asked)  # type: ignore[arg-type]
    assert {one.incoming for one in found.candidates} <= {one.incoming for one in own.candidates}
    assert found.candidates[0].incoming != own.candidates[0].incoming
    [name] = {one.scorer for one in found.candidates}
    assert any(name in note and "own" in note for note in found.notes)


def test_pairs_that_the_model_finds_alike_stay_in_their_order(
    drawn: Synthetic, tmp_path: Path
) -> None:
    flat = saved(tmp_path / "flat", np.zeros(2 * LENGTH))
    own = scanned(drawn).candidates
    found = scanned(drawn, scorer=flat).candidates
    assert [replace(one, scorer="") for one in found] == list(own)


def test_without_a_scorer_nothing_is_said_of_one(drawn: Synthetic, model: Path) -> None:
    before = scanned(drawn)
    scanned(drawn, scorer=model)
    after = scanned(drawn)
    assert after == before
    assert {one.scorer for one in after.candidates} == {""}


def test_it_goes_before_what_verdicts_have_taught(
    drawn: Synthetic, model: Path, tmp_path: Path
) -> None:
    made = replace(drawn, folder=tmp_path / "lib")
    shutil.copytree(drawn.folder, made.folder)
    engine = Engine(made.folder)
    for one in scanned(made, 240).candidates[::2]:
        stays = one.incoming.handle_after > 3 * one.incoming.rate
        engine.record_verdict(one, "keep" if stays else "reject")
    assert engine.learn_from_verdicts("frame").used
    assert all(one.scorer.startswith("verdicts-") for one in scanned(made).candidates)
    found = scanned(made, scorer=model)
    assert all(one.scorer.startswith("frame-appearance") for one in found.candidates)
    assert not any(note.startswith("Ordered as") for note in found.notes)


@pytest.mark.parametrize(
    "encoded",
    [
        Encoded("clip", LENGTH, "clip"),
        Encoded("appearance", LENGTH, "appearance-v0"),
        Encoded("appearance", LENGTH - 1, encoders()["appearance"].identity),
    ],
)
def test_features_that_it_was_not_trained_on_are_refused(
    drawn: Synthetic, tmp_path: Path, encoded: Encoded
) -> None:
    other = saved(tmp_path / "other", np.zeros(2 * encoded.length), encoded=[encoded])
    with pytest.raises(
        FeaturesUnfit, match=f"trained on {encoded.encoder} .* cannot score .*appear"
    ):
        scanned(drawn, scorer=other)


def test_films_without_the_embeddings_that_it_wants_are_said(
    drawn: Synthetic, tmp_path: Path
) -> None:
    spec = encoders()["efficientnet-b7"]
    wanted = Encoded("efficientnet-b7", spec.shape[0], spec.identity)
    other = saved(tmp_path / "other", np.zeros(2 * spec.shape[0]), encoded=[wanted])
    with pytest.raises(EmbeddingsAbsent, match=r"8 source.*'efficientnet-b7'"):
        scanned(drawn, scorer=other)


def test_several_encoders_are_joined_in_the_order_of_the_model(
    drawn: Synthetic, vectors: dict[tuple[str, int], Matrix], tmp_path: Path
) -> None:
    # The second half alone counts, and only of the shot that is left.
    weight = np.zeros(4 * LENGTH)
    weight[LENGTH : 2 * LENGTH] = np.random.default_rng(5).normal(size=LENGTH)
    twice = saved(tmp_path / "twice", weight, encoded=[appearance(), appearance()])
    found = scanned(drawn, scorer=twice).candidates
    said = [vectors[shot(one.outgoing)] @ weight[LENGTH : 2 * LENGTH] for one in found]
    assert said == sorted(said, reverse=True)


def test_a_folder_without_a_model_or_with_half_of_one_is_refused(
    drawn: Synthetic, tmp_path: Path
) -> None:
    with pytest.raises(TrainedMissing):
        scanned(drawn, scorer=tmp_path)
    short = saved(tmp_path / "short", np.zeros(5))
    with pytest.raises(TrainedRefused, match="not those of its kind"):
        scanned(drawn, scorer=short)


def test_a_model_that_is_trained_anew_is_seen_at_once(drawn: Synthetic, tmp_path: Path) -> None:
    engine = Engine(drawn.folder)
    asked: dict[str, Any] = dict(
        flavor="frame", top=5, per_shot=None, across=False, min_gap=Fraction(0)
    )
    folder = saved(tmp_path / "one", np.zeros(2 * LENGTH))
    before = engine.scan(**asked, scorer=folder)
    assert engine.scan(**asked, scorer=folder) == before
    saved(folder, np.random.default_rng(8).normal(size=2 * LENGTH))
    after = engine.scan(**asked, scorer=folder)
    assert before.candidates[0].scorer != after.candidates[0].scorer


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHCUT_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def test_a_kept_classifier_is_asked_for_by_its_name(
    drawn: Synthetic, model: Path, shelf: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("train", "use", model, "--name", "mine")
    assert ran.code == 0, ran.err
    assert "--scorer mine" in ran.err
    asked = ["scan", "-l", drawn.folder, "-f", "frame", "--no-refine", "--json", "--min-gap", 0]
    by_name = matchcut(*asked, "--scorer", "mine")
    assert by_name.code == 0, by_name.err
    by_folder = matchcut(*asked, "--scorer", model)
    assert [line["outgoing"] for line in by_name.lines] == [
        line["outgoing"] for line in by_folder.lines
    ]
    assert {line["scorer"].rpartition("-")[0] for line in by_name.lines} == {"mine"}
    assert {line["scorer"].rpartition("-")[0] for line in by_folder.lines} == {model.name}
    assert "order of mine-" in by_name.err


@pytest.mark.parametrize("text", ["./mine", "models/mine", "mine/", "~/mine", "."])
def test_what_looks_like_a_folder_is_one(text: str) -> None:
    assert isinstance(scorer_named(text), Path)


@pytest.mark.parametrize("name", ["mine", "../scorers", "Mine", "."])
def test_a_name_that_nothing_is_kept_under_is_refused(
    drawn: Synthetic, shelf: Path, name: str
) -> None:
    with pytest.raises(ScorerUnknown, match="no scorer named"):
        scanned(drawn, scorer=name)


def test_a_classifier_of_vectors_that_nothing_here_makes_is_not_kept(
    shelf: Path, tmp_path: Path
) -> None:
    other = saved(tmp_path / "other", np.zeros(8), encoded=[Encoded("clip", 4, "clip")])
    with pytest.raises(TrainedRefused, match="nothing here makes"):
        keep(other, "mine")
    assert not shelf.exists()


def test_a_sidecar_is_told_names_alone(drawn: Synthetic, model: Path) -> None:
    with pytest.raises(UsageError, match="by its name"):
        RemoteMatching(drawn.folder).scan(
            flavor="frame", top=1, per_shot=None, across=False, min_gap=Fraction(0), scorer=model
        )
