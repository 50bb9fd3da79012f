"""How much silhouettes could overlap were one of the two pictures reframed: roughly, for all pairs.

Every mask is brought to one place and one size, and so compared with every other, as it is and
flopped. How far two masks can really be brought together follows from their sizes and distances to
the borders alone: pushing in until the centroids lie on each other, and nothing of the outside
shows, may make one mask larger than the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, PACKED, ROWS
from matchcut.similarity import MaskIoU, mask_iou
from matchcut.types import LARGEST_SCALE, Rows

SIDE = 32
"""Cells down and across the square on which masks of one place and size are compared."""
COVERED = 256
"""Cells of it that each covers, as far as it does not reach beyond."""
PENALTY = 0.25
"""What a match is worth less, for being had by reframing: unrelated silhouettes of films, drawn by
hand, then reach a score as seldom as without, be it one pair in 200 or in 1,000."""
_BLOCK = 1 << 15
"""Pairs at a time, so that what is computed for them stays in the cache."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class AlignedIoU:
    """Masks are alike as far as they overlap, or could if either picture were reframed.

    Scores those `plain` or (1 - penalty) x reachable overlap x the same trust and size, whichever
    is more. Pictures are taken to be 16:9, and not to be rotated. The exact reframing is looked for
    by `_mask_reframing`.
    """

    plain: MaskIoU = field(default_factory=MaskIoU)
    penalty: float = PENALTY
    name: str = "aligned-iou"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.1

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """The score of every row of `a` with every row of `b`.

        Args:
            a: (N,) of dtype `silhouettes.rows.MASK`.
            b: (M,) as `a`.

        Returns:
            (N, M) float32, 0 to 1; never less than that of `plain`.

        Cost: twice that of `plain`, and 5 µs a row.
        """
        if not (len(a) and len(b)):
            return self.plain.pairwise(a, b)
        reached = reachable(a["mask"], b["mask"])
        reached *= self.plain.worth(a, b)
        reached *= np.float32(1 - self.penalty)
        return np.maximum(self.plain.pairwise(a, b), reached)


def reachable(a: NDArray[Any], b: NDArray[Any]) -> Floats:
    """(N, M) overlap that masks could have, were either picture pushed in, shifted or flopped.

    Args:
        a: (N, 288) uint8, packed masks of the canvas.
        b: (M, 288) as `a`.
    """
    here, there = Centred.of(a), Centred.of(b)
    result = np.zeros((len(a), len(b)), np.float32)
    for other in (there, there.flopped()):
        overlap = mask_iou(here.packed(), other.packed())
        down = max(_BLOCK // len(b), 1)
        for start in range(0, len(a), down):
            rows = slice(start, start + down)
            leaving = here.reaches[:, rows]
            overlap[rows] *= np.maximum(
                kept(leaving, other.reaches), kept(other.reaches, leaving).T
            )
        np.maximum(result, overlap, out=result)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """Masks brought to one place and size."""

    cells: NDArray[np.bool_]
    """(N, SIDE, SIDE), the centroid in the middle."""
    reaches: Floats
    """(5, N): cells from the centroid to the left, right, upper and lower border of the canvas, and
    the square root of the area. Scaled by s about anything, a mask's are all s times as large."""

    @classmethod
    def of(cls, masks: NDArray[Any]) -> Centred:
        """Of (N, 288) packed masks; one without cells stays empty."""
        lines = np.ascontiguousarray(masks).view(">u8").astype(np.uint64)
        assert masks.shape[1] == PACKED, "a line of the canvas is a word"
        counts = np.bitwise_count(lines)
        area = counts.sum(axis=1, dtype=np.int64)
        least = np.maximum(area, 1)
        y = (counts * (np.arange(ROWS) + 0.5)).sum(axis=1) / least
        x = np.full(len(masks), 0.5)
        for bit, plane in enumerate(_planes()):
            x += (np.bitwise_count(lines & plane).sum(axis=1) << bit) / least
        size = np.sqrt(area)
        reaches = np.array([x, COLUMNS - x, y, ROWS - y, size], np.float32)
        step = size / np.sqrt(COVERED)
        offsets = np.arange(SIDE) + 0.5 - SIDE / 2
        down, across = (
            np.floor(middle[:, None] + step[:, None] * offsets).astype(np.int64)
            for middle in (y, x)
        )
        inside = (down >= 0) & (down < ROWS)
        chosen = np.take_along_axis(lines, np.clip(down, 0, ROWS - 1), axis=1)
        chosen[~inside] = 0
        within = (across >= 0) & (across < COLUMNS)
        shift = (COLUMNS - 1 - np.clip(across, 0, COLUMNS - 1)).astype(np.uint64)
        bit_of = np.where(within, np.uint64(1) << shift, np.uint64(0))
        cells = (chosen[:, :, None] & bit_of[:, None, :]) != 0
        return cls(cells, reaches)

    def flopped(self) -> Centred:
        """The same of the pictures with left and right swapped."""
        return Centred(self.cells[:, :, ::-1], self.reaches[[1, 0, 2, 3, 4]])

    def packed(self) -> NDArray[np.uint8]:
        """(N, SIDE * SIDE / 8) the cells, 8 to a byte."""
        return np.packbits(self.cells.reshape(len(self.cells), -1), axis=1)


def kept(moving: Floats, fixed: Floats) -> Floats:
    """(N, M) the most that areas allow masks to overlap when the moving ones are pushed in.

    A picture that is pushed in by s and shifted so that one mask's centroid comes to lie on the
    other's covers its place if its borders, s times as far from there, are as far as the other's.
    """
    scale = np.zeros((moving.shape[1], fixed.shape[1]), np.float32)
    for one, other in zip(1 / np.maximum(moving, np.float32(1e-3)), fixed, strict=True):
        np.maximum(scale, one[:, None] * other, out=scale)
    size = fixed[4] / np.maximum(moving[4], np.float32(1e-3))[:, None]
    areas = np.square(size / scale, dtype=np.float32)
    return np.where(scale <= np.float32(LARGEST_SCALE), areas, np.float32(0))


@cache
def _planes() -> tuple[np.uint64, ...]:
    """For each bit of a column's number, the columns in whose number it is set."""
    return tuple(
        np.uint64(
            sum(1 << (COLUMNS - 1 - column) for column in range(COLUMNS) if column >> bit & 1)
        )
        for bit in range(COLUMNS.bit_length() - 1)
    )
