"""What acts at all moments, made ready once, and what any two of them score at most.

That is told by how far either is trusted, then by how much more there is of one, then by sketches
of their velocities, until it is too little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors._movement import MOMENT, ROW
from matchcut.similarity.sketch import Sketch, cosine_at_most, sketched
from matchcut.types import Bits, RowNumbers, Rows

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Velocities = Callable[[Rows], Doubles]
"""(N, D) what is compared of (N, 9, 16, 2) velocities."""
Score = Callable[[Doubles, Doubles, Doubles, Doubles], Floats]
"""What pairs score: given their products, the sums of squares of both added, and the trust of
either."""


@dataclass(frozen=True, eq=False)
class ActionTable:
    """What is before and after many moments. Memory: 1.5 KB a row."""

    subject: Rows
    """(2, R, 9, 16, 2) velocities, of who leaves a shot there and of who enters it."""
    size: Doubles
    """(2, R) sum of squares of what is compared of them."""
    trust: Doubles
    """(2, R)."""
    sketch: Sketch
    """Of all (2 R) of them, one side after the other."""
    velocities: Velocities
    score: Score
    bits: tuple[Bits, ...] = ()
    cost: float = 10.0

    @classmethod
    def of(
        cls,
        parts: Iterable[Rows],
        velocities: Velocities,
        trust: Callable[[Rows], Doubles],
        score: Score,
    ) -> ActionTable:
        """All rows of some arrays, in their order. 30 µs a row."""
        subjects, sizes, trusts = [], [], []
        for rows in (np.zeros(0, ROW), *parts):
            sides = [np.array(rows[side]) for side in ("before", "after")]
            subjects.append(np.stack([side["subject"] for side in sides]))
            moved = [velocities(side["subject"]) for side in sides]
            sizes.append(np.stack([np.square(side).sum(axis=1) for side in moved]))
            trusts.append(np.stack([trust(side) for side in sides]))
        subject, size, trusted = (
            np.concatenate(some, axis=1) for some in (subjects, sizes, trusts)
        )
        every = subject.reshape(-1, *MOMENT["subject"].shape)
        return cls(subject, size, trusted, sketched(every, velocities), velocities, score)

    def __len__(self) -> int:
        return int(self.subject.shape[1])

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows, left, with some others, entered. 0.3 µs a pair."""
        left, right = self.velocities(self.subject[0, one]), self.velocities(self.subject[1, other])
        sizes = self.size[0, one][:, None] + self.size[1, other][None]
        return self.score(
            left @ right.T, sizes, self.trust[0, one][:, None], self.trust[1, other][None]
        )

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        left, right = self.velocities(self.subject[0, one]), self.velocities(self.subject[1, other])
        products = np.einsum("nd,nd->n", left, right)
        sizes = self.size[0, one] + self.size[1, other]
        return self.score(products, sizes, self.trust[0, one], self.trust[1, other])

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`. 5 to 15 ns a pair."""
        sketch = self.sketch
        return _most(sketch.along, sketch.rest, sketch.length, self.trust, one, other, wanted)


@njit(nogil=True, cache=True, error_model="numpy")
def _most(
    along: Floats,
    rest: Floats,
    length: Doubles,
    trust: Doubles,
    one: RowNumbers,
    other: RowNumbers,
    wanted: Floats,
) -> Floats:
    found = np.empty((len(one), len(other)), np.float32)
    for column in range(len(other)):
        there = other[column]
        entered = trust.shape[1] + there
        for row in range(len(one)):
            here = one[row]
            most = min(trust[0, here], trust[1, there])
            if most >= wanted[row, column]:
                sizes = length[here] ** 2 + length[entered] ** 2
                most *= 2 * length[here] * length[entered] / sizes if sizes > 0 else 0.0
            if most >= wanted[row, column]:
                most *= max(cosine_at_most(along, rest, here, entered), 0.0)
            found[row, column] = most
    return found
