"""Rows that are collected one array after the other, in memory while they are few."""

from __future__ import annotations

import tempfile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

ROOM = 1 << 30
"""Bytes that are kept in memory; what is more lies in a file without a name, which is mapped. The
system then holds of it what there is room for."""


class Spool:
    """Collects arrays of one dtype and row shape, and joins them without holding them twice."""

    def __init__(self, room: int = ROOM) -> None:
        """Nothing is collected yet."""
        self._room = room
        self._held: list[NDArray[Any]] = []
        self._bytes = 0
        self._file: IO[bytes] | None = None

    def add(self, rows: NDArray[Any]) -> None:
        """Takes in (N, ...) rows.

        Raises:
            OSError: they have no room in memory, nor on the disk of temporary files.
        """
        self._held.append(rows)
        self._bytes += rows.nbytes
        if self._file is None and self._bytes > self._room:
            # A file without a name: it is gone with this program, however that ends.
            self._file = tempfile.TemporaryFile(prefix="matchcut-")  # noqa: SIM115 (see `joined`)
        if self._file is not None:
            for held in self._held:
                self._file.write(np.ascontiguousarray(held).data)
            self._held = [rows[:0]]

    def joined(self) -> NDArray[Any]:
        """(R, ...) all rows, in their order; at least one array was added."""
        if self._file is None:
            return np.concatenate(self._held)
        with self._file as file:
            file.flush()
            empty = self._held[0]
            rows = self._bytes // (empty.itemsize * int(np.prod(empty.shape[1:], dtype=np.int64)))
            return np.memmap(file, empty.dtype, "r", shape=(rows, *empty.shape[1:]))
