"""Finds plug-ins by themselves: one file in a package, or an entry point of another distribution.

A plug-in module states one constant (`FLAVOR`, `DETECTOR`, …). Nothing lists them: adding a file
adds the plug-in to the CLI, the API, the docs table, the contract tests and the benchmark.
"""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import entry_points
from typing import Any

from matchcut.errors import InternalError


def discover(package: str, constant: str, group: str) -> dict[str, Any]:
    """Every plug-in of one kind by its name, in alphabetical order.

    Args:
        package: Dotted name of the package whose modules are searched; those that start with an
            underscore are parts of others and are passed over.
        constant: Name of the module constant that holds the plug-in.
        group: Entry-point group through which other distributions add theirs.

    Returns:
        The plug-ins; each has a `name`. The caller states their type.

    Raises:
        InternalError: two plug-ins have one name, or a module of the package lacks the constant.
    """
    found: dict[str, tuple[str, Any]] = {}

    def add(origin: str, plugin: Any) -> None:
        if plugin.name in found:
            raise InternalError(
                f"Two plug-ins are named '{plugin.name}': {found[plugin.name][0]} and {origin}.",
                "Rename or uninstall one of them.",
                name=plugin.name,
            )
        found[plugin.name] = (origin, plugin)

    path = importlib.import_module(package).__path__
    for module in pkgutil.iter_modules(path):
        if module.name.startswith("_"):
            continue
        origin = f"{package}.{module.name}"
        loaded = importlib.import_module(origin)
        if not hasattr(loaded, constant):
            raise InternalError(
                f"{origin} states no {constant}.",
                "Add the constant, or start the module's name with an underscore.",
                module=origin,
            )
        add(origin, getattr(loaded, constant))
    for entry in entry_points(group=group):
        add(entry.value, entry.load())
    return {name: found[name][1] for name in sorted(found)}
