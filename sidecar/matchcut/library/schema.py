"""The catalogue's tables, their version, and how a catalogue is opened.

A change of the tables raises `VERSION` and adds a step to `MIGRATIONS`. A catalogue of a later
version is refused untouched. One of an earlier version is brought up to date, in one transaction,
by who opens it to write (`create`); who only reads leaves it as it is and reads what it holds, so a
library on a disk that cannot be written stays readable.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matchcut.errors import DiskFull, LibraryBusy, LibraryDamaged, LibraryNewer

VERSION = 4

STATE = "state"
"""Key of the note that is another one after each change of what can be found."""
SAID = "said"
"""Key of the note that is another one after each verdict."""

PATIENCE = 30.0
"""Seconds to wait for another program that is writing a transaction."""

NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
"""What SQLite answers when the disk is full; the second one even to who only wants to read."""

_SHOT = """
CREATE TABLE shot (
    source       TEXT NOT NULL REFERENCES source(digest),
    detector     TEXT NOT NULL,
    number       INTEGER NOT NULL,
    start_frame  INTEGER NOT NULL,
    end_frame    INTEGER NOT NULL,
    start_pts    INTEGER NOT NULL,
    end_pts      INTEGER NOT NULL,
    clean_start_frame  INTEGER NOT NULL,     -- outside of the transitions into it and out of it
    clean_end_frame    INTEGER NOT NULL,
    clean_start_pts    INTEGER NOT NULL,
    clean_end_pts      INTEGER NOT NULL,
    PRIMARY KEY (source, detector, number)
) STRICT;
"""

_PROVIDER = """
CREATE TABLE provider (
    identity  TEXT PRIMARY KEY,              -- of a representation
    representation  TEXT NOT NULL,           -- its name
    provider  TEXT NOT NULL                  -- what computes it: a model's name, or weight-free
) STRICT;
"""

_VERDICT = """
CREATE TABLE verdict (
    id           TEXT PRIMARY KEY,           -- of types.Verdict
    said_us      INTEGER NOT NULL,           -- microseconds since 1970, UTC
    description  TEXT NOT NULL               -- JSON of types.Verdict
) STRICT;
"""

TABLES = f"""
CREATE TABLE source (
    digest       TEXT PRIMARY KEY,
    description  TEXT NOT NULL,              -- JSON of types.Source
    frames       INTEGER NOT NULL,
    detector     TEXT NOT NULL               -- identity whose shots are in use
) STRICT;
CREATE TABLE path (
    path      TEXT PRIMARY KEY,              -- absolute
    digest    TEXT NOT NULL REFERENCES source(digest),
    size      INTEGER NOT NULL,
    mtime_ns  INTEGER NOT NULL               -- with size: whether the file must be read again
) STRICT;
{_SHOT}
CREATE TABLE representation (
    source    TEXT NOT NULL REFERENCES source(digest),
    detector  TEXT NOT NULL,
    identity  TEXT NOT NULL,
    PRIMARY KEY (source, detector, identity)
) STRICT;
CREATE TABLE duplicate (
    source    TEXT NOT NULL REFERENCES source(digest),
    number    INTEGER NOT NULL,
    first_source  TEXT NOT NULL,             -- the earliest shot of its group
    first_number  INTEGER NOT NULL,
    PRIMARY KEY (source, number)
) STRICT;
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
{_PROVIDER}
{_VERDICT}
"""

MIGRATIONS = {
    1: f"""
ALTER TABLE shot RENAME TO shot_before;
{_SHOT}
INSERT INTO shot SELECT source, detector, number, start_frame, end_frame, start_pts, end_pts,
    start_frame, end_frame, start_pts, end_pts FROM shot_before;
DROP TABLE shot_before;
""",
    2: _PROVIDER,
    3: _VERDICT,
}
"""By the version it starts from, what leads to the next one. Version 1 knew hard cuts alone: its
shots are clean from start to end. Version 2 did not say what had computed its arrays. Version 3
held no verdicts."""


@contextmanager
def connection(library: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the library's catalogue, closed at the end; commits are explicit.

    Raises:
        LibraryNewer: a newer matchcut wrote it.
        LibraryDamaged: it is not a catalogue.
        LibraryBusy: another program has been writing for longer than `PATIENCE`.
        DiskFull: there is no room for what was written in the block, or for SQLite's own 32 kB
            beside the catalogue, which readers need as well.
    """
    file = library / "catalogue.sqlite"
    try:
        opened = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise LibraryDamaged(library, f"its catalogue does not open ({error})") from error
    try:
        _check_version(opened, library)
        yield opened
    except sqlite3.DatabaseError as error:
        # Errors of Python's own half of the module carry no code: text that is not UTF-8, say.
        code = getattr(error, "sqlite_errorcode", None)
        if code in NO_ROOM:
            raise DiskFull(library) from error
        if code == sqlite3.SQLITE_BUSY:
            raise LibraryBusy(library) from error
        raise LibraryDamaged(library, f"its catalogue answers '{error}'") from error
    finally:
        opened.close()


@contextmanager
def changing(library: Path, key: str = STATE) -> Iterator[sqlite3.Connection]:
    """A transaction on the library's catalogue, committed at the end and then on the disk.

    The note of `key` is then another one; an error leaves all as it was. Raises as `connection`.
    """
    with connection(library) as opened:
        opened.execute("PRAGMA synchronous = FULL")
        opened.execute("BEGIN IMMEDIATE")
        yield opened
        opened.execute("INSERT OR REPLACE INTO note VALUES (?, lower(hex(randomblob(16))))", (key,))
        opened.execute("COMMIT")


def create(library: Path) -> None:
    """Makes the folder and an empty catalogue, or brings one that is there up to date.

    Killed at any time, it leaves the catalogue of before or the new one.

    Raises:
        LibraryDamaged: the folder cannot be made or written.
        DiskFull: there is no room for it.
    """
    try:
        library.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(library) from error
        raise LibraryDamaged(library, f"the folder cannot be made ({error.strerror})") from error
    with connection(library) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("BEGIN IMMEDIATE")
        # Asked again inside the transaction: another program may have been quicker.
        found = _version(opened)
        if found == 0:
            _run(opened, TABLES)
        else:
            for version in range(found, VERSION):
                _run(opened, MIGRATIONS[version])
        if found < VERSION:
            opened.execute(f"PRAGMA user_version = {VERSION}")
        opened.execute("COMMIT")


def clean_columns(opened: sqlite3.Connection) -> str:
    """What tells where shots are clean: first and end frame, first and end pts."""
    prefix = "" if _version(opened) == 1 else "clean_"
    return ", ".join(prefix + name for name in ("start_frame", "end_frame", "start_pts", "end_pts"))


def knows_providers(opened: sqlite3.Connection) -> bool:
    """Whether the catalogue says what computed its arrays."""
    return _version(opened) >= 3


def knows_verdicts(opened: sqlite3.Connection) -> bool:
    """Whether the catalogue can hold verdicts."""
    return _version(opened) >= 4


def _run(opened: sqlite3.Connection, statements: str) -> None:
    """Runs statements inside the open transaction, which `executescript` would end."""
    for statement in statements.split(";\n"):
        if statement.strip():
            opened.execute(statement)


def is_made(opened: sqlite3.Connection) -> bool:
    """Whether the tables are there; they are not where the first program to come was killed."""
    return _version(opened) > 0


def _version(opened: sqlite3.Connection) -> int:
    return int(opened.execute("PRAGMA user_version").fetchone()[0])


def _check_version(opened: sqlite3.Connection, library: Path) -> None:
    opened.execute("PRAGMA foreign_keys = ON")
    found = _version(opened)
    if found > VERSION:
        raise LibraryNewer(library, found, VERSION)
