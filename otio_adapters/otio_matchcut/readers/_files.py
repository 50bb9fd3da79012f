"""A timeline's file, opened; what cannot be opened is said in a sentence."""

from __future__ import annotations

from pathlib import Path

from otio_matchcut.errors import TimelineError
from otio_matchcut.parsing import unreadable

HEAD = 1 << 16
"""Bytes by which a format is told."""


def head_of(path: Path) -> bytes:
    """The first bytes of a file. Raises as `content_of`."""
    return _read(path, HEAD)


def content_of(path: Path) -> bytes:
    """All of a file.

    Raises:
        TimelineError: TIMELINE_MISSING, or TIMELINE_UNREADABLE where it cannot be opened.
    """
    return _read(path, -1)


def text_in(path: Path) -> str:
    """All of a text file, UTF-8 with or without a byte order mark. Raises as `content_of`.

    Raises:
        TimelineError: also TIMELINE_UNREADABLE where it is not text.
    """
    try:
        return content_of(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable(str(path), "it is not text in UTF-8") from None


def old_text_in(path: Path) -> str:
    """All of a text file of an older system, whose comments may be in an encoding of its own."""
    content = content_of(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _read(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except (FileNotFoundError, NotADirectoryError):
        raise TimelineError(
            "TIMELINE_MISSING",
            f"There is no timeline at {path}.",
            "Check the path.",
            timeline=path,
        ) from None
    except OSError as error:
        raise unreadable(str(path), (error.strerror or "it cannot be opened").lower()) from error
