"""The scores of several flavors together: how rare they are on average."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.moments import CompareRows, RowNumbers
from matchcut.scoring.rarity import Rarity


@dataclass(frozen=True, slots=True)
class Part:
    """One flavor of a blend."""

    scores: CompareRows
    """Of rows of this part."""
    at: RowNumbers | None
    """(R,) for each moment of the blend, the row of this part that stands for it; increasing. None
    where they are the same."""
    rarity: Rarity
    weight: float
    """Above 0."""

    def rows(self, moments: RowNumbers) -> RowNumbers:
        """(N,) the rows of this part that stand for some moments of the blend."""
        return moments if self.at is None else self.at[moments]

    def of(self, outgoing: RowNumbers, incoming: RowNumbers) -> NDArray[np.float32]:
        """(N, M) scores of some moments of the blend; each row of the part is compared once."""
        if self.at is None:
            return self.scores(outgoing, incoming)
        leaving, back = np.unique(self.at[outgoing], return_inverse=True)
        entering, along = np.unique(self.at[incoming], return_inverse=True)
        return self.scores(leaving, entering)[np.ix_(back, along)]


@dataclass(frozen=True, slots=True)
class BlendedScores:
    """Scores of any moments for several flavors at once: their weighted mean rarity."""

    parts: tuple[Part, ...]

    def __call__(self, outgoing: RowNumbers, incoming: RowNumbers, /) -> NDArray[np.float32]:
        """(N, M) scores of some moments to some others, each at least one, in increasing order.

        In decades, see `Rarity.of`: 3 says that the parts are on average as rare as one of 1,000.
        """
        return self.together(part.of(outgoing, incoming) for part in self.parts)

    def together(self, scores: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
        """(...) what some pairs score, given (...) what each of the parts says of them."""
        total = sum(
            part.weight * part.rarity.of(one) for part, one in zip(self.parts, scores, strict=True)
        )
        return np.asarray(total / sum(part.weight for part in self.parts), np.float32)
