"""What tells that a file has not changed since it was last read."""

from __future__ import annotations

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
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MediaMissing(path) from error
    except OSError as error:
        raise MediaUnreadable(path, f"it cannot be looked at ({error.strerror})") from error
    return FileState(found.st_size, found.st_mtime_ns)
