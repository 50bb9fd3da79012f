"""Step four: the score of a pair of shots, for blocks of pairs at a time.

Rows, one a moment, lie in one array a source; the table joins them in the library's order. Nothing
is opened until a block is asked for. What the moments of two shots score makes the score of the two
(`scoring.moments`). Scores of several flavors are blended by how rare they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.blended import BlendedTable, bounded
from matchcut.scoring.blending import BlendedScores, Part
from matchcut.scoring.entries import Entries, entries_of
from matchcut.scoring.moments import CompareRows, Moments, MomentScores, RowNumbers
from matchcut.scoring.rarity import Rarity, rarity
from matchcut.scoring.sifting import find, sift
from matchcut.types import Rows, Similarity

__all__ = [
    "BlendedScores",
    "BlendedTable",
    "CompareRows",
    "Entries",
    "MomentScores",
    "Moments",
    "Part",
    "Rarity",
    "RowNumbers",
    "RowScores",
    "RowTable",
    "bounded",
    "entries_of",
    "find",
    "rarity",
    "row_table",
    "sift",
]

HELD = 1 << 28
"""Bytes of the rows of a library that are held in memory, at most."""


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows of all moments of all shots, in the library's order."""

    parts: tuple[Callable[[], Rows], ...]
    """Opens the rows of one source, memory-mapped. Each mapping holds a file open, of which a
    program may have few: no more are open than a block needs, one after the other."""
    starts: NDArray[np.int64]
    """(len(parts) + 1,) number of the first row of each part, then the number of rows."""

    def __len__(self) -> int:
        return int(self.starts[-1])

    def some(self, numbers: RowNumbers) -> Rows:
        """These rows, at least one, in increasing order; each source of them is opened once."""
        at = np.searchsorted(self.starts, numbers, side="right") - 1
        parts = at[np.diff(at, prepend=-1) > 0].tolist()
        if len(parts) == 1:
            return self._piece(parts[0], numbers)
        return np.concatenate([np.array(self._piece(part, numbers)) for part in parts])

    def held(self) -> RowTable:
        """The same rows, all read into memory where they have room there, else as they are."""
        if not len(self):
            return self
        first = self.parts[0]()[:1]
        if first.nbytes * len(self) > HELD:
            return self
        rows = np.concatenate([np.array(opens()) for opens in self.parts])
        return row_table([(len(rows), lambda: rows)])

    def _piece(self, part: int, numbers: RowNumbers) -> Rows:
        """Those of them that lie in one part, copied where they are not one stretch of it."""
        start, stop = np.searchsorted(numbers, self.starts[part : part + 2]).tolist()
        inside = numbers[start:stop] - self.starts[part]
        rows = self.parts[part]()
        if (
            len(inside)
            and inside[-1] - inside[0] == len(inside) - 1
            and (np.diff(inside) == 1).all()
        ):
            return rows[int(inside[0]) : int(inside[-1]) + 1]
        piece: Rows = np.asarray(rows[inside])
        return piece


def row_table(parts: Sequence[tuple[int, Callable[[], Rows]]]) -> RowTable:
    """Joins the rows of sources, given how many each has and what opens them.

    All are of one dtype and row shape; sources without rows are allowed.
    """
    kept = [(count, opens) for count, opens in parts if count]
    starts = np.concatenate([[0], np.cumsum([count for count, _ in kept])]).astype(np.int64)
    return RowTable(tuple(opens for _, opens in kept), starts)


@dataclass(frozen=True, slots=True)
class RowScores:
    """Scores of any moments for one flavor."""

    rows: RowTable
    similarity: Similarity

    def __call__(self, outgoing: RowNumbers, incoming: RowNumbers, /) -> NDArray[np.float32]:
        """(N, M) scores of some rows to some others, each at least one, in increasing order."""
        return self.similarity.pairwise(self.rows.some(outgoing), self.rows.some(incoming))
