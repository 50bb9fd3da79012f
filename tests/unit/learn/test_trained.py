"""A trained model lies in a folder that holds tensors and text, and appears whole."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from matchcut.errors import OutputUnwritable, TrainedMissing, TrainedRefused
from matchcut.learn.trained import Trained, load
from matchcut.learn.vectors import Encoded

MODEL = Trained(
    kind="classifier",
    name="frame-clip-lr-mean",
    encoded=(Encoded("yamnet", 1024, "yamnet"), Encoded("clip", 512, "clip")),
    recipe={"task": "frame", "encoders": "yamnet+clip", "learner": "lr", "aggregation": "mean"},
    measured={"train": (0.5, 0.25), "validation": (0.4, 0.2), "test": (math.nan,)},
    tensors={"weight": np.arange(3, dtype=np.float32), "trees": np.arange(4, dtype=np.uint8)},
)


def test_a_model_comes_back_as_it_was(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "model")
    found = load(tmp_path / "model")
    for name in ("kind", "name", "encoded", "recipe"):
        assert getattr(found, name) == getattr(MODEL, name)
    assert found.measured["train"] == (0.5, 0.25)
    assert np.isnan(found.measured["test"]).all()
    assert found.tensors.keys() == MODEL.tensors.keys()
    for name, tensor in MODEL.tensors.items():
        np.testing.assert_array_equal(found.tensors[name], tensor)
        assert found.tensors[name].dtype == tensor.dtype


def test_a_model_is_tensors_and_text_and_nothing_else(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "model")
    files = sorted(one.name for one in (tmp_path / "model").iterdir())
    assert files == ["CARD.md", "model.json", "weights.safetensors"]
    assert [one.name for one in tmp_path.iterdir()] == ["model"], "nothing is left beside it"


def test_its_card_says_what_it_sees_how_good_it_is_and_its_limits(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "model")
    card = (tmp_path / "model" / "CARD.md").read_text(encoding="utf-8")
    for words in ("`yamnet` | 1024", "0.375 ± 0.177", "| test | none |", "## Limits", "mean"):
        assert words in card


def test_a_model_that_is_trained_anew_replaces_the_old_one(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "model")
    (tmp_path / "model" / "old").touch()
    MODEL.save(tmp_path / "model")
    assert not (tmp_path / "model" / "old").exists()


def test_a_folder_without_a_model_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(TrainedMissing):
        load(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("model.json", b"{", "its model.json cannot be read"),
        ("model.json", b'{"version": 99}', "a newer matchcut wrote it"),
        ("model.json", b'{"version": 1}', "lacks something"),
        ("weights.safetensors", b"\x80\x04K\x01.", "its weights.safetensors cannot be read"),
    ],
)
def test_a_damaged_model_is_refused(tmp_path: Path, file: str, content: bytes, why: str) -> None:
    MODEL.save(tmp_path / "model")
    (tmp_path / "model" / file).write_bytes(content)
    with pytest.raises(TrainedRefused, match=why):
        load(tmp_path / "model")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputUnwritable):
        MODEL.save(tmp_path / "file" / "model")


def test_what_is_stored_is_json_that_others_read(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "model")
    text = (tmp_path / "model" / "model.json").read_text()
    assert json.loads(text)["average_precision"]["test"] == [None]
    assert "NaN" not in text
