"""Labelled sets, read. One file a format.

A new format is one new file here with a constant `FORMAT`; other distributions add theirs through
the entry-point group `matchcut.labels`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

from matchcut import registry
from matchcut.errors import LabelsMissing, LabelsRefused
from matchcut.learn.pairs import LabelledSet


class LabelFormat(Protocol):
    """A way in which labelled pairs are written down."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str:
        """What it looks like, in one line for help texts."""
        ...

    def recognises(self, path: Path, /) -> bool:
        """Whether this file or folder, which exists, is of this format by its names alone."""
        ...

    def read(self, path: Path, /) -> LabelledSet:
        """All that it holds.

        Raises:
            LabelsRefused: it cannot be read.
        """
        ...


@cache
def formats() -> dict[str, LabelFormat]:
    """Every format by name."""
    return registry.discover(__name__, "FORMAT", "matchcut.labels")


def read(path: Path) -> LabelledSet:
    """The labelled set in this file or folder, in whichever format it is.

    Raises:
        LabelsMissing: there is nothing.
        LabelsRefused: no format recognises it, or its format cannot read it.
    """
    if not path.exists():
        raise LabelsMissing(path)
    for one in formats().values():
        if one.recognises(path):
            return one.read(path)
    known = "; ".join(one.label for one in formats().values())
    raise LabelsRefused(path, f"it is none of these: {known}")
