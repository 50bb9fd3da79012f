"""A learned projection of embeddings: a small network that brings shots that match together.

Vectors are scaled, go through two layers with a leaky rectifier between them, and are made length
1. What it makes is compared by cosine, so an index can search it. It lies in a folder of its own:
`weights.safetensors`, and `model.json` that says what it was trained on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import TrainedMissing, TrainedRefused

FOLDER = "projections"
"""Of a shelf of models: where the projections are that flavors are made of."""
LEAK = 0.01
"""Slope of the rectifier below 0, as PyTorch has it."""
NAMES = ("scale.mean", "scale.deviation", "first.weight", "first.bias", "last.weight", "last.bias")


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The trained numbers, single precision."""

    mean: NDArray[np.float32]
    """(D,) of the vectors that it was trained on."""
    deviation: NDArray[np.float32]
    """(D,) of them; never 0."""
    first: tuple[NDArray[np.float32], NDArray[np.float32]]
    """(D, H) weights and (H,) biases."""
    last: tuple[NDArray[np.float32], NDArray[np.float32]]
    """(H, E) weights and (E,) biases."""

    @classmethod
    def of(cls, tensors: Mapping[str, NDArray[Any]]) -> Projection:
        """From a table that has `NAMES`, of shapes that fit each other.

        Raises:
            ValueError: it does not.
        """
        if missing := [name for name in NAMES if name not in tensors]:
            raise ValueError(f"it has no {missing[0]}")
        mean, deviation, first, first_bias, last, last_bias = (
            np.asarray(tensors[name], np.float32) for name in NAMES
        )
        shapes = (
            (mean.shape, first.shape[:1]),
            (deviation.shape, mean.shape),
            (first_bias.shape, first.shape[1:]),
            (last.shape[:1], first.shape[1:]),
            (last_bias.shape, last.shape[1:]),
        )
        if any(found != wanted for found, wanted in shapes):
            raise ValueError("its tensors do not fit each other")
        return cls(mean, deviation, (first, first_bias), (last, last_bias))

    @property
    def length(self) -> int:
        """Numbers of what it makes."""
        return len(self.last[1])

    def __call__(self, vectors: NDArray[Any]) -> NDArray[np.float64]:
        """(N, E) of length 1 for (N, D) vectors; all zero where a vector is, or nothing is left.

        In double precision: what is computed together changes none but the last digits.
        """
        given = vectors.astype(np.float64)
        hidden = (given - self.mean) / self.deviation @ self.first[0] + self.first[1]
        hidden = np.where(hidden > 0, hidden, LEAK * hidden)
        made = hidden @ self.last[0] + self.last[1]
        length = np.linalg.norm(made, axis=1, keepdims=True)
        said = (length > 0) & given.any(axis=1, keepdims=True)
        return np.asarray(np.divide(made, length, out=np.zeros_like(made), where=said))


@dataclass(frozen=True, slots=True, eq=False)
class StoredProjection:
    """A projection in its folder, and what it may be given."""

    name: str
    """That of the folder."""
    projection: Projection
    digest: str
    """Of its tensors."""
    identities: tuple[str, ...]
    """Of what made the vectors that it was trained on; of more than one, they were joined."""
    task: str
    """What the people were asked for whose labels it was trained on."""


def read_projection(folder: Path) -> StoredProjection:
    """The projection in a folder.

    Raises:
        TrainedMissing: there is no model.
        TrainedRefused: it cannot be read, or is no projection.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        content = (folder / "weights.safetensors").read_bytes()
        if facts["kind"] != "metric":
            raise TrainedRefused(folder, "it is no projection, but a " + str(facts["kind"]))
        return StoredProjection(
            name=folder.name,
            projection=Projection.of(load(content)),
            digest=hashlib.sha256(content).hexdigest()[:12],
            identities=tuple(str(one["identity"]) for one in facts["encoded"]),
            task=str(facts["recipe"]["task"]),
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise TrainedMissing(folder) from error
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise TrainedRefused(folder, "its files are damaged or not of a projection") from error
