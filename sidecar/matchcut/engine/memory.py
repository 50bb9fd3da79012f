"""What was made ready for one question, kept for the next one while the library stays as it is.

Reading a library of 20,000 shots takes seconds, comparing one of them with the others milliseconds.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any, TypeAlias, TypeVar

from matchcut.engine.blend import Blend
from matchcut.engine.comparison import PREPARED, Comparison, compared
from matchcut.engine.learned import Learned, learned_for
from matchcut.engine.nearest import Search
from matchcut.engine.query import KnownFiles
from matchcut.engine.snapshot import Snapshot, read_snapshot
from matchcut.engine.trained_order import TrainedOrder, trained_order
from matchcut.engine.vectors import Vectors
from matchcut.engine.verdicts import Said, said_of
from matchcut.learn.rerankers import place
from matchcut.library import Library, verdicts
from matchcut.types import Flavor

KEPT = 8
"""Snapshots and comparisons that are kept: those asked for last. For 60,000 moments a comparison of
silhouettes takes 50 MB, one of other flavors up to 200 MB a flavor."""
AT_ONCE = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
"""Questions that are compared at a time: as many as there are cores. More only take Python and the
caches from each other, and all of them wait longer."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a change of a file has another time than the one before it."""

Found = TypeVar("Found")
Files: TypeAlias = tuple[tuple[tuple[int, int, int], ...], int]
"""Which files a catalogue is, how large, and from when; and the latest of those times."""


@dataclass(frozen=True, slots=True)
class _AboutSaid:
    """The key of what a new verdict changes, while all else stays as it is."""

    snapshot: Snapshot
    symmetric: bool


@dataclass(eq=False)
class Memory:
    """Snapshots and comparisons of one library. May be used by many threads."""

    _library: Library | None = None
    _state: str | None = None
    _said: str | None = None
    _files: Files = ((), 0)
    _made: OrderedDict[Hashable, Future[Any]] = field(default_factory=OrderedDict)
    _looking: Lock = field(default_factory=Lock)
    turn: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))
    """Held while a question is compared with what was made ready for it."""

    def library(self, folder: Path) -> Library:
        """The library in a folder, as `Library.open`; forgets what is no longer so of it.

        Each question begins with this, and is answered from one state of the library.
        """
        if self._library is None or not (self._library.folder / "catalogue.sqlite").is_file():
            self._library = Library.open(folder)
        library = self._library
        # Looked at before anything is read: what is written meanwhile makes it another state.
        files = _catalogue(library.folder)
        with self._looking:
            if files != self._files or time.time_ns() - files[1] < SETTLED:
                state, said = library.state(), verdicts.state(library)
                for key in list(self._made):
                    if state != self._state or (said != self._said and isinstance(key, _AboutSaid)):
                        del self._made[key]
                self._state, self._said, self._files = state, said, files
        return library

    def files(self, library: Library) -> KnownFiles:
        """What the library knows of files."""
        return self._having("files", lambda: KnownFiles.of(library))

    def snapshot(self, library: Library, wanted: Blend, *digests: str) -> Snapshot:
        """As `read_snapshot`."""
        names = tuple(flavor.name for flavor in wanted.flavors)
        found = self._having(names, lambda: read_snapshot(library, wanted.flavors))
        if all(digest in found.first_numbers for digest in digests):
            return found
        return read_snapshot(library, wanted.flavors, *digests)

    def comparison(
        self,
        snapshot: Snapshot,
        wanted: Blend,
        *,
        min_handle: int,
        reframe: bool,
        room: int = PREPARED,
    ) -> Comparison:
        """As `compared`."""
        return self._having(
            (snapshot, wanted.name, min_handle, reframe, room),
            lambda: compared(snapshot, wanted, min_handle=min_handle, reframe=reframe, room=room),
        )

    def said(self, snapshot: Snapshot, *, symmetric: bool) -> Said:
        """As `said_of`, of all verdicts there are."""
        return self._having(
            _AboutSaid(snapshot, symmetric),
            lambda: said_of(snapshot, verdicts.recorded(snapshot.library), symmetric=symmetric),
        )

    def learned(self, snapshot: Snapshot, wanted: Blend, *, reframe: bool) -> Learned:
        """What was learned for a flavor or blend from verdicts, as it is on the disk now."""
        at = place(snapshot.library.folder, wanted.name)
        try:
            seen = at.stat()
        except FileNotFoundError:
            return Learned(None)
        return self._having(
            (snapshot, wanted.name, reframe, seen.st_mtime_ns, seen.st_size, seen.st_ino),
            lambda: learned_for(snapshot, wanted.name, at, reframe=reframe),
        )

    def trained(self, snapshot: Snapshot, folder: Path) -> TrainedOrder:
        """As `trained_order`, of the model as it is on the disk now."""
        try:
            seen = (folder / "model.json").stat()
        except OSError:
            return trained_order(snapshot, folder)  # Which says what is wrong with it.
        return self._having(
            (snapshot, folder, seen.st_mtime_ns, seen.st_size, seen.st_ino),
            lambda: trained_order(snapshot, folder),
        )

    def search(self, snapshot: Snapshot, flavor: Flavor) -> Search:
        """The index of a flavor that is `indexable`, as it is on the disk now.

        Raises as `Vectors.opened`.
        """
        vectors = Vectors(snapshot, flavor)
        return self._having(
            (snapshot, flavor.name, vectors.written), lambda: Search(vectors.opened(), vectors)
        )

    def _having(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """What was made for a key; who asks while it is being made waits for it."""
        with self._looking:
            mine = key not in self._made
            found: Future[Found] = self._made.setdefault(key, Future())
            self._made.move_to_end(key)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        if mine:
            try:
                found.set_result(make())
            except BaseException as error:
                # Who waits learns of it; the next to ask tries again.
                found.set_exception(error)
                with self._looking:
                    if self._made.get(key) is found:
                        del self._made[key]
        return found.result()


def _catalogue(folder: Path) -> Files:
    """The files that a catalogue is, as they are now. 20 µs, where asking SQLite takes 500."""
    found = []
    for name in ("catalogue.sqlite", "catalogue.sqlite-wal"):
        try:
            seen = (folder / name).stat()
        except FileNotFoundError:
            continue  # The log is there only while somebody has the catalogue open.
        if seen.st_size:
            found.append((seen.st_ino, seen.st_size, seen.st_mtime_ns))
    return tuple(found), max((one[2] for one in found), default=0)
