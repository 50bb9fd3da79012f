"""The words of this floor: what is indexed, what is found, and what an engine has to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

DEFAULT = "faiss"
"""Chosen by measurement: docs/decisions/0025-shot-index.md."""
EXACT_UP_TO = 200_000
"""Rows up to which nothing is built to search them: reading all of them takes about 4 ms at 128
numbers a row, and 20 at 768, on one core; an approximate search of so few would save little."""
READ_EXACTLY = 1 << 27
"""Numbers up to which what a filter leaves is read exactly (a million rows of 128; about 20 ms on
one core): the nearest rows that a narrow filter allows lie where an approximate search does not
look."""

Stop = Callable[[], bool]
"""Whether the work shall stop; asked every few milliseconds."""


def never() -> bool:
    """Work that nobody stops."""
    return False


def more(probes: int, share: float) -> int:
    """Lists to read where a filter leaves this share of the rows, above 0.

    The nearest that it leaves lie further away. That the root of the share is enough was measured:
    recall does not fall from all rows to 5 % of them, in clusters or in none.
    """
    return round(probes / sqrt(share))


@dataclass(frozen=True, slots=True, eq=False)
class SourceRows:
    """Rows of one source."""

    source: str
    """What the caller tells sources apart by."""
    ids: NDArray[np.int64]
    """(N,) what the caller tells rows apart by; not negative, no two alike in an index."""
    vectors: NDArray[np.floating]
    """(N, D) float16, float32 or float64. Kept as halves of unit length: see `kept`."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a segment, as they are kept: memory-mapped, read-only, source after source."""

    vectors: NDArray[np.float16]
    """(N, D) of unit length, or 0."""
    ids: NDArray[np.int64]
    """(N,)"""
    sources: tuple[str, ...]
    """S names; one that stands here twice has two stretches of rows."""
    starts: NDArray[np.int64]
    """(S + 1,) where the rows of each source start; the last is N."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The rows most alike each of Q queries, best first; equal scores in the order of their ids."""

    ids: NDArray[np.int64]
    """(Q, top) of the rows, -1 where there are fewer."""
    scores: NDArray[np.float32]
    """(Q, top) cosines of the rows as kept, -inf where there are fewer. Rounded from exact sums, so
    that they are the same on every machine and whichever engine found the rows."""
    exact: bool
    """Whether no row that is more alike can have been missed."""


class Near(Protocol):
    """Finds rows of one segment that are near, most of the time the nearest. Safe in threads."""

    def near(
        self, queries: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None, /
    ) -> NDArray[np.int64]:
        """Row numbers of the segment for each query, in any order.

        Args:
            queries: (Q, D) of unit length.
            count: How many rows a query.
            allowed: (S,) which of the segment's sources may be found; None for all.

        Returns:
            (Q, count) row numbers, -1 where fewer were found.
        """
        ...


class Engine(Protocol):
    """A way to find near rows without reading them all."""

    @property
    def name(self) -> str: ...

    def build(self, folder: Path, rows: Rows, stop: Stop, /) -> None:
        """Writes into the empty `folder` what `open` needs.

        Raises:
            Cancelled: `stop` said so.
        """
        ...

    def open(self, folder: Path, rows: Rows, /) -> Near | None:
        """What was built, memory-mapped as far as it can be; None: all rows are to be read.

        Raises:
            FileNotFoundError: what was built is gone, or is not whole.
            EngineMissing: the library that reads it is not installed.
        """
        ...
