"""Embeddings by pretrained networks, which are used as they are. One file a network.

A new one is one new file here with a constant `PRETRAINED`, named as its model in `models`; other
distributions add theirs through the entry-point group `matchcut.embeddings`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

from matchcut import registry
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.types import Pretrained, RepresentationSpec


class Embedding(Pretrained, Protocol):
    """A pretrained way to turn a shot into one vector of length 1.

    Unlike silhouettes, embeddings have the shape of their own network.
    """

    @property
    def repeats(self) -> float | None:
        """Cosine of two rows from which on their shots are repeats of one set-up.

        None where like vectors do not mean a like picture.
        """
        ...


@cache
def pretrained() -> tuple[Embedding, ...]:
    """Every embedding by pretrained weights: those that know repeats first, then by name."""
    found: dict[str, Embedding] = registry.discover(__name__, "PRETRAINED", "matchcut.embeddings")
    return tuple(sorted(found.values(), key=lambda one: (one.repeats is None, one.name)))


def encoders() -> dict[str, RepresentationSpec]:
    """By name, what each embedding makes: the weight-free one, and those by pretrained weights."""
    ways = {one.name: one.representation(Path(), "cpu").spec for one in pretrained()}
    return {"appearance": APPEARANCE.spec, **ways}
