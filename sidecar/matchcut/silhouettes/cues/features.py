"""What the trained numbers see of each cell: the maps, where it lies, its colour, the whole frame.

Each map occurs twice, as its value over the frame's median and as its rank in the frame, so that
neither contrast nor speed has to be alike from film to film.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.cues.maps import Cues

FLOORS: Mapping[str, float] = {
    "residual": 0.3,
    "background": 2.0,
    "change": 2.0,
    "upper": 2.0,
    "difference": 2.0,
    "geodesic": 2.0,
    "apart": 0.1,
    "contrast": 1.0,
    "enclosed": 0.05,
    "unlike": 2.0,
    "fine": 0.5,
    "ratio": 0.1,
    "edges": 2.0,
}
"""The maps by name, in their order, and the value of each that is about as small as its noise."""
MOVING = ("residual", "background", "change", "upper", "difference")
"""The maps that need more than one frame."""

SIMPLE = 2 * len(FLOORS) + 6
"""The first so many features are the maps and the places: what the regression sees."""
COUNT = SIMPLE + 6 + 5
"""Features in all."""

_BORDER = 28
"""Rows from the top whose outer cells are taken for background; people leave through the bottom."""


def features(cues: Cues) -> NDArray[np.float32]:
    """(COUNT, 36, 64) float32: 26 of the maps, 6 of places, 6 of colour, 5 of the whole frame.

    Places: distance from the middle column and its square, distance from the top and its square, a
    bell around the middle and one around the middle column. Colours: Lab against the median of the
    border, and Lab itself. The frame: how much moves (three, logarithmic), how uneven the focus is,
    and whether anything moves at all.
    """
    planes: list[NDArray[np.float32]] = []
    for (name, floor), plane in zip(FLOORS.items(), cues.planes, strict=True):
        if cues.moves or name not in MOVING:
            planes += [plane / (plane + np.median(plane) + np.float32(floor)), _ranked(plane)]
        else:
            planes += [np.zeros_like(plane), np.full_like(plane, 0.5)]
    planes += [*_places(), *_colours(cues.picture)]
    residual, upper, fine = cues.planes[0], cues.planes[2], cues.planes[10]
    whole = (
        np.log1p(np.median(residual)),
        np.log1p(np.percentile(residual, 90)),
        np.log1p(np.percentile(upper, 90)),
        np.log1p(fine.std()),
        float(cues.moves),
    )
    planes += [np.full((ROWS, COLUMNS), value, np.float32) for value in whole]
    return np.stack(planes).astype(np.float32)


def _ranked(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each cell's rank in the frame, 0 to 1; equal values share one."""
    values = plane.ravel()
    order = np.sort(values)
    below, upto = np.searchsorted(order, values, "left"), np.searchsorted(order, values, "right")
    return ((below + upto) / (2 * len(values))).reshape(plane.shape).astype(np.float32)


def _places() -> tuple[NDArray[np.float32], ...]:
    y, x = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
    aside = (x + 0.5) / COLUMNS * 2 - 1
    down = (y + 0.5) / ROWS
    axis = np.exp(-np.square(aside) / 0.16)
    middle = np.exp(-np.square(aside) / 0.36 - np.square(down - 0.55) / 0.24)
    return np.abs(aside), np.square(aside), down, np.square(down), middle, axis


def _colours(picture: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    full = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    lab = np.asarray(cv2.resize(full, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), np.float32)
    border = np.concatenate([lab[0], lab[:_BORDER, 0], lab[:_BORDER, -1]])
    against = (lab - np.median(border, axis=0)) / 30
    itself = lab / (100, 30, 30) - (0.5, 0, 0)
    both = np.concatenate([against, itself], axis=-1).astype(np.float32)
    return [both[..., channel] for channel in range(6)]
