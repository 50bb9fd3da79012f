"""A learned projection of embeddings: a small network that brings shots that match together.

Vectors are scaled, go through two layers with a leaky rectifier between them, and are made length
1. What it makes is compared by cosine, so an index can search it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

    def __call__(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, E) of length 1 for (N, D) vectors; all zero where nothing is left of one."""
        scaled = (vectors - self.mean) / self.deviation
        hidden = scaled @ self.first[0] + self.first[1]
        hidden = np.where(hidden > 0, hidden, np.float32(LEAK) * hidden)
        made = (hidden @ self.last[0] + self.last[1]).astype(np.float64)
        length = np.linalg.norm(made, axis=1, keepdims=True)
        unit = np.divide(made, length, out=np.zeros_like(made), where=length > 0)
        return np.asarray(unit, np.float32)
