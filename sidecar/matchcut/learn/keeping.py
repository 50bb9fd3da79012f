"""Puts a trained projection on the user's shelf, where it is a flavor."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from matchcut import registry
from matchcut.embeddings.projection import FOLDER, read_head
from matchcut.errors import UsageError
from matchcut.flavors._learned import flavor_of
from matchcut.learn.trained import load
from matchcut.models import shelves

_NAME = re.compile(r"[a-z][a-z0-9-]*")


def keep(folder: Path, name: str) -> Path:
    """Copies a projection to where flavors are made of it, in place of one of the same name.

    Args:
        folder: What `matchcut train metric` wrote.
        name: Of the flavor.

    Returns:
        Its place.

    Raises:
        UsageError: no flavor can have this name.
        TrainedMissing: there is no model in the folder.
        TrainedRefused: it is no projection, or one of vectors that matchcut does not make.
        OutputUnwritable: it cannot be written.
    """
    built_in = registry.discover("matchcut.flavors", "FLAVOR", "matchcut.flavors")
    if not _NAME.fullmatch(name) or name in built_in:
        raise UsageError(
            f"A learned flavor cannot be named '{name}'.",
            "Use small letters, digits and dashes, and no name that a flavor has already.",
        )
    flavor_of(folder, read_head(folder))
    place = shelves(None).place / FOLDER / name
    replace(load(folder), name=name).save(place)
    return place
