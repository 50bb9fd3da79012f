"""How alike two rows are: intersection over union of packed masks, and the cosine of vectors.

Mask IoU equals the Tanimoto similarity of the masks' bit vectors.

Source: Chen et al. 2022, "Match Cutting: Finding Cuts with Smooth Visual Transitions",
arXiv:2210.05766 (frame matches by silhouette, movement matches by averaged flow).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.similarity.tables import MaskTable
from matchcut.similarity.vectors import VectorTable, cosines
from matchcut.types import Rows

_BLOCK = 1 << 16
"""Pairs counted at a time: half a megabyte of words, which stays in the processor's cache."""


def words(masks: NDArray[Any]) -> NDArray[np.uint64]:
    """(N, W) the 64-bit words of (N, B) bytes, filled up with zeros to a whole word."""
    missing = -masks.shape[1] % 8
    whole = np.pad(masks, ((0, 0), (0, missing))) if missing else masks
    return np.ascontiguousarray(whole, dtype=np.uint8).view(np.uint64)


def mask_areas(masks: NDArray[Any]) -> NDArray[np.int64]:
    """The number of set cells of each of (N, B) packed masks, as (N,) int64."""
    return np.asarray(np.bitwise_count(words(masks)).sum(axis=1), dtype=np.int64)


def mask_iou(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float32]:
    """Intersection over union of every mask of `a` with every mask of `b`, exact.

    Args:
        a: (N, B) uint8, masks packed 8 cells to a byte.
        b: (M, B) as `a`.

    Returns:
        (N, M) float32, 0 to 1. Two empty masks give 0, not NaN.

    Raises:
        ValueError: the byte lengths differ.

    Cost: N·M·B/8 word operations, about 0.1 µs a pair of 288 bytes on one core; a
    few megabytes beside the result.
    """
    if a.shape[1:] != b.shape[1:]:
        raise ValueError(f"masks of {a.shape[1:]} bytes cannot be compared with {b.shape[1:]}")
    left, right = words(a), words(b)
    # float32 holds these whole numbers exactly, so that the quotient is the exact one, rounded.
    areas_a, areas_b = (mask_areas(each).astype(np.float32) for each in (a, b))
    result = np.zeros((len(a), len(b)), np.float32)
    across = max(min(len(b), _BLOCK), 1)
    down = max(_BLOCK // across, 1)
    for top in range(0, len(a), down):
        for start in range(0, len(b), across):
            rows, columns = slice(top, top + down), slice(start, start + across)
            shape = result[rows, columns].shape
            shared, counted = np.empty(shape, np.uint64), np.empty(shape, np.uint8)
            both = np.zeros(shape, np.uint32)
            for one, other in zip(left[rows].T, right[columns].T, strict=True):
                np.bitwise_and(one[:, None], other[None], out=shared)
                both += np.bitwise_count(shared, out=counted)
            common = both.astype(np.float32)
            either = areas_a[rows, None] + areas_b[None, columns] - common
            result[rows, columns] = common / np.maximum(either, 1)
    return result


@dataclass(frozen=True)
class MaskIoU:
    """Silhouettes are alike as far as they cover the same cells, and as far as they are trusted.

    The score is IoU x trust x size. Trust is the lower confidence of the two over `knee`, at most
    1. Size falls off linearly for masks smaller than `small` and larger than `large` of the
    canvas, for the mask of the two that is worse off: specks and full frames coincide by chance.
    """

    small: float = 0.015
    """Share of the canvas below which a mask counts less: nothing at 0, fully from here on."""
    large: float = 0.85
    """Share of the canvas above which a mask counts less: fully up to here, nothing at 1."""
    knee: float = 0.5
    """Confidence from which a mask is trusted fully."""
    name: str = "mask-iou"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.1

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """The score of every row of `a` with every row of `b`.

        Args:
            a: (N,) structured: `mask` (B,) uint8, cells packed 8 to a byte; `confidence` float32.
            b: (M,) as `a`.

        Returns:
            (N, M) float32, 0 to 1. An empty mask scores 0 with every mask, itself included.
        """
        return np.asarray(mask_iou(a["mask"], b["mask"]) * self.worth(a, b), dtype=np.float32)

    def worth(self, a: Rows, b: Rows) -> NDArray[np.float32]:
        """(N, M) trust x size: what is made of the overlap of every two masks, 0 to 1."""
        weight = np.minimum(self.weight(a)[:, None], self.weight(b)[None])
        trust = np.minimum(self.trust(a)[:, None], self.trust(b)[None])
        return np.asarray(weight * trust, dtype=np.float32)

    def prepared(self, parts: Iterable[Rows], /) -> MaskTable:
        """All rows of some arrays, made ready once. Memory: 300 bytes a row of 288."""
        return self.prepared_of((rows, np.zeros(len(rows), np.int8)) for rows in parts)

    def prepared_of(self, parts: Iterable[tuple[Rows, NDArray[np.int8]]], /) -> MaskTable:
        """As `prepared`, of rows of several kinds; those of different ones score 0."""
        return MaskTable.joined(
            MaskTable.of(words(rows["mask"]), kind, self.weight(rows), self.trust(rows))
            for rows, kind in parts
        )

    def weight(self, rows: Rows) -> NDArray[np.float32]:
        """(N,) what the size of each mask is worth, 0 to 1."""
        share = mask_areas(rows["mask"]) / max(rows["mask"].shape[1] * 8, 1)
        speck = np.minimum(share / self.small, 1)
        full = np.minimum((1 - share) / (1 - self.large), 1)
        return np.asarray(np.minimum(speck, full), dtype=np.float32)

    def trust(self, rows: Rows) -> NDArray[np.float32]:
        """(N,) how far each mask is trusted, 0 to 1."""
        return np.asarray(np.clip(rows["confidence"] / self.knee, 0, 1), dtype=np.float32)


@dataclass(frozen=True)
class Cosine:
    """Vectors are alike as far as they point the same way, whatever their length."""

    name: str = "cosine"
    symmetric: bool = True
    lowest: float = -1.0
    highest: float = 1.0
    fluke: float = 0.05

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """The cosine of the angle between every row of `a` and every row of `b`.

        Args:
            a: (N, ...) float; all but the first axis are taken as one vector.
            b: (M, ...) as `a`.

        Returns:
            (N, M) float32, -1 to 1. A vector of length zero gives 0 with every vector, not NaN.
        """
        return cosines(directions(a), directions(b))

    def prepared(self, parts: Iterable[Rows], /) -> VectorTable:
        """All rows of some arrays, made ready once. Memory: 12 bytes a number."""
        return VectorTable.joined(directions(rows) for rows in parts)


def directions(rows: Rows) -> NDArray[np.float64]:
    """(N, D) the vectors of length 1, or 0 where the row has no length that can be told."""
    flat = rows.reshape(len(rows), prod(rows.shape[1:])).astype(np.float64)
    # Dividing by the largest value first keeps the squares of huge and tiny rows from vanishing.
    largest = np.abs(flat).max(axis=1, keepdims=True, initial=0)
    scaled = np.divide(flat, largest, out=np.zeros_like(flat), where=largest > 0)
    length = np.sqrt(np.square(scaled).sum(axis=1, keepdims=True))
    unit = np.divide(scaled, length, out=np.zeros_like(flat), where=length > 0)
    return np.asarray(unit, dtype=np.float64)
