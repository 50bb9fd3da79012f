"""Step four: the score of a pair, for blocks of pairs at a time.

Rows lie in one array a source; the table joins them in the library's order so that a block of
pairs is two slices. Nothing is opened until a block is asked for. Scores of several flavors are
blended by how rare they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.rarity import Rarity, rarity
from matchcut.types import Rows, Similarity

__all__ = ["BlendedScores", "PairScores", "Part", "Rarity", "RowTable", "rarity", "row_table"]


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows of all shots in the library's order, one row a shot."""

    parts: tuple[Callable[[], Rows], ...]
    """Opens the rows of one source, memory-mapped. Each mapping holds a file open, of which a
    program may have few: no more are open than a block needs, one after the other."""
    starts: NDArray[np.int64]
    """(len(parts) + 1,) number of the first shot of each part, then the number of shots."""

    def __len__(self) -> int:
        return int(self.starts[-1])

    def take(self, start: int, stop: int) -> Rows:
        """Rows of the shots `[start, stop)`, at least one."""
        first = int(np.searchsorted(self.starts, start, side="right")) - 1
        last = int(np.searchsorted(self.starts, stop, side="left"))
        if last - first == 1:
            return self._piece(first, start, stop)
        copies = [np.array(self._piece(part, start, stop)) for part in range(first, last)]
        return np.concatenate(copies)

    def some(self, numbers: NDArray[np.int64]) -> Rows:
        """Rows of these shots, at least one, in increasing order; each source is opened once."""
        parts = np.searchsorted(self.starts, numbers, side="right") - 1
        pieces = [
            np.array(self.parts[part]()[numbers[parts == part] - self.starts[part]])
            for part in np.unique(parts).tolist()
        ]
        return np.concatenate(pieces)

    def _piece(self, part: int, start: int, stop: int) -> Rows:
        before = int(self.starts[part])
        return self.parts[part]()[max(start - before, 0) : stop - before]


def row_table(parts: Sequence[tuple[int, Callable[[], Rows]]]) -> RowTable:
    """Joins the rows of sources, given how many each has and what opens them.

    All are of one dtype and row shape; sources without rows are allowed.
    """
    kept = [(count, opens) for count, opens in parts if count]
    starts = np.concatenate([[0], np.cumsum([count for count, _ in kept])]).astype(np.int64)
    return RowTable(tuple(opens for _, opens in kept), starts)


@dataclass(frozen=True, slots=True)
class PairScores:
    """Scores of any block of pairs for one flavor."""

    rows: RowTable
    similarity: Similarity

    def block(self, outgoing: tuple[int, int], incoming: tuple[int, int], /) -> NDArray[np.float32]:
        """(N, M) scores of the shots `outgoing` (half-open range of shot numbers) to `incoming`."""
        return self.similarity.pairwise(self.rows.take(*outgoing), self.rows.take(*incoming))

    def between(
        self, outgoing: NDArray[np.int64], incoming: NDArray[np.int64], /
    ) -> NDArray[np.float32]:
        """(N, M) scores of some shots to some others, each by increasing number."""
        return self.similarity.pairwise(self.rows.some(outgoing), self.rows.some(incoming))


@dataclass(frozen=True, slots=True)
class Part:
    """One flavor of a blend."""

    scores: PairScores
    rarity: Rarity
    weight: float
    """Above 0."""


@dataclass(frozen=True, slots=True)
class BlendedScores:
    """Scores of any block of pairs for several flavors at once: their weighted mean rarity."""

    parts: tuple[Part, ...]

    def block(self, outgoing: tuple[int, int], incoming: tuple[int, int], /) -> NDArray[np.float32]:
        """(N, M) scores of the shots `outgoing` (half-open range of shot numbers) to `incoming`.

        In decades, see `Rarity.of`: 3 says that the parts are on average as rare as one of 1,000.
        """
        total = sum(
            part.weight * part.rarity.of(part.scores.block(outgoing, incoming))
            for part in self.parts
        )
        return np.asarray(total / sum(part.weight for part in self.parts), np.float32)
