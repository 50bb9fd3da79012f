"""The search indexes of a library, built and brought up to date.

They lie in the library's folder `index`, one a flavor that compares plain vectors, and can be
deleted at any time: the library is the truth. One is opened only if it was built from the sources
that are compared, with the shots that are in use.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from matchcut import flavors, index
from matchcut.engine.blend import blend
from matchcut.engine.snapshot import read_snapshot
from matchcut.engine.vectors import FOLDER, Vectors, indexable
from matchcut.errors import (
    EngineMissing,
    IndexMissing,
    IndexStale,
    MatchcutError,
    RepresentationMissing,
    UsageError,
)
from matchcut.index import Engine, Segment, ShotIndex
from matchcut.library import Library
from matchcut.pipeline import Workers
from matchcut.types import Monitor

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


def without(flavor: str, error: MatchcutError) -> str:
    """Why a large library was not searched by an index, in a sentence for people."""
    why = {
        IndexMissing: "there is no search index of it: run `matchcut reindex`",
        IndexStale: "its search index is stale: run `matchcut reindex`",
    }.get(type(error), f"{error.sentence} {error.next_step}".rstrip("."))
    return f"All shots were compared by '{flavor}', as {why}."


@dataclass(frozen=True, slots=True)
class Share:
    """Some sources of a new index, for one worker to write."""

    library: Path
    flavor: str
    stamp: str
    """Of the library as it is where the shares are handed out."""
    names: tuple[str, ...]
    """What the index calls the sources."""
    by: str


def written(share: Share, monitor: Monitor, /) -> tuple[Segment, ...]:
    """Writes a share of an index into its folder, where it does not count before it is gathered.

    Raises:
        UsageError: the library is not as it was where the shares were handed out.
    """
    [flavor] = blend(share.flavor).flavors
    vectors = Vectors(read_snapshot(Library.open(share.library), [flavor]), flavor)
    if vectors.stamp != share.stamp:
        raise UsageError(
            f"The library {share.library} is not the same for all workers.",
            "Keep it where all machines of the cluster see it, and index nothing meanwhile.",
        )
    batches = vectors.batches(share.names, monitor)
    return ShotIndex.part(vectors.folder, batches, index.engine(share.by), monitor.cancelled)


def reindex(
    library: Library, by: Engine | None, workers: Workers, monitor: Monitor
) -> tuple[Reindexed, ...]:
    """Builds the index of every flavor that can have one, or brings it up to date.

    None is built up to `index.EXACT_UP_TO` rows; what is not needed any more is deleted. Flavors
    for which the library was not analysed are left out.

    Args:
        library: Whose writer this is, until it is done.
        by: What is to search them; None: what searches those that there are, or the default.
        workers: Who reads the rows of a new index and builds what searches them.
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
                done.append(_brought_up(vectors, by, workers, monitor))
                kept |= {vectors.folder} if done[-1].engine else set()
        for left in (library.folder / FOLDER).glob("*"):
            if left not in kept:
                # Who searches it right now may hold its files on Windows: the next run tries again.
                shutil.rmtree(left, ignore_errors=True)
    return tuple(done)


def _brought_up(
    vectors: Vectors, by: Engine | None, workers: Workers, monitor: Monitor
) -> Reindexed:
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
        there = _built(vectors, by, workers, monitor)
        return report(there.manifest.engine, len(wanted), len(gone))
    new = wanted - there.sources()
    if there.manifest.stamp != stamp:
        batches = vectors.batches(sorted(new), monitor)
        there = there.extend(batches, stamp, stop=monitor.cancelled)
    return report(there.manifest.engine, len(new), len(gone))


def _built(vectors: Vectors, by: Engine | None, workers: Workers, monitor: Monitor) -> ShotIndex:
    """A new index, by as many workers as have enough to do."""
    names = sorted(vectors.names)
    several = min(workers.calls, vectors.moments // index.EXACT_UP_TO, len(names))
    if several < 2:
        batches = vectors.batches(names, monitor)
        return ShotIndex.build(
            vectors.folder, vectors.of, vectors.stamp, batches, by=by, stop=monitor.cancelled
        )
    engine = index.engine(index.DEFAULT) if by is None else by
    folder, of, stamp = vectors.snapshot.library.folder, vectors.of, vectors.stamp
    shares = [
        Share(folder, vectors.flavor.name, stamp, tuple(names[at::several]), engine.name)
        for at in range(several)
    ]
    found = {share: result() for share, result in workers.run(written, shares, monitor)}
    # In the order of the shares, whichever was done first: the same library gives the same index.
    parts = [segment for share in shares for segment in found[share]]
    return ShotIndex.gather(vectors.folder, of, stamp, parts, engine)


def _reopened(vectors: Vectors, by: Engine | None) -> ShotIndex | None:
    """The index that there is; None where it cannot be brought up to date."""
    try:
        found = ShotIndex.reopen(vectors.folder, vectors.of)
    except (IndexMissing, IndexStale, EngineMissing):
        return None
    return found if by is None or found.manifest.engine == by.name else None
