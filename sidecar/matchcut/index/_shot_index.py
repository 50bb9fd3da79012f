"""The index as it is asked and kept up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import IndexStale
from matchcut.index import _segments, _words
from matchcut.index._engines import engine
from matchcut.index._parts import Part
from matchcut.index._products import Best, kept, scan, score
from matchcut.index._segments import Manifest, Segment
from matchcut.index._words import (
    DEFAULT,
    Engine,
    Found,
    SourceRows,
    Stop,
    never,
)

ATTEMPTS = 5
"""How often an index that other programs are writing is looked at anew while it is opened."""


@dataclass(frozen=True, slots=True, eq=False)
class ShotIndex:
    """Rows of an archive, as they were when it was opened. Safe in threads.

    Writing gives a new one, and the next to open it sees the change; there is one writer at a time,
    who holds the library's lock. The folder can be deleted whenever nobody has it open.
    """

    folder: Path
    manifest: Manifest
    _parts: tuple[Part, ...]

    @staticmethod
    def open(folder: Path, of: str, stamp: str) -> ShotIndex:
        """The index in this folder, if it was built from what `stamp` says.

        Args:
            folder: Where it lies.
            of: Identity of what is indexed: representation, detector, metric.
            stamp: What it must have been built from, in the words it was built with.

        Cost: tens of milliseconds for ten million rows; they are read as they are needed.

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
                parts = tuple(Part.open(folder, manifest, one) for one in manifest.segments)
            except FileNotFoundError:
                continue  # Another program has just replaced it.
            return ShotIndex(folder, manifest, parts)
        raise IndexStale(folder, "some of its files are gone, or are not whole")

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
        with _segments.writing(folder):
            parts = ShotIndex.part(folder, batches, by, stop)
            return ShotIndex.gather(folder, of, stamp, parts, by)

    @staticmethod
    def part(
        folder: Path, batches: Iterable[SourceRows], by: Engine, stop: Stop = never
    ) -> tuple[Segment, ...]:
        """Writes rows into the folder for `gather`: the share of one of several workers.

        None of them counts before they are gathered. Best more than `EXACT_UP_TO` rows a worker:
        nothing is built to search fewer, until `extend` writes small shares anew as one.

        Raises as `build`.
        """
        return tuple(_segments.written(folder, batches, by, 0, stop))

    @staticmethod
    def gather(
        folder: Path, of: str, stamp: str, parts: Iterable[Segment], by: Engine
    ) -> ShotIndex:
        """A new index of the parts that workers have written; one that is there is replaced.

        Raises:
            DiskFull: what was there before is whole.
            InternalError: the rows of parts differ in length.
        """
        return ShotIndex(folder, Manifest(of, stamp, by.name, 0), ())._changed(stamp, tuple(parts))

    def __len__(self) -> int:
        """Rows that count."""
        return sum(part.size for part in self._parts)

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
        small = [part for part in self._parts if part.size <= _words.EXACT_UP_TO]
        large = [part for part in self._parts if part.size > _words.EXACT_UP_TO]

        def noted() -> Iterator[SourceRows]:
            for batch in batches:
                added.add(batch.source)
                yield batch

        def again() -> Iterator[SourceRows]:
            for part in small:
                yield from part.batches(added)

        by, dimensions = engine(self.manifest.engine), self.manifest.dimensions
        rows = chain(noted(), again())
        with _segments.writing(self.folder):
            new = tuple(_segments.written(self.folder, rows, by, dimensions, stop))
            return self._changed(stamp, (*(part.less(added) for part in large), *new))

    def remove(self, sources: Collection[str], stamp: str) -> ShotIndex:
        """The index without the rows of these sources. Cost: milliseconds; their room stays taken.

        Raises:
            DiskFull: what was there before is whole.
        """
        return self._changed(stamp, tuple(part.less(sources) for part in self._parts))

    def _changed(self, stamp: str, segments: tuple[Segment, ...]) -> ShotIndex:
        new = replace(self.manifest, stamp=stamp, segments=segments)
        for segment in segments:
            shape = _segments.rows(self.folder, segment).vectors.shape
            new = replace(new, dimensions=new.dimensions or shape[1])
            _segments.check_shape(shape, (segment.rows, new.dimensions))
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
            numbers = None if exact or narrow else part.found(asked, top, some)
            if numbers is None:
                scan(part.rows, part.stretches(some), asked, best, stop)
            else:
                score(part.rows, numbers, asked, best)
                all_read = False
        return Found(best.ids, best.scores, all_read)
