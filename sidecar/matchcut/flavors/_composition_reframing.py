"""The reframing that makes two compositions most alike: exactly for one pair, roughly for all.

Searched over circles and lines alone, of which a few pairs say what reframings there can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import atan2, degrees
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _arrangement as made
from matchcut.flavors._recomposed import elements, moved
from matchcut.reframing import SCREEN, Move, admissible, affine, effort, worthwhile
from matchcut.types import LARGEST_ROTATION, LARGEST_SCALE, Reframing, Rows, Similarity

SCALES = (1.0, 1.1, 1.2, 1.3, LARGEST_SCALE)
"""Scales at which a circle or a line is brought onto another."""
STEPS = (0.02, 0.8, 0.012, 0.012)
"""First steps in scale, rotation and shift by which what was found is tried to be bettered."""
ROUNDS = 5
"""Times that is done; the steps are halved after each."""
CLOSE = 0.1
"""Likeness by which a beginning may be worse than the best one and still be followed."""
HALF = (np.float32(0.5), np.float32(0.5 / SCREEN))
"""Half the width and half the height of the screen."""
PENALTY = 0.1
"""What a match is worth less, for being had by reframing: of pairs of unrelated frames, the
best in 100 and in 1,000 then score what they do without."""
EFFORT = 0.01
"""What moving a picture costs in the search, as likeness."""


def find(
    similarity: Similarity, outgoing: Rows, incoming: Rows, aspects: tuple[float, float]
) -> Reframing | None:
    """The reframing of either side that makes two (1,) rows most alike; None if none is worth it.

    Of two as good, the incoming side is moved. Cost: 26 ms on one core.
    """
    before = float(similarity.pairwise(outgoing, incoming)[0, 0])
    sides: tuple[tuple[Literal["outgoing", "incoming"], _Search], ...] = (
        ("incoming", _Search(incoming[0], outgoing[0], aspects[1])),
        ("outgoing", _Search(outgoing[0], incoming[0], aspects[0])),
    )
    begun = [
        (*search.beginning(flop), flop, side, search)
        for side, search in sides
        for flop in (False, True)
    ]
    least = max(one[0] for one in begun) - CLOSE
    ended = [
        (*search.refined(move, flop), flop, side)
        for value, move, flop, side, search in begun
        if value >= least
    ]
    best = max(one[0] for one in ended) - 1e-6
    _, move, flop, side = next(one for one in ended if one[0] >= best)
    wished = Reframing(side, *move, flop, before, before)
    if side == "incoming":
        after = similarity.pairwise(outgoing, moved(incoming, aspects[1], wished))
    else:
        after = similarity.pairwise(moved(outgoing, aspects[0], wished), incoming)
    found = replace(wished, after=float(after[0, 0]))
    return found if worthwhile(found) else None


class _Search:
    """Moves one row onto another."""

    def __init__(self, moving: Rows, fixed: Rows, aspect: float) -> None:
        self._moving, self._fixed, self._aspect = moving, fixed, aspect

    def _values(self, moves: Sequence[Move], flop: bool) -> NDArray[np.float64]:
        """(K,) likeness of circles and lines less the cost, for each move."""
        maps = np.array([affine(*move, flop) for move in moves])
        rows = elements(self._moving, maps, self._aspect)
        fixed = self._fixed[None]
        left = 1 - made.shared_circle(fixed, rows)[0]
        left *= 1 - made.shared_lines(fixed, rows)[0]
        costs = np.array([EFFORT * effort(*move, flop) for move in moves])
        return np.asarray(1 - left.astype(np.float64) - costs)

    def beginning(self, flop: bool) -> tuple[float, Move]:
        """The best of those that bring one circle or one line onto another, and its value."""
        moves = [(1.0, 0.0, 0.0, 0.0), *self._by_circles(flop), *self._by_lines(flop)]
        values = self._values(moves, flop)
        best = int(np.argmax(values))
        return float(values[best]), moves[best]

    def _by_circles(self, flop: bool) -> list[Move]:
        found = []
        for here, there in product(self._moving["circles"], self._fixed["circles"]):
            if here["strength"] > 0 and there["strength"] > 0:
                x, y = -float(here["x"]) if flop else float(here["x"]), float(here["y"])
                # As large as the other one is; and larger, where there is no room for the shift.
                for scale in (float(there["radius"] / here["radius"]), *SCALES):
                    right, down = float(there["x"]) - scale * x, float(there["y"]) - scale * y
                    found.append(admissible(scale, 0.0, right, down, self._aspect))
        return found

    def _by_lines(self, flop: bool) -> list[Move]:
        """Each pair brought together end by end, and without moving the line along itself."""
        found = []
        mirror = -1 if flop else 1
        for one, other in product(self._moving["lines"], self._fixed["lines"]):
            if not (one["strength"] > 0 and other["strength"] > 0):
                continue
            way = complex(other["along_x"], other["along_y"])
            turned = way / complex(mirror * one["along_x"], one["along_y"])
            turned = turned if turned.real > 0 else -turned
            rotation = degrees(atan2(turned.imag, turned.real))
            if abs(rotation) > 2 * LARGEST_ROTATION:
                continue
            here = complex(mirror * one["x"], one["y"])
            there = complex(other["x"], other["y"])
            for scale in (float(other["half"] / one["half"]), *SCALES):
                shift = there - scale * here * turned
                across = (shift / way).imag * 1j * way
                for wish in (shift, across):
                    move = admissible(scale, rotation, wish.real, wish.imag, self._aspect)
                    found.append(move)
        return found

    def refined(self, move: Move, flop: bool) -> tuple[float, Move]:
        """The best of the neighbours of a move, and then of that one's nearer neighbours."""
        steps = np.array(STEPS)
        value = -np.inf
        for _ in range(ROUNDS):
            wishes = np.array(move) + np.array(list(product((0, -1, 1), repeat=4))) * steps
            moves = [
                admissible(scale, rotation, right, down, self._aspect)
                for scale, rotation, right, down in wishes.tolist()
            ]
            values = self._values(moves, flop)
            best = int(np.argmax(values))
            value, move = float(values[best]), moves[best]
            steps /= 2
        return value, move


@dataclass(frozen=True, slots=True)
class Recomposable:
    """Compositions are alike as far as they are, or could be if either picture were reframed.

    Scores what `plain` does or (1 - penalty) x what it would, were one picture flopped, or one of
    its circles brought onto one of the other's; whichever is more. Pictures are taken to be 16:9.
    """

    plain: Similarity
    penalty: float = PENALTY
    name: str = "recomposable"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.03

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1], never less than that of `plain`; at twice its cost."""
        mirrored = flopped(b)
        reached = self.plain.pairwise(a, mirrored)
        for side in (b, mirrored):
            np.maximum(reached, reachable_circle(a, side), out=reached)
        reached *= np.float32(1 - self.penalty)
        return np.asarray(np.maximum(self.plain.pairwise(a, b), reached), np.float32)


def flopped(rows: Rows) -> Rows:
    """(N,) the rows of the pictures with left and right swapped, exactly."""
    result = rows.copy()
    for part in ("lines", "circles"):
        result[part]["x"] = -rows[part]["x"]
    result["lines"]["along_x"] = -rows["lines"]["along_x"]
    result["masses"] = rows["masses"][:, :, ::-1]
    return result


def reachable_circle(a: Rows, b: Rows) -> NDArray[np.float32]:
    """(N, M) how much a circle draws the eye that pushing in either picture brings together."""
    best = np.zeros((len(a), len(b)), np.float32)
    there = [np.flatnonzero(side["circles"]["strength"].any(axis=1)) for side in (a, b)]
    few = np.zeros((len(there[0]), len(there[1])), np.float32)
    for one, other in product(range(made.CIRCLES), repeat=2):
        left = a["circles"][there[0], one, None]
        right = b["circles"][None, there[1], other]
        together = np.maximum(_pushed(left, right), _pushed(right, left))
        together *= np.minimum(left["strength"], right["strength"])
        np.maximum(few, together, out=few)
    best[np.ix_(*there)] = few
    return best


def _pushed(moving: Rows, fixed: Rows) -> NDArray[np.float32]:
    """How far circles are one when a picture is pushed in until they lie on each other.

    It covers its place if its borders, s times as far from the circle, are as far as the other's.
    """
    scale: NDArray[np.float32] = np.ones((1, 1), np.float32)
    for axis, half in zip(("x", "y"), HALF, strict=True):
        for way in (-1, 1):
            reach = np.maximum(half + way * moving[axis], np.float32(1e-3))
            scale = np.maximum(scale, (half + way * fixed[axis]) / reach)
    larger = np.maximum(moving["radius"], np.float32(1e-6))
    grown = larger * np.clip(fixed["radius"] / larger, scale, np.float32(LARGEST_SCALE))
    most = np.maximum(np.maximum(grown, fixed["radius"]), np.float32(1e-6))
    off = np.abs(grown - fixed["radius"]) / most / np.float32(made.OTHER_SIZE)
    alike = np.maximum(1 - np.square(off), 0)
    return np.where(scale <= LARGEST_SCALE, alike, np.float32(0)).astype(np.float32)
