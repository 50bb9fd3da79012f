"""Whether a library has changed since it was last looked at."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from matchcut.errors import LibraryDamaged

State: TypeAlias = tuple[int, int, int]
"""Which file the catalogue is, and SQLite's count of what other connections changed in it."""


class Watch:
    """Tells the state of one library, cheaply: it changes whenever the catalogue does.

    Holds the catalogue open. May be used by many threads.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is opened yet."""
        self._file = folder / "catalogue.sqlite"
        self._asking = Lock()
        self._opened: sqlite3.Connection | None = None
        self._identity = (0, 0)

    def state(self) -> State:
        """Equal to an earlier one only if nothing was written in between. 30 µs.

        Raises:
            LibraryDamaged: the catalogue is gone, or does not answer.
        """
        with self._asking:
            try:
                found = self._file.stat()
                if self._opened is None or (found.st_dev, found.st_ino) != self._identity:
                    self._open((found.st_dev, found.st_ino))
                assert self._opened is not None
                (version,) = self._opened.execute("PRAGMA data_version").fetchone()
            except (OSError, sqlite3.Error) as error:
                folder = self._file.parent
                raise LibraryDamaged(folder, f"its catalogue does not answer ({error})") from error
            return (*self._identity, int(version))

    def _open(self, identity: tuple[int, int]) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        self._identity = identity
