"""Our own flavors, over the films of a library that are the titles of a labelled set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchcut.learn.pairs import Floats, LabelledSet, Pairs
from matchcut.learn.scorers import FlavorScores, Given, Scorer

_PREFIX = "flavor:"


@dataclass(frozen=True, slots=True)
class _OfFlavor:
    flavor: str
    scores: FlavorScores
    labelled: LabelledSet

    @property
    def name(self) -> str:
        return _PREFIX + self.flavor

    def score(self, pairs: Pairs, /) -> Floats:
        """As a scan of the library would score them, outgoing to incoming, without reframing."""
        return self.scores.score(self.flavor, pairs, self.labelled)


class _Flavors:
    name = "flavor"
    usage = f"{_PREFIX}NAME, with --library"

    def offered(self, given: Given, /) -> Sequence[str]:
        return () if given.flavors is None else tuple(_PREFIX + one for one in given.flavors.names)

    def scorer(self, name: str, given: Given, /) -> Scorer | None:
        if given.flavors is None or not name.startswith(_PREFIX):
            return None
        return _OfFlavor(name.removeprefix(_PREFIX), given.flavors, given.labelled)


SCORERS = _Flavors()
