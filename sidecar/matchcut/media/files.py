"""Which files a list of files and folders stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from matchcut.errors import NoMediaFound
from matchcut.media.state import is_folder

VIDEO_EXTENSIONS = frozenset(
    "." + ending
    for ending in (
        *("3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "gxf", "h264", "hevc", "ivf"),
        *("lrv", "m1v", "m2t", "m2ts", "m2v", "m4v", "mkv", "mod", "mov", "mp4", "mpe", "mpeg"),
        *("mpg", "mts", "mxf", "nut", "ogm", "ogv", "qt", "rm", "rmvb", "tod", "ts", "vob"),
        *("webm", "wmv", "y4m"),
    )
)
"""Lower-case endings taken from folders; a file named by itself is taken whatever its name."""


def media_files(paths: Sequence[Path]) -> list[Path]:
    """The files to read, in the order of `paths`, those of a folder sorted; none twice.

    Folders are searched in depth, hidden files and folders passed over, links followed once. A
    path that is not there, a folder without media beside paths that have some, and what cannot be
    opened or looked at stay in the list: `probe` refuses each with a sentence, the rest goes on.

    Raises:
        NoMediaFound: all paths are folders and none holds a film.
    """
    found: list[Path] = []
    barren: list[Path] = []
    for path in paths:
        if not is_folder(path):
            found.append(path)
            continue
        inside = list(_inside(path, set()))
        found.extend(inside or [path])
        if not inside:
            barren.append(path)
    if barren and len(barren) == len(paths):
        raise NoMediaFound(barren)
    unique: dict[Path, Path] = {}
    for path in found:
        unique.setdefault(resolved(path), path)
    return list(unique.values())


def _inside(folder: Path, visited: set[Path]) -> Iterator[Path]:
    visited.add(resolved(folder))
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        try:
            deeper = entry.is_dir()
            taken = not deeper and entry.suffix.lower() in VIDEO_EXTENSIONS and entry.is_file()
        except OSError:
            deeper, taken = False, True
        if taken:
            yield entry
        elif deeper and resolved(entry) not in visited:
            yield from _inside(entry, visited)


def resolved(path: Path) -> Path:
    """The path without links; as it is where it cannot be followed."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # RuntimeError: links that lead in a circle.
        return path
