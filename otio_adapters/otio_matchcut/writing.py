"""Writes timelines so that the file is either the whole new one or what was there before."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut import kept
from otio_matchcut.candidates import matches_timeline
from otio_matchcut.errors import TimelineError
from otio_matchcut.marking import mark, unmark

__all__ = ["mark", "matches_timeline", "text_of", "unmark", "write", "write_bytes", "write_text"]


def text_of(timeline: Timeline) -> str:
    """The timeline as OTIO JSON, with the objects that reading has set aside in their places."""
    return kept.restored(timeline.to_json_string(indent=4))


def write(timeline: Timeline, path: Path) -> None:
    """Writes an `.otio` file, atomically.

    Raises:
        TimelineError: TIMELINE_UNWRITABLE or DISK_FULL; the old file, if there is one, is whole.
    """
    write_text(text_of(timeline), path)


def write_text(text: str, path: Path) -> None:
    """Writes a UTF-8 text file, atomically. Raises as `write`."""
    write_bytes(text.encode(errors="surrogateescape"), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Writes a file beside its place first, then moves it there.

    Raises:
        TimelineError: as `write`.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> TimelineError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TimelineError(
            "DISK_FULL",
            f"The disk that holds {path} is full.",
            "Free some space and run the command again.",
            path=path,
        )
    why = (error.strerror or "the system refuses").lower()
    return TimelineError(
        "TIMELINE_UNWRITABLE",
        f"{path} cannot be written: {why}.",
        "Name a file in a folder that exists and that you may write to.",
        path=path,
        why=why,
    )
