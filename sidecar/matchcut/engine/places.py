"""Where the media of a source lies now, and whether it is still what was analysed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matchcut.errors import MediaError, NotFoundError
from matchcut.library import SeenFiles, StoredSource
from matchcut.media.digest import content_digest
from matchcut.media.state import FileState, file_state, is_online

FRESH = 1.0
"""Seconds for which it is taken to be known where files lie: an answer looks at every one of them,
and disks on a network answer slowly."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the media of a source lies."""

    path: Path
    online: bool
    unchanged: bool
    """Whether it is what was analysed, as far as its size and time tell."""


class Places:
    """Where the media of sources lie, looked at again after `FRESH` seconds. For many threads."""

    def __init__(self, seen: SeenFiles) -> None:
        """Nothing is looked at yet."""
        self._seen = seen
        self._found: dict[str, tuple[float, Place]] = {}

    def of(self, stored: StoredSource) -> Place:
        """That of a source."""
        digest, now = stored.source.digest, time.monotonic()
        looked, place = self._found.get(digest, (-FRESH, None))
        if place is None or now - looked >= FRESH:
            path = best_place(self._seen, stored)
            place = Place(path, is_online(path), is_unchanged(self._seen, path, digest))
            self._found[digest] = now, place
        return place


def best_place(seen: SeenFiles, stored: StoredSource) -> Path:
    """The path of a source: one at which the file lies unchanged, else one where any file lies."""
    digest = stored.source.digest
    unchanged = (path for path in stored.paths if is_unchanged(seen, path, digest))
    return next(unchanged, next(filter(is_online, stored.paths), stored.paths[0]))


def is_unchanged(seen: SeenFiles, path: Path, digest: str) -> bool:
    """Whether the file at a path has the size and time that it had when it was analysed."""
    state = _state(path)
    return state is not None and seen.get(path) == (state.size, state.mtime_ns, digest)


def holds(seen: SeenFiles, path: Path, digest: str) -> bool:
    """Whether the file at a path is this source, touched or not.

    Cost: where size or time differ, the whole file is read, once for each state of the file.
    """
    state = _state(path)
    if state is None:
        return False
    return is_unchanged(seen, path, digest) or _digest(path, state) == digest


def _state(path: Path) -> FileState | None:
    try:
        return file_state(path)
    except (MediaError, NotFoundError):
        return None  # Offline, which the caller says in its own words.


@lru_cache(maxsize=256)
def _digest(path: Path, state: FileState) -> str:
    """The digest of a file in a certain state."""
    return content_digest(path)
