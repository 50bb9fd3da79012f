"""Paths of files in the catalogue, whatever bytes their names are made of."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

_NO_UTF8 = re.compile("[\udc80-\udcff]")
_ESCAPED = re.compile("\0(..)")


def paths_of(catalogue: sqlite3.Connection, digest: str) -> tuple[Path, ...]:
    """Where the file of a source has been seen, in order of path."""
    rows = catalogue.execute("SELECT path FROM path WHERE digest = ? ORDER BY path", (digest,))
    return tuple(path_of(text) for (text,) in rows.fetchall())


def path_text(path: Path) -> str:
    """The path as the catalogue holds it: bytes that are no UTF-8 follow a NUL, as two digits.

    File systems hold names in any encoding; SQLite's text is UTF-8. No path holds a NUL.
    """
    return _NO_UTF8.sub(lambda found: f"\0{ord(found[0]) - 0xDC00:02x}", str(path))


def path_of(text: str) -> Path:
    """The path that `path_text` made into text."""
    return Path(_ESCAPED.sub(lambda found: chr(0xDC00 + int(found[1], 16)), text))


def write_path(
    catalogue: sqlite3.Connection, path: Path, digest: str, size: int, mtime_ns: int
) -> None:
    """Notes that a file held a source when it had this size and time."""
    catalogue.execute(
        "INSERT OR REPLACE INTO path VALUES (?, ?, ?, ?)",
        (path_text(path), digest, size, mtime_ns),
    )
