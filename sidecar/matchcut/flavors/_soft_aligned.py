"""How alike soft silhouettes could be, were a picture reframed: the frames to cut at.

As `_aligned`, which compares all shots by their rows; this compares frames of two shots, finer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._aligned import either_kept
from matchcut.flavors._soft import alike, outlines
from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.types import Rows

SIDE = 96
"""Places down and across the square on which silhouettes of one place and size are compared."""
COVERED = 32
"""Side of the square that each covers as much of."""
LOOSE = 1.5
"""Standard deviation in places by which outlines may lie elsewhere: pictures may be turned."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class AlignedSoftSilhouettes:
    """Soft silhouettes are alike as far as they are once they have one place and size.

    Less as far as no admissible reframing gives them both; flopped or not. Pictures are taken to be
    16:9, and not to be rotated.
    """

    name: str = "aligned-soft-silhouettes"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.1

    def pairwise(self, a: Rows, b: Rows, /) -> Floats:
        """The score of every soft silhouette of `a` with every one of `b`.

        Args:
            a: (N, h, w) uint8 on the canvas, how likely each place is covered, of 255.
            b: (M, h, w) as `a`.

        Returns:
            (N, M) float32, 0 to 1; an empty silhouette scores 0 with every one.

        Cost: 1 ms a silhouette, and 10 µs a pair.
        """
        here, there = _Brought.of(a), _Brought.of(b)
        found = np.zeros((len(a), len(b)), np.float32)
        for other in (there, there.flopped()):
            scores = alike(here.soft, other.soft, here.rims, other.rims)
            scores *= either_kept(here.reaches[:, :, None], other.reaches[:, None])
            np.maximum(found, scores, out=found)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Brought:
    """Soft silhouettes brought to one place and size."""

    soft: Floats
    """(N, SIDE, SIDE) 0 to 1, the centroid in the middle."""
    rims: Floats
    """(N, SIDE, SIDE) their outlines."""
    reaches: Floats
    """(5, N) as `_aligned.Centred.reaches`, in cells of the canvas."""

    @classmethod
    def of(cls, rows: Rows) -> _Brought:
        import cv2

        finer = rows.shape[2] / COLUMNS
        values = rows.astype(np.float32) / np.float32(255)
        down, across = (values.sum(axis=axis) for axis in (2, 1))
        area = down.sum(axis=1)
        least = np.maximum(area, 1)
        x, y = (
            (side * (np.arange(side.shape[1]) + 0.5)).sum(axis=1) / least for side in (across, down)
        )
        size = np.sqrt(area)
        reaches = np.array([x, finer * COLUMNS - x, y, finer * ROWS - y, size]) / finer
        soft = np.empty((len(rows), SIDE, SIDE), np.float32)
        for place, one, left, top, long in zip(soft, values, x, y, size, strict=True):
            scale = COVERED / max(float(long), 1.0)
            way = np.array(
                [
                    [scale, 0, SIDE / 2 - 0.5 - scale * (left - 0.5)],
                    [0, scale, SIDE / 2 - 0.5 - scale * (top - 0.5)],
                ]
            )
            place[:] = cv2.warpAffine(one, way, (SIDE, SIDE))
        rims = np.stack([cv2.GaussianBlur(one, (0, 0), LOOSE) for one in outlines(soft)])
        return cls(soft, rims, reaches.astype(np.float32))

    def flopped(self) -> _Brought:
        """The same of the pictures with left and right swapped."""
        return _Brought(self.soft[:, :, ::-1], self.rims[:, :, ::-1], self.reaches[[1, 0, 2, 3, 4]])
