"""Weights are found wherever this user or PyTorch has put them, in a stated order."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from matchcut import models
from matchcut.errors import ModelMissing, ModelUnknown
from matchcut.models import shelves
from tests.unit.models.conftest import small_model

FILE, TWIN = "small-00000000.pth", "small-00000000.safetensors"


def _pytorch(tmp_path: Path) -> Path:
    return tmp_path / "torch home" / "hub" / "checkpoints"


def _put(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
    return folder / name


def test_the_named_folder_comes_before_the_variable_and_the_variable_before_the_usual_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data")
    assert shelves(None).place == tmp_path / "data" / "models"
    monkeypatch.setenv("MATCHCUT_MODELS", str(tmp_path / "variable"))
    assert shelves(None).place == tmp_path / "variable"
    assert shelves(tmp_path / "named").place == tmp_path / "named"


def test_the_folder_of_pytorch_is_the_one_that_pytorch_itself_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch.hub

    def agrees() -> bool:
        return shelves(tmp_path).folders == (tmp_path, Path(torch.hub.get_dir()) / "checkpoints")

    assert agrees()
    monkeypatch.delenv("TORCH_HOME")
    assert agrees()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert agrees()


def test_a_relative_folder_is_meant_from_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATCHCUT_MODELS", "carried")
    assert shelves(None).place == tmp_path / "carried"


def test_what_pytorch_has_fetched_is_found(tmp_path: Path) -> None:
    fetched = _put(_pytorch(tmp_path), FILE)
    assert shelves(tmp_path / "mine").find(small_model()) == fetched


def test_the_user_s_own_file_goes_before_that_of_pytorch(tmp_path: Path) -> None:
    theirs, twin = _put(_pytorch(tmp_path), FILE), _put(tmp_path / "mine", TWIN)
    assert shelves(tmp_path / "mine").find(small_model()) == twin
    own = _put(tmp_path / "mine", FILE)
    assert shelves(tmp_path / "mine").present(small_model()) == (own, twin, theirs)


def test_a_folder_or_a_part_of_a_file_is_no_weights(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    _put(tmp_path, f"{FILE}.part")
    assert shelves(tmp_path).find(small_model()) is None


def test_missing_weights_are_said_with_every_folder_that_was_searched(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        shelves(tmp_path / "mine").require(small_model())
    assert FILE in caught.value.sentence
    assert str(tmp_path / "mine") in caught.value.sentence
    assert str(_pytorch(tmp_path)) in caught.value.sentence
    present = _put(tmp_path / "mine", FILE)
    assert shelves(tmp_path / "mine").require(small_model()) == present


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelUnknown) as caught:
        models.model("resnet-9000")
    assert set(caught.value.facts["known"].split(",")) == set(models.models())
