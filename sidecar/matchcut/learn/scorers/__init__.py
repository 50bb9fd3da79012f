"""What scores labelled pairs, so that it can be measured. One file a family.

A new family is one new file here with a constant `SCORERS`; other distributions add theirs through
the entry-point group `matchcut.scorers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from matchcut import registry
from matchcut.errors import ScorerUnknown
from matchcut.learn.pairs import Floats, LabelledSet, Pairs


class Scorer(Protocol):
    """Says of pairs of shots how well they match."""

    @property
    def name(self) -> str:
        """As the user types it."""
        ...

    def score(self, pairs: Pairs, /) -> Floats:
        """(N,) higher is better; NaN for pairs of which it says nothing.

        Or (D, N): several rankings of the same pairs, whose measures are averaged.
        """
        ...


class FlavorScores(Protocol):
    """What the flavors of a library say of the shots of its films."""

    @property
    def names(self) -> Sequence[str]:
        """Of all flavors, without their variants."""
        ...

    def score(self, flavor: str, pairs: Pairs, labelled: LabelledSet, /) -> Floats:
        """(N,) NaN where the library does not have both shots.

        Raises:
            FlavorUnknown: there is no such flavor.
        """
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """What scorers may be made from."""

    labelled: LabelledSet
    task: str
    embeddings: Path | None = None
    """Folder of embeddings, where the user names one."""
    flavors: FlavorScores | None = None
    """Of a library, where the user names one."""
    seed: int = 0


class ScorerFamily(Protocol):
    """Scorers of one kind."""

    @property
    def name(self) -> str: ...

    @property
    def usage(self) -> str:
        """How one of them is written, for help texts."""
        ...

    def offered(self, given: Given, /) -> Sequence[str]:
        """Those that are measured unless the user asks for others."""
        ...

    def scorer(self, name: str, given: Given, /) -> Scorer | None:
        """The one of this name; None where it is none of this family."""
        ...


@cache
def families() -> dict[str, ScorerFamily]:
    """Every family by name."""
    return registry.discover(__name__, "SCORERS", "matchcut.scorers")


def offered(given: Given) -> list[str]:
    """All scorers that are measured unless the user asks for others."""
    return [name for family in families().values() for name in family.offered(given)]


def scorer(name: str, given: Given) -> Scorer:
    """The scorer of this name.

    Raises:
        ScorerUnknown: there is none, or what it needs is not given.
    """
    for family in families().values():
        found = family.scorer(name, given)
        if found is not None:
            return found
    raise ScorerUnknown(name, [*offered(given), *(one.usage for one in families().values())])
