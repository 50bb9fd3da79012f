"""Search indexes of a library: which flavors have one, where it lies, how it is kept up to date.

A flavor has one if it compares plain vectors. Indexes lie in the library's folder `index`, one a
flavor and representation, and can be deleted at any time: the library is the truth. One is opened
only if it was built from the sources that are compared, with the shots that are in use.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut import flavors, index
from matchcut.engine.snapshot import Snapshot, read_snapshot
from matchcut.errors import (
    EngineMissing,
    IndexMissing,
    IndexStale,
    InternalError,
    MatchcutError,
    RepresentationMissing,
)
from matchcut.index import MANIFEST, Engine, ShotIndex, SourceRows
from matchcut.library import Library, StoredSource
from matchcut.types import Flavor, Monitor, Preparing, Products, Progress, RowNumbers, Rows

FOLDER = "index"
SOURCE_BITS, ROW_BITS = 43, 20
"""Of the number of a row: its source's, from the digest, so that it stays when others come and go;
and its own in the source. Two of 100,000 sources have one number once in 2,000 libraries."""
UNFINISHED = ""
"""Stamp of an index whose removed sources are gone and whose new ones are still to come."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What became of the index of one flavor."""

    flavor: str
    engine: str
    """What searches it; empty where so few moments need none."""
    shots: int
    moments: int
    added: int
    """Sources whose rows were read."""
    removed: int
    """Sources whose rows count no longer."""

    @property
    def sentence(self) -> str:
        """For people."""
        shots = f"{self.shots:,} shot{'' if self.shots == 1 else 's'}"
        if not self.engine:
            return f"'{self.flavor}' needs no search index: {shots} are compared one by one."
        if not (self.added or self.removed):
            return f"The search index of '{self.flavor}' is up to date, with {shots}."
        changes = [f"{self.added} read"] if self.added else []
        changes += [f"{self.removed} removed"] if self.removed else []
        return (
            f"The search index of '{self.flavor}' was brought up to date, with {shots}, by "
            f"{self.engine}; films: {', '.join(changes)}."
        )


@dataclass(frozen=True, eq=False)
class Vectors:
    """The rows of a flavor in a snapshot, as its index holds them."""

    snapshot: Snapshot
    """Of the flavor alone."""
    flavor: Flavor
    """One that is `indexable`."""

    @property
    def folder(self) -> Path:
        """Where the index lies."""
        name = f"{self.flavor.name.replace('/', '-')}-{self.snapshot.identities[0]}"
        return self.snapshot.library.folder / FOLDER / name

    @property
    def of(self) -> str:
        """What is indexed: the representation, and what is made of it."""
        return f"{self.snapshot.identities[0]} {self.flavor.similarity.name}"

    @cached_property
    def names(self) -> dict[str, int]:
        """By what the index calls a source with shots, its number in the snapshot."""
        pairs = zip(self.snapshot.sources, self.snapshot.shot_counts, strict=True)
        return {_name(stored): at for at, (stored, shots) in enumerate(pairs) if shots}

    @cached_property
    def stamp(self) -> str:
        """Tells two states of a library apart, as far as an index knows of them."""
        facts = "\n".join(sorted(self.names)).encode()
        return hashlib.blake2b(facts, digest_size=16).hexdigest()

    @cached_property
    def _numbered(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of all sources with shots, increasing, and the sources' own."""
        numbers = np.array([_number(name) for name in self.names], np.int64)
        order = np.argsort(numbers)
        return numbers[order], np.fromiter(self.names.values(), np.int64, len(order))[order]

    @cached_property
    def moments(self) -> int:
        """How many rows there are. Cost: opens one array a source."""
        return sum(len(self.rows(source)) for source in self.names.values())

    def rows(self, source: int) -> Rows:
        """The stored rows of a source."""
        return self.snapshot.rows(source, self.snapshot.identities[0])

    def prepared(self, rows: Rows) -> Products:
        """Some rows as vectors."""
        assert isinstance(self.flavor.similarity, Preparing), "indexes are of such flavors alone"
        found = self.flavor.similarity.prepared([rows])
        assert isinstance(found, Products), "indexes are of such flavors alone"
        return found

    def located(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], RowNumbers]:
        """The source of each of (N,) rows that an index names, and its number in there."""
        numbers, sources = self._numbered
        return sources[np.searchsorted(numbers, ids >> ROW_BITS)], ids & ((1 << ROW_BITS) - 1)

    def batches(self, names: Collection[str], monitor: Monitor) -> Iterator[SourceRows]:
        """The rows of some sources, one source at a time.

        Raises:
            InternalError: the numbers of two rows would be the same.
        """
        if (np.diff(self._numbered[0]) == 0).any():
            raise InternalError(
                "Two sources of the library have the same number in a search index.",
                "Search with --exact, and report it.",
            )
        for done, name in enumerate(names):
            monitor.report(Progress("reading", self.flavor.name, done, len(names), "films"))
            rows = self.rows(self.names[name])
            if len(rows) >> ROW_BITS:
                raise InternalError(
                    f"A source has {len(rows)} moments, more than a search index can number.",
                    "Search with --exact, and report it.",
                )
            ids = (_number(name) << ROW_BITS) + np.arange(len(rows), dtype=np.int64)
            yield SourceRows(name, ids, self.prepared(rows).vectors)
        monitor.report(
            Progress("building the index", self.flavor.name, len(names), len(names), "films")
        )

    @property
    def written(self) -> tuple[int, int] | None:
        """Tells whether an index that was opened is still the one in the folder."""
        try:
            found = (self.folder / MANIFEST).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def opened(self) -> ShotIndex:
        """The index, as it must be.

        Raises:
            IndexMissing: there is none.
            IndexStale: it is not of what the library holds now.
            EngineMissing: what searches it is not installed.
        """
        return ShotIndex.open(self.folder, self.of, self.stamp)


def indexable(flavor: Flavor) -> bool:
    """Whether a flavor compares plain vectors as they are: then it can have an index."""
    similarity = flavor.similarity
    return (
        flavor.reframe is None
        and isinstance(similarity, Preparing)
        and isinstance(similarity.prepared(()), Products)
    )


def without(flavor: str, error: MatchcutError) -> str:
    """Why a large library was not searched by an index, in a sentence for people."""
    why = {
        IndexMissing: "there is no search index of it: run `matchcut reindex`",
        IndexStale: "its search index is stale: run `matchcut reindex`",
    }.get(type(error), f"{error.sentence} {error.next_step}".rstrip("."))
    return f"All shots were compared by '{flavor}', as {why}."


def reindex(library: Library, by: Engine | None, monitor: Monitor) -> tuple[Reindexed, ...]:
    """Builds the index of every flavor that can have one, or brings it up to date.

    None is built up to `index.EXACT_UP_TO` rows; what is not needed any more is deleted. Flavors
    for which the library was not analysed are left out.

    Args:
        library: Whose writer this is, until it is done.
        by: What is to search them; None: what searches those that there are, or the default.
        monitor: Is told about progress, and may stop the work.

    Cost: reads the rows of what is new. Memory: those of the largest source, and what the engine
    needs to build.

    Raises:
        Cancelled, DiskFull: an index is as it was, or is refused as stale until the next run.
        LibraryBusy: another program writes into the library.
        EngineMissing: what is to search them is not installed.
    """
    done: list[Reindexed] = []
    kept: set[Path] = set()
    with library.writing():
        for main in flavors.flavors().values():
            for flavor in filter(indexable, (main, *main.variants)):
                try:
                    vectors = Vectors(read_snapshot(library, [flavor]), flavor)
                except RepresentationMissing:
                    continue
                done.append(_brought_up(vectors, by, monitor))
                kept |= {vectors.folder} if done[-1].engine else set()
        for left in (library.folder / FOLDER).glob("*"):
            if left not in kept:
                # Who searches it right now may hold its files on Windows: the next run tries again.
                shutil.rmtree(left, ignore_errors=True)
    return tuple(done)


def _brought_up(vectors: Vectors, by: Engine | None, monitor: Monitor) -> Reindexed:
    def report(engine: str, added: int, removed: int) -> Reindexed:
        shots = len(vectors.snapshot.shots)
        return Reindexed(vectors.flavor.name, engine, shots, vectors.moments, added, removed)

    if vectors.moments <= index.EXACT_UP_TO:
        return report("", 0, 0)
    wanted, stamp = vectors.names.keys(), vectors.stamp
    there = _reopened(vectors, by)
    gone = () if there is None else there.sources() - wanted
    if there is not None and gone:
        there = there.remove(gone, UNFINISHED)
    if there is None or 2 * len(there) < sum(one.rows for one in there.manifest.segments):
        # New, or more rows would lie in it that do not count than rows that do.
        batches = vectors.batches(wanted, monitor)
        there = ShotIndex.build(
            vectors.folder, vectors.of, stamp, batches, by=by, stop=monitor.cancelled
        )
        return report(there.manifest.engine, len(wanted), len(gone))
    new = wanted - there.sources()
    if there.manifest.stamp != stamp:
        batches = vectors.batches(sorted(new), monitor)
        there = there.extend(batches, stamp, stop=monitor.cancelled)
    return report(there.manifest.engine, len(new), len(gone))


def _reopened(vectors: Vectors, by: Engine | None) -> ShotIndex | None:
    """The index that there is; None where it cannot be brought up to date."""
    try:
        found = ShotIndex.reopen(vectors.folder, vectors.of)
    except (IndexMissing, IndexStale, EngineMissing):
        return None
    return found if by is None or found.manifest.engine == by.name else None


def _name(stored: StoredSource) -> str:
    """What an index calls a source with the shots that are in use."""
    return f"{stored.source.digest} {stored.detector}"


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - SOURCE_BITS)
