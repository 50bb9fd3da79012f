"""Weights are loaded only from whole files, and never run a program that is hidden in them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from matchcut import models
from matchcut.errors import ModelDamaged, ModelMissing, ModelUnfit
from matchcut.models import Model, load, loading
from tests.unit.models.conftest import (
    publishing,
    small_model,
    small_network,
    write_as_published,
)


def _same(first: nn.Module, second: nn.Module) -> bool:
    one, other = first.state_dict(), second.state_dict()
    return list(one) == list(other) and all(torch.equal(one[key], other[key]) for key in one)


@pytest.fixture
def written(tmp_path: Path) -> tuple[Model, Path, nn.Module]:
    """The small model with weights in a file, and the network that they were taken from."""
    network = small_network()
    model, path = write_as_published(small_model(), network.state_dict(), tmp_path)
    return model, path, network


# Whole files


def test_a_real_network_computes_with_the_weights_of_its_file(tmp_path: Path) -> None:
    network = models.model("lraspp").build().eval()
    model, path = write_as_published(models.model("lraspp"), network.state_dict(), tmp_path)
    loaded = load(model, path, "cpu")
    picture = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(loaded(picture)["out"], network(picture)["out"])


def test_a_loaded_network_is_for_computing_and_not_for_training(
    written: tuple[Model, Path, nn.Module],
) -> None:
    model, path, network = written
    loaded = load(model, path, "cpu")
    assert _same(loaded, network)
    assert not any(part.training for part in loaded.modules())
    assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_loading_leaves_the_random_numbers_of_the_program_alone(
    written: tuple[Model, Path, nn.Module],
) -> None:
    model, path, _ = written
    before = torch.get_rng_state()
    load(model, path, "cpu")
    assert torch.equal(torch.get_rng_state(), before)


def test_files_of_pytorch_before_1_6_are_read_as_well(tmp_path: Path) -> None:
    network, model = small_network(), small_model()
    path = tmp_path / model.file
    torch.save(network.state_dict(), path, _use_new_zipfile_serialization=False)
    assert _same(load(publishing(model, path.read_bytes()), path, "cpu"), network)


def test_the_beginning_of_a_digest_is_enough_where_no_more_is_published(
    written: tuple[Model, Path, nn.Module],
) -> None:
    model, path, network = written
    facts = replace(model.published, size=None, sha256=model.published.sha256[:8])
    assert _same(load(replace(model, published=facts), path, "cpu"), network)


def test_the_digest_is_sha256_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"abc" * 400_000)
    assert loading.digest(path) == hashlib.sha256(b"abc" * 400_000).hexdigest()


# Files that are not whole


def test_a_truncated_file_is_refused_with_the_bytes_it_lacks(
    written: tuple[Model, Path, nn.Module],
) -> None:
    model, path, _ = written
    size = path.stat().st_size
    os.truncate(path, size - 1)
    with pytest.raises(ModelDamaged, match=f"cut short, {size - 1:,} bytes instead of {size:,}"):
        load(model, path, "cpu")


def test_a_truncated_file_is_refused_where_no_size_is_published(
    written: tuple[Model, Path, nn.Module],
) -> None:
    model, path, _ = written
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(ModelDamaged, match="its sha256 is"):
        load(replace(model, published=replace(model.published, size=None)), path, "cpu")


def test_one_changed_byte_is_found_before_the_file_is_read(
    written: tuple[Model, Path, nn.Module], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, path, _ = written
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("it was opened"))
    with pytest.raises(ModelDamaged, match=f"and not {model.published.sha256}"):
        load(model, path, "cpu")


def test_a_longer_file_is_refused(written: tuple[Model, Path, nn.Module]) -> None:
    model, path, _ = written
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelDamaged, match="too long"):
        load(model, path, "cpu")


def test_a_missing_file_is_said_to_be_missing_with_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        load(small_model(), tmp_path / "small-00000000.pth", "cpu")
    assert "matchcut models fetch small" in caught.value.next_step
    assert str(tmp_path) in caught.value.sentence


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that is not readable")
def test_a_file_that_the_system_does_not_read_is_refused_with_its_reason() -> None:
    why = loading.fault(small_model(), Path("/proc/self/mem"))
    assert why == "it cannot be read (Input/output error)"


# Files of other things


class _Bomb:
    """Unpickled by a careless reader, it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_program_hidden_in_the_weights_is_refused_and_not_run(
    tmp_path: Path, zipped: bool
) -> None:
    model, path = small_model(), tmp_path / "small-00000000.pth"
    held = {**small_network().state_dict(), "more": _Bomb(tmp_path / "exploded")}
    torch.save(held, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ModelDamaged, match="nothing else is opened"):
        load(publishing(model, path.read_bytes()), path, "cpu")
    assert not (tmp_path / "exploded").exists()


def test_a_pickled_network_is_refused(tmp_path: Path) -> None:
    model, path = write_as_published(small_model(), small_network(), tmp_path)
    with pytest.raises(ModelDamaged, match="nothing else is opened"):
        load(model, path, "cpu")


@pytest.mark.parametrize("content", [b"", b"Interior. Night.\n" * 40, b"PK\x03\x04 no more"])
def test_a_file_that_holds_no_tensors_is_refused_even_if_it_is_what_was_published(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "small-00000000.pth"
    path.write_bytes(content)
    with pytest.raises(ModelDamaged, match="does not hold tensors alone"):
        load(publishing(small_model(), content), path, "cpu")


@pytest.mark.parametrize("held", [[torch.zeros(2)], torch.zeros(2), {"epoch": 3}])
def test_tensors_that_are_no_table_of_weights_are_refused(tmp_path: Path, held: object) -> None:
    model, path = write_as_published(small_model(), held, tmp_path)
    with pytest.raises(ModelUnfit, match="no table of named tensors"):
        load(model, path, "cpu")


def test_the_weights_of_another_network_are_refused_with_a_few_names(tmp_path: Path) -> None:
    real = models.model("lraspp")
    model, path = write_as_published(real, small_network().state_dict(), tmp_path)
    with pytest.raises(ModelUnfit) as caught:
        load(model, path, "cpu")
    said = caught.value.sentence
    assert "missing: backbone.0.0.weight, " in said
    assert "unknown: 0.weight, 0.bias, 1.weight and 6 more." in said
    assert len(said) < 600


def test_a_tensor_of_another_shape_is_named_with_both_shapes(tmp_path: Path) -> None:
    other = small_network()
    other[2] = nn.Linear(4, 5)
    model, path = write_as_published(small_model(), other.state_dict(), tmp_path)
    with pytest.raises(ModelUnfit, match=r"2\.weight \(5, 4\) instead of \(2, 4\)"):
        load(model, path, "cpu")


# Safetensors


@pytest.fixture
def twin(tmp_path: Path) -> tuple[Model, Path, nn.Module]:
    """The small model's weights as safetensors, with the digest beside them."""
    model, network = small_model(), small_network()
    path = tmp_path / model.twin
    save_file(network.state_dict(), path)
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_text(f"{loading.digest(path)}  {path.name}\n")
    return model, path, network


def test_a_safetensors_twin_is_loaded_if_its_digest_lies_beside_it(
    twin: tuple[Model, Path, nn.Module],
) -> None:
    model, path, network = twin
    assert _same(load(model, path, "cpu"), network)


def test_a_digest_in_capitals_and_alone_is_the_same_digest(
    twin: tuple[Model, Path, nn.Module],
) -> None:
    model, path, network = twin
    path.with_name(f"{path.name}.sha256").write_text(f"{loading.digest(path).upper()}\n")
    assert _same(load(model, path, "cpu"), network)


def test_a_safetensors_twin_that_nobody_vouches_for_is_refused(
    twin: tuple[Model, Path, nn.Module],
) -> None:
    model, path, _ = twin
    path.with_name(f"{path.name}.sha256").unlink()
    with pytest.raises(ModelDamaged, match="no digest is published for safetensors"):
        load(model, path, "cpu")


@pytest.mark.parametrize("stated", ["", "0" * 64, "\udcff"])
def test_a_safetensors_twin_of_another_digest_is_refused(
    twin: tuple[Model, Path, nn.Module], stated: str
) -> None:
    model, path, _ = twin
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_bytes(stated.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelDamaged, match="states another one"):
        load(model, path, "cpu")


def test_a_file_that_is_no_safetensors_is_refused(twin: tuple[Model, Path, nn.Module]) -> None:
    model, path, _ = twin
    path.write_bytes(b"Interior. Night.")
    path.with_name(f"{path.name}.sha256").write_text(loading.digest(path))
    with pytest.raises(ModelDamaged, match="no safetensors file"):
        load(model, path, "cpu")
