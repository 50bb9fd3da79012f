"""What every pretrained model promises. A new model is tested here without being named anywhere.

Add a file to `matchcut/models/known/`, or install a distribution with the entry point
`matchcut.models`, and run this module. No weights are needed: the networks are only built.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import torch
from torchvision.models import get_weight

from matchcut.models import Model, load, models
from matchcut.models.loading import digest

NAMES = sorted(models())

every_model = pytest.mark.parametrize("model", models().values(), ids=NAMES)
torchvision_s = pytest.mark.parametrize(
    "model",
    [model for model in models().values() if model.published.weights is not None],
    ids=[name for name in NAMES if models()[name].published.weights is not None],
)


def test_the_models_that_silhouettes_and_embeddings_need_are_there() -> None:
    assert {"mask-rcnn", "lraspp", "efficientnet-b7", "r2plus1d-18"} <= set(NAMES)


@every_model
def test_its_name_is_easy_to_type(model: Model) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", model.name)


@every_model
def test_every_fact_is_stated_in_one_line(model: Model) -> None:
    facts = model.published
    for fact in (
        *(model.label, model.architecture, model.preprocessing, model.produces),
        *(facts.licence, facts.trained_on, facts.paper),
    ):
        assert len(fact) > 2
        assert "\n" not in fact
        assert not fact.endswith(".")
    assert len(model.label) <= 90


@every_model
def test_its_licence_hides_no_terms_of_the_pictures_it_was_trained_on(model: Model) -> None:
    assert "terms" in model.published.trained_on


@every_model
def test_its_paper_can_be_found(model: Model) -> None:
    assert re.search(r"\b(19|20)\d\d, arXiv:\d{4}\.\d{5}\b", model.published.paper)


@every_model
def test_its_file_can_be_named_and_checked(model: Model) -> None:
    facts = model.published
    assert urlsplit(facts.url).scheme == "https"
    assert Path(model.file).suffix in {".pth", ".pt", ".safetensors"}
    assert Path(model.twin).suffix == ".safetensors"
    assert re.fullmatch(r"[0-9a-f]{8,64}", facts.sha256)
    assert facts.size is None or math.isclose(facts.size / 2**20, facts.mebibytes, abs_tol=5e-4)


def test_no_two_models_share_a_file() -> None:
    assert len({model.file for model in models().values()}) == len(NAMES)


@torchvision_s
def test_torchvision_publishes_it_at_this_address_with_this_size_and_digest(model: Model) -> None:
    facts = model.published
    assert facts.weights is not None
    enumerated = get_weight(facts.weights)
    assert facts.url == enumerated.url
    # PyTorch checks what it downloads against the hexadecimal digits in the name.
    [digits] = re.findall(r"-([0-9a-f]{8,})\.", model.file)
    assert facts.sha256.startswith(digits)
    assert facts.mebibytes == enumerated.meta["_file_size"]


@pytest.mark.slow
@every_model
def test_it_is_built_on_the_cpu_from_nothing_and_loads_its_own_weights(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "download_url_to_file", lambda *_, **__: pytest.fail("fetched"))
    network = model.build()
    assert {parameter.device.type for parameter in network.parameters()} == {"cpu"}
    if model.published.weights is not None:
        stated = get_weight(model.published.weights).meta["num_params"]
        assert sum(parameter.numel() for parameter in network.parameters()) == stated
    path = tmp_path / model.file
    torch.save(network.state_dict(), path)
    facts = replace(model.published, size=path.stat().st_size, sha256=digest(path))
    loaded = load(replace(model, published=facts), path, "cpu")
    assert not loaded.training
    expected = network.state_dict()
    assert all(torch.equal(held, expected[key]) for key, held in loaded.state_dict().items())
    # A file as it is published holds as many bytes as the tensors, but for the names and its frame.
    assert math.isclose(path.stat().st_size / 2**20, model.published.mebibytes, rel_tol=0.02)
