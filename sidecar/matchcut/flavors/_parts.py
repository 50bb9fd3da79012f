"""Which masks of two moments are compared: people, the main subject, or things of one class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.labels import LABELS
from matchcut.silhouettes.rows import of_class
from matchcut.similarity import MaskIoU
from matchcut.types import Prepared, Rows, Similarity

PEOPLE, SUBJECT = "people", "subject"


class _OfMasks(Similarity, Protocol):
    """A similarity of masks, `similarity.MaskIoU` or another."""

    def prepared_of(self, parts: Iterable[tuple[Rows, NDArray[np.int8]]], /) -> Prepared: ...


@dataclass(frozen=True)
class SilhouetteIoU:
    """Silhouettes are alike as far as the chosen part of them covers the same cells.

    `part` is `people`: the union of the people where both moments hold some, the main subject where
    neither does, and no match between one that does and one that does not; `subject`: the main
    subject of any class; or the name of a class. Size and trust count as in `similarity.MaskIoU`.
    """

    part: str
    iou: _OfMasks = field(default_factory=MaskIoU)
    """Of two masks (`silhouettes.rows.MASK`): as they are, or as they can be had by reframing."""
    name: str = "silhouette-iou"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0

    @property
    def fluke(self) -> float:
        """That of the masks' similarity."""
        return self.iou.fluke

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """The score of every row of `a` with every row of `b`.

        Args:
            a: (N,) of dtype `silhouettes.rows.ROW`.
            b: (M,) as `a`.

        Returns:
            (N, M) float32, 0 to 1. A moment without the part scores 0 with every other.
        """
        if self.part == SUBJECT:
            return self.iou.pairwise(a["subject"], b["subject"])
        if self.part != PEOPLE:
            label = LABELS.index(self.part)
            return self.iou.pairwise(of_class(a, label), of_class(b, label))
        here, there = held(a), held(b)
        scores = self.iou.pairwise(a["people"], b["people"])
        neither = np.ix_(~here, ~there)
        scores[neither] = self.iou.pairwise(a["subject"][~here], b["subject"][~there])
        return scores

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """The chosen masks of all rows of some arrays: of their 3 KB a row, 300 bytes are kept."""
        return self.iou.prepared_of(self._chosen(rows) for rows in parts)

    def _chosen(self, rows: Rows) -> tuple[Rows, NDArray[np.int8]]:
        """(N,) the mask of each row that counts, and its kind: those of one kind are compared."""
        kind = np.zeros(len(rows), np.int8)
        if self.part == SUBJECT:
            return np.array(rows["subject"]), kind
        if self.part != PEOPLE:
            return of_class(rows, LABELS.index(self.part)), kind
        without = ~held(rows)
        kind[without] = 1
        return np.where(without, rows["subject"], rows["people"]), kind


def held(rows: Rows) -> NDArray[np.bool_]:
    """(N,) whether each moment holds people."""
    return np.asarray(rows["people"]["mask"].any(axis=-1))


def compared(part: str, a: Rows, b: Rows) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The two packed masks that `SilhouetteIoU(part)` compares in (1,) rows `a` and `b`."""
    if part == PEOPLE:
        chosen = SUBJECT if not (held(a)[0] or held(b)[0]) else PEOPLE
        one, other = a[chosen], b[chosen]
    elif part == SUBJECT:
        one, other = a[SUBJECT], b[SUBJECT]
    else:
        label = LABELS.index(part)
        one, other = of_class(a, label), of_class(b, label)
    return one["mask"][0], other["mask"][0]
