"""Step three and four: in which ways two shots can match. One file a flavor.

A new flavor is one new file here with a constant `FLAVOR`; it appears by itself in the CLI, the
API, the docs table, the contract tests and the benchmark. Other distributions add theirs through
the entry-point group `matchcut.flavors`. Each projection on the user's shelf is one more.
"""

from __future__ import annotations

from functools import cache

from matchcut import registry
from matchcut.embeddings.projection import FOLDER
from matchcut.errors import FlavorUnknown, InternalError
from matchcut.flavors._learned import learned
from matchcut.models import shelves
from matchcut.types import Flavor

DEFAULT = "frame"


@cache
def flavors() -> dict[str, Flavor]:
    """Every flavor by name, in alphabetical order.

    Raises:
        InternalError: two have one name.
        TrainedRefused: a projection on the shelf cannot be used.
    """
    found: dict[str, Flavor] = registry.discover(__name__, "FLAVOR", "matchcut.flavors")
    for one in learned(shelves(None).place / FOLDER):
        if one.name in found:
            raise InternalError(
                f"The projection '{one.name}' has the name of a flavor.",
                f"Rename its folder in {shelves(None).place / FOLDER}.",
                name=one.name,
            )
        found[one.name] = one
    return dict(sorted(found.items()))


def flavor(name: str) -> Flavor:
    """The flavor, or the variant of a flavor, of this name: `frame`, `frame/dog`.

    Raises:
        FlavorUnknown: there is none.
    """
    known = flavors()
    if name in known:
        return known[name]
    main = known.get(name.partition("/")[0])
    variants = {} if main is None else {one.name: one for one in main.variants}
    if name not in variants:
        raise FlavorUnknown(name, list(variants) or list(known))
    return variants[name]
