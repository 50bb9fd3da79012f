"""The formats in which timelines are read: one file each, found by itself.

A module of this package whose name does not begin with an underscore states one constant, `READER`.
A file is told by its first bytes: among the formats of its suffix, then among all others, so that a
wrong suffix does no harm.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from opentimelineio.schema import Timeline

from otio_matchcut.errors import TimelineError
from otio_matchcut.readers._files import head_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file may leave open, as the user settles it."""

    rate: Fraction | None = None
    """Frames a second that timecodes count, where the format does not say (EDL); else unused."""
    sequence: str | None = None
    """Name of the timeline that is meant, where a file holds several."""


AS_IT_SAYS = Wanted()


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format of timelines is read."""

    name: str
    """As editors call the format: `CMX 3600 EDL`."""
    suffixes: tuple[str, ...]
    """In small letters, with their dot."""
    applications: tuple[str, ...]
    """Which write it."""
    line: str
    """What is read of it, in a line for people."""
    sniff: Callable[[bytes], bool]
    """Whether a file that begins with these bytes (see `head_of`) looks like this format."""
    read: Callable[[Path, Wanted], Timeline]
    """The timeline in a file.

    Relative media addresses in it start from the file's folder. Raises a `TimelineError` for what
    cannot be read or would be read wrongly."""


@lru_cache(maxsize=1)
def readers() -> tuple[Reader, ...]:
    """Every format that is read, in order of its name."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").READER
        for module in pkgutil.iter_modules(__path__)
        if not module.name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda reader: reader.name.casefold()))


def suffixes() -> tuple[str, ...]:
    """Every suffix that is read, each once."""
    return tuple(dict.fromkeys(suffix for reader in readers() for suffix in reader.suffixes))


def reader_of(path: Path) -> Reader:
    """The format of a file.

    Raises:
        TimelineError: TIMELINE_MISSING, or TIMELINE_UNREADABLE where it has none that is known.
    """
    named = [reader for reader in readers() if path.suffix.lower() in reader.suffixes]
    if path.is_dir() and len(named) == 1:
        return named[0]
    head = head_of(path)
    for reader in (*named, *readers()):
        if reader.sniff(head):
            return reader
    if len(named) == 1:
        # It knows best what is wrong with the file.
        return named[0]
    known = ", ".join(f"{reader.name} ({' '.join(reader.suffixes)})" for reader in readers())
    raise TimelineError(
        "TIMELINE_UNREADABLE",
        f"{path} is a timeline in none of the formats that are read here.",
        f"Export it from the editing application in one of these: {known}.",
        timeline=path,
        why="its format is not known",
    )
