"""Pretrained weights: which there are, where they lie, how they are fetched and loaded.

A model is one file in `known/`. Nothing here says what a model is used for: that is stated by
whoever computes with it.
"""

from __future__ import annotations

from functools import cache

from matchcut import registry
from matchcut.errors import ModelUnknown
from matchcut.models.entry import Model, Published
from matchcut.models.fetching import can_be_had, fetch
from matchcut.models.loading import check, load
from matchcut.models.shelves import Shelves, shelves

__all__ = [
    "Model",
    "Published",
    "Shelves",
    "can_be_had",
    "check",
    "fetch",
    "load",
    "model",
    "models",
    "shelves",
]


@cache
def models() -> dict[str, Model]:
    """Every pretrained model by name: those of `known/` and those of other distributions.

    Others add theirs through the entry-point group `matchcut.models`.
    """
    return registry.discover("matchcut.models.known", "MODEL", "matchcut.models")


def model(name: str) -> Model:
    """The model of this name.

    Raises:
        ModelUnknown: there is none.
    """
    known = models()
    if name not in known:
        raise ModelUnknown(name, list(known))
    return known[name]
