"""The engines there are, found by themselves."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from matchcut import registry
from matchcut.errors import EngineMissing, EngineUnknown
from matchcut.index._words import Engine


@cache
def engines() -> dict[str, Engine]:
    """Every engine by name, in alphabetical order; none of them loads its library yet.

    Those of this package, and those of other distributions by the entry-point group
    `matchcut.engines`.
    """
    return registry.discover("matchcut.index", "ENGINE", "matchcut.engines")


def engine(name: str) -> Engine:
    """The engine of this name.

    Raises:
        EngineUnknown: there is none.
    """
    known = engines()
    if name not in known:
        raise EngineUnknown(name, list(known))
    return known[name]


def loaded(module: str, extra: str) -> Any:
    """The library of an engine.

    Raises:
        EngineMissing: it is not installed; `extra` of matchcut brings it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise EngineMissing(module, extra) from error
