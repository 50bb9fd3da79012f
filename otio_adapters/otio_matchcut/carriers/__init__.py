"""Files for editing applications, one module a format.

A new carrier is one new module here with a constant `CARRIER`; it appears by itself in the command
line, the API, the docs table, the contract tests and among OpenTimelineIO's adapters. Other
distributions add theirs through the entry-point group `matchcut.carriers`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points

from otio_matchcut.delivery import Carrier
from otio_matchcut.errors import TimelineError


@cache
def carriers() -> dict[str, Carrier]:
    """Every carrier by name, in alphabetical order. Modules that start with `_` are parts.

    Raises:
        ValueError: two have one name.
    """
    every: list[Carrier] = [
        importlib.import_module(f"{__name__}.{module.name}").CARRIER
        for module in pkgutil.iter_modules(__path__)
        if not module.name.startswith("_")
    ]
    every += [entry.load() for entry in entry_points(group="matchcut.carriers")]
    found = {carrier.name: carrier for carrier in sorted(every, key=lambda one: one.name)}
    if len(found) < len(every):
        raise ValueError(f"two carriers have one name: {[one.name for one in every]}")
    return found


@cache
def hosts() -> tuple[str, ...]:
    """The applications that some carrier serves, in alphabetical order; `any` for all others."""
    return tuple(sorted({host for carrier in carriers().values() for host in carrier.hosts}))


def carriers_for(host: str) -> tuple[Carrier, ...]:
    """The carriers that serve an application, in alphabetical order.

    Raises:
        TimelineError: HOST_UNKNOWN, no carrier serves it.
    """
    if host not in hosts():
        raise TimelineError(
            "HOST_UNKNOWN",
            f"There is no file that is made for '{host}'.",
            f"Name one of: {', '.join(hosts())}.",
            host=host,
            known=", ".join(hosts()),
        )
    return tuple(carrier for carrier in carriers().values() if host in carrier.hosts)
