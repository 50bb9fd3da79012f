"""A window of frames to a silhouette on the canvas, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._silhouette import cues, fuse, refine
from matchcut.flavors._silhouette.canvas import COLUMNS, ROWS, placed
from matchcut.types import Window

_RING = 4
"""Cells around the mask whose probability is compared with that inside it."""
_FLAT = 6.0
"""Range of brightness (0 to 255) below which a picture shows nothing, only noise."""


@dataclass(frozen=True, slots=True)
class Silhouette:
    """The main subject of one moment."""

    mask: NDArray[np.bool_]
    """(36, 64) bool, on the canvas."""
    confidence: float
    """0 to 1: the expected overlap of the mask with the one a person would draw."""


_GROUND = 0.3
"""Share of its confidence that a mask keeps when it reaches from side to side: it is a strip of
ground, a crowd or a skyline. None of the 65 hand-drawn subjects does."""

_NOTHING = Silhouette(np.zeros((ROWS, COLUMNS), np.bool_), 0.0)


def silhouette(window: Window) -> Silhouette:
    """The main subject of the window's centre frame.

    A picture of one colour, or without anything that stands out, gives an empty mask with
    confidence 0.

    Cost: about 80 ms on one core for 13 frames of 320 x 180.
    """
    low, high = np.percentile(window.pictures[window.centre], (1, 99))
    if high - low < _FLAT:
        return _NOTHING
    seen = cues.found(window)
    coarse = fuse.probability(seen.maps, seen.moves)
    height, width = window.pictures.shape[1:3]
    mask = on_canvas(refine.refined(seen.picture, coarse), height, width)
    if not mask.any():
        return _NOTHING
    confidence = trusted(evidence(mask, coarse, height, width))
    if _crosses(mask, height, width):
        confidence *= _GROUND
    return Silhouette(mask, confidence)


def _crosses(mask: NDArray[np.bool_], height: int, width: int) -> bool:
    """Whether the mask reaches from one side of the picture to the other."""
    inside = mask[placed(height, width)]
    return bool(inside[:, 0].any() and inside[:, -1].any())


def on_canvas(mask: NDArray[np.bool_], height: int, width: int) -> NDArray[np.bool_]:
    """The (36, 64) canvas cells of which a mask over a height x width picture covers half."""
    rows, columns = placed(height, width)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    canvas = np.zeros((ROWS, COLUMNS), np.bool_)
    share = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    canvas[rows, columns] = share > 0.5
    return canvas


def evidence(
    mask: NDArray[np.bool_], coarse: NDArray[np.float32], height: int, width: int
) -> dict[str, float]:
    """The signs by which a mask is trusted.

    Args:
        mask: (36, 64) bool on the canvas, not empty.
        coarse: (36, 64) float32, the probability over the picture.
        height: Of the picture.
        width: Of the picture.

    Returns:
        `apart`: mean probability inside less that in a ring around the mask. `agreement`: overlap
        of the mask with the thresholded probability. `peak`: 99th percentile of the probability.
    """
    rows, columns = placed(height, width)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    likely = cv2.resize(coarse, size, interpolation=cv2.INTER_AREA)
    inside = mask[rows, columns]
    brush = np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)
    ring = (cv2.dilate(inside.view(np.uint8), brush) > 0) & ~inside
    rough = likely > refine.threshold(coarse)
    return {
        "apart": float(likely[inside].mean() - (likely[ring].mean() if ring.any() else 0.0)),
        "agreement": float((inside & rough).sum() / max((inside | rough).sum(), 1)),
        "peak": float(np.percentile(coarse, 99)),
    }


def trusted(signs: Mapping[str, float]) -> float:
    """The confidence, 0 to 1, that the signs of `evidence` give: a fitted weighted sum."""
    coefficients = fuse.weights()["confidence"]
    expected = coefficients["bias"] + sum(coefficients[name] * signs[name] for name in signs)
    return float(np.clip(expected, 0, 1))
