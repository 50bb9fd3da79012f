"""Step one: where a film cuts. One file a detector; dropping a file in adds it everywhere."""

from __future__ import annotations

from functools import cache

from matchcut import registry
from matchcut.errors import DetectorUnknown
from matchcut.types import Detector

DEFAULT = "combined"


@cache
def detectors() -> dict[str, Detector]:
    """Every detector by name: those of this package and those of other distributions.

    Others add theirs through the entry-point group `matchcut.detectors`.
    """
    return registry.discover(__name__, "DETECTOR", "matchcut.detectors")


def detector(name: str) -> Detector:
    """The detector of this name.

    Raises:
        DetectorUnknown: there is none.
    """
    known = detectors()
    if name not in known:
        raise DetectorUnknown(name, list(known))
    return known[name]
