"""All pairs of a library: by this process, or in shares by the workers of a cluster."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.blend import blend
from matchcut.engine.comparison import Comparison
from matchcut.engine.memory import Memory
from matchcut.engine.snapshot import Snapshot
from matchcut.errors import UsageError
from matchcut.pipeline import Workers
from matchcut.ranking import Bring, Pool, Ranked, Rules, blocks, sifting
from matchcut.types import Monitor, Progress


@dataclass(frozen=True, slots=True)
class Scan:
    """What is compared, wherever that is done."""

    folder: Path
    """The library's, absolute."""
    flavor: str
    min_handle: int
    reframe: bool
    rules: Rules


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """A part of all pairs, for one worker."""

    scan: Scan
    stamp: str
    """Of the library as it is where the shares are handed out."""
    kept: NDArray[np.bool_]
    """(shots,) which are wanted."""
    without: tuple[tuple[int, int], ...]
    """Pairs that are not."""
    top: int
    part: tuple[int, int]
    """Which share, from 0 on, and of how many."""


def here(
    comparison: Comparison,
    rules: Rules,
    part: tuple[int, int] = (0, 1),
    stop: Callable[[], None] = lambda: None,
) -> Bring:
    """Brings a share of the pairs of a comparison, or all, by this process."""
    table, scores = comparison.snapshot.table, comparison.scores
    if comparison.sifting is not None and comparison.sifting.pairs is not None:
        return sifting(comparison.sifting.pairs(part), table, rules, stop)
    symmetric = comparison.wanted.symmetric
    block = scores.either if symmetric else scores.block
    return blocks(block, table, rules, symmetric=symmetric, part=part, stop=stop)


def elsewhere(workers: Workers, scan: Scan, snapshot: Snapshot, stop: Callable[[], None]) -> Bring:
    """Brings all pairs by workers, each of which reads the library and compares a share.

    A share ends with the best pairs of its own, and the best of those are the best of all.

    Raises:
        WorkerLost: a share was lost, however often it was tried: the answer would lack pairs.
    """
    stamp = stamp_of(snapshot)

    def bring(pool: Pool, kept: NDArray[np.bool_]) -> None:
        shares = [
            Share(scan, stamp, kept, pool.without, pool.top, (number, workers.calls))
            for number in range(workers.calls)
        ]
        for _, result in workers.run(compared, shares, _Stopped(stop)):
            found = result()
            pool.add(found.outgoing, found.incoming, found.scores)

    return bring


def compared(share: Share, _: Monitor, /) -> Ranked:
    """The best pairs of a share, by a worker.

    Raises:
        UsageError: the library is not as it was where the shares were handed out.
    """
    scan, wanted = share.scan, blend(share.scan.flavor)
    memory = _memory(scan.folder)
    snapshot = memory.snapshot(memory.library(scan.folder), wanted)
    if stamp_of(snapshot) != share.stamp:
        raise UsageError(
            f"The library {scan.folder} changed during the scan, or workers see another one.",
            "Scan again once nothing is being indexed into it.",
        )
    comparison = memory.comparison(
        snapshot, wanted, min_handle=scan.min_handle, reframe=scan.reframe
    )
    pool = Pool(share.top, share.without)
    here(comparison, scan.rules, share.part)(pool, share.kept)
    return pool.ranked(0)


def stamp_of(snapshot: Snapshot) -> str:
    """Tells two states of a library apart, as far as they are compared."""
    named = [(one.source.digest, one.detector) for one in snapshot.sources]
    facts = repr((named, snapshot.identities)).encode() + snapshot.firsts.tobytes()
    return hashlib.blake2b(facts, digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def _memory(_: Path) -> Memory:
    """What a worker keeps of a library between one share and the next."""
    return Memory()


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Who watches a scan: nobody but the one who may stop it."""

    stop: Callable[[], None]

    def report(self, progress: Progress, /) -> None:
        """Shows nothing."""

    def cancelled(self) -> bool:
        """False, unless `stop` raises."""
        self.stop()
        return False
