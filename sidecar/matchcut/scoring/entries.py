"""The moments of all shots that are compared with each other, and what luck they lose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchcut.scoring.moments import Moments
from matchcut.types import Bounded, Prepared, RowNumbers

Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Scored = tuple[RowNumbers, RowNumbers, Floats]
"""(N,) each: the shots of some pairs, and what they score."""
BITS_COST = 10.0
"""As `Bounded.cost`, of rows that are told by their bits."""


def cost_of(prepared: Prepared) -> float:
    """About how many nanoseconds it takes to tell what a pair of rows that may matter scores."""
    return prepared.cost if isinstance(prepared, Bounded) else BITS_COST


@dataclass(frozen=True, eq=False)
class Entries:
    """Moments that are compared with each other, and what luck their comparisons are worth."""

    prepared: Prepared
    numbers: RowNumbers
    """(n,) of the moments, increasing."""
    shots: RowNumbers
    """(R,) the shot of each moment of all."""
    leaves: Flags
    """(R,) whether a shot may be left there."""
    enters: Flags
    """(R,) whether it may be entered there."""
    counts: tuple[RowNumbers, RowNumbers]
    """(shots,) each: moments at which each may be left, and entered."""
    symmetric: bool
    """Whether A to B scores as B to A."""
    ways: int
    fluke: float
    """0 where the comparison is the plain one, of which there is one only."""

    @cached_property
    def entered(self) -> RowNumbers:
        """Those at which a shot may be entered."""
        return self.numbers[self.enters[self.numbers]]

    @cached_property
    def luck(self) -> Floats:
        """(R,) what is taken off for a moment at least; that of both sides of a pair adds up."""
        logs = [np.log(np.maximum(count, 1))[self.shots] for count in self.counts]
        left, entered = (
            np.where(flags, log, np.inf)
            for flags, log in zip((self.leaves, self.enters), logs, strict=True)
        )
        least = np.minimum(left, entered)
        least[~(self.leaves | self.enters)] = 0
        return np.asarray(self.fluke * (least + np.log(self.ways) / 2), np.float32)

    @cached_property
    def least_luck(self) -> float:
        """What is taken off for any of the moments at least."""
        return float(self.luck[self.numbers].min()) if len(self.numbers) else 0.0

    def directed(self, leaving: RowNumbers, entering: RowNumbers) -> Floats:
        """(N,) the scores of some moments at which one shot is left and another entered."""
        if not len(leaving):
            return np.zeros(0, np.float32)
        return self._directed(self.prepared.along(leaving, entering), leaving, entering)

    def either(self, one: RowNumbers, other: RowNumbers) -> Floats:
        """(N,) the better score of both directions."""
        scores = self.prepared.along(one, other)
        return np.maximum(self._directed(scores, one, other), self._directed(scores, other, one))

    def _directed(self, scores: Floats, leaving: RowNumbers, entering: RowNumbers) -> Floats:
        left, entered = self.counts[0][self.shots[leaving]], self.counts[1][self.shots[entering]]
        luck = self.fluke * np.log(np.maximum(self.ways * left * entered, 1))
        worth = np.asarray(np.maximum(scores - luck, 0), np.float32)
        return np.where(self.leaves[leaving] & self.enters[entering], worth, np.float32(0))


def entries_of(
    plain: Prepared,
    scores: Prepared,
    leaving: Moments,
    entering: Moments,
    shots: RowNumbers,
    *,
    symmetric: bool,
    ways: int,
    fluke: float,
) -> tuple[Entries, ...]:
    """The moments that are compared plainly, and all moments, as `MomentScores` compares them."""
    counts = np.diff(leaving.firsts), np.diff(entering.firsts)
    one, other = (side.numbers[side.plain[side.plain >= 0]] for side in (leaving, entering))

    def of(
        prepared: Prepared, left: RowNumbers, entered: RowNumbers, many: int, luck: float
    ) -> Entries:
        flags = np.zeros((2, len(shots)), np.bool_)
        flags[0, left] = flags[1, entered] = True
        numbers = np.flatnonzero(flags.any(axis=0))
        return Entries(prepared, numbers, shots, flags[0], flags[1], counts, symmetric, many, luck)

    plainly = of(plain, one, other, 1, 0.0)
    every = of(scores, leaving.numbers, entering.numbers, ways, fluke)
    single = max(int(each.max(initial=0)) for each in counts) <= 1
    if plain is scores and single and np.array_equal(plainly.numbers, every.numbers):
        # Of one moment each, the plain comparison is the only one.
        return (plainly,)
    return plainly, every
