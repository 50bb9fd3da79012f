"""What has been written, made to outlast a loss of power."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def make_last(path: Path) -> None:
    """Brings a file, or the names in a folder, to the disk, where the system can do so."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # What file systems answer that cannot sync folders, such as some network ones.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
