"""What tells that a file has not changed since it was last read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matchcut.errors import MediaMissing, MediaUnreadable


@dataclass(frozen=True, slots=True)
class FileState:
    """Size and modification time of a file."""

    size: int
    """Bytes."""
    mtime_ns: int
    """Nanoseconds since 1970."""


def file_state(path: Path) -> FileState:
    """The present state of a file.

    Raises:
        MediaMissing: nothing is at the path.
        MediaUnreadable: the path may not be looked at.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise MediaMissing(path) from error  # ValueError: no path holds a NUL.
    except OSError as error:
        raise MediaUnreadable(path, f"it cannot be looked at ({error.strerror})") from error
    return FileState(found.st_size, found.st_mtime_ns)


def is_online(path: Path) -> bool:
    """Whether something lies at the path now; what cannot be looked at is offline.

    Never raises for a path: a lost volume, a name too long and a folder of another user are False.
    """
    return _found(Path.exists, path)


def is_folder(path: Path) -> bool:
    """Whether a folder lies at the path now; what cannot be looked at is none."""
    return _found(Path.is_dir, path)


def _found(look: Callable[[Path], bool], path: Path) -> bool:
    try:
        return look(path)
    except (OSError, ValueError):
        return False
