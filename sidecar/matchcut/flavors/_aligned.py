"""How much silhouettes could overlap were one of the two pictures reframed: roughly, for all pairs.

Every mask is brought to one place and one size, and so compared with every other, as it is and
flopped. How far two masks can really be brought together follows from their sizes and distances to
the borders alone: pushing in until the centroids lie on each other, and nothing of the outside
shows, may make one mask larger than the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, PACKED, ROWS
from matchcut.similarity import MaskIoU, mask_iou, words
from matchcut.similarity.spool import Spool
from matchcut.similarity.tables import MaskTable, overlap
from matchcut.types import LARGEST_SCALE, Bits, RowNumbers, Rows

SIDE = 32
"""Cells down and across the square on which masks of one place and size are compared."""
COVERED = 256
"""Cells of it that each covers, as far as it does not reach beyond."""
PENALTY = 0.25
"""What a match is worth less, for being had by reframing: unrelated silhouettes of films, drawn by
hand, then reach a score as seldom as without, be it one pair in 200 or in 1,000."""
_AT_ONCE = 1 << 12
"""Masks that are made ready at a time."""
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

    def prepared_of(self, parts: Iterable[tuple[Rows, NDArray[np.int8]]], /) -> AlignedTable:
        """As `similarity.MaskIoU.prepared_of`."""
        return AlignedTable.of(self.plain.prepared_of(parts), self.penalty)


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
            overlap[rows] *= either_kept(here.reaches[:, rows, None], other.reaches[:, None])
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
        return np.packbits(self.cells.reshape(len(self.cells), SIDE * SIDE), axis=1)


def either_kept(here: Floats, there: Floats) -> Floats:
    """The most that areas allow masks to overlap when either of two is pushed in.

    Args:
        here: (5, ...) `Centred.reaches` of some masks.
        there: (5, ...) those of others, against which they are broadcast.
    """
    return np.maximum(kept(here, there), kept(there, here))


def kept(moving: Floats, fixed: Floats) -> Floats:
    """The most that areas allow masks to overlap when the moving ones are pushed in.

    A picture that is pushed in by s and shifted so that one mask's centroid comes to lie on the
    other's covers its place if its borders, s times as far from there, are as far as the other's.
    """
    least = np.maximum(moving, np.float32(1e-3))
    scale = 1 / least[0] * fixed[0]
    for one, other in zip(1 / least[1:], fixed[1:], strict=True):
        np.maximum(scale, one * other, out=scale)
    areas = np.square(fixed[4] / least[4] / scale, dtype=np.float32)
    return np.where(scale <= np.float32(LARGEST_SCALE), areas, np.float32(0))


@dataclass(frozen=True, eq=False)
class AlignedTable:
    """Masks of many rows, as they are and brought to one place and size: as `AlignedIoU` scores."""

    plain: MaskTable
    penalty: float
    centred: NDArray[np.uint64]
    """(R, 16) as `Centred.packed`."""
    flopped: NDArray[np.uint64]
    """(R, 16) with left and right swapped."""
    areas: Floats
    """(R,) cells set in either."""
    reaches: Floats
    """(5, R) as `Centred.reaches`."""

    @classmethod
    def of(cls, plain: MaskTable, penalty: float) -> AlignedTable:
        """Of (R, 36) words. 5 µs and 280 bytes a row."""
        centred, flopped = Spool(), Spool()
        reaches = np.zeros((5, len(plain)), np.float32)
        for start in range(0, max(len(plain), 1), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            some = Centred.of(plain.words[rows].view(np.uint8).reshape(-1, PACKED))
            centred.add(words(some.packed()))
            flopped.add(words(some.flopped().packed()))
            reaches[:, rows] = some.reaches
        cells = centred.joined()
        areas = np.bitwise_count(cells).sum(axis=1).astype(np.float32)
        return cls(plain, penalty, cells, flopped.joined(), areas, reaches)

    def __len__(self) -> int:
        return len(self.plain)

    @cached_property
    def bits(self) -> tuple[Bits, ...]:
        """As they are, and brought to one place, flopped or not.

        How far areas allow to be brought there is 1 at most, so it is left out.
        """
        (plain,) = self.plain.bits
        worth = plain.worth * np.float32(1 - self.penalty)
        aligned = (
            Bits(self.centred, others, self.areas, plain.kind, worth)
            for others in (self.centred, self.flopped)
        )
        return (plain, *aligned)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows with some others. 0.1 µs a pair."""
        return self._scores(one[:, None], other[None])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        return self._scores(one, other)

    def _scores(self, one: RowNumbers, other: RowNumbers) -> Floats:
        worth = self.plain.worth(one, other)
        reached = np.zeros(worth.shape, np.float32)
        here = self.reaches[:, one]
        for others, order in ((self.centred, slice(None)), (self.flopped, [1, 0, 2, 3, 4])):
            there = self.reaches[order][:, other]
            both = overlap(self.centred, others, self.areas, one, other)
            np.maximum(reached, both * either_kept(here, there), out=reached)
        reached *= worth
        reached *= np.float32(1 - self.penalty)
        reached *= self.plain.kind[one] == self.plain.kind[other]
        return np.asarray(np.maximum(self.plain.overlap(one, other) * worth, reached))


@cache
def _planes() -> tuple[np.uint64, ...]:
    """For each bit of a column's number, the columns in whose number it is set."""
    return tuple(
        np.uint64(
            sum(1 << (COLUMNS - 1 - column) for column in range(COLUMNS) if column >> bit & 1)
        )
        for bit in range(COLUMNS.bit_length() - 1)
    )
