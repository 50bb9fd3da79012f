"""The libraries that learning alone needs, imported when they are first used."""

from __future__ import annotations

import importlib
from typing import Any

from matchcut.errors import LearningMissing


def needed(module: str) -> Any:
    """The module of this name.

    Raises:
        LearningMissing: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        raise LearningMissing(module.partition(".")[0]) from error
