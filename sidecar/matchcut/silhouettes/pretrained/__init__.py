"""Silhouettes by pretrained networks. One file a network.

A new one is one new file here with a constant `PRETRAINED`, named as its model in `models`; other
distributions add theirs through the entry-point group `matchcut.silhouettes`.
"""

from __future__ import annotations

from functools import cache

from matchcut import registry
from matchcut.types import Pretrained


@cache
def pretrained() -> tuple[Pretrained, ...]:
    """Every way to compute silhouettes from pretrained weights, the best first.

    Those that suit a GPU come before those that a processor alone can run; then by name.
    """
    found: dict[str, Pretrained] = registry.discover(__name__, "PRETRAINED", "matchcut.silhouettes")
    return tuple(sorted(found.values(), key=lambda one: (one.suits != "gpu", one.name)))
