"""The score of two shots from those of their moments, and the moments at which to cut.

Two shots are compared at every moment at which A may be left and every one at which B may be
entered. The best of many comparisons is high by chance: of unrelated moments, scores above a point
become e times rarer with every `fluke` more (an exponential tail), so the best of n is fluke x ln n
higher than one. It is corrected by that much, but for the one comparison that would have been made
if there were no other, the plain one: of the middles of both shots, or of A's end and B's start
where the flavor has a direction, without any reframing. A pair's score is the better of the two. So
it ranks as the plain comparison does, and other moments and reframings count where they are better
than luck would make them.

This is Bonferroni's correction with unequal weights (Genovese, Roeder and Wasserman 2006, "False
discovery control with p-value weighting", Biometrika 93(3)), in terms of scores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TOGETHER = 1 << 21
"""Comparisons at a time: 8 MB of scores."""

RowNumbers = NDArray[np.int64]
CompareRows = Callable[[RowNumbers, RowNumbers], NDArray[np.float32]]
"""(N, M) scores of some moments to some others, given their numbers in increasing order."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Some moments of every shot, by number, such as those at which it may be left."""

    numbers: RowNumbers
    """(R,) increasing: the moments of the first shot, then those of the second, and so on."""
    firsts: NDArray[np.int64]
    """(shots + 1,) where those of each shot begin in `numbers`, then R. A shot may have none."""
    plain: NDArray[np.int64]
    """(shots,) where in `numbers` the one of each shot is that is compared plainly; -1 where there
    is none."""

    def of(self, start: int, stop: int) -> RowNumbers:
        """Those of the shots `[start, stop)`."""
        return self.numbers[self.firsts[start] : self.firsts[stop]]

    def only(self, shots: NDArray[np.int64]) -> Moments:
        """Those of some shots, in increasing order, which are numbered anew from 0 on."""
        counts = np.diff(self.firsts)[shots]
        firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        moved = firsts[:-1] - self.firsts[shots]
        at = np.arange(firsts[-1]) - np.repeat(moved, counts)
        plain = self.plain[shots]
        return Moments(self.numbers[at], firsts, np.where(plain >= 0, plain + moved, -1))


@dataclass(frozen=True, slots=True)
class MomentScores:
    """Scores of any block of pairs of shots, by their moments."""

    plain: CompareRows
    """How the moments that are compared plainly score."""
    scores: CompareRows
    """How any moments score; as `plain`, or better where a reframing is allowed."""
    ways: int
    """In how many ways two moments are compared: 2 where a reframing is allowed, else 1."""
    leaving: Moments
    """Moments at which a shot may be left."""
    entering: Moments
    """Moments at which a shot may be entered."""
    fluke: float
    """As `types.Similarity.fluke`."""

    def block(self, outgoing: tuple[int, int], incoming: tuple[int, int], /) -> NDArray[np.float32]:
        """(N, M) scores of the shots `outgoing` (half-open range of shot numbers) to `incoming`.

        0 where one has no moment at which it may be left or entered. Each value depends on its own
        pair alone.
        """
        result = np.zeros((outgoing[1] - outgoing[0], incoming[1] - incoming[0]), np.float32)
        entering = self.entering.of(*incoming)
        if not len(entering):
            return result
        for start, stop in self._stretches(outgoing, len(entering)):
            leaving = self.leaving.of(start, stop)
            if len(leaving):
                rows = slice(start - outgoing[0], stop - outgoing[0])
                scores = self.scores(leaving, entering)
                result[rows] = self._corrected(scores, (start, stop), incoming)
                self._compare_plainly(result[rows], (start, stop), incoming)
        return result

    def either(self, one: tuple[int, int], other: tuple[int, int], /) -> NDArray[np.float32]:
        """(N, M) the better score of both directions, whichever shot is left."""
        return np.maximum(self.block(one, other), self.block(other, one).T)

    def best(self, outgoing: int, incoming: Sequence[int]) -> list[tuple[int, int] | None]:
        """The moments to cut at from a shot to each of some others, by number; None if none.

        Those that are most alike, unless the ones compared plainly are as good but for a `fluke`;
        the first of several that are equally alike.
        """
        leaving = self.leaving.of(outgoing, outgoing + 1)
        order = np.unique(np.asarray(incoming, np.int64))
        entering = [self.entering.of(shot, shot + 1) for shot in order.tolist()]
        ends = np.cumsum([0, *map(len, entering)])
        if not (len(leaving) and ends[-1]):
            return [None] * len(incoming)
        scores = self.scores(leaving, np.concatenate(entering))
        left = int(self.leaving.plain[outgoing])
        entered = self.entering.plain[order]
        # Not a number where there is no plain comparison: nothing is less than that.
        plain = np.full(len(order), np.nan, np.float32)
        rows = self.leaving.numbers[left : left + 1]
        if left >= 0 and (entered >= 0).any():
            plain[entered >= 0] = self.plain(rows, self.entering.numbers[entered[entered >= 0]])[0]
        found: dict[int, tuple[int, int] | None] = {}
        for at, shot in enumerate(order.tolist()):
            some = scores[:, ends[at] : ends[at + 1]]
            if not some.size:
                found[shot] = None
                continue
            leave, enter = (int(one) for one in np.unravel_index(int(np.argmax(some)), some.shape))
            found[shot] = int(leaving[leave]), int(entering[at][enter])
            if some[leave, enter] <= plain[at] + self.fluke:
                found[shot] = int(rows[0]), int(self.entering.numbers[entered[at]])
        return [found[shot] for shot in incoming]

    def _stretches(self, outgoing: tuple[int, int], across: int) -> list[tuple[int, int]]:
        """Stretches of the outgoing shots of which so many moments can be compared at a time."""
        start, end = outgoing
        found: list[tuple[int, int]] = []
        while start < end:
            room = self.leaving.firsts[start] + max(_TOGETHER // across, 1)
            stop = int(np.searchsorted(self.leaving.firsts[: end + 1], room, side="right")) - 1
            stop = min(max(stop, start + 1), end)
            found.append((start, stop))
            start = stop
        return found

    def _corrected(
        self, scores: NDArray[np.float32], outgoing: tuple[int, int], incoming: tuple[int, int]
    ) -> NDArray[np.float32]:
        """(N, M) the best of all comparisons of two shots, less what luck is worth, 0 or more."""
        down, across = (
            side.firsts[start : stop + 1] - side.firsts[start]
            for side, (start, stop) in ((self.leaving, outgoing), (self.entering, incoming))
        )
        count = self.ways * np.diff(down)[:, None] * np.diff(across)[None]
        best = _highest(_highest(scores, across, 1), down, 0)
        luck = self.fluke * np.log(np.maximum(count, 1))
        return np.asarray(np.maximum(best - luck, 0), np.float32)

    def _compare_plainly(
        self, result: NDArray[np.float32], outgoing: tuple[int, int], incoming: tuple[int, int]
    ) -> None:
        """Raises the (N, M) scores of shots to those of their plain moments."""
        left, there = self.leaving.plain[slice(*outgoing)], self.entering.plain[slice(*incoming)]
        if not ((left >= 0).any() and (there >= 0).any()):
            return
        at = np.ix_(np.flatnonzero(left >= 0), np.flatnonzero(there >= 0))
        compared = self.plain(
            self.leaving.numbers[left[left >= 0]], self.entering.numbers[there[there >= 0]]
        )
        result[at] = np.maximum(result[at], compared)


def _highest(
    values: NDArray[np.float32], firsts: NDArray[np.int64], axis: int
) -> NDArray[np.float32]:
    """The highest of each stretch that begins at `firsts[:-1]`; 0 of those that are empty."""
    lengths = np.diff(firsts)
    filled = np.flatnonzero(lengths)
    shape = [*values.shape]
    shape[axis] = len(lengths)
    found = np.zeros(shape, np.float32)
    if len(filled):
        highest = np.maximum.reduceat(values, firsts[filled], axis=axis)
        if axis:
            found[:, filled] = highest
        else:
            found[filled] = highest
    return found
