"""What all frozen networks that turn a window of frames into one vector have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from matchcut.models import Model
from matchcut.models.running import Running
from matchcut.moments import middle
from matchcut.types import RepresentationSpec, Rows, Span, Window, WindowRequest

if TYPE_CHECKING:
    from torch import Tensor, nn

STORED = np.dtype(np.float16)
"""Of the numbers kept: half the room of float32, and no cosine is off by more than 0.001, which is
less than encoding a film anew makes of it."""
TOGETHER = 4
"""Rows computed at once elsewhere than on the CPU, always so many: the last digits of a row depend
on the size of its batch. Few, since a lone row costs as much as a full batch; how many suit a GPU
has not been measured."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Vectors that a network computes just before it would name a class."""

    model: Model
    label: str
    suits: Literal["gpu", "cpu"]
    repeats: float | None
    represents: str
    """Name of the representation."""
    length: int
    """Numbers of a vector."""
    head: str
    """Name of the network's last part, which is left out."""
    parameters: tuple[tuple[str, str], ...]
    """Those that change a value, besides the model."""
    window: Callable[[Span, int], WindowRequest]
    """The frames wanted for a moment of a shot."""
    given: Callable[[Window], Tensor]
    """What the network is given for a window, on the CPU and of one shape whatever the window."""

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    def representation(self, weights: Path, device: str, /) -> _Embedding:
        """(length,) float16 rows of length 1 by the network with the weights in this file."""
        spec = RepresentationSpec(
            name=self.represents,
            version=1,
            dtype=STORED,
            shape=(self.length,),
            parameters=(("model", self.model.name), *self.parameters),
            weights=self.model.published.sha256,
        )
        running = Running(self.model, weights, device, partial(_headless, self.head))
        return _Embedding(spec, running, self.window, self.given)


def _headless(head: str, network: nn.Module) -> nn.Module:
    from torch import nn

    setattr(network, head, nn.Identity())
    return network


@dataclass(frozen=True, slots=True)
class _Embedding:
    spec: RepresentationSpec
    network: Running
    window: Callable[[Span, int], WindowRequest]
    given: Callable[[Window], Tensor]

    def moments(self, span: Span) -> Sequence[int]:
        """The middle of the span."""
        return middle(span)

    def compute(self, windows: Sequence[Window], /) -> Rows:
        """(N, length) float16 rows of length 1; all zero where the network says nothing at all.

        The CPU computes row by row, other devices `TOGETHER` at a time. Only where a GPU's memory
        runs out are batches smaller, and the last digits may then differ.
        """
        from matchcut.models.devices import in_batches

        together = 1 if self.network.device == "cpu" else TOGETHER
        vectors = np.zeros((len(windows), *self.spec.shape))

        def fill(batch: slice) -> None:
            if real := windows[batch]:
                vectors[batch] = self._vectors(real, batch.stop - batch.start)

        in_batches(fill, -(-len(windows) // together) * together, together)
        return _unit(vectors).astype(self.spec.dtype)

    def _vectors(self, windows: Sequence[Window], size: int) -> NDArray[np.float32]:
        """(N, length) vectors of at most `size` windows, computed in a batch of just that size."""
        import torch

        batch = torch.stack([self.given(window) for window in windows])
        missing = batch.new_zeros((size - len(batch), *batch.shape[1:]))
        answer: Tensor = self.network(torch.cat([batch, missing]).to(self.network.device))
        return np.asarray(answer[: len(windows)].cpu().numpy())


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return np.asarray(unit)
