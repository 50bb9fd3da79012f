"""What every provider of pretrained silhouettes and embeddings promises.

A new one is tested here without being named anywhere. Add a file to
`matchcut/silhouettes/pretrained/` or `matchcut/embeddings/pretrained/`, or install a distribution
with one of the entry points `matchcut.silhouettes` and `matchcut.embeddings`, and run this module.
A provider is a dataclass with a field `model`: the weights here are random ones, in files as the
real ones are published.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchcut import models
from matchcut.embeddings.pretrained import pretrained as pretrained_embeddings
from matchcut.errors import ModelDamaged, ModelMissing, ModelUnfit
from matchcut.models.loading import digest
from matchcut.pipeline.frames import window, windows
from matchcut.silhouettes.pretrained import pretrained as pretrained_silhouettes
from matchcut.silhouettes.rows import ROW
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Picture, Representation, Rows, Span, Window
from tests.random_weights import written
from tests.textures import as_frames, flat, moving

PROVIDERS: list[Any] = [*pretrained_silhouettes(), *pretrained_embeddings()]
SILHOUETTES = pretrained_silhouettes()
NAMES = [one.name for one in PROVIDERS]
SLOW = ("mask-rcnn", "efficientnet-b7")
"""Those that take seconds a shot on two cores."""
TIME_BASE = Fraction(1, 24)

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=NAMES)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(one, marks=pytest.mark.slow if one.name in SLOW else (), id=one.name)
        for one in PROVIDERS
    ],
)
def representation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Representation:
    """That of one provider on the CPU, with weights that say nothing in particular."""
    provider = request.param
    model, path = written(provider.model, tmp_path_factory.mktemp("weights"))
    made: Representation = replace(provider, model=model).representation(path, "cpu")
    return made


def _window(representation: Representation, pictures: list[Picture]) -> Window:
    span = Span(0, len(pictures), TIME_BASE)
    requests = windows(representation, span)
    request = requests[len(requests) // 2]
    return window(as_frames(pictures), request, span)


def test_listing_the_providers_and_their_identities_loads_no_heavy_library() -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from matchcut.silhouettes.pretrained import pretrained as silhouettes\n"
        "from matchcut.embeddings.pretrained import pretrained as embeddings\n"
        "for one in (*silhouettes(), *embeddings()):\n"
        "    print(one.name, one.representation(Path(), 'cpu').spec.identity)\n"
        "heavy = {'torch', 'torchvision', 'cv2', 'av'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == NAMES


@every_provider
def test_a_provider_is_named_as_its_model_and_says_in_a_line_what_it_is_good_for(
    provider: Any,
) -> None:
    assert provider.model == models.model(provider.name)
    assert provider.label.strip()
    assert "\n" not in provider.label
    assert provider.suits in ("gpu", "cpu")


@every_provider
def test_the_identity_tells_the_weights_and_not_the_machine(provider: Any) -> None:
    spec = provider.representation(Path(), "cpu").spec
    elsewhere = provider.representation(Path("carried") / provider.model.file, "cuda").spec
    assert elsewhere.identity == spec.identity
    assert spec.provider == provider.name
    assert spec.weights == provider.model.published.sha256
    others = replace(provider.model.published, sha256="0" * 64)
    changed = replace(provider, model=replace(provider.model, published=others))
    assert changed.representation(Path(), "cpu").spec.identity != spec.identity


def test_no_two_providers_have_one_identity() -> None:
    identities = {one.representation(Path(), "cpu").spec.identity for one in PROVIDERS}
    assert len({*identities, WEIGHT_FREE.spec.identity}) == len(PROVIDERS) + 1


@pytest.mark.parametrize("provider", pretrained_silhouettes(), ids=lambda one: one.name)
def test_silhouettes_have_the_rows_of_the_weight_free_ones(provider: Any) -> None:
    spec = provider.representation(Path(), "cpu").spec
    free = WEIGHT_FREE.spec
    assert (spec.name, spec.dtype, spec.shape) == (free.name, ROW, free.shape)


@pytest.mark.parametrize("provider", pretrained_embeddings(), ids=lambda one: one.name)
def test_an_embedding_is_one_vector_and_knows_from_when_on_shots_are_repeats(
    provider: Any,
) -> None:
    spec = provider.representation(Path(), "cpu").spec
    assert spec.dtype.kind == "f"
    assert len(spec.shape) == 1
    assert provider.repeats is None or 0 < provider.repeats < 1


@every_provider
@pytest.mark.parametrize(
    "span",
    [Span(0, 1, TIME_BASE), Span(7, 9, TIME_BASE), Span(-40, 400, Fraction(1001, 24000))],
    ids=["one frame", "two frames", "long"],
)
def test_frames_are_wanted_from_inside_the_shot_for_the_moment_of_the_weight_free_row(
    provider: Any, span: Span
) -> None:
    representation = provider.representation(Path(), "cpu")
    if provider in SILHOUETTES:
        assert tuple(representation.moments(span)) == tuple(WEIGHT_FREE.moments(span))
    for request in windows(representation, span):
        assert request.moment in request.instants
        assert list(request.instants) == sorted(set(request.instants))
        assert span.start <= request.instants[0] <= request.instants[-1] < span.end


def _cut_short(model: models.Model, path: Path) -> models.Model:
    path.write_bytes(b"half")
    return model


def _foreign(model: models.Model, path: Path) -> models.Model:
    import torch

    torch.save({"another.weight": torch.zeros(3)}, path)
    published = replace(model.published, sha256=digest(path), size=path.stat().st_size)
    return replace(model, published=published)


@every_provider
@pytest.mark.parametrize(
    ("lay", "error"),
    [
        (lambda model, _: model, ModelMissing),
        (_cut_short, ModelDamaged),
        (_foreign, ModelUnfit),
    ],
    ids=["missing", "cut short", "of another network"],
)
def test_weights_are_looked_at_when_first_computed_and_what_is_wrong_is_told(
    provider: Any,
    lay: Callable[[models.Model, Path], models.Model],
    error: type[Exception],
    tmp_path: Path,
) -> None:
    path = tmp_path / provider.model.file
    model = lay(provider.model, path)
    representation = replace(provider, model=model).representation(path, "cpu")
    shot = _window(representation, [flat(1, 2, 3, 32, 18)])
    assert representation.compute([]).shape == (0, *representation.spec.shape)
    with pytest.raises(error):
        representation.compute([shot])


def test_a_row_depends_on_its_shot_alone_whatever_is_computed_beside_it(
    representation: Representation,
) -> None:
    shots = [
        _window(representation, pictures)
        for pictures in (
            moving(1, 20, across=3),
            moving(2, 3, width=101, height=180),
        )
    ]
    together = representation.compute(shots)
    assert together.dtype == representation.spec.dtype
    assert together.shape == (2, *representation.spec.shape)
    _finite(together)

    def alone(place: int) -> Rows:
        return representation.compute([shots[place]])

    # As the pipeline does, which computes shots in several threads.
    with ThreadPoolExecutor(2) as threads:
        apart = list(threads.map(alone, (1, 0)))
    assert np.concatenate(apart[::-1]).tobytes() == together.tobytes()


def _finite(rows: Rows) -> None:
    for name in rows.dtype.names or ():
        _finite(rows[name])
    if rows.dtype.kind == "f":
        assert np.isfinite(rows).all()
