"""Optical flow between two small frames, told at a grid of points, and where it can be trusted.

Points are complex numbers, x right and y down from the picture's centre in picture widths.

Source: Kroeger et al. 2016, "Fast Optical Flow using Dense Inverse Search", arXiv:1603.03590, as
OpenCV implements it; texture: Shi and Tomasi 1994, "Good Features to Track", CVPR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture

Points = NDArray[np.complex64]
Weights = NDArray[np.float32]

ROWS, COLUMNS = 18, 32
"""Points of the grid: two each way for a cell of a row of `MOVEMENT`."""
LONG_SIDE, SHORT_SIDE = 160, 36
"""Pixels of the longer side at which flow is computed, and at least of the shorter one: OpenCV's
DIS crashes on 24 lines."""
TEXTURE = 8.0
"""Smaller eigenvalue of the structure tensor, in grey levels squared a pixel, from which on the
flow of a point counts in full. Along an edge flow cannot be told, and that value is 0."""


class Model(NamedTuple):
    """A similarity of the picture's plane: it displaces the point w by growth w + shift."""

    growth: complex
    shift: complex

    def __call__(self, place: Points) -> Points:
        """What it does to points, in widths."""
        return np.asarray(self.growth * place + self.shift, np.complex64)


STANDS = Model(0j, 0j)


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame as flow is computed from it."""

    grey: NDArray[np.uint8]
    """(H, W), the longer side `LONG_SIDE` pixels."""
    texture: Weights
    """(18, 32) from 0 up, full from 1 on: how well the flow of each point can be told."""

    @property
    def place(self) -> Points:
        """(18, 32) where the points are."""
        return _points(*self.grey.shape)


def seen(picture: Picture) -> Seen:
    """The picture, grey and small, and where it has texture."""
    height, width = picture.shape[:2]
    scale = max(LONG_SIDE / max(height, width), SHORT_SIDE / min(height, width))
    size = (round(width * scale), round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    # OpenCV scales grey levels to 0..1 and its Sobel filter to one grey level a pixel.
    strength = cv2.cornerMinEigenVal(grey, 5, ksize=3) * 255.0**2
    cells = cv2.resize(strength, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    texture = np.maximum(cells, 0) / TEXTURE
    return Seen(np.asarray(grey, np.uint8), np.asarray(texture, np.float32))


def flow_estimator(finest: int) -> Any:
    """OpenCV's flow, found on pictures halved `finest` times. Not to be shared by threads."""
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    estimator.setFinestScale(finest)
    # Smoothing what was found takes half of the time, and rounds off what moves by itself.
    estimator.setVariationalRefinementIterations(0)
    return estimator


def flow(earlier: Seen, later: Seen, estimator: Any, known: Model) -> tuple[Points, Weights]:
    """The flow, found from what is left once the later frame is brought back by a known model.

    Flow is smooth, and so falls short of what grows, turns or moves fast; what is left is small.

    Returns:
        (18, 32) displacements in widths, and the texture: 0 where the model takes the point out of
        the picture.
    """
    lines, columns = earlier.grey.shape
    a, b = 1 + known.growth, known.shift
    turn = np.array([[a.real, -a.imag], [a.imag, a.real]])
    middle = np.array([columns - 1, lines - 1]) / 2
    shift = np.array([b.real, b.imag]) * columns + middle - turn @ middle
    brought = cv2.warpAffine(
        later.grey,
        np.column_stack([turn, shift]),
        (columns, lines),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    left = estimator.calc(earlier.grey, np.asarray(brought, np.uint8), None) / columns
    cells = cv2.resize(left, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    place = earlier.place
    carried, corner = known(place), place[-1, -1]
    there = place + carried
    inside = (np.abs(there.real) <= corner.real) & (np.abs(there.imag) <= corner.imag)
    moved = carried + a * (cells[..., 0] + 1j * cells[..., 1])
    return moved.astype(np.complex64), np.asarray(earlier.texture * inside, np.float32)


@cache
def _points(height: int, width: int) -> Points:
    across = (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5
    down = ((np.arange(ROWS) + 0.5) / ROWS - 0.5) * height / width
    found = np.asarray(across[None, :] + 1j * down[:, None], np.complex64)
    found.flags.writeable = False
    return found
