"""What all networks that see silhouettes in single pictures have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from matchcut import moments
from matchcut.models import Model
from matchcut.models.running import Running
from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.types import Picture, RepresentationSpec, Rows, Span, Window, WindowRequest

DIGITS = 3
"""Decimals of a confidence: what is beyond differs from device to device."""


@dataclass(frozen=True, slots=True)
class Still:
    """Silhouettes from what a network sees in the one picture at a moment."""

    model: Model
    label: str
    suits: Literal["gpu", "cpu"]
    parameters: tuple[tuple[str, str], ...]
    """Those that change a value, besides the model and the canvas."""
    seen: Callable[[Running, Picture], Sequence[Instance]]
    """The instances that the network sees in a picture. Their confidence is rounded to
    `DIGITS`."""

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    def representation(self, weights: Path, device: str, /) -> _Silhouettes:
        """Rows of `rows.ROW` by the network with the weights in this file."""
        spec = RepresentationSpec(
            name="silhouette",
            version=2,
            dtype=ROW,
            shape=(),
            parameters=(
                ("model", self.model.name),
                ("canvas", f"{COLUMNS}x{ROWS}"),
                *self.parameters,
            ),
            weights=self.model.published.sha256,
        )
        return _Silhouettes(spec, Running(self.model, weights, device), self.seen)


@dataclass(frozen=True, slots=True)
class _Silhouettes:
    spec: RepresentationSpec
    network: Running
    seen: Callable[[Running, Picture], Sequence[Instance]]

    def moments(self, span: Span) -> Sequence[int]:
        """Those of which the weight-free rows speak as well."""
        return moments.moments(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        """The one frame at the moment."""
        return WindowRequest(moment, (moment,))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        """(N,) rows of `rows.ROW`, each computed by itself on every device.

        Pictures of unlike size would be filled up to one size in a batch, and a picture's row
        would then depend on its neighbours.
        """
        found = np.zeros(len(windows), ROW)
        for place, window in enumerate(windows):
            found[place] = row(self.seen(self.network, window.pictures[window.centre]))
        return found
