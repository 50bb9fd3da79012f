"""Vectors that are made ready once, and the pairs of them that point much the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Bits, RowNumbers

if TYPE_CHECKING:
    from matchcut.similarity.sketch import Sketch

DIGITS = 9
"""Decimals of a cosine that do not depend on the order in which it is added up."""

Directions = NDArray[np.float64]


def cosines(one: Directions, other: Directions) -> NDArray[np.float32]:
    """(N, M) the cosine of every (N, D) vector of length 1 or 0 with every (M, D) other.

    The same to the last bit whatever else they are compared with: double precision, rounded before
    it is made single.
    """
    return _rounded(one @ other.T)


def _rounded(found: Directions) -> NDArray[np.float32]:
    return np.asarray(np.clip(np.round(found, DIGITS), -1, 1), np.float32)


@dataclass(frozen=True, eq=False)
class VectorTable:
    """The directions of many rows, as `similarity.Cosine` compares them."""

    directions: Directions
    """(R, D) of length 1, or 0 where a row has none."""
    cost: float = 5.0
    """As `types.Bounded`."""

    @classmethod
    def joined(cls, parts: Iterable[Directions]) -> VectorTable:
        """Those of several arrays, in their order; one without rows if there are none."""
        several = list(parts)
        return cls(np.concatenate(several) if several else np.zeros((0, 1)))

    def __len__(self) -> int:
        return len(self.directions)

    @property
    def bits(self) -> tuple[Bits, ...]:
        """None: their products tell what they score."""
        return ()

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """(R, D) the directions in single precision, whose products are quick."""
        return self.directions.astype(np.float32)

    @property
    def error(self) -> float:
        """By how much a product of two `vectors` may be wrong.

        Half a unit in the last place for each of its terms, which together are 1 at most; and the
        rounding of the vectors.
        """
        return float((self.directions.shape[1] + 4) * 2.0**-23)

    @cached_property
    def sketch(self) -> Sketch:
        """The directions in few numbers."""
        # Numba takes half a second to load: not before vectors are compared.
        from matchcut.similarity.sketch import sketched

        return sketched(self.directions)

    def most(
        self, one: RowNumbers, other: RowNumbers, wanted: NDArray[np.float32], /
    ) -> NDArray[np.float32]:
        """As `types.Bounded`. 5 ns a pair."""
        from matchcut.similarity.sketch import cosines_at_most

        return cosines_at_most(self.sketch.along, self.sketch.rest, one, other)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> NDArray[np.float32]:
        """(N, M) the cosines of some rows with some others."""
        return cosines(self.directions[one], self.directions[other])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> NDArray[np.float32]:
        """(N,) the cosine of each row of `one` with that of `other` beside it."""
        return _rounded(np.einsum("nd,nd->n", self.directions[one], self.directions[other]))


def alike(
    vectors: NDArray[np.float32],
    one: RowNumbers,
    other: RowNumbers,
    least: float,
    device: str = "cpu",
) -> tuple[RowNumbers, RowNumbers]:
    """The pairs of some rows with some others whose product is `least` or more: (N,) each.

    Args:
        vectors: (R, D).
        one: Rows on one side.
        other: Rows on the other.
        least: What the product must be.
        device: Where it is computed, as PyTorch names it; `cpu` needs none.
    """
    if device == "cpu":
        rows, columns = np.nonzero(vectors[one] @ vectors[other].T >= np.float32(least))
    else:
        import torch

        sides: list[Any] = [torch.from_numpy(vectors[side]).to(device) for side in (one, other)]
        found = torch.nonzero(sides[0] @ sides[1].T >= least).cpu().numpy()
        rows, columns = found.T
    return one[rows], other[columns]
