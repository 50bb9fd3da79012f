"""What editors said of pairs, in the catalogue: added to, never changed, never lost.

Verdicts name sources by content and shots by their time, so they outlive the files' places, other
detectors, and the analysis itself. Adding some waits for whoever writes a transaction, and does not
need the lock of indexing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from matchcut.errors import LibraryDamaged
from matchcut.library import schema
from matchcut.library.description import verdict_fields, verdict_of
from matchcut.library.store import Library
from matchcut.types import EPOCH, MICROSECOND, Verdict


def recorded(library: Library) -> tuple[Verdict, ...]:
    """All that were ever recorded, in the order in which they were said.

    Raises:
        LibraryDamaged: one of them cannot be read.
    """
    with schema.connection(library.folder) as catalogue:
        if not schema.knows_verdicts(catalogue):
            return ()
        rows = catalogue.execute("SELECT description FROM verdict ORDER BY said_us, id").fetchall()
    try:
        return tuple(verdict_of(json.loads(text)) for (text,) in rows)
    except ValueError as error:
        raise LibraryDamaged(library.folder, f"a verdict cannot be read ({error})") from error


def state(library: Library) -> str | None:
    """Another one after each verdict; None before the first."""
    return library.note(schema.SAID)


def record(library: Library, verdicts: Sequence[Verdict], now: datetime) -> tuple[Verdict, ...]:
    """Adds what was said now, all of it or nothing; on the disk once this returns.

    A clock that was set back, or one that goes ahead on the machine that others came from, does not
    make them older than what was said before.

    Returns:
        The verdicts with the times under which they are recorded, a microsecond apart.

    Raises:
        LibraryBusy, LibraryNewer, LibraryDamaged, DiskFull: as `schema.changing`.
    """
    schema.create(library.folder)
    with schema.changing(library.folder, schema.SAID) as catalogue:
        [newest] = catalogue.execute("SELECT max(said_us) FROM verdict").fetchone()
        first = now if newest is None else max(now, EPOCH + (newest + 1) * MICROSECOND)
        said = [
            replace(one, when=first + place * MICROSECOND) for place, one in enumerate(verdicts)
        ]
        _add(catalogue, said)
    return tuple(said)


def merge(library: Library, verdicts: Sequence[Verdict]) -> int:
    """Adds verdicts that were recorded elsewhere, with their own times; known ones are passed over.

    Returns:
        How many were not known.

    Raises:
        LibraryBusy, LibraryNewer, LibraryDamaged, DiskFull: as `schema.changing`.
    """
    schema.create(library.folder)
    with schema.changing(library.folder, schema.SAID) as catalogue:
        return _add(catalogue, verdicts)


def _add(catalogue: sqlite3.Connection, verdicts: Sequence[Verdict]) -> int:
    before = catalogue.total_changes
    catalogue.executemany(
        "INSERT OR IGNORE INTO verdict VALUES (?, ?, ?)",
        [(one.id, one.said_us, json.dumps(verdict_fields(one))) for one in verdicts],
    )
    return catalogue.total_changes - before
