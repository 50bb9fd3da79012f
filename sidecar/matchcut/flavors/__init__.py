"""Step three and four: in which ways two shots can match. One file a flavor.

A new flavor is one new file here with a constant `FLAVOR`; it appears by itself in the CLI, the
API, the docs table, the contract tests and the benchmark. Other distributions add theirs through
the entry-point group `matchcut.flavors`. Each projection on the user's shelf is one more.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from matchcut import registry
from matchcut.embeddings.projection import FOLDER
from matchcut.errors import FlavorUnknown, InternalError, MatchcutError
from matchcut.flavors._learned import learned
from matchcut.models import shelves
from matchcut.types import Flavor

DEFAULT = "frame"


@cache
def flavors() -> dict[str, Flavor]:
    """Every flavor by name, in alphabetical order, without those that are `left_out`.

    Raises:
        InternalError: two have one name.
    """
    built_in = _built_in()
    kept = _kept(built_in).items()
    usable = {name: one for name, one in kept if not isinstance(one, MatchcutError)}
    return dict(sorted({**built_in, **usable}.items()))


def left_out() -> dict[str, MatchcutError]:
    """By name, why a projection on the user's shelf is no flavor. Cost: all of them are read."""
    kept = _kept(_built_in()).items()
    return {name: one for name, one in kept if isinstance(one, MatchcutError)}


def _built_in() -> dict[str, Flavor]:
    return registry.discover(__name__, "FLAVOR", "matchcut.flavors")


def _kept(built_in: Mapping[str, Flavor]) -> dict[str, Flavor | MatchcutError]:
    """The projections on the user's shelf."""
    shelf = shelves(None).place / FOLDER
    found = learned(shelf)
    for name in found.keys() & built_in.keys():
        found[name] = InternalError(
            f"The projection '{name}' has the name of a flavor.",
            f"Rename its folder in {shelf}.",
            name=name,
        )
    return found


def flavor(name: str) -> Flavor:
    """The flavor, or the variant of a flavor, of this name: `frame`, `frame/dog`.

    Raises:
        FlavorUnknown: there is none.
        TrainedMissing, TrainedRefused: it is a projection on the shelf that cannot be used.
    """
    known = flavors()
    if name in known:
        return known[name]
    main = known.get(name.partition("/")[0])
    variants = {} if main is None else {one.name: one for one in main.variants}
    if name not in variants:
        if refused := left_out().get(name):
            raise refused
        raise FlavorUnknown(name, list(variants) or list(known))
    return variants[name]
