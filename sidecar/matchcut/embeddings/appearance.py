"""An embedding of what a shot looks like, without learned weights: layout, edges, frequencies.

Three parts, each of length 1 before weighting: the colours of a coarse grid (Lab), the directions
of edges in cells (as Dalal and Triggs 2005, "Histograms of Oriented Gradients"), and the low
frequencies of the brightness (as perceptual hashes use them). Each part is centred, so that
unlike pictures have a cosine near zero rather than near one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.moments import middle
from matchcut.types import Picture, RepresentationSpec, Rows, Span, Window, WindowRequest

GRID_WIDTH, GRID_HEIGHT = 12, 7
CELL_COLUMNS, CELL_ROWS, DIRECTIONS = 8, 5, 8
EDGE_WIDTH, EDGE_HEIGHT = 128, 80
FREQUENCIES = 10
PART_WEIGHTS = (0.45, 0.40, 0.15)
"""Of layout, edges and frequencies in the squared length; the cosine is their weighted mean."""
REPEATS = 0.90
"""Cosine from which on two shots are repeats of one set-up."""
LENGTH = (
    GRID_WIDTH * GRID_HEIGHT * 3
    + CELL_COLUMNS * CELL_ROWS * DIRECTIONS
    + FREQUENCIES * FREQUENCIES
    - 1
)


class _Appearance:
    """(671,) float32 of length 1. A picture of one flat colour gives its layout part alone."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="appearance",
            version=1,
            dtype=np.dtype(np.float32),
            shape=(LENGTH,),
            parameters=(("part_weights", str(PART_WEIGHTS)),),
        )

    def moments(self, span: Span) -> Sequence[int]:
        return middle(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return WindowRequest(moment, (moment,))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        rows = [_embedding(window.pictures[window.centre]) for window in windows]
        return np.stack(rows) if rows else np.zeros((0, LENGTH), np.float32)


def _embedding(picture: Picture) -> NDArray[np.float32]:
    parts = (_layout(picture), _edges(picture), _frequencies(picture))
    weighted = [
        np.sqrt(weight) * _unit(part) for weight, part in zip(PART_WEIGHTS, parts, strict=True)
    ]
    return _unit(np.concatenate(weighted)).astype(np.float32)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.zeros_like(vector)


def _layout(picture: Picture) -> NDArray[np.float64]:
    """Lab colours of a coarse grid, brightness centred on middle grey, colour on neutral."""
    import cv2

    small = cv2.resize(picture, (GRID_WIDTH, GRID_HEIGHT), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64)
    lab[..., 0] -= lab[..., 0].mean() * 0.5 + 25.0
    lab[..., 1:] *= 1.5
    # A constant keeps a black picture like any other black picture, not like nothing.
    return np.asarray(lab.ravel() + 1e-3)


def _edges(picture: Picture) -> NDArray[np.float64]:
    import cv2

    grey = cv2.cvtColor(
        cv2.resize(picture, (EDGE_WIDTH, EDGE_HEIGHT), interpolation=cv2.INTER_AREA),
        cv2.COLOR_RGB2GRAY,
    ).astype(np.float32)
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.sqrt(np.hypot(across, down))
    direction = (np.mod(np.arctan2(down, across), np.pi) / np.pi * DIRECTIONS).astype(int)
    rows = np.arange(EDGE_HEIGHT)[:, None] * CELL_ROWS // EDGE_HEIGHT
    columns = np.arange(EDGE_WIDTH)[None, :] * CELL_COLUMNS // EDGE_WIDTH
    cell = (rows * CELL_COLUMNS + columns) * DIRECTIONS + np.minimum(direction, DIRECTIONS - 1)
    histogram = np.bincount(
        cell.ravel(), strength.ravel(), minlength=CELL_ROWS * CELL_COLUMNS * DIRECTIONS
    )
    return np.asarray(histogram - histogram.mean(), np.float64)


def _frequencies(picture: Picture) -> NDArray[np.float64]:
    import cv2

    grey = cv2.cvtColor(
        cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY
    )
    spectrum = cv2.dct(grey.astype(np.float32))[:FREQUENCIES, :FREQUENCIES].astype(np.float64)
    # The first one is the mean brightness, which the layout holds already.
    return np.asarray(spectrum.ravel()[1:])


APPEARANCE = _Appearance()
