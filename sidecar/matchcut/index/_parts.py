"""A segment that is open: which of its rows count, and how they are found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.index import _segments
from matchcut.index._engines import engine
from matchcut.index._segments import Manifest, Segment
from matchcut.index._words import Near, Rows, SourceRows


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A segment that is open."""

    segment: Segment
    rows: Rows
    near: Near | None
    where: Mapping[str, list[int]]
    """Numbers of the stretches of a source, by its name."""
    alive: NDArray[np.bool_]
    """(S,) which of its sources count."""
    size: int
    """Rows that count."""

    @staticmethod
    def open(folder: Path, manifest: Manifest, segment: Segment) -> Part:
        """A segment of the index in this folder. Raises as `_segments.rows`, and EngineMissing."""
        rows = _segments.rows(folder, segment)
        within = folder / segment.folder / _segments.NEAR
        near = engine(manifest.engine).open(within, rows) if within.is_dir() else None
        where: dict[str, list[int]] = {}
        for at, name in enumerate(rows.sources):
            where.setdefault(name, []).append(at)
        alive = np.ones(len(rows.sources), bool)
        alive[[at for name in segment.removed for at in where[name]]] = False
        size = int(np.diff(rows.starts)[alive].sum())
        return Part(segment, rows, near, where, alive, size)

    def count(self, wanted: NDArray[np.bool_]) -> int:
        """Rows of these of its sources."""
        return int(np.diff(self.rows.starts)[wanted].sum())

    def wanted(self, only: Collection[str] | None, without: Collection[str]) -> NDArray[np.bool_]:
        """(S,) which of its sources count and pass the filters."""
        found = self.alive.copy()
        if only is not None:
            found[:] = False
            chosen = [at for name in only for at in self.where.get(name, ())]
            found[chosen] = self.alive[chosen]
        found[[at for name in without for at in self.where.get(name, ())]] = False
        return found

    def stretches(self, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """(R, 2) half-open stretches of the rows of these sources, neighbours as one."""
        edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
        return self.rows.starts[edges.reshape(-1, 2)]

    def batches(self, without: Collection[str]) -> Iterator[SourceRows]:
        """Its rows that count, but for these sources."""
        for at in np.flatnonzero(self.wanted(None, without)):
            stretch = slice(*self.rows.starts[at : at + 2])
            yield SourceRows(
                self.rows.sources[at], self.rows.ids[stretch], self.rows.vectors[stretch]
            )

    def less(self, sources: Collection[str]) -> Segment:
        """The segment without these sources."""
        gone = {*self.segment.removed, *(name for name in sources if name in self.where)}
        return replace(self.segment, removed=tuple(sorted(gone)))

    def found(
        self, queries: NDArray[np.float16], top: int, wanted: NDArray[np.bool_]
    ) -> NDArray[np.int64] | None:
        """(Q, C) row numbers from the engine; None where all rows have to be read.

        More are asked for than are wanted, as rows that are alike come in any order. An engine that
        finds fewer than there are has not looked far enough.
        """
        there, count = self.count(wanted), 2 * top + 16
        if self.near is None or count >= there:
            return None
        allowed = None if wanted.all() else wanted
        numbers = self.near.near(queries.astype(np.float32), count, allowed)
        enough = (numbers >= 0).sum(axis=1) >= top
        return numbers if enough.all() else None
