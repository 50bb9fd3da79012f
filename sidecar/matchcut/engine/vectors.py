"""The rows of a flavor that compares plain vectors, as a search index holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.snapshot import Snapshot
from matchcut.errors import InternalError
from matchcut.index import MANIFEST, ShotIndex, SourceRows
from matchcut.library import StoredSource
from matchcut.types import (
    Flavor,
    Monitor,
    Preparing,
    Products,
    Progress,
    RowNumbers,
    Rows,
)

FOLDER = "index"
"""Of a library: where its indexes lie."""
SOURCE_BITS, ROW_BITS = 43, 20
"""Of the number of a row: its source's, from the digest, so that it stays when others come and go;
and its own in the source. Two of 100,000 sources have one number in one of 2,000 libraries."""


def indexable(flavor: Flavor) -> bool:
    """Whether a flavor compares plain vectors as they are: then it can have an index."""
    similarity = flavor.similarity
    if flavor.reframe is not None or not isinstance(similarity, Preparing):
        return False
    # Asked by every question, so it is kept: it is the same for all similarities of a kind.
    kind = type(similarity)
    if kind not in _BY_PRODUCTS:
        _BY_PRODUCTS[kind] = isinstance(similarity.prepared(()), Products)
    return _BY_PRODUCTS[kind]


_BY_PRODUCTS: dict[type, bool] = {}
"""Whether a kind of similarity compares plain vectors."""


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


def _name(stored: StoredSource) -> str:
    """What an index calls a source with the shots that are in use."""
    return f"{stored.source.digest} {stored.detector}"


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - SOURCE_BITS)
