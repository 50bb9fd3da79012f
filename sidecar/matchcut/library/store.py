"""The library: reads what is stored, and commits each source as a whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryMissing,
)
from matchcut.lasting import make_last
from matchcut.library import schema
from matchcut.library.arrays import MOMENTS, Arrays, failures_said
from matchcut.library.description import from_json, to_json
from matchcut.library.paths import path_of, path_text, paths_of, write_path
from matchcut.types import MOMENT, MomentRows, RepresentationSpec, Rows, Shot, Source, Span

SeenFiles: TypeAlias = Mapping[Path, tuple[int, int, str]]
"""By path, the size in bytes and the modification time in nanoseconds of each file when it was
read, and the digest of the source that it held."""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source whose analysis is stored."""

    source: Source
    frames: int
    detector: str
    """Identity of the detector whose shots are in use."""
    paths: tuple[Path, ...]
    """Where the file has been seen, in order of path."""


@dataclass(frozen=True, slots=True)
class Library:
    """A folder of analysed sources. Opening is cheap; every call reads the disk's present state."""

    folder: Path

    @property
    def _arrays(self) -> Arrays:
        return Arrays(self.folder)

    @staticmethod
    def open(folder: Path) -> Library:
        """The library in this folder, for reading; one of an earlier version is left as it is.

        Raises:
            LibraryMissing: there is none.
            LibraryNewer: a newer matchcut wrote it.
            LibraryDamaged: its catalogue cannot be read.
        """
        with failures_said(folder, "the folder cannot be looked at"):
            there = (folder / "catalogue.sqlite").is_file()
        if not there:
            raise LibraryMissing(folder)
        library = Library(folder.resolve())
        with schema.connection(library.folder) as catalogue:
            if not schema.is_made(catalogue):
                raise LibraryMissing(folder)
        return library

    @staticmethod
    def create(folder: Path) -> Library:
        """The library in this folder, for writing: made if there is none, brought up to date.

        Raises as `open`, and DiskFull.
        """
        schema.create(folder)
        return Library(folder.resolve())

    # Reading

    def sources(self) -> tuple[StoredSource, ...]:
        """All sources in the library's order: by file name, then path, then digest.

        The order does not depend on when a source was indexed; a source without any path is last.
        """
        with schema.connection(self.folder) as catalogue:
            rows = catalogue.execute("SELECT digest, description, frames, detector FROM source")
            stored = [
                StoredSource(from_json(text), frames, detector, paths_of(catalogue, digest))
                for digest, text, frames, detector in rows.fetchall()
            ]
        return tuple(sorted(stored, key=_library_order))

    def digests(self) -> frozenset[str]:
        """Those of all sources."""
        with schema.connection(self.folder) as catalogue:
            return frozenset(one for (one,) in catalogue.execute("SELECT digest FROM source"))

    def find_path(self, path: Path, size: int, mtime_ns: int) -> str | None:
        """Digest of the file at this path if it is stored and has not changed since."""
        with schema.connection(self.folder) as catalogue:
            row = catalogue.execute(
                "SELECT digest FROM path WHERE path = ? AND size = ? AND mtime_ns = ?",
                (path_text(path), size, mtime_ns),
            ).fetchone()
        return None if row is None else str(row[0])

    def state(self) -> str | None:
        """Another one after each change: what was read before a change is no longer so."""
        return self.note(schema.STATE)

    def seen(self) -> SeenFiles:
        """Every file that was ever read."""
        with schema.connection(self.folder) as catalogue:
            rows = catalogue.execute("SELECT path, size, mtime_ns, digest FROM path").fetchall()
        return {path_of(path): (size, mtime_ns, digest) for path, size, mtime_ns, digest in rows}

    def find_digest(self, digest: str) -> StoredSource | None:
        """The stored source of this content."""
        with schema.connection(self.folder) as catalogue:
            row = catalogue.execute(
                "SELECT description, frames, detector FROM source WHERE digest = ?", (digest,)
            ).fetchone()
            if row is None:
                return None
            return StoredSource(from_json(row[0]), row[1], row[2], paths_of(catalogue, digest))

    def shots(self, digest: str, detector: str) -> tuple[Shot, ...]:
        """The shots that a detector found in a source; empty where it has not read it."""
        with schema.connection(self.folder) as catalogue:
            text = catalogue.execute(
                "SELECT description FROM source WHERE digest = ?", (digest,)
            ).fetchone()
            if text is None:
                return ()
            time_base = from_json(text[0]).time_base
            rows = catalogue.execute(
                "SELECT number, start_frame, end_frame, start_pts, end_pts, "
                f"{schema.clean_columns(catalogue)} FROM shot "
                "WHERE source = ? AND detector = ? ORDER BY number",
                (digest, detector),
            ).fetchall()
        return tuple(
            Shot(
                source=digest,
                index=number,
                start_frame=start,
                end_frame=end,
                span=Span(start_pts, end_pts, time_base),
                detector=detector,
                clean_start_frame=clean_start,
                clean_end_frame=clean_end,
                clean=Span(clean_start_pts, clean_end_pts, time_base),
            )
            for (
                number,
                start,
                end,
                start_pts,
                end_pts,
                clean_start,
                clean_end,
                clean_start_pts,
                clean_end_pts,
            ) in rows
        )

    def representations(self, digest: str, detector: str) -> frozenset[str]:
        """Identities of the representations stored for these shots.

        One whose array is gone is left out, and so is every one of a source whose frame times are
        gone: indexing then computes them again.

        Raises:
            LibraryDamaged: the arrays cannot be looked at.
        """
        with schema.connection(self.folder) as catalogue:
            rows = catalogue.execute(
                "SELECT identity FROM representation WHERE source = ? AND detector = ?",
                (digest, detector),
            ).fetchall()
        with failures_said(self.folder, "the arrays of a source cannot be looked at"):
            if not self._arrays.frames(digest).is_file():
                return frozenset()
            return frozenset(
                identity
                for (identity,) in rows
                if self._arrays.of(digest, detector, identity).is_file()
            )

    def providers(self) -> dict[str, str]:
        """By representation identity, what computed it: the name of a model, or `weight-free`.

        Arrays of an earlier version of matchcut are not in it.
        """
        with schema.connection(self.folder) as catalogue:
            if not schema.knows_providers(catalogue):
                return {}
            rows = catalogue.execute("SELECT identity, provider FROM provider").fetchall()
        return dict(rows)

    def rows(self, digest: str, detector: str, identity: str) -> Rows:
        """(R, ...) the stored rows of all moments, memory-mapped, read-only.

        Raises:
            LibraryDamaged: the catalogue names the array, but it is gone or cut short.
        """
        return self._arrays.load(self._arrays.of(digest, detector, identity))

    def moments(self, digest: str, detector: str, identity: str) -> Rows:
        """(R,) of `types.MOMENT`: what each of the stored rows stands for.

        Where an earlier version stored none, there is one row a shot, for its middle frame. Raises
        as `rows`.
        """
        if self._arrays.of(digest, detector, identity + MOMENTS).is_file():
            return self._arrays.load(self._arrays.of(digest, detector, identity + MOMENTS))
        shots, pts = self.shots(digest, detector), self.frame_pts(digest)
        if len(self.rows(digest, detector, identity)) != len(shots):
            raise LibraryDamaged(self.folder, f"{identity}{MOMENTS}.npy of a source is gone")
        found = np.zeros(len(shots), MOMENT)
        for moment, shot in zip(found, shots, strict=True):
            frame = (shot.clean_start_frame + shot.clean_end_frame) // 2
            moment["shot"], moment["frame"], moment["pts"] = shot.index, frame, pts[frame]
        return found

    def proxy(self, digest: str, name: str) -> Path:
        """Where the proxy of this name and source lies, if it has one.

        It is not named as a film, so that a folder of films that holds a library is safe to index.
        """
        return self.folder / "arrays" / digest / f"{name}.proxy"

    def frame_pts(self, digest: str) -> NDArray[np.int64]:
        """(frames + 1,) int64: pts of every frame in the order shown, then the end of the last."""
        return self._arrays.load(self._arrays.frames(digest))

    def duplicates(self) -> dict[tuple[str, int], tuple[str, int]]:
        """For (source, shot number) the earliest shot of its group, itself included."""
        with schema.connection(self.folder) as catalogue:
            rows = catalogue.execute(
                "SELECT source, number, first_source, first_number FROM duplicate"
            ).fetchall()
        return {(source, number): (first, place) for source, number, first, place in rows}

    def note(self, key: str) -> str | None:
        """A remembered value, such as what the groups were made from."""
        with schema.connection(self.folder) as catalogue:
            row = catalogue.execute("SELECT value FROM note WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the library for one writer; readers are not disturbed.

        Raises:
            LibraryBusy: another program is indexing into it.
            DiskFull: there is no room for the lock.
            LibraryDamaged: the folder cannot be locked or written.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / "index.lock")
        with failures_said(self.folder, "it cannot be locked for writing"):
            try:
                lock.acquire(blocking=False)
            except Timeout as error:
                raise LibraryBusy(self.folder) from error
        try:
            with (
                failures_said(self.folder, "what an earlier run left cannot be removed"),
                suppress(FileNotFoundError),
            ):
                # Only a program that was killed leaves anything here. A worker of it may live on
                # for a while: what it still writes must not come between.
                left = self.folder / "left"
                shutil.rmtree(left, ignore_errors=True)
                (self.folder / "staging").replace(left)
                shutil.rmtree(left)
            yield
        finally:
            lock.release()

    @contextmanager
    def placing(self, place: Path) -> Iterator[Path]:
        """Where to write a file that appears at `place`, whole, once the block has ended well.

        Raises:
            DiskFull: there is no room.
            LibraryDamaged: it cannot be put there.
        """
        with failures_said(self.folder, f"{place.name} cannot be written"):
            staging = self.folder / "staging"
            staging.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=staging) as aside:
                written = Path(aside) / place.name
                yield written
                with written.open("rb+") as file:
                    os.fsync(file.fileno())
                place.parent.mkdir(parents=True, exist_ok=True)
                written.replace(place)
            for folder in (place.parent, place.parent.parent, self.folder):
                make_last(folder)

    def remember_path(self, path: Path, digest: str, size: int, mtime_ns: int) -> None:
        """Notes that this file holds a stored source."""
        with schema.changing(self.folder) as catalogue:
            write_path(catalogue, path, digest, size, mtime_ns)

    def remember_providers(self, specs: Sequence[RepresentationSpec]) -> None:
        """Notes what computes these representations, for people to read."""
        with schema.changing(self.folder) as catalogue:
            catalogue.executemany(
                "INSERT OR IGNORE INTO provider VALUES (?, ?, ?)",
                [(spec.identity, spec.name, spec.provider) for spec in specs],
            )

    def use_detector(self, digest: str, detector: str) -> None:
        """Makes the shots of this detector the ones in use for a source."""
        with schema.changing(self.folder) as catalogue:
            catalogue.execute("UPDATE source SET detector = ? WHERE digest = ?", (detector, digest))

    def commit(
        self,
        source: Source,
        shots: Sequence[Shot],
        detector: str,
        frame_pts: NDArray[np.int64],
        rows: Mapping[str, MomentRows],
        path: Path,
        size: int,
        mtime_ns: int,
    ) -> None:
        """Stores a source, its shots and its representations as a whole, or nothing of it.

        Args:
            source: What was read.
            shots: All its shots, in order.
            detector: Identity of what found them.
            frame_pts: As `frame_pts()` gives it back.
            rows: Those of each representation, by identity.
            path: Where the file lies.
            size: Its size in bytes when it was read.
            mtime_ns: Its modification time when it was read.

        Raises:
            DiskFull: there is no room; the library is as it was before.
            LibraryDamaged: the arrays cannot be written; the library is as it was before.
        """
        self.place(source.digest, detector, frame_pts, rows)
        frames = len(frame_pts) - 1
        self.register(source, shots, detector, frames, list(rows), path, size, mtime_ns)

    def place(
        self,
        digest: str,
        detector: str,
        frame_pts: NDArray[np.int64],
        rows: Mapping[str, MomentRows],
    ) -> None:
        """Writes the arrays of a source, which nobody sees until it is registered.

        Needs no catalogue: any machine that sees the folder may do it, and several may at once.
        The arguments and errors are those of `commit`.
        """
        with failures_said(self.folder, "it cannot be written"):
            self._arrays.place(digest, detector, frame_pts, rows)

    def register(
        self,
        source: Source,
        shots: Sequence[Shot],
        detector: str,
        frames: int,
        identities: Sequence[str],
        path: Path,
        size: int,
        mtime_ns: int,
    ) -> None:
        """Names a source in the catalogue, as a whole, once its arrays are placed.

        The arguments are those of `commit`, but for how many frames the source has, and the
        `identities` of the representations whose rows were placed.

        Raises:
            LibraryNotShared: arrays are not there, as this machine sees the folder.
            DiskFull: there is no room; the library is as it was before.
        """
        self._arrays.check_placed(source.digest, detector, identities)
        with schema.changing(self.folder) as catalogue:
            catalogue.execute(
                "INSERT INTO source VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET "
                "description = excluded.description, frames = excluded.frames, "
                "detector = excluded.detector",
                (source.digest, to_json(source), frames, detector),
            )
            write_path(catalogue, path, source.digest, size, mtime_ns)
            catalogue.executemany(
                "INSERT OR IGNORE INTO shot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        source.digest,
                        detector,
                        shot.index,
                        shot.start_frame,
                        shot.end_frame,
                        shot.span.start,
                        shot.span.end,
                        shot.clean_start_frame,
                        shot.clean_end_frame,
                        shot.clean.start,
                        shot.clean.end,
                    )
                    for shot in shots
                ],
            )
            catalogue.executemany(
                "INSERT OR IGNORE INTO representation VALUES (?, ?, ?)",
                [(source.digest, detector, identity) for identity in identities],
            )

    def write_duplicates(
        self,
        firsts: Mapping[tuple[str, int], tuple[str, int]],
        key: str,
        value: str,
    ) -> None:
        """Replaces the remembered groups, and notes under `key` what they were made from."""
        with schema.changing(self.folder) as catalogue:
            catalogue.execute("DELETE FROM duplicate")
            catalogue.executemany(
                "INSERT INTO duplicate VALUES (?, ?, ?, ?)",
                [(*shot, *first) for shot, first in firsts.items()],
            )
            catalogue.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (key, value))


def _library_order(stored: StoredSource) -> tuple[bool, str, str, str]:
    first = stored.paths[0] if stored.paths else Path()
    return (not stored.paths, first.name, str(first), stored.source.digest)
