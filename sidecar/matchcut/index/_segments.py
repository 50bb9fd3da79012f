"""An index on disk: segments that never change, and one manifest that says which of them count.

    index.json                    what the index is of, and its segments
    segment-.../vectors           (N, D) float16, nothing else
                ids               (N,) int64, nothing else
                sources.json      names of the sources, where the rows of each start, and D
                near/             what the engine built, where there are enough rows

A segment is written aside, made to last, renamed, and only then named by a new manifest, which
replaces the old one in one step. Killed at any time, a writer leaves the index of before or the new
one, and perhaps a folder that nothing names, which the next writer deletes before it starts.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import Cancelled, DiskFull, IndexMissing, IndexStale, InternalError
from matchcut.index import _words
from matchcut.index._products import kept
from matchcut.index._words import Engine, Rows, SourceRows, Stop
from matchcut.lasting import make_last

MANIFEST, SEGMENT = "index.json", "segment-"
VECTORS, IDS, SOURCES, NEAR = "vectors", "ids", "sources.json", "near"
VERSION = 1
LARGEST = 1 << 22
"""Rows of a segment, at most a source more: what an engine may hold in memory while it builds, and
what one of several workers writes."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as the manifest names it."""

    folder: str
    rows: int
    removed: tuple[str, ...] = ()
    """Sources whose rows count no longer."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is of."""

    of: str
    """Identity of what is indexed: representation, detector, metric."""
    stamp: str
    """What the index was built from, in the caller's words."""
    engine: str
    dimensions: int
    """0 where there has never been a row."""
    segments: tuple[Segment, ...] = ()
    version: int = VERSION


def read(folder: Path) -> Manifest:
    """The manifest of the index in this folder.

    Raises:
        IndexMissing: there is none.
        IndexStale: another version of matchcut wrote it, or it is no manifest.
    """
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise IndexMissing(folder) from error
    try:
        found = json.loads(text)
        if found["version"] != VERSION:
            raise IndexStale(folder, f"it has the form {found['version']}, not {VERSION}")
        segments = tuple(
            Segment(one["folder"], one["rows"], tuple(one["removed"])) for one in found["segments"]
        )
        return Manifest(**{**found, "segments": segments})
    except (ValueError, KeyError, TypeError) as error:
        raise IndexStale(folder, f"{MANIFEST} cannot be read") from error


def rows(folder: Path, segment: Segment) -> Rows:
    """The rows of a segment, memory-mapped.

    Raises:
        FileNotFoundError: it is gone, as after another writer's change.
        IndexStale: its files are not whole.
    """
    within = folder / segment.folder
    try:
        names, starts, dimensions = json.loads((within / SOURCES).read_text(encoding="utf-8"))
        count = starts[-1]
        vectors = np.memmap(within / VECTORS, np.float16, "r", shape=(count, dimensions))
        ids = np.memmap(within / IDS, np.int64, "r", shape=(count,))
    except ValueError as error:
        raise IndexStale(folder, f"{segment.folder} is not whole ({error})") from error
    # Plain arrays over the mapped files: numpy's class for them costs more at every slice.
    return Rows(vectors.view(np.ndarray), ids.view(np.ndarray), tuple(names), np.array(starts))


def commit(folder: Path, manifest: Manifest) -> None:
    """Makes this the index, in one step, and deletes what it does not name."""
    with full_disk_said(folder):
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f".{MANIFEST}-{uuid.uuid4().hex}"
        aside.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        make_last(aside)
        aside.replace(folder / MANIFEST)
        make_last(folder)
    clear(folder)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Clears up what a killed writer left, and what the block leaves if it fails."""
    clear(folder)
    try:
        yield
    except BaseException:
        clear(folder)
        raise


def clear(folder: Path) -> None:
    """Deletes what the manifest does not name."""
    if not folder.is_dir():
        return
    try:
        named = {one.folder for one in read(folder).segments}
    except (IndexMissing, IndexStale):
        named = set()
    for left in folder.iterdir():
        if left.name in named or not left.name.startswith((SEGMENT, f".{SEGMENT}", f".{MANIFEST}")):
            continue
        if left.is_dir():
            # A reader on Windows may hold a file of it; then the next writer deletes it.
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()


def written(
    folder: Path, batches: Iterable[SourceRows], engine: Engine, dimensions: int, stop: Stop
) -> Iterator[Segment]:
    """Writes batches as segments of at most about `LARGEST` rows; none of them counts yet.

    Args:
        folder: The index's.
        batches: Read once, one after the other.
        engine: What is to find rows of segments that are large enough.
        dimensions: Numbers a row has; 0 where the first batch says so.
        stop: Asked at every batch, and by the engine.

    Memory: one batch, and what the engine needs for one segment.

    Raises:
        Cancelled: `stop` said so.
        InternalError: a batch has rows of another length than those before it.
        DiskFull: there is no room.
    """
    some = (batch for batch in batches if len(batch.ids))
    for first in some:
        dimensions = dimensions or first.vectors.shape[-1]
        with full_disk_said(folder):
            yield _segment(folder, chain([first], some), engine, dimensions, stop)


def _segment(
    folder: Path, batches: Iterable[SourceRows], engine: Engine, dimensions: int, stop: Stop
) -> Segment:
    name = f"{SEGMENT}{uuid.uuid4().hex}"
    aside = folder / f".{name}"
    aside.mkdir(parents=True)
    names: list[str] = []
    starts = [0]
    with (aside / VECTORS).open("wb") as vectors, (aside / IDS).open("wb") as ids:
        for batch in batches:
            if stop():
                raise Cancelled
            check(batch.vectors, (len(batch.ids), dimensions))
            vectors.write(kept(batch.vectors).tobytes())
            ids.write(np.asarray(batch.ids, np.int64).tobytes())
            names.append(batch.source)
            starts.append(starts[-1] + len(batch.ids))
            if starts[-1] >= LARGEST:
                break
    (aside / SOURCES).write_text(json.dumps([names, starts, dimensions]), encoding="utf-8")
    if starts[-1] > _words.EXACT_UP_TO:
        (aside / NEAR).mkdir()
        engine.build(aside / NEAR, rows(folder, Segment(aside.name, starts[-1])), stop)
    for each in (*aside.rglob("*"), aside):
        make_last(each)
    aside.rename(folder / name)
    return Segment(name, starts[-1])


def check(vectors: NDArray[np.floating], shape: tuple[int, int]) -> None:
    """Refuses vectors of another shape, and numbers that are none.

    Raises:
        InternalError: a representation broke its contract.
    """
    check_shape(vectors.shape, shape)
    if not np.isfinite(vectors).all():
        raise InternalError(
            "A vector to be indexed or searched holds numbers that are not finite.",
            "Report it with the name of the flavor and of the film.",
        )


def check_shape(given: tuple[int, ...], due: tuple[int, int]) -> None:
    """Refuses another shape than is due.

    Raises:
        InternalError: rows of different representations have been mixed.
    """
    if given != due:
        raise InternalError(
            f"Vectors of shape {given} were given where {due} was due.",
            "Report it with the name of the flavor: one of its representations changed its form.",
            given=given,
            due=due,
        )


@contextmanager
def full_disk_said(folder: Path) -> Iterator[None]:
    """Says in our own words that the disk is full."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        # Libraries of engines say it in words alone.
        full = (errno.ENOSPC, errno.EDQUOT)
        said = any(os.strerror(number) in str(error) for number in full)
        if said or getattr(error, "errno", None) in full:
            raise DiskFull(folder) from error
        raise
