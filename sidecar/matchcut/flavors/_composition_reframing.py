"""The reframing that makes two compositions most alike: exactly for one pair, roughly for all.

Searched over circles and lines alone, of which a few pairs say what reframings there can be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _arrangement as made
from matchcut.flavors._recomposed import elements, moved
from matchcut.reframing import SCREEN, SPARE, Move, extent, worthwhile
from matchcut.types import LARGEST_ROTATION, LARGEST_SCALE, Prepared, Reframing, Rows, Similarity

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
_AROUND = np.array(list(product((0, -1, 1), repeat=4)))
"""(81, 4) steps to all neighbours of a move, and to itself."""

Floats: TypeAlias = NDArray[np.float64]
Moves: TypeAlias = NDArray[np.float64]
"""(K, 4) of `Move`."""


def find(
    similarity: Similarity, outgoing: Rows, incoming: Rows, aspects: tuple[float, float]
) -> Reframing | None:
    """The reframing of either side that makes two (1,) rows most alike; None if none is worth it.

    Of two as good, the incoming side is moved. Cost: 10 ms on one core.
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

    def _best(self, wishes: Moves, flop: bool) -> tuple[float, Move]:
        """Of what comes next to what is wished for, the best one, the first of equals."""
        moves = admissible(wishes, self._aspect)
        values = self._values(moves, flop)
        best = int(np.argmax(values))
        scale, rotation, right, down = moves[best].tolist()
        return float(values[best]), (scale, rotation, right, down)

    def _values(self, moves: Moves, flop: bool) -> Floats:
        """(K,) likeness of circles and lines less the cost, for each move."""
        rows = elements(self._moving, affine(moves, flop), self._aspect)
        fixed = self._fixed[None]
        left = 1 - made.shared_circle(fixed, rows)[0]
        left *= 1 - made.shared_lines(fixed, rows)[0]
        return np.asarray(1 - left.astype(np.float64) - EFFORT * effort(moves, flop))

    def beginning(self, flop: bool) -> tuple[float, Move]:
        """The best of those that bring one circle or one line onto another, and its value."""
        still = np.array([[1.0, 0.0, 0.0, 0.0]])
        return self._best(
            np.concatenate([still, self._by_circles(flop), self._by_lines(flop)]), flop
        )

    def _by_circles(self, flop: bool) -> Moves:
        one, other = self._pairs("circles")
        mirror = -1 if flop else 1
        scale = _scales(other["radius"] / one["radius"])
        right, down = other["x"] - scale * mirror * one["x"], other["y"] - scale * one["y"]
        return _wishes(scale, np.zeros(1), right, down)

    def _by_lines(self, flop: bool) -> Moves:
        """Each pair brought together end by end, and without moving the line along itself."""
        one, other = self._pairs("lines")
        mirror = -1 if flop else 1.0
        way = other["along_x"] + 1j * other["along_y"]
        turned = way / (mirror * one["along_x"] + 1j * one["along_y"])
        turned = np.where(turned.real > 0, turned, -turned)
        here, there = mirror * one["x"] + 1j * one["y"], other["x"] + 1j * other["y"]
        scale = _scales(other["half"] / one["half"])
        shift = there - scale * here * turned
        across = (shift / way).imag * 1j * way
        rotation = np.degrees(np.angle(turned))
        wishes = [_wishes(scale, rotation, to.real, to.imag) for to in (shift, across)]
        every = np.stack(wishes, axis=1).reshape(-1, 4)
        return np.asarray(every[np.abs(every[:, 1]) <= 2 * LARGEST_ROTATION])

    def _pairs(self, part: str) -> tuple[Rows, Rows]:
        """(I, 1, 1) what there is to be moved, and (J, 1) onto what."""
        one, other = (
            side[part][side[part]["strength"] > 0] for side in (self._moving, self._fixed)
        )
        return one[:, None, None], other[:, None]

    def refined(self, move: Move, flop: bool) -> tuple[float, Move]:
        """The best of the neighbours of a move, and then of that one's nearer neighbours."""
        steps = np.array(STEPS)
        value = -np.inf
        for _ in range(ROUNDS):
            value, move = self._best(np.array(move) + _AROUND * steps, flop)
            steps /= 2
        return value, move


def _scales(alike: Rows) -> Floats:
    """(I, J, 5) those that make one as large as the other, which are (I, J, 1); and `SCALES`.

    Where there is no room for the shift, the larger ones make some.
    """
    return np.concatenate([alike, np.broadcast_to(SCALES, (*alike.shape[:2], len(SCALES)))], axis=2)


def _wishes(*parts: Floats) -> Moves:
    """(K, 4) of parts of moves that can be broadcast."""
    return np.stack(np.broadcast_arrays(*parts), axis=-1).reshape(-1, 4)


# As `matchcut.reframing` has them, but for many moves at once


def affine(moves: Moves, flop: bool) -> Floats:
    """(K, 2, 3) where each place of a picture comes to lie by each of K moves."""
    scale, rotation, right, down = moves.T
    turn = np.radians(rotation)
    along, across = scale * np.cos(turn), scale * np.sin(turn)
    mirror = -1 if flop else 1
    found = np.array([[mirror * along, -across, right], [mirror * across, along, down]])
    return found.transpose(2, 0, 1)


def admissible(wishes: Moves, aspect: float) -> Moves:
    """(K, 4) what comes next to each of K moves that are wished for, and covers what it must.

    0.3 ms for a hundred.
    """
    scale = np.clip(wishes[:, 0], 1, LARGEST_SCALE).round(4)
    rotation = np.clip(wishes[:, 1], -LARGEST_ROTATION, LARGEST_ROTATION)
    tight = _room(scale, rotation, aspect).min(axis=0) < SPARE
    rotation[tight] = _largest_turn(scale[tight], rotation[tight], aspect)
    rotation = np.round(rotation, 4)
    along, across = _along(rotation, wishes[:, 2], wishes[:, 3])
    most = np.maximum(_room(scale, rotation, aspect) - SPARE, 0)
    along, across = np.clip([along, across], -most, most)
    right, down = _along(-rotation, along, across)
    return np.stack([scale, rotation, np.round(right, 4), np.round(down, 4)], axis=1)


def effort(moves: Moves, flop: bool) -> Floats:
    """(K,) how far a picture is moved, 0 to about 1."""
    scale, rotation, right, down = moves.T
    pushed = (scale - 1) / (LARGEST_SCALE - 1)
    turned = np.abs(rotation) / LARGEST_ROTATION
    shifted = (np.abs(right) + np.abs(down)) / (LARGEST_SCALE - 1)
    return np.asarray(0.3 * pushed + 0.2 * turned + 0.3 * shifted + 0.3 * flop)


def _room(scale: Floats, rotation: Floats, aspect: float) -> Floats:
    """(2, K) the furthest that a picture may be shifted along its own sides."""
    wide, high = extent(aspect)
    turn = np.radians(np.abs(rotation))
    free, lost = scale - np.cos(turn), np.sin(turn)
    return np.array([wide * free - high * lost, high * free - wide * lost])


def _along(rotation: Floats, right: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Shifts told along the sides of pictures that are rotated so."""
    turn = np.radians(rotation)
    along, across = np.cos(turn), np.sin(turn)
    return right * along + down * across, down * along - right * across


def _largest_turn(scale: Floats, wish: Floats, aspect: float) -> Floats:
    """(K,) the rotations next to those wished for at which there still is room."""
    least, most = np.zeros_like(wish), np.ones_like(wish)
    for _ in range(12):
        middle = (least + most) / 2
        fits = _room(scale, wish * middle, aspect).min(axis=0) >= SPARE
        least, most = np.where(fits, middle, least), np.where(fits, most, middle)
    return wish * least


class Composed(Similarity, Protocol):
    """A similarity of compositions as they are."""

    def along(self, a: Rows, b: Rows) -> NDArray[np.float32]:
        """(N,) the scores of each of (N,) rows and that of the others beside it."""
        ...


@dataclass(frozen=True, slots=True)
class Recomposable:
    """Compositions are alike as far as they are, or could be if either picture were reframed.

    Scores what `plain` does or (1 - penalty) x what it would, were one picture flopped, or one of
    its circles brought onto one of the other's; whichever is more. Pictures are taken to be 16:9.
    """

    plain: Composed
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

    def along(self, a: Rows, b: Rows) -> NDArray[np.float32]:
        """(N,) as `pairwise`, of each of (N,) rows and that of the others beside it."""
        mirrored = flopped(b)
        reached = self.plain.along(a, mirrored)
        for side in (b, mirrored):
            np.maximum(reached, reachable_circle_along(a, side), out=reached)
        reached *= np.float32(1 - self.penalty)
        return np.asarray(np.maximum(self.plain.along(a, b), reached), np.float32)

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 1.2 KB a row."""
        from matchcut.flavors._composition_table import CompositionTable

        return CompositionTable.of(parts, self, 1 - self.penalty)


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
    there = [np.flatnonzero(_with_circles(side)) for side in (a, b)]
    best[np.ix_(*there)] = _reachable(a[there[0], None], b[None, there[1]])
    return best


def reachable_circle_along(a: Rows, b: Rows) -> NDArray[np.float32]:
    """(N,) as `reachable_circle`, of each of (N,) rows and that of the others beside it."""
    best = np.zeros(len(a), np.float32)
    both = _with_circles(a) & _with_circles(b)
    best[both] = _reachable(a[both], b[both])
    return best


def _with_circles(rows: Rows) -> NDArray[np.bool_]:
    return np.asarray(rows["circles"]["strength"].any(axis=1))


def _reachable(a: Rows, b: Rows) -> NDArray[np.float32]:
    """(...) as `reachable_circle`, of (...) rows that are broadcast against each other."""
    best = np.zeros(np.broadcast_shapes(a.shape, b.shape), np.float32)
    for one, other in product(range(made.CIRCLES), repeat=2):
        left, right = a["circles"][..., one], b["circles"][..., other]
        together = np.maximum(_pushed(left, right), _pushed(right, left))
        together *= np.minimum(left["strength"], right["strength"])
        np.maximum(best, together, out=best)
    return best


def _pushed(moving: Rows, fixed: Rows) -> NDArray[np.float32]:
    """How far circles are one when a picture is pushed in until they lie on each other.

    It covers its place if its borders, s times as far from the circle, are as far as the other's.
    """
    scale: NDArray[np.float32] = np.ones((), np.float32)
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
