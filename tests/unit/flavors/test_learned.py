"""A trained projection is a flavor once it is kept, over libraries that are there already."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut import flavors
from matchcut.embeddings.appearance import APPEARANCE, LENGTH
from matchcut.embeddings.pretrained import encoders, pretrained
from matchcut.embeddings.projection import FOLDER, Projection
from matchcut.engine import Engine
from matchcut.engine.vectors import indexable
from matchcut.errors import TrainedMissing, TrainedRefused, UsageError
from matchcut.flavors._learned import _Nothing
from matchcut.learn.keeping import keep
from matchcut.learn.trained import Trained
from matchcut.learn.vectors import Encoded, open_vectors
from tests.unit.cli.conftest import Matchcut, matchcut

__all__ = ["matchcut"]


def made(encoder: str = "appearance", length: int = LENGTH, identity: str | None = None) -> Trained:
    random = np.random.default_rng(0)
    identity = identity or encoders()[encoder].identity
    return Trained(
        kind="metric",
        name="frame-appearance-metric-frame",
        encoded=(Encoded(encoder, length, identity),),
        recipe={"task": "frame", "encoders": encoder},
        measured={"train": (), "validation": (), "test": ()},
        tensors={
            "scale.mean": np.zeros(length, np.float32),
            "scale.deviation": np.ones(length, np.float32),
            "first.weight": random.normal(size=(length, 16)).astype(np.float32),
            "first.bias": random.normal(size=16).astype(np.float32),
            "last.weight": random.normal(size=(16, 8)).astype(np.float32),
            "last.bias": random.normal(size=8).astype(np.float32),
        },
    )


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's folder of models; flavors are looked for anew, now and afterwards."""
    monkeypatch.setenv("MATCHCUT_MODELS", str(tmp_path / "models"))
    flavors.flavors.cache_clear()
    yield tmp_path / "models"
    flavors.flavors.cache_clear()


@pytest.fixture
def kept(shelf: Path, tmp_path: Path) -> Path:
    made().save(tmp_path / "trained")
    place, kind = keep(tmp_path / "trained", "learned")
    assert kind == "flavor"
    return place


def test_a_kept_projection_is_a_flavor_and_without_one_there_is_none(
    shelf: Path, tmp_path: Path
) -> None:
    assert "learned" not in flavors.flavors()
    made().save(tmp_path / "trained")
    keep(tmp_path / "trained", "learned")
    flavors.flavors.cache_clear()
    assert "learned" in flavors.flavors()
    assert list(flavors.flavors()) == sorted(flavors.flavors())
    assert flavors.flavor("learned").label == "Learned from judged pairs (frame)"


def test_a_library_that_is_there_already_is_asked_without_indexing_again(
    kept: Path, footage_library: Path
) -> None:
    found = Engine(footage_library).scan(
        flavor="learned", top=100, per_shot=None, across=False, min_gap=Fraction(0),
        min_handle=1, reframe=False,
    )  # fmt: skip
    assert found.candidates
    projection = Projection.of(made().tensors)
    vectors = open_vectors(footage_library, "appearance")
    rows = {
        (title, shot): row
        for title in vectors.titles
        for shot, row in enumerate(projection(vectors.of_title(title).rows))
    }
    for one in found.candidates:
        sides = [rows[side.source.stem, side.shot] for side in (one.outgoing, one.incoming)]
        assert one.score == pytest.approx(float(sides[0] @ sides[1]), abs=1e-5)


def test_it_can_be_searched_by_an_index(kept: Path) -> None:
    assert indexable(flavors.flavor("learned"))


def test_scores_do_not_depend_on_what_else_is_compared(kept: Path) -> None:
    similarity = flavors.flavor("learned").similarity
    rows = np.random.default_rng(1).normal(size=(50, LENGTH)).astype(np.float32)
    every = similarity.pairwise(rows, rows)
    np.testing.assert_array_equal(every, every.T)
    np.testing.assert_array_equal(similarity.pairwise(rows[7:9], rows[3:4]), every[7:9, 3:4])
    numbers = np.arange(50)
    prepared = similarity.prepared([rows[:20], rows[20:]])
    np.testing.assert_array_equal(prepared.pairwise(numbers, numbers), every)
    assert np.abs(every).max() <= 1


def test_what_a_network_says_nothing_of_matches_nothing(kept: Path) -> None:
    similarity = flavors.flavor("learned").similarity
    rows = np.zeros((2, LENGTH), np.float32)
    rows[1] = 1
    found = similarity.pairwise(rows, rows)
    assert found[0].tolist() == [0, 0]
    assert found[1, 1] == 1


def test_a_projection_of_a_networks_vectors_wants_that_network(shelf: Path, tmp_path: Path) -> None:
    network = pretrained()[0]
    spec = encoders()[network.name]
    made(network.name, spec.shape[0]).save(tmp_path / "trained")
    keep(tmp_path / "trained", "learned-b7")
    flavor = flavors.flavor("learned-b7")
    assert flavor.pretrained == (network,)
    assert flavor.needs_pretrained
    absent = flavor.representation
    assert isinstance(absent, _Nothing)
    assert (absent.spec.dtype, absent.spec.shape) == (spec.dtype, spec.shape)
    assert absent.spec.identity != spec.identity
    rows = absent.compute([None, None])  # type: ignore[list-item]
    assert not flavor.similarity.pairwise(rows, rows).any()


@pytest.mark.parametrize("encoder", ["clip", "appearance"])
def test_vectors_that_nothing_here_makes_are_refused(
    shelf: Path, tmp_path: Path, encoder: str
) -> None:
    made(encoder, identity="made-elsewhere").save(tmp_path / "trained")
    with pytest.raises(TrainedRefused, match="made-elsewhere"):
        keep(tmp_path / "trained", "learned")
    assert not shelf.exists()


@pytest.mark.parametrize("name", ["frame", "Learned", "a,b", "a:1", "a/b", "../up", ""])
def test_a_name_that_no_flavor_can_have_is_refused(shelf: Path, tmp_path: Path, name: str) -> None:
    made().save(tmp_path / "trained")
    with pytest.raises(UsageError):
        keep(tmp_path / "trained", name)


def test_a_folder_without_a_projection_is_refused(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainedMissing):
        keep(tmp_path, "learned")


@pytest.mark.parametrize("damage", ["weights", "no weights", "facts", "vectors"])
def test_a_damaged_projection_is_left_out_and_said_and_the_others_stay(
    kept: Path, shelf: Path, tmp_path: Path, matchcut: Matchcut, footage_library: Path, damage: str
) -> None:
    keep(tmp_path / "trained", "whole")
    if damage == "weights":
        (kept / "weights.safetensors").write_bytes(b"nothing")
    elif damage == "no weights":
        (kept / "weights.safetensors").unlink()
    elif damage == "facts":
        (kept / "model.json").write_text("{")
    else:
        made(identity="made-elsewhere").save(kept)
    flavors.flavors.cache_clear()
    assert {"frame", "whole"} <= flavors.flavors().keys()
    assert "learned" not in flavors.flavors()
    listed = matchcut("flavors", "--json")
    assert listed.code == 0
    assert listed.err.count("Left out: ") == 1
    assert str(kept) in listed.err.replace("\n", "")
    [told] = matchcut("doctor", "--json").lines[0]["flavors_left_out"]
    assert str(kept) in told
    asked = ("scan", "-l", footage_library, "--min-gap", "0", "--no-refine", "--json")
    assert matchcut(*asked, "-f", "whole").code == 0
    refused = matchcut(*asked, "-f", "learned")
    assert refused.code == 1
    assert refused.err.startswith("TRAINED_")
    assert str(kept) in refused.err.replace("\n", "")


def test_a_shelf_without_damage_is_not_spoken_of(kept: Path, matchcut: Matchcut) -> None:
    assert "Left out" not in matchcut("flavors").err
    assert matchcut("doctor", "--json").lines[0]["flavors_left_out"] == ["none"]


def test_a_projection_with_the_name_of_a_flavor_stands_behind_it(kept: Path, shelf: Path) -> None:
    built_in = flavors.flavor("camera")
    kept.rename(shelf / FOLDER / "camera")
    flavors.flavors.cache_clear()
    assert flavors.flavor("camera") is built_in
    assert "has the name of a flavor" in str(flavors.left_out()["camera"])


def test_the_reason_is_both_pictures(kept: Path) -> None:
    from matchcut.types import Evidence

    rows = np.zeros((1, LENGTH), np.float32)
    pictures = [np.full((90, 160, 3), value, np.uint8) for value in (0, 200)]
    drawn = flavors.flavor("learned").draw_reason(*(Evidence(one, rows) for one in pictures))
    assert drawn.shape == (90, 160, 3)
    assert (drawn == 100).all()


def test_it_is_kept_and_asked_for_on_the_command_line(
    shelf: Path, tmp_path: Path, matchcut: Matchcut, footage_library: Path
) -> None:
    made().save(tmp_path / "trained")
    assert matchcut("train", "use", tmp_path / "trained", "--name", "mine").code == 0
    flavors.flavors.cache_clear()
    ran = matchcut("scan", "-l", footage_library, "--flavor", "mine", "--json", "--no-reframe")
    assert ran.code == 0, ran.err
    assert {line["flavor"] for line in ran.lines} == {"mine"}
    assert "mine" in {line["name"] for line in matchcut("flavors", "--json").lines}


def test_the_representation_of_the_weight_free_embedding_is_itself(kept: Path) -> None:
    assert flavors.flavor("learned").representation is APPEARANCE
