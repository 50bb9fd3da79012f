"""The compositions of all moments, made ready once, and what any two of them score at most.

That is told by their circles, and by how strong the lines are that run the same way; then by their
lines, and last by their masses, until it is too little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matchcut.flavors import _arrangement as made
from matchcut.flavors._composition_reframing import HALF, Composed
from matchcut.similarity.spool import Spool
from matchcut.types import LARGEST_SCALE, Bits, RowNumbers, Rows

Floats = NDArray[np.float32]
Ways = NDArray[np.int8]
WAYS = 22
"""Ways a line may run, 8.2 degrees apart: more than two may differ and still have something in
common (`_arrangement.TURN`), so that of such two one runs as the other or the next way."""
_X, _Y, _ALONG_X, _ALONG_Y, _LENGTH, _STRENGTH = range(6)
_RADIUS, _DRAWS = 2, 3
_TURN, _ASIDE, _LEADING = made.TURN, made.ASIDE, made.LEADING
_OFF_CENTRE, _OTHER_SIZE, _MASSES = made.OFF_CENTRE, made.OTHER_SIZE, made.MASSES
_WIDE, _HIGH = float(HALF[0]), float(HALF[1])
_LARGEST = LARGEST_SCALE + 1e-5
_ROUNDED = 1e-5
"""By how much what is told quickly may be too little."""


@dataclass(frozen=True, eq=False)
class CompositionTable:
    """The compositions of many rows. Memory: 1.2 KB a row."""

    rows: Rows
    """(R,) of `_arrangement.ROW`; of very many, mapped from a file."""
    lines: Floats
    """(R, LINES, 6) as `_arrangement.LINE`, strongest first."""
    near: Floats
    """(2, R, WAYS) strength of the strongest line that runs about each way, or one next to it; and
    of the pictures with left and right swapped."""
    along_way: Ways
    """(2, R, LINES) which way each line runs; and with left and right swapped."""
    circles: Floats
    """(R, CIRCLES, 4) as `_arrangement.CIRCLE`, strongest first."""
    total: Floats
    """(R,) strength of all lines."""
    masses: NDArray[np.int16]
    """(R, 9, 16)."""
    weight: Floats
    """(R,) of masses."""
    similarity: Composed
    moved: float
    """What a match is worth that a reframing makes; 0 where none is allowed."""
    bits: tuple[Bits, ...] = ()

    @classmethod
    def of(cls, parts: Iterable[Rows], similarity: Composed, moved: float) -> CompositionTable:
        """All rows of some arrays, in their order."""
        spool = Spool()
        for some in (np.zeros(0, made.ROW), *parts):
            spool.add(np.array(some))
        rows = spool.joined()
        lines = _strongest_first(rows["lines"], 6)
        ways = np.stack([_ways(lines, mirror) for mirror in (1, -1)])
        return cls(
            rows,
            lines,
            np.stack([_strongest(lines[..., _STRENGTH], way) for way in ways]),
            ways,
            _strongest_first(rows["circles"], 4),
            np.array(rows["total"]),
            np.array(rows["masses"]),
            np.array(rows["weight"]),
            similarity,
            moved,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N, M) the scores of some rows with some others. 1 µs a pair."""
        return self.similarity.pairwise(self.rows[one], self.rows[other])

    def along(self, one: RowNumbers, other: RowNumbers, /) -> Floats:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        return self.similarity.along(self.rows[one], self.rows[other])

    def most(self, one: RowNumbers, other: RowNumbers, wanted: Floats, /) -> Floats:
        """As `types.Bounded`. 20 to 200 ns a pair."""
        return _most(
            self.lines, self.near, self.along_way, self.circles, self.total,
            self.masses, self.weight, self.moved, one, other, wanted,
        )  # fmt: skip


def _strongest_first(parts: Rows, fields: int) -> Floats:
    """(R, P, fields) the lines or circles of rows as numbers, by falling strength."""
    order = np.argsort(-parts["strength"], axis=1, kind="stable")
    ordered = np.take_along_axis(parts, order, axis=1)
    return np.ascontiguousarray(ordered).view(np.float32).reshape(*parts.shape, fields)


def _ways(lines: Floats, mirror: int) -> Ways:
    """(R, LINES) which way each line runs; with left and right swapped where `mirror` is -1."""
    along = lines.astype(np.float64)
    angle = np.arctan2(along[..., _ALONG_Y], mirror * along[..., _ALONG_X])
    return np.asarray(np.floor(np.mod(angle / np.pi, 1) * WAYS) % WAYS, np.int8)


def _strongest(strength: Floats, ways: Ways) -> Floats:
    """(R, WAYS) of the lines that run about each way, or one next to it, that of the strongest."""
    own = np.zeros((len(strength), WAYS), np.float32)
    for line in range(made.LINES):
        np.maximum.at(own, (np.arange(len(own)), ways[:, line]), strength[:, line])
    return np.maximum(own, np.maximum(np.roll(own, 1, axis=1), np.roll(own, -1, axis=1)))


@njit(nogil=True, cache=True, error_model="numpy")
def _most(
    lines: Floats,
    near: Floats,
    along: Ways,
    circles: Floats,
    total: Floats,
    masses: NDArray[np.int16],
    weight: Floats,
    moved: float,
    one: RowNumbers,
    other: RowNumbers,
    wanted: Floats,
) -> Floats:
    found = np.empty((len(one), len(other)), np.float32)
    theirs = np.empty(made.LINES, np.float32)
    for column in range(len(other)):
        there = other[column]
        for row in range(len(one)):
            here = one[row]
            everything = total[here] + total[there]
            heavy = _MASSES * min(weight[here], weight[there])
            circle = 1 - _circle(circles[here], circles[there], 1.0)
            strong = _strong(
                lines[here], lines[there], near[0, here], near[0, there],
                along[0, here], along[0, there], everything,
            )  # fmt: skip
            most = 1 - circle * (1 - strong) * (1 - heavy)
            if most >= wanted[row, column]:
                circle *= 1 - _shared(lines[here], lines[there], everything, 1.0, theirs)
                most = 1 - circle * (1 - heavy)
            if most >= wanted[row, column]:
                most = 1 - circle * (1 - heavy * _massed(masses[here], masses[there], 1))
            if moved > 0:
                most = max(most, moved * _reachable(circles[here], circles[there]))
                circle = 1 - _circle(circles[here], circles[there], -1.0)
                strong = _strong(
                    lines[here], lines[there], near[0, here], near[1, there],
                    along[0, here], along[1, there], everything,
                )  # fmt: skip
                other_way = moved * (1 - circle * (1 - strong) * (1 - heavy))
                if other_way >= max(wanted[row, column], most):
                    circle *= 1 - _shared(lines[here], lines[there], everything, -1.0, theirs)
                    other_way = moved * (1 - circle * (1 - heavy))
                if other_way >= max(wanted[row, column], most):
                    same = _massed(masses[here], masses[there], -1)
                    other_way = moved * (1 - circle * (1 - heavy * same))
                most = max(most, other_way)
            found[row, column] = most + _ROUNDED
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def _strong(
    here: Floats,
    there: Floats,
    ours_near: Floats,
    theirs_near: Floats,
    ours_along: Ways,
    theirs_along: Ways,
    everything: float,
) -> float:
    """What lines share at most, given which way they run."""
    ours, theirs = 0.0, 0.0
    for line in range(made.LINES):
        ours += min(here[line, _STRENGTH], theirs_near[ours_along[line]])
        theirs += min(there[line, _STRENGTH], ours_near[theirs_along[line]])
    return (ours + theirs) / max(everything, 1e-6) * min(min(ours, theirs) / _LEADING, 1.0)


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"nnan", "reassoc", "contract"})
def _shared(here: Floats, there: Floats, everything: float, way: float, theirs: Floats) -> float:
    """As `_arrangement.shared_lines`; with the second picture flopped where `way` is -1.

    Args:
        here: (LINES, 6) the lines of one picture.
        there: Those of the other.
        everything: The strength of all lines of both.
        way: 1 or -1.
        theirs: (LINES,) is overwritten.
    """
    many = 0
    while many < made.LINES and there[many, _STRENGTH] > 0:
        theirs[many] = 0
        many += 1
    ours = 0.0
    for line in range(made.LINES):
        strength = here[line, _STRENGTH]
        if strength <= 0:
            break
        # A flopped picture lies to another as that, flopped, to it.
        x, y = way * here[line, _X], here[line, _Y]
        along_x, along_y = way * here[line, _ALONG_X], here[line, _ALONG_Y]
        best = 0.0
        for other in range(many):
            there_x, there_y = there[other, _ALONG_X], there[other, _ALONG_Y]
            turn = along_x * there_y - along_y * there_x
            if abs(turn) >= _TURN:
                continue
            across, down = there[other, _X] - x, there[other, _Y] - y
            aside = max(
                abs(across * along_y - down * along_x), abs(across * there_y - down * there_x)
            )
            if aside >= _ASIDE:
                continue
            apart = max(
                abs(across * along_x + down * along_y), abs(across * there_x + down * there_y)
            )
            shorter = min(here[line, _LENGTH], there[other, _LENGTH])
            longer = max(here[line, _LENGTH], there[other, _LENGTH])
            both = max(min(shorter + longer - apart, 2 * shorter), 0) / max(2 * longer, 1e-6)
            both *= (1 - (turn / _TURN) ** 2) * (1 - (aside / _ASIDE) ** 2)
            both *= min(strength, there[other, _STRENGTH])
            theirs[other] = max(theirs[other], both)
            best = max(best, both)
        ours += best
    back = 0.0
    for other in range(many):
        back += theirs[other]
    return (ours + back) / max(everything, 1e-6) * min(min(ours, back) / _LEADING, 1.0)


@njit(nogil=True, cache=True, error_model="numpy")
def _circle(here: Floats, there: Floats, way: float) -> float:
    """As `_arrangement.shared_circle`; with the second picture flopped where `way` is -1."""
    best = 0.0
    for one in range(len(here)):
        for other in range(len(there)):
            strength = min(here[one, _DRAWS], there[other, _DRAWS])
            if strength <= best:
                break  # Those that draw the eye most come first.
            larger = max(here[one, _RADIUS], there[other, _RADIUS], 1e-6)
            across, down = here[one, _X] - way * there[other, _X], here[one, _Y] - there[other, _Y]
            place = 1 - (across * across + down * down) / (larger * _OFF_CENTRE) ** 2
            size = abs(here[one, _RADIUS] - there[other, _RADIUS]) / larger / _OTHER_SIZE
            if place > 0 and size < 1:
                best = max(best, place * (1 - size * size) * strength)
    return best


@njit(nogil=True, cache=True, error_model="numpy")
def _reachable(here: Floats, there: Floats) -> float:
    """No less than `_composition_reframing.reachable_circle`, the second flopped or not."""
    best = 0.0
    for one in range(len(here)):
        for other in range(len(there)):
            strength = min(here[one, _DRAWS], there[other, _DRAWS])
            if strength <= best:
                break
            for way in (1.0, -1.0):
                best = max(best, strength * _pushed(here[one], there[other], way))
                best = max(best, strength * _pushed(there[other], here[one], way))
    return best


@njit(nogil=True, cache=True, error_model="numpy")
def _pushed(moving: Floats, fixed: Floats, way: float) -> float:
    """As `_composition_reframing._pushed`; with one of the pictures flopped where `way` is -1."""
    x, there = way * moving[_X], fixed[_X]
    scale = 1.0
    scale = max(scale, (_WIDE - there) / max(_WIDE - x, 1e-3))
    scale = max(scale, (_WIDE + there) / max(_WIDE + x, 1e-3))
    scale = max(scale, (_HIGH - fixed[_Y]) / max(_HIGH - moving[_Y], 1e-3))
    scale = max(scale, (_HIGH + fixed[_Y]) / max(_HIGH + moving[_Y], 1e-3))
    if scale > _LARGEST:
        return 0.0
    larger = max(moving[_RADIUS], 1e-6)
    grown = larger * min(max(fixed[_RADIUS] / larger, scale - 1e-5), _LARGEST)
    off = abs(grown - fixed[_RADIUS]) / max(grown, fixed[_RADIUS], 1e-6) / _OTHER_SIZE
    return float(max(1 - off * off, 0.0))


@njit(nogil=True, cache=True, error_model="numpy")
def _massed(here: NDArray[np.int16], there: NDArray[np.int16], way: int) -> float:
    """As `_arrangement.same_masses`, but for weights; the second flopped where `way` is -1."""
    product, power = np.int64(0), np.int64(0)
    columns = here.shape[1]
    for row in range(here.shape[0]):
        for column in range(columns):
            one = np.int32(here[row, column])
            other = np.int32(there[row, column if way > 0 else columns - 1 - column])
            product += one * other
            power += one * one + other * other
    return float(min(max(2 * product / power, 0.0), 1.0)) if power > 0 else 0.0
