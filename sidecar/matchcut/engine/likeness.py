"""How alike the frames of two shots are: by their rows, and by what is known finer of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.comparison import Comparison
from matchcut.engine.neighbours import Neighbours
from matchcut.types import Flavor, Reframing, Rows, Similarity

STRIDE = 4
"""Frames between those looked at first, where each has to be computed by itself."""
SETTLED = 1.0
"""Standard deviation in frames over which what is finely told is settled before its peak is taken:
frames next to each other hardly differ, and their errors do."""
PEAKS, APART = 4, 6
"""Pairs of frames at which a reframing is looked for, and frames between them at least."""

Places = tuple[int, int]
"""Of a frame that is left and one that is entered, among the neighbours of either side."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Two frames, by their places among the neighbours of either side."""

    leave: int
    enter: int
    score: float
    """What their rows say."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How the frames of one flavor are compared."""

    rows: Similarity
    finer: Similarity | None
    """Of what is known finer of them."""

    @classmethod
    def plainly(cls, flavor: Flavor) -> Compared:
        """As they are."""
        return cls(flavor.similarity, flavor.finer)

    @classmethod
    def reframed(cls, flavor: Flavor) -> Compared:
        """As they could be, were one of the pictures reframed, where the flavor knows of that."""
        if flavor.reframe is None:
            return cls.plainly(flavor)
        return cls(flavor.reframe.similarity, flavor.reframe.finer)


@dataclass(frozen=True, slots=True, eq=False)
class FramePairs:
    """The frames of two shots near their cut, and those of them at which they may be cut."""

    comparison: Comparison
    around: tuple[Neighbours, Neighbours]
    """Of the shot that is left, and of the one that is entered."""
    allowed: tuple[list[int], list[int]]
    """Places of the frames at which either may be cut; the given ones always may be."""
    start: Places
    """The given ones."""

    @property
    def flavors(self) -> tuple[Flavor, ...]:
        """What is compared."""
        return self.comparison.wanted.flavors

    @property
    def plain(self) -> list[Compared]:
        """How frames are compared as they are."""
        return [Compared.plainly(flavor) for flavor in self.flavors]

    def at(self, leave: int, enter: int) -> Cut:
        """The cut at two frames."""
        return self._compared(([leave], [enter]), (leave, enter), self.plain)

    def best(self) -> Cut:
        """The allowed frames that are most alike, never less than the given ones by their rows.

        By what is known finer of them, where there is such.
        """
        fine = self._told(self.plain)
        if fine is not None:
            leave, enter = np.unravel_index(int(fine.argmax()), fine.shape)
            found = self.at(self.allowed[0][int(leave)], self.allowed[1][int(enter)])
            if found.score >= self.at(*self.start).score:
                return found
        return self._searched(self.plain)

    def promising(self) -> list[Cut]:
        """The frames at which a reframing is looked for, those first that promise most.

        Several where something finer is known of them than rows tell: only when the picture is
        moved is it seen which of them match best.
        """
        similar = [Compared.reframed(flavor) for flavor in self.flavors]
        told = self._told(similar)
        if told is None:
            return [self._searched(similar)]
        found: list[Cut] = []
        while len(found) < PEAKS and told.max() > 0:
            leave, enter = (int(at) for at in np.unravel_index(int(told.argmax()), told.shape))
            found.append(self.at(self.allowed[0][leave], self.allowed[1][enter]))
            beside = [slice(max(at - APART, 0), at + APART + 1) for at in (leave, enter)]
            told[beside[0], beside[1]] = 0
        return found

    def fine(
        self, number: int, places: tuple[Sequence[int], Sequence[int]]
    ) -> tuple[Rows, Rows] | None:
        """What one flavor knows finer of some frames of either side; None where that is nothing."""
        # B first: A is often shared with other candidates, and being worked on for one of them.
        there = self.around[1].rows[number].finely(places[1])
        here = self.around[0].rows[number].finely(places[0])
        return None if here is None or there is None else (here, there)

    def rows(self, places: tuple[Sequence[int], Sequence[int]]) -> list[tuple[Rows, Rows]]:
        """For each flavor, the rows of some frames of either side."""
        return [
            (leaving.of(places[0]), entering.of(places[1]))
            for leaving, entering in zip(self.around[0].rows, self.around[1].rows, strict=True)
        ]

    def part_scores(self, cut: Cut, reframing: Reframing | None) -> list[float]:
        """What each flavor says of two frames, one of them moved where it is reframed."""
        found: list[float] = []
        for flavor, both in zip(self.flavors, self.rows(([cut.leave], [cut.enter])), strict=True):
            rows = list(both)
            if reframing is not None and flavor.reframe is not None:
                side = 0 if reframing.side == "outgoing" else 1
                rows[side] = flavor.reframe.move(rows[side], self.around[side].aspect, reframing)
            found.append(float(flavor.similarity.pairwise(*rows)[0, 0]))
        return found

    def total(self, scores: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
        """What the flavors say together: a flavor alone its score, a blend its mean rarity."""
        if len(scores) == 1:
            return scores[0].astype(np.float64)
        parts = self.comparison.parts
        weighted = [
            part.weight * part.rarity.of(one) for part, one in zip(parts, scores, strict=True)
        ]
        return np.asarray(sum(weighted) / sum(part.weight for part in parts), np.float64)

    def _told(self, similar: Sequence[Compared]) -> NDArray[np.float64] | None:
        """(N, M) how alike the allowed frames are by what is known finer; None where nothing is.

        Settled. In a blend, flavors of which nothing finer is known are told by their rows.
        """
        fine = [
            None if one.finer is None else self.fine(number, self.allowed)
            for number, one in enumerate(similar)
        ]
        if all(both is None for both in fine):
            return None
        scores = [
            one.rows.pairwise(*rough)
            if one.finer is None or both is None
            else one.finer.pairwise(*both)
            for one, both, rough in zip(similar, fine, self.rows(self.allowed), strict=True)
        ]
        return _settled(self.total(scores))

    def _searched(self, similar: Sequence[Compared]) -> Cut:
        """The allowed frames that are most alike by their rows; of equal ones, the nearest."""
        if all(flavor.follow or flavor.find_join for flavor in self.flavors):
            return self._compared(self.allowed, self.start, similar)
        leaving, entering = (
            sorted({*places[::STRIDE], at})
            for places, at in zip(self.allowed, self.start, strict=True)
        )
        best = self._compared((leaving, entering), self.start, similar)
        leaving, entering = (
            [place for place in places if abs(place - at) < STRIDE or place == first]
            for places, at, first in zip(
                self.allowed, (best.leave, best.enter), self.start, strict=True
            )
        )
        return self._compared((leaving, entering), self.start, similar)

    def _compared(
        self, places: tuple[list[int], list[int]], start: Places, similar: Sequence[Compared]
    ) -> Cut:
        total = self.total(
            [one.rows.pairwise(*rows) for one, rows in zip(similar, self.rows(places), strict=True)]
        )
        moved = np.add.outer(
            np.abs(np.array(places[0]) - start[0]), np.abs(np.array(places[1]) - start[1])
        )
        nearest = np.where(total == total.max(), moved, moved.max() + 1)
        leave, enter = np.unravel_index(int(nearest.argmin()), nearest.shape)
        return Cut(places[0][leave], places[1][enter], float(total[leave, enter]))


def _settled(likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, M) each with those of the frames next to it, by a bell of `SETTLED` frames."""
    reach = round(3 * SETTLED)
    bell = np.exp(-np.square(np.arange(-reach, reach + 1) / SETTLED) / 2)
    settled = likeness
    for axis in (0, 1):
        margins = [(reach, reach) if each == axis else (0, 0) for each in (0, 1)]
        wide = np.pad(settled, margins, mode="edge")
        frames = likeness.shape[axis]
        shifted = [np.take(wide, range(at, at + frames), axis) for at in range(2 * reach + 1)]
        settled = np.tensordot(bell / bell.sum(), np.stack(shifted), 1)
    return settled
