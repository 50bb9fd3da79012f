"""Step three and four: in which ways two shots can match. One file a flavor.

A new flavor is one new file here with a constant `FLAVOR`; it appears by itself in the CLI, the
API, the docs table, the contract tests and the benchmark. Other distributions add theirs through
the entry-point group `matchcut.flavors`.
"""

from __future__ import annotations

from functools import cache

from matchcut import registry
from matchcut.errors import FlavorUnknown
from matchcut.types import Flavor

DEFAULT = "frame"


@cache
def flavors() -> dict[str, Flavor]:
    """Every flavor by name, in alphabetical order."""
    return registry.discover(__name__, "FLAVOR", "matchcut.flavors")


def flavor(name: str) -> Flavor:
    """The flavor of this name.

    Raises:
        FlavorUnknown: there is none.
    """
    known = flavors()
    if name not in known:
        raise FlavorUnknown(name, list(known))
    return known[name]
