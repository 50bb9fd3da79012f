"""How an archive is searched, engine by engine: `python -m tests.benchmarks.archive`.

    python -m tests.benchmarks.archive [--rows 1000000] [--engines faiss lance exact] [--folder DIR]

A drawn archive of known statistics is indexed by every engine and asked for the ten rows most alike
queries of sources that are not in it. Beside the engines stands the naive way, a numpy scan, which
also says what is right. Building, asking and adding each run in a process of their own, so that
their memory can be told. At ten million rows: 3 GB of disk for the drawn rows and 5 to 10 for an
index, and a quarter of an hour.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from matchcut import index
from matchcut.index import Found, ShotIndex, SourceRows
from tests.benchmarks.archive_rows import Archive
from tests.benchmarks.lines import say

TOP = 10
QUERIES = 200
NAIVE = 3
"""Queries that the naive way is timed with."""
SCANNED = 20
"""Queries that are timed exactly."""
ADDED = 20_000
SHARES = {"5 %": 20, "12.5 %": 8}
"""Filters: every so manyth source passes. At ten million rows the second leaves too many to read
them one by one."""
UNSEEN = 10**6
"""Number of the first source that is drawn as a query, and not in the archive."""
BLOCK = 1 << 16

Ids = NDArray[np.int64]


def queries(archive: Archive) -> NDArray[np.float16]:
    """(QUERIES, D) rows of sources that the archive does not hold, ten a source."""
    return np.concatenate([archive.drawn(UNSEEN + at, 10) for at in range(QUERIES // 10)])


def batches(archive: Archive, first: int, sources: int) -> Iterator[SourceRows]:
    """Rows as they are indexed."""
    for source in range(first, first + sources):
        ids = np.arange(source * archive.rows, (source + 1) * archive.rows)
        yield SourceRows(str(source), ids, archive.drawn(source))


def true_best(
    rows: NDArray[np.float16], asked: NDArray[np.float16], allowed: NDArray[np.bool_]
) -> Ids:
    """(Q, TOP) the right answers among the (N,) `allowed` rows, by numpy's float32 product."""
    best = np.full((len(asked), TOP), -2, np.float32)
    ids = np.full((len(asked), TOP), -1, np.int64)
    wide = asked.astype(np.float32)
    for start in range(0, len(rows), BLOCK):
        scores = wide @ rows[start : start + BLOCK].astype(np.float32).T
        scores[:, ~allowed[start : start + BLOCK]] = -2
        some = np.argpartition(-scores, TOP, axis=1)[:, :TOP]
        best = np.concatenate([best, np.take_along_axis(scores, some, 1)], axis=1)
        ids = np.concatenate([ids, some + start], axis=1)
        kept = np.argpartition(-best, TOP, axis=1)[:, :TOP]
        best, ids = (np.take_along_axis(each, kept, 1) for each in (best, ids))
    return ids


def recall(found: Sequence[Found], truth: Ids) -> float:
    """The share of the right answers that were found."""
    hits = [len(set(one.ids[0]) & set(right)) for one, right in zip(found, truth, strict=False)]
    return float(np.mean(hits)) / TOP


def memory() -> dict[str, int]:
    """Megabytes of this process: resident now, of that its own, and the most there ever was."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    names = {"resident_mb": "VmRSS", "own_mb": "RssAnon", "peak_mb": "VmHWM"}
    return {name: int(status[what].split()[0]) // 1024 for name, what in names.items()}


def forget(folder: Path) -> None:
    """Drops a folder's files from the system's memory, so that they are read from the disk."""
    for file in folder.rglob("*"):
        if file.is_file():
            handle = os.open(file, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def say_build(archive: Archive, name: str, folder: Path) -> None:
    start, spent = time.perf_counter(), time.process_time()
    built = ShotIndex.build(
        folder, "drawn", "1", batches(archive, 0, archive.sources), by=index.engine(name)
    )
    say(f"{name}.build", time.perf_counter() - start, "s", rows=len(built),
        processor_s=round(time.process_time() - spent, 1), **memory())  # fmt: skip
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    say(f"{name}.disk", size / 1e6, "MB", rows=len(built))


def say_asked(
    archive: Archive, name: str, folder: Path, truth: Ids, within: Mapping[str, Ids]
) -> None:
    asked = queries(archive)
    forget(folder)
    start = time.perf_counter()
    opened = ShotIndex.open(folder, "drawn", "1")
    say(
        f"{name}.open",
        1000 * (time.perf_counter() - start),
        "ms, new process, from the disk",
        rows=len(opened),
    )
    start = time.perf_counter()
    opened.search(asked[:1], TOP)
    say(f"{name}.first", 1000 * (time.perf_counter() - start), "ms, new process, from the disk",
        rows=len(opened))  # fmt: skip
    _say_queries(f"{name}.cold", opened, asked, truth)
    _say_queries(f"{name}.all", opened, asked, truth)
    say(f"{name}.memory.approximate", memory()["resident_mb"], "MB", rows=len(opened), **memory())
    _say_queries(f"{name}.without one source", opened, asked, None, without={"0"})
    for share, right in within.items():
        passing = frozenset(map(str, range(0, archive.sources, SHARES[share])))
        _say_queries(f"{name}.{share}.cold", opened, asked, right, only=passing)
        _say_queries(f"{name}.{share}", opened, asked, right, only=passing)
    _say_queries(f"{name}.exact", opened, asked[:SCANNED], truth, exact=True)
    say(f"{name}.memory", memory()["resident_mb"], "MB", rows=len(opened), **memory())


def _say_queries(
    name: str,
    opened: ShotIndex,
    asked: NDArray[np.float16],
    truth: Ids | None,
    *,
    only: frozenset[str] | None = None,
    without: Collection[str] = (),
    exact: bool = False,
) -> None:
    found, spent = [], []
    for query in asked:
        start = time.perf_counter()
        one = opened.search(query[None], TOP, only=only, without=without, exact=exact)
        spent.append(1000 * (time.perf_counter() - start))
        found.append(one)
    right = {} if truth is None else {f"recall_at_{TOP}": round(recall(found, truth), 4)}
    say(name, float(np.median(spent)), "ms a query", p99=round(float(np.percentile(spent, 99)), 2),
        exact=found[0].exact, queries=len(asked), rows=len(opened), **right)  # fmt: skip


def say_added(archive: Archive, name: str, folder: Path) -> None:
    opened = ShotIndex.reopen(folder, "drawn")
    start = time.perf_counter()
    more = opened.extend(batches(archive, archive.sources, ADDED // archive.rows), "2")
    say(f"{name}.add", time.perf_counter() - start, "s", added=len(more) - len(opened),
        rows=len(opened), **memory())  # fmt: skip
    _say_queries(f"{name}.all after adding", more, queries(archive), None)


def drawn(archive: Archive, path: Path) -> NDArray[np.float16]:
    """(N, D) the rows of the archive, memory-mapped, for the naive way."""
    shape = (archive.sources * archive.rows, archive.dimensions)
    written = np.lib.format.open_memmap(path, "w+", np.float16, shape)
    for source, vectors in archive.all():
        written[source * archive.rows : (source + 1) * archive.rows] = vectors
    written.flush()
    del written
    return np.asarray(np.load(path, mmap_mode="r"))


def say_naive(rows: NDArray[np.float16], asked: NDArray[np.float16]) -> None:
    spent = []
    for query in asked[:NAIVE]:
        start = time.perf_counter()
        wide = query.astype(np.float32)
        scores = np.concatenate(
            [rows[at : at + BLOCK].astype(np.float32) @ wide for at in range(0, len(rows), BLOCK)]
        )
        np.argsort(-scores[np.argpartition(-scores, TOP)[:TOP]])
        spent.append(1000 * (time.perf_counter() - start))
    say("naive", float(np.median(spent)), "ms a query", rows=len(rows), queries=NAIVE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.archive")
    parser.add_argument("--rows", type=int, default=1_000_000, help="a multiple of 2,000")
    parser.add_argument("--engines", nargs="+", default=list(index.engines()))
    parser.add_argument("--folder", type=Path, help="where the archive and indexes are written")
    asked = parser.parse_args(arguments)
    archive = Archive(asked.rows // Archive.rows)
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=asked.folder) as within:
        folder = Path(within)
        rows = drawn(archive, folder / "drawn.npy")
        source = np.arange(len(rows)) // archive.rows
        truth = true_best(rows, queries(archive), source >= 0)
        narrowed = {
            share: true_best(rows, queries(archive), source % step == 0)
            for share, step in SHARES.items()
        }
        say_naive(rows, queries(archive))
        spawn = multiprocessing.get_context("spawn")
        for name in asked.engines:
            there = folder / name
            for step, given in (
                (say_build, (archive, name, there)),
                (say_asked, (archive, name, there, truth, narrowed)),
                (say_added, (archive, name, there)),
            ):
                process = spawn.Process(target=step, args=given)
                process.start()
                process.join()
                if process.exitcode:
                    return 1
            shutil.rmtree(there)
    return 0


if __name__ == "__main__":
    sys.exit(main())
