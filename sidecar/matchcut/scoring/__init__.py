"""Step four: the score of a pair, for blocks of pairs at a time.

Rows lie in one array a source; the table joins them in the library's order so that a block of
pairs is two slices. Nothing is copied until a block is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Rows, Similarity


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows of all shots in the library's order, one row a shot, without copying them."""

    parts: tuple[Rows, ...]
    """One array a source, memory-mapped as the library hands them out."""
    starts: NDArray[np.int64]
    """(len(parts) + 1,) number of the first shot of each part, then the number of shots."""

    def __len__(self) -> int:
        return int(self.starts[-1])

    def take(self, start: int, stop: int) -> Rows:
        """Rows of the shots `[start, stop)`, at least one."""
        first = int(np.searchsorted(self.starts, start, side="right")) - 1
        last = int(np.searchsorted(self.starts, stop, side="left"))
        pieces = [
            self.parts[part][max(start - int(self.starts[part]), 0) : stop - int(self.starts[part])]
            for part in range(first, last)
        ]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def row_table(parts: Sequence[Rows]) -> RowTable:
    """Joins the rows of sources, all of one dtype and row shape; empty ones are allowed."""
    kept = [part for part in parts if len(part)]
    starts = np.concatenate([[0], np.cumsum([len(part) for part in kept])]).astype(np.int64)
    return RowTable(tuple(kept), starts)


@dataclass(frozen=True, slots=True)
class PairScores:
    """Scores of any block of pairs for one flavor."""

    rows: RowTable
    similarity: Similarity

    def block(self, outgoing: tuple[int, int], incoming: tuple[int, int], /) -> NDArray[np.float32]:
        """(N, M) scores of the shots `outgoing` (half-open range of shot numbers) to `incoming`."""
        return self.similarity.pairwise(self.rows.take(*outgoing), self.rows.take(*incoming))
