"""What is stored of one moment: its instances, the union of its people, and its main subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, PACKED, ROWS, packed
from matchcut.silhouettes.labels import LABELS, PERSON
from matchcut.types import Rows

KEPT = 8
"""Instances kept of a moment: the most prominent ones. The union of people knows them all."""

MASK = np.dtype([("mask", "u1", (PACKED,)), ("confidence", "<f4")])
"""A mask, its cells 8 to a byte, row-major, first cell in the most significant bit; and how far it
can be trusted, 0 to 1. All zero where there is nothing."""

INSTANCE = np.dtype(
    [
        ("label", "u1"),
        ("confidence", "<f4"),
        ("box", "<f4", (4,)),
        ("mask", "u1", (PACKED,)),
    ]
)
"""One thing: index into `labels.LABELS`, confidence 0 to 1, box (left, top, right, bottom) in
shares of the canvas, and its packed mask."""

ROW = np.dtype(
    [("people", MASK), ("subject", MASK), ("count", "u1"), ("instances", INSTANCE, (KEPT,))]
)
"""One moment. The first `count` of its instances are filled, the most prominent first."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """One thing that was found in a picture."""

    label: int
    """Index into `labels.LABELS`; 0 where nobody knows what it is."""
    confidence: float
    """0 to 1."""
    mask: NDArray[np.bool_]
    """(36, 64) bool, on the canvas."""

    @property
    def area(self) -> int:
        """Cells covered."""
        return int(self.mask.sum())

    @property
    def box(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) around the mask in shares of the canvas; zeros if empty."""
        rows, columns = (np.flatnonzero(self.mask.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return (0.0, 0.0, 0.0, 0.0)
        return (
            columns[0] / COLUMNS,
            rows[0] / ROWS,
            (columns[-1] + 1) / COLUMNS,
            (rows[-1] + 1) / ROWS,
        )

    @property
    def prominence(self) -> float:
        """Confidence x share of the canvas x nearness: 1 in its middle column, 1/2 at its sides."""
        left, _, right, _ = self.box
        nearness = 1 - abs((left + right) / 2 - 0.5)
        return self.confidence * self.area / (ROWS * COLUMNS) * nearness


def row(instances: Sequence[Instance]) -> Rows:
    """() the row of a moment in which these were found, of dtype `ROW`.

    Instances without a cell are passed over. The main subject is the most prominent instance of
    any class, the earlier of two equal ones. The people are trusted as their cells are: each cell
    as the most trusted person on it, averaged.
    """
    seen = sorted((one for one in instances if one.area), key=lambda one: -one.prominence)
    filled = np.zeros((), ROW)
    filled["count"] = min(len(seen), KEPT)
    for place, one in enumerate(seen[:KEPT]):
        filled["instances"][place] = (one.label, one.confidence, one.box, packed(one.mask))
    if seen:
        filled["subject"] = (packed(seen[0].mask), seen[0].confidence)
    people = [one for one in seen if one.label == PERSON]
    if people:
        trust = np.max([one.mask * np.float32(one.confidence) for one in people], axis=0)
        union = np.any([one.mask for one in people], axis=0)
        filled["people"] = (packed(union), trust[union].mean())
    return filled


def of_class(rows: Rows, label: int) -> Rows:
    """(N,) of dtype `MASK`: the union of the kept instances of one class in each of (N,) rows.

    Its confidence is that of the most trusted one; a row without any is all zero.
    """
    if not 0 < label < len(LABELS):
        raise ValueError(f"{label} is the number of no class")
    instances = rows["instances"]
    here = (instances["label"] == label) & (np.arange(KEPT) < rows["count"][:, None])
    found = np.zeros(len(rows), MASK)
    found["mask"] = np.bitwise_or.reduce(instances["mask"] * here[..., None], axis=1)
    found["confidence"] = (instances["confidence"] * here).max(axis=1)
    return found
