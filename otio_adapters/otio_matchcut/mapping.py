"""Folders that lie elsewhere on this machine: `/Volumes/SAN` of the editor is `/mnt/san` here."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from otio_matchcut.errors import TimelineError

_WRITTEN_BY_WINDOWS = re.compile(r"[A-Za-z]:([/\\]|$)|\\\\")
_OF_WINDOWS = re.compile(r"[A-Za-z]:(/|$)|//")


@dataclass(frozen=True, slots=True)
class FolderMap:
    """A folder as timelines name it, and where it lies here."""

    old: Path
    """As `urls.path_of` gives it: with forward slashes, `D:/media` or `//server/share` too."""
    new: Path


def folder_of(text: str) -> Path:
    r"""A folder as a user writes it (`/Volumes/SAN`, `D:\media`, `\\server\share`).

    Raises:
        TimelineError: QUERY_INVALID, it is not absolute.
    """
    folder = Path(text.replace("\\", "/")) if _WRITTEN_BY_WINDOWS.match(text) else Path(text)
    if folder.is_absolute() or _OF_WINDOWS.match(os.fspath(folder)):
        return folder
    raise TimelineError(
        "QUERY_INVALID",
        f"'{text}' is no folder that a timeline can name: it is not an absolute path.",
        "Write it from its root on, as the timeline does: /Volumes/SAN, D:\\media.",
        path=text,
    )


def mapped(path: Path, maps: Sequence[FolderMap]) -> Path:
    """Where a path leads on this machine: the map with the longest folder that holds it decides.

    A folder matches by whole names: `/media` says nothing of `/media2`. Case counts, except in
    paths of Windows (a drive, a share).
    """
    names = _names(path)
    fitting = [one for one in maps if _key(path, names)[: len(_names(one.old))] == _key(one.old)]
    if not fitting:
        return path
    longest = max(fitting, key=lambda one: len(_names(one.old)))
    return longest.new.joinpath(*names[len(_names(longest.old)) :])


def _names(path: Path) -> list[str]:
    return os.fspath(path).rstrip("/").split("/")


def _key(path: Path, names: list[str] | None = None) -> list[str]:
    names = _names(path) if names is None else names
    if _OF_WINDOWS.match(os.fspath(path)):
        return [name.casefold() for name in names]
    return names
