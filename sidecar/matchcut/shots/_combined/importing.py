"""Imports OpenVINO without the part of it that reports to its makers.

`import openvino` sends an event to a statistics service unless the package `openvino-telemetry`
cannot be imported. Nothing leaves the machine, so in this program it cannot.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import cast


@cache
def openvino() -> ModuleType:
    """The module `openvino`, imported so that it reports nothing."""
    # None in sys.modules makes an import fail; OpenVINO then takes its own silent stand-in.
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.setdefault("openvino_telemetry", None)
    return import_module("openvino")
