"""One sidecar a library: a lock that the system opens when its holder dies, however it dies."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matchcut.errors import DiskFull, PreconditionError, SidecarRunning

LOCK_NAME = "sidecar.lock"
"""The file in the library's folder that is locked. It is never removed: a lock on a removed file
would keep nobody out."""

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30
    """Where the locked byte lies: behind the text, as Windows lets nobody read a locked byte."""

    def _try_lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LibraryLock:
    """A held lock, and the text in it that tells others where the holder is."""

    def __init__(self, handle: int, path: Path) -> None:
        self._handle = handle
        self._path = path

    def tell(self, where: tuple[str, int] | None) -> None:
        """Writes who holds it, and the host and port it listens on once there are any.

        The token is not in it: others may be able to read this file.

        Raises:
            DiskFull: there is no room for the text.
            PreconditionError: the file cannot be written.
        """
        holder: dict[str, object] = {"pid": os.getpid()}
        if where is not None:
            holder |= {"host": where[0], "port": where[1]}
        try:
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, json.dumps(holder).encode("ascii").ljust(_ROOM))
        except OSError as error:
            raise _unlockable(self._path, error) from error


_ROOM = 200
"""Bytes of the text, padded with spaces, so that it is written in one call over the one before."""


@contextmanager
def hold(library: Path) -> Iterator[LibraryLock]:
    """Holds the lock of `library` during the block; makes the folder if it is not there.

    A holder that was killed leaves no lock, only its text.

    Raises:
        SidecarRunning: another process, or another sidecar of this one, holds it.
        DiskFull: there is no room for the lock.
        PreconditionError: the folder cannot be locked or written.
    """
    path = library / LOCK_NAME
    try:
        library.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unlockable(path, error) from error
    try:
        try:
            _try_lock(handle)
        except (BlockingIOError, PermissionError) as error:
            raise SidecarRunning(library, _where(path)) from error
        except OSError as error:
            raise _unlockable(path, error) from error
        lock = LibraryLock(handle, path)
        lock.tell(None)
        yield lock
    finally:
        os.close(handle)


def _where(path: Path) -> str:
    """Where the holder says it is, for people."""
    try:
        holder = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        holder = None
    if not isinstance(holder, dict) or "pid" not in holder:
        return "it has not said where yet"
    if "port" not in holder:
        return f"process {holder['pid']}, which is just starting"
    return f"process {holder['pid']} on {holder.get('host')} port {holder['port']}"


def _unlockable(path: Path, error: OSError) -> PreconditionError | DiskFull:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path)
    return PreconditionError(
        f"{path} cannot be locked: {error.strerror}.",
        "Put the library on a disk that this user can write and that supports locks.",
        path=path,
        why=error.strerror,
    )
