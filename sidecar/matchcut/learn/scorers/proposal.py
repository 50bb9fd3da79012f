"""What proposed the labelled pairs, by the scores that came with them: the paper's heuristics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchcut.learn.pairs import Floats, Pairs
from matchcut.learn.scorers import Given, Scorer


@dataclass(frozen=True, slots=True)
class _Proposal:
    name: str

    def score(self, pairs: Pairs, /) -> Floats:
        """NaN for pairs that something else proposed."""
        return pairs.proposed.get(self.name, np.full(len(pairs), np.nan))


class _Proposals:
    name = "proposal"
    usage = "the name of what proposed pairs, such as 'heuristic 3'"

    def offered(self, given: Given, /) -> Sequence[str]:
        return tuple(given.labelled.tasks[given.task].proposed)

    def scorer(self, name: str, given: Given, /) -> Scorer | None:
        return _Proposal(name) if name in self.offered(given) else None


SCORERS = _Proposals()
