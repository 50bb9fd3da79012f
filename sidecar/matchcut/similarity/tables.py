"""Packed masks that are made ready once, and asked about often: those of all shots of a library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchcut.similarity.spool import Spool
from matchcut.types import Bits, RowNumbers

Floats = NDArray[np.float32]
Words = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class MaskTable:
    """The masks of many rows, and what is made of their overlap: as `similarity.MaskIoU` scores."""

    words: Words
    """(R, W) cells, 64 to a word; of very many rows, mapped from a file."""
    areas: Floats
    """(R,) cells set."""
    kind: NDArray[np.int8]
    """(R,) masks of different kinds score 0."""
    weight: Floats
    """(R,) what the size of a mask is worth."""
    trust: Floats
    """(R,) how far it is trusted."""

    @classmethod
    def of(cls, words: Words, kind: NDArray[np.int8], weight: Floats, trust: Floats) -> MaskTable:
        """Some masks, given their words."""
        areas = np.bitwise_count(words).sum(axis=1).astype(np.float32)
        return cls(words, areas, kind, weight, trust)

    @classmethod
    def joined(cls, tables: Iterable[MaskTable]) -> MaskTable:
        """Several as one, in their order; one without rows if there are none."""
        words, others = Spool(), []
        for one in tables:
            words.add(one.words)
            others.append((one.areas, one.kind, one.weight, one.trust))
        if not others:
            none = np.zeros(0, np.float32)
            return cls(np.zeros((0, 1), np.uint64), none, np.zeros(0, np.int8), none, none)
        areas, kind, weight, trust = (np.concatenate(each) for each in zip(*others, strict=True))
        return cls(words.joined(), areas, kind, weight, trust)

    def __len__(self) -> int:
        return len(self.areas)

    @cached_property
    def bits(self) -> tuple[Bits, ...]:
        """As they are."""
        return (Bits(self.words, self.words, self.areas, self.kind, self.weight * self.trust),)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows with some others. 10 ns a pair of 288 bytes."""
        return self.overlap(one[:, None], other[None]) * self.worth(one[:, None], other[None])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        return self.overlap(one, other) * self.worth(one, other)

    def overlap(self, one: RowNumbers, other: RowNumbers) -> Floats:
        """The overlap of rows, as `similarity.mask_iou`; 0 where they are of different kinds.

        Args:
            one: (N,), or (N, 1) where each is compared with all others.
            other: (N,), or (1, M).
        """
        found = overlap(self.words, self.words, self.areas, one, other)
        return np.where(self.kind[one] == self.kind[other], found, np.float32(0))

    def worth(self, one: RowNumbers, other: RowNumbers) -> Floats:
        """What is made of the overlap of rows, as `similarity.MaskIoU.worth`."""
        weight = np.minimum(self.weight[one], self.weight[other])
        return np.asarray(weight * np.minimum(self.trust[one], self.trust[other]), np.float32)


def overlap(
    words: Words, others: Words, areas: Floats, one: RowNumbers, other: RowNumbers
) -> Floats:
    """The intersection over union of rows `one` of some words with rows `other` of others.

    Args:
        words: (R, W).
        others: (R, W) with as many bits set in each row.
        areas: (R,) how many.
        one: (N,), or (N, 1) where each is compared with all others.
        other: (N,), or (1, M).

    Returns:
        (N,) or (N, M).
    """
    # Numba takes half a second to load: not before masks are compared.
    from matchcut.similarity.bits import shared, shared_along

    if one.ndim == 2:
        both = shared(words, others, one[:, 0], other[0])
    else:
        both = shared_along(words, others, one, other)
    either = areas[one] + areas[other] - both
    return np.asarray(both / np.maximum(either, np.float32(1)), np.float32)
