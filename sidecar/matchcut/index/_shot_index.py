"""The index as it is asked and kept up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import IndexStale
from matchcut.index import _segments, _words
from matchcut.index._engines import engine
from matchcut.index._products import Best, kept, scan, score
from matchcut.index._segments import Manifest, Segment
from matchcut.index._words import (
    DEFAULT,
    Engine,
    Found,
    Near,
    Rows,
    SourceRows,
    Stop,
    never,
)

ATTEMPTS = 5
"""How often an index that other programs are writing is looked at anew while it is opened."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A segment that is open."""

    segment: Segment
    rows: Rows
    near: Near | None
    where: Mapping[str, list[int]]
    """Numbers of the stretches of a source, by its name."""
    alive: NDArray[np.bool_]
    """(S,) which of its sources count."""

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

    def stretches(self, wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
        """Half-open stretches of the rows of these sources, neighbours as one."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]])))
        for first, end in edges.reshape(-1, 2):
            yield int(self.rows.starts[first]), int(self.rows.starts[end])

    def batches(self, without: Collection[str]) -> Iterator[SourceRows]:
        """Its rows that count, but for these sources."""
        for at in np.flatnonzero(self.wanted(None, without)):
            stretch = slice(*self.rows.starts[at : at + 2])
            yield SourceRows(
                self.rows.sources[at], self.rows.ids[stretch], self.rows.vectors[stretch]
            )


@dataclass(frozen=True, slots=True, eq=False)
class ShotIndex:
    """Rows of an archive, as they were when it was opened. Safe in threads.

    Writing gives a new one, and the next to open it sees the change; there is one writer at a time,
    who holds the library's lock. The folder can be deleted whenever nobody has it open.
    """

    folder: Path
    manifest: Manifest
    _parts: tuple[_Part, ...]

    @staticmethod
    def open(folder: Path, of: str, stamp: str) -> ShotIndex:
        """The index in this folder, if it was built from what `stamp` says.

        Args:
            folder: Where it lies.
            of: Identity of what is indexed: representation, detector, metric.
            stamp: What it must have been built from, in the words it was built with.

        Cost: a few milliseconds for ten million rows; they are read as they are needed.

        Raises:
            IndexMissing: there is none.
            IndexStale: it is of something else, or was built from something else.
            EngineMissing: what searches it is not installed.
        """
        index = ShotIndex.reopen(folder, of)
        if index.manifest.stamp != stamp:
            raise IndexStale(folder, "the library has changed since")
        return index

    @staticmethod
    def reopen(folder: Path, of: str) -> ShotIndex:
        """The index in this folder, whatever it was built from: for who brings it up to date.

        Raises as `open`.
        """
        for _ in range(ATTEMPTS):
            manifest = _segments.read(folder)
            if manifest.of != of:
                raise IndexStale(folder, f"it is of {manifest.of}, not of {of}")
            try:
                parts = tuple(_opened(folder, manifest, one) for one in manifest.segments)
            except FileNotFoundError:
                continue  # Another program has just replaced it.
            return ShotIndex(folder, manifest, parts)
        raise IndexStale(folder, "some of its files are gone")

    @staticmethod
    def build(
        folder: Path,
        of: str,
        stamp: str,
        batches: Iterable[SourceRows],
        *,
        by: Engine | None = None,
        stop: Stop = never,
    ) -> ShotIndex:
        """A new index of these rows; one that is there is replaced once this one is whole.

        Args:
            folder: Where it is to lie; made if it is not there.
            of: As for `open`.
            stamp: As for `open`.
            batches: Read once. The rows of a source may come in several batches.
            by: The engine; the default one if None.
            stop: Whether to stop.

        Cost: disk, twice the rows; time and memory, see the engine.

        Raises:
            Cancelled, DiskFull: what was there before is whole.
            InternalError: rows differ in length.
        """
        by = engine(DEFAULT) if by is None else by
        return ShotIndex(folder, Manifest(of, stamp, by.name, 0), ()).extend(
            batches, stamp, stop=stop
        )

    def __len__(self) -> int:
        """Rows that count."""
        return sum(part.count(part.alive) for part in self._parts)

    def sources(self) -> frozenset[str]:
        """The sources whose rows count."""
        return frozenset(
            part.rows.sources[at] for part in self._parts for at in np.flatnonzero(part.alive)
        )

    def extend(self, batches: Iterable[SourceRows], stamp: str, *, stop: Stop = never) -> ShotIndex:
        """The index with these rows as well; a source that was there already is replaced.

        Cost: that of building an index of the new rows alone and of up to `EXACT_UP_TO` others:
        small segments are written anew as one, large ones stay as they are. Raises as `build`.
        """
        added: set[str] = set()
        small = [part for part in self._parts if part.count(part.alive) <= _words.EXACT_UP_TO]
        large = [part for part in self._parts if part.count(part.alive) > _words.EXACT_UP_TO]

        def noted() -> Iterator[SourceRows]:
            for batch in batches:
                added.add(batch.source)
                yield batch

        def again() -> Iterator[SourceRows]:
            for part in small:
                yield from part.batches(added)

        new = _segments.written(
            self.folder,
            chain(noted(), again()),
            engine(self.manifest.engine),
            self.manifest.dimensions,
            stop,
        )
        segments = tuple(new)
        return self._changed(stamp, (*(_less(part, added) for part in large), *segments))

    def remove(self, sources: Collection[str], stamp: str) -> ShotIndex:
        """The index without the rows of these sources. Cost: milliseconds; their room stays taken.

        Raises:
            DiskFull: what was there before is whole.
        """
        return self._changed(stamp, tuple(_less(part, sources) for part in self._parts))

    def _changed(self, stamp: str, segments: tuple[Segment, ...]) -> ShotIndex:
        new = replace(self.manifest, stamp=stamp, segments=segments)
        if segments:
            rows = _segments.rows(self.folder, segments[0])
            new = replace(new, dimensions=rows.vectors.shape[1])
        _segments.commit(self.folder, new)
        return ShotIndex.open(self.folder, self.manifest.of, stamp)

    def search(
        self,
        queries: NDArray[np.floating],
        top: int,
        *,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        exact: bool = False,
        stop: Stop = never,
    ) -> Found:
        """The rows most alike each query.

        Rows are read one by one where `exact` says so, where there are few, and where the filters
        leave few of many; else those found by the engine are scored, and a filter costs no recall.

        Args:
            queries: (Q, D) of any length, not 0; compared as `kept` keeps them.
            top: How many, at least 1.
            only: Sources to which the answer is confined; None for all. Best a set.
            without: Sources of which none is wanted.
            exact: Whether no row may be missed.
            stop: Asked before every block of 16,384 rows that is read.

        Cost: measured in docs/decisions/0025-shot-index.md.

        Raises:
            Cancelled: `stop` said so.
            InternalError: queries of another length than the rows.
        """
        best = Best(len(queries), top)
        if not self._parts:
            return Found(best.ids, best.scores, exact=True)
        dimensions = self.manifest.dimensions
        _segments.check(queries, (len(queries), dimensions))
        asked = kept(queries)
        wanted = [part.wanted(only, without) for part in self._parts]
        left = sum(part.count(some) for part, some in zip(self._parts, wanted, strict=True))
        narrow = 2 * left < len(self) and left * dimensions <= _words.READ_EXACTLY
        all_read = True
        for part, some in zip(self._parts, wanted, strict=True):
            numbers = None if exact or narrow else _near(part, asked, top, some)
            if numbers is None:
                scan(part.rows, part.stretches(some), asked, best, stop)
            else:
                score(part.rows, numbers, asked, best)
                all_read = False
        return Found(best.ids, best.scores, all_read)


def _opened(folder: Path, manifest: Manifest, segment: Segment) -> _Part:
    rows = _segments.rows(folder, segment)
    within = folder / segment.folder / _segments.NEAR
    near = engine(manifest.engine).open(within, rows) if within.is_dir() else None
    where: dict[str, list[int]] = {}
    for at, name in enumerate(rows.sources):
        where.setdefault(name, []).append(at)
    alive = np.ones(len(rows.sources), bool)
    alive[[at for name in segment.removed for at in where[name]]] = False
    return _Part(segment, rows, near, where, alive)


def _less(part: _Part, sources: Collection[str]) -> Segment:
    """The segment without these sources."""
    gone = {*part.segment.removed, *(name for name in sources if name in part.where)}
    return replace(part.segment, removed=tuple(sorted(gone)))


def _near(
    part: _Part, queries: NDArray[np.float16], top: int, wanted: NDArray[np.bool_]
) -> NDArray[np.int64] | None:
    """(Q, C) row numbers from the engine; None where all rows have to be read.

    More are asked for than are wanted, as rows that are alike come in any order. An engine that
    finds fewer than there are has not looked far enough.
    """
    if part.near is None or not wanted.any():
        return None
    there = part.count(wanted)
    allowed = None if wanted.all() else wanted
    numbers = part.near.near(queries.astype(np.float32), min(2 * top + 16, there), allowed)
    enough = (numbers >= 0).sum(axis=1) >= min(top, there)
    return numbers if enough.all() else None
