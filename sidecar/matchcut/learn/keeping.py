"""Puts trained models on the user's shelf: projections are flavors there, classifiers scorers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from matchcut import registry
from matchcut.embeddings.pretrained import encoders
from matchcut.embeddings.projection import FOLDER, read_projection
from matchcut.errors import ScorerUnknown, TrainedRefused, UsageError
from matchcut.flavors._learned import flavor_of
from matchcut.learn.features import described
from matchcut.learn.trained import Trained, load
from matchcut.learn.vectors import Encoded
from matchcut.models import shelves

SCORERS = "scorers"
"""Of a shelf of models: where classifiers are that order what was found."""
_NAME = re.compile(r"[a-z][a-z0-9-]*")


def keep(folder: Path, name: str) -> tuple[Path, Literal["flavor", "scorer"]]:
    """Copies a model to where its like is looked for, in place of one of the same name.

    Args:
        folder: What `matchcut train` wrote.
        name: Of the flavor, or of the scorer.

    Returns:
        Its place, and what it is there.

    Raises:
        UsageError: it cannot have this name.
        TrainedMissing: there is no model in the folder.
        TrainedRefused: it cannot be read, or is one of vectors that matchcut does not make.
        OutputUnwritable: it cannot be written.
    """
    model = load(folder)
    shelf, kind = shelves(None).place, _use(model)
    built_in = registry.discover("matchcut.flavors", "FLAVOR", "matchcut.flavors")
    if not _NAME.fullmatch(name) or (kind == "flavor" and name in built_in):
        raise UsageError(
            f"A learned {kind} cannot be named '{name}'.",
            "Use small letters, digits and dashes, and no name that a flavor has already.",
        )
    if kind == "flavor":
        flavor_of(folder, read_projection(folder))
    else:
        _check_made(folder, model)
    place = shelf / (FOLDER if kind == "flavor" else SCORERS) / name
    replace(model, name=name).save(place)
    return place, kind


def kept_scorer(name: str) -> Path:
    """The folder of the classifier of this name on the shelf.

    Raises:
        ScorerUnknown: there is none.
    """
    shelf = shelves(None).place / SCORERS
    known = sorted(one.parent.name for one in shelf.glob("[!.]*/model.json"))
    if name not in known:
        folder = "a folder that `matchcut train` wrote (through a sidecar, `train use` it first)"
        raise ScorerUnknown(name, [*known, folder])
    return shelf / name


def _use(model: Trained) -> Literal["flavor", "scorer"]:
    return "flavor" if model.kind == "metric" else "scorer"


def _check_made(folder: Path, model: Trained) -> None:
    made = {Encoded(name, one.shape[0], one.identity) for name, one in encoders().items()}
    if not made.issuperset(model.encoded):
        wants = described(model.encoded)
        raise TrainedRefused(folder, f"nothing here makes the vectors that it wants: {wants}")
