"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from matchcut.errors import DiskFull, OutputUnwritable


@contextmanager
def placed(place: Path) -> Iterator[Path]:
    """Where to write a file that appears at `place` once the block has ended well.

    Folders on the way are made.

    Raises:
        DiskFull: there is no room.
        OutputUnwritable: it cannot be put there.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent, prefix=".") as folder:
            aside = Path(folder) / place.name
            yield aside
            aside.replace(place)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(place) from error
        raise OutputUnwritable(
            f"{place} cannot be written: {error.strerror}.",
            "Choose another place for it, or make room there.",
            path=place,
        ) from error
