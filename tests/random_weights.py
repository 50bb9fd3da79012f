"""Weights that nobody has trained, in the very files in which trained ones are published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from matchcut.models import Model
from matchcut.models.loading import digest


def written(model: Model, folder: Path) -> tuple[Model, Path]:
    """Random weights under the published file's name, and the model that has them published.

    They are the same each time, and are loaded by the same way as real ones.
    """
    import torch

    with torch.random.fork_rng(devices=()):
        torch.manual_seed(7)
        network = model.build()
    path = folder / model.file
    torch.save(network.state_dict(), path)
    return publishing(model, path), path


def publishing(model: Model, path: Path) -> Model:
    """The same model, as if this file were what is published of it."""
    facts = replace(model.published, sha256=digest(path), size=path.stat().st_size)
    return replace(model, published=facts)
