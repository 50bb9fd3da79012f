"""The arrays of a library: one file each, written aside and moved to its place whole."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import DiskFull, LibraryDamaged, LibraryNotShared
from matchcut.lasting import make_last
from matchcut.types import MomentRows, Rows

FRAMES = "frames"
"""Name of the array that holds the pts of every frame, and the end of the last one."""
MOMENTS = ".moments"
"""What the name of a representation's rows becomes for what they stand for."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """Those of the library in a folder."""

    folder: Path

    def of(self, digest: str, detector: str, name: str) -> Path:
        """Where an array lies that depends on the shots of a source."""
        return self.folder / "arrays" / digest / detector / f"{name}.npy"

    def frames(self, digest: str) -> Path:
        """Where the pts of a source's frames lie."""
        return self.folder / "arrays" / digest / f"{FRAMES}.npy"

    def check_placed(self, digest: str, detector: str, identities: Sequence[str]) -> None:
        """Refuses a source whose arrays are not there, as this machine sees the folder.

        Raises:
            LibraryNotShared: some are not.
            LibraryDamaged: the folder cannot be looked at.
        """
        placed = [self.frames(digest), *(self.of(digest, detector, one) for one in identities)]
        with failures_said(self.folder, "the arrays of a source cannot be looked at"):
            # A network file system may remember for a while that a folder was not there before
            # another machine made it; opening the folder around it asks anew.
            for folder in (self.folder / "arrays", placed[0].parent, placed[-1].parent):
                if folder.is_dir():
                    os.scandir(folder).close()
            if not all(file.is_file() for file in placed):
                raise LibraryNotShared(self.folder)

    def load(self, file: Path) -> Rows:
        """An array, memory-mapped, read-only.

        Raises:
            LibraryDamaged: it is gone, cut short, or cannot be opened.
        """
        try:
            loaded: Rows = np.load(file, mmap_mode="r", allow_pickle=False)
        except FileNotFoundError as error:
            raise LibraryDamaged(self.folder, f"{file.name} of a source is gone") from error
        except (ValueError, EOFError) as error:
            raise LibraryDamaged(self.folder, f"{file.name} of a source is cut short") from error
        except OSError as error:
            why = f"{file.name} of a source does not open ({error.strerror})"
            raise LibraryDamaged(self.folder, why) from error
        return loaded

    def place(
        self,
        digest: str,
        detector: str,
        frame_pts: NDArray[np.int64],
        rows: Mapping[str, MomentRows],
    ) -> None:
        """Writes the arrays aside, brings them to the disk, then moves each to its place.

        Raises:
            OSError: the system would not; what was placed before stays, and nobody sees it.
        """
        staging = self.folder / "staging"
        staging.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=staging) as aside:
            moves: list[tuple[Path, Path]] = []
            arrays = {FRAMES: frame_pts}
            for identity, of in rows.items():
                arrays |= {identity: of.rows, identity + MOMENTS: of.moments}
            for name, array in arrays.items():
                written = Path(aside) / f"{name}.npy"
                with written.open("wb") as file:
                    np.save(_Written(file), array, allow_pickle=False)
                    file.flush()
                    os.fsync(file.fileno())
                place = self.frames(digest) if name == FRAMES else self.of(digest, detector, name)
                moves.append((written, place))
            for written, place in moves:
                place.parent.mkdir(parents=True, exist_ok=True)
                written.replace(place)
        # The catalogue may only name what a loss of power cannot undo: the files' places as well.
        within = self.folder / "arrays"
        for folder in (within / digest / detector, within / digest, within, self.folder):
            if folder.is_dir():
                make_last(folder)


@contextmanager
def failures_said(library: Path, what: str) -> Iterator[None]:
    """Says failures of the system in our own words; `what` went wrong unless the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(library) from error
        raise LibraryDamaged(library, f"{what} ({error.strerror or error})") from error


class _Written:
    """A file that numpy fills through `write` alone.

    Its faster way into a real file says that too little was written, not that the disk is full.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write
