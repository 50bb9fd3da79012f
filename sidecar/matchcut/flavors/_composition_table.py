"""The compositions of all moments, made ready once, and what any two of them score at most.

That is told by how strong their circles are, and by their lines: of those, only the few are
compared that lie about the same place of the Hough plane (which way they run, and how far from the
middle). Then by their circles, and last by their masses, until it is too little.

Source of the plane: Duda and Hart 1972, "Use of the Hough transformation to detect lines and curves
in pictures", Communications of the ACM 15(1).
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
Cells = NDArray[np.int16]
Masks = NDArray[np.uint8]
WAYS = 22
"""Ways a line may run, 8.2 degrees apart: more than two may differ and still have something in
common (`_arrangement.TURN`), so that of such two one runs as the other or the next way."""
PLACES = 10
"""Distances at which a line may pass the middle, either side of it."""
_SETS = range(1 << made.LINES)
_LOWEST = np.array([0, *((one & -one).bit_length() - 1 for one in _SETS[1:])], np.int64)
_MANY = np.array([one.bit_count() for one in _SETS], np.float32)
"""Of each set of lines, a bit each: the first of them, and how many there are."""
_UNSURE = 1e-5
"""By how much a distance may be wrong."""
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
    cells: Cells
    """(2, R, LINES) the cell of the Hough plane in which each line lies, from 0 on; and that of the
    line with left and right swapped."""
    about: Masks
    """(R, WAYS * PLACES) which lines lie in each cell or so near it that they may have something in
    common with one that does: a bit each."""
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
    cost: float = 40.0

    @classmethod
    def of(cls, parts: Iterable[Rows], similarity: Composed, moved: float) -> CompositionTable:
        """All rows of some arrays, in their order."""
        spool = Spool()
        for some in (np.zeros(0, made.ROW), *parts):
            spool.add(np.array(some))
        rows = spool.joined()
        lines = _strongest_first(rows["lines"], 6)
        plane = _Plane.of(lines)
        return cls(
            rows,
            lines,
            np.stack([plane.cells(lines, mirror) for mirror in (1, -1)]),
            plane.about(lines),
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
        """As `types.Bounded`. 10 to 50 ns a pair."""
        return _most(
            self.lines, self.cells, self.about, self.circles, self.total, self.masses,
            self.weight, self.moved, one, other, wanted,
        )  # fmt: skip


def _strongest_first(parts: Rows, fields: int) -> Floats:
    """(R, P, fields) the lines or circles of rows as numbers, by falling strength."""
    order = np.argsort(-parts["strength"], axis=1, kind="stable")
    ordered = np.take_along_axis(parts, order, axis=1)
    return np.ascontiguousarray(ordered).view(np.float32).reshape(*parts.shape, fields)


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where lines lie by which way they run, and how far from the middle of the picture."""

    width: float
    """Screen widths between two places. Lines that have something in common lie in one or in two
    next to each other: the middle of either is `_arrangement.ASIDE` at most from the other line,
    and that is turned by one way at most."""

    @classmethod
    def of(cls, lines: Floats) -> _Plane:
        farthest = float(np.hypot(lines[..., _X], lines[..., _Y]).max(initial=0))
        apart = _ASIDE + 2 * np.sin(np.pi / WAYS / 2) * farthest + _UNSURE
        return cls(max(float(apart), 2 * farthest / PLACES))

    def cells(self, lines: Floats, mirror: int) -> NDArray[np.int16]:
        """(R, LINES) the cell of each line, with left and right swapped where `mirror` is -1."""
        way, away = _hough(lines, mirror)
        return np.asarray(way * PLACES + self._place(away), np.int16)

    def about(self, lines: Floats) -> Masks:
        """(R, WAYS * PLACES) which lines lie in or next to each cell, a bit each."""
        way, away = _hough(lines, 1)
        found = np.zeros((len(lines), WAYS, PLACES), np.uint8)
        rows = np.arange(len(lines))
        for line in range(made.LINES):
            bit = np.where(lines[:, line, _STRENGTH] > 0, 1 << line, 0).astype(np.uint8)
            for turned in (-1, 0, 1):
                runs = way[:, line] + turned
                # A line turned beyond the last way runs the first one, backwards.
                passes = np.where((runs < 0) | (runs >= WAYS), -away[:, line], away[:, line])
                place = self._place(passes)
                for aside in (-1, 0, 1):
                    near = np.clip(place + aside, 0, PLACES - 1)
                    found[rows, runs % WAYS, near] |= bit
        return found.reshape(len(lines), WAYS * PLACES)

    def _place(self, away: NDArray[np.float64]) -> NDArray[np.int64]:
        place = np.floor(away / self.width) + PLACES // 2
        return np.asarray(np.clip(place, 0, PLACES - 1), np.int64)


def _hough(lines: Floats, mirror: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(R, LINES) which way each line runs, and how far to its side the middle of the picture is."""
    x, y, along_x, along_y = np.moveaxis(lines[..., :_LENGTH].astype(np.float64), -1, 0)
    angle = np.mod(np.arctan2(along_y, mirror * along_x) / np.pi, 1)
    away = mirror * x * np.sin(angle * np.pi) - y * np.cos(angle * np.pi)
    return np.floor(angle * WAYS).astype(np.int64) % WAYS, away


@njit(nogil=True, cache=True, error_model="numpy")
def _most(
    lines: Floats,
    cells: Cells,
    about: Masks,
    circles: Floats,
    total: Floats,
    masses: NDArray[np.int16],
    weight: Floats,
    moved: float,
    one: RowNumbers,
    other: RowNumbers,
    wanted: Floats,
) -> Floats:
    # Written out for either way: as a function of its own it takes half as long again.
    found = np.zeros((len(one), len(other)), np.float32)
    theirs = np.empty(made.LINES, np.float32)
    for column in range(len(other)):
        there = other[column]
        for row in range(len(one)):
            here = one[row]
            needed = wanted[row, column] - _ROUNDED
            if needed > 1:
                continue
            everything = total[here] + total[there]
            heavy = _MASSES * min(weight[here], weight[there])
            round_at_most = min(circles[here, 0, _DRAWS], circles[there, 0, _DRAWS])
            straight = 1 - _likely(lines, cells, about, here, there, everything, 1.0)
            most = 1 - straight * (1 - round_at_most) * (1 - heavy)
            if most >= needed:
                straight = 1 - _shared(lines, cells, about, here, there, everything, 1.0, theirs)
                most = 1 - straight * (1 - round_at_most) * (1 - heavy)
            if most >= needed:
                straight *= 1 - _circle(circles[here], circles[there], 1.0)
                most = 1 - straight * (1 - heavy)
            if most >= needed:
                most = 1 - straight * (1 - heavy * _massed(masses[here], masses[there], 1))
            if moved > 0:
                if moved * round_at_most >= max(needed, most):
                    most = max(most, moved * _reachable(circles[here], circles[there]))
                straight = 1 - _likely(lines, cells, about, here, there, everything, -1.0)
                other_way = moved * (1 - straight * (1 - round_at_most) * (1 - heavy))
                if other_way >= max(needed, most):
                    straight = 1 - _shared(
                        lines, cells, about, here, there, everything, -1.0, theirs
                    )
                    other_way = moved * (1 - straight * (1 - round_at_most) * (1 - heavy))
                if other_way >= max(needed, most):
                    straight *= 1 - _circle(circles[here], circles[there], -1.0)
                    other_way = moved * (1 - straight * (1 - heavy))
                if other_way >= max(needed, most):
                    same = _massed(masses[here], masses[there], -1)
                    other_way = moved * (1 - straight * (1 - heavy * same))
                most = max(most, other_way)
            found[row, column] = most + _ROUNDED
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def _likely(
    lines: Floats,
    cells: Cells,
    about: Masks,
    here: int,
    there: int,
    everything: float,
    way: float,
) -> float:
    """What `_shared` is at most, were all lines alike that lie near each other."""
    ours, theirs, mirrored = 0.0, 0.0, 0 if way > 0 else 1
    for line in range(made.LINES):
        near = about[there, cells[mirrored, here, line]]
        strength = lines[here, line, _STRENGTH]
        if near:
            ours += strength
        theirs += _MANY[near] * strength
    return (ours + theirs) / max(everything, 1e-6) * min(ours / _LEADING, 1.0)


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"nnan", "reassoc", "contract"})
def _shared(
    lines: Floats,
    cells: Cells,
    about: Masks,
    here: int,
    there: int,
    everything: float,
    way: float,
    theirs: Floats,
) -> float:
    """As `_arrangement.shared_lines`; with the second picture flopped where `way` is -1.

    Args:
        lines: As `CompositionTable`.
        cells: As `CompositionTable`.
        about: As `CompositionTable`.
        here: The row of one picture.
        there: That of the other.
        everything: The strength of all lines of both.
        way: 1 or -1.
        theirs: (LINES,) is overwritten.
    """
    mirrored = 0 if way > 0 else 1
    for other in range(made.LINES):
        theirs[other] = 0
    ours = 0.0
    for line in range(made.LINES):
        near = np.int64(about[there, cells[mirrored, here, line]])
        if not near:
            continue
        strength = lines[here, line, _STRENGTH]
        # A flopped picture lies to another as that, flopped, to it.
        x, y = way * lines[here, line, _X], lines[here, line, _Y]
        along_x, along_y = way * lines[here, line, _ALONG_X], lines[here, line, _ALONG_Y]
        best = 0.0
        while near:
            other = _LOWEST[near]
            near &= near - 1
            there_x, there_y = lines[there, other, _ALONG_X], lines[there, other, _ALONG_Y]
            turn = along_x * there_y - along_y * there_x
            if abs(turn) >= _TURN:
                continue
            across, down = lines[there, other, _X] - x, lines[there, other, _Y] - y
            aside = max(
                abs(across * along_y - down * along_x), abs(across * there_y - down * there_x)
            )
            if aside >= _ASIDE:
                continue
            apart = max(
                abs(across * along_x + down * along_y), abs(across * there_x + down * there_y)
            )
            shorter = min(lines[here, line, _LENGTH], lines[there, other, _LENGTH])
            longer = max(lines[here, line, _LENGTH], lines[there, other, _LENGTH])
            both = max(min(shorter + longer - apart, 2 * shorter), 0) / max(2 * longer, 1e-6)
            both *= (1 - (turn / _TURN) ** 2) * (1 - (aside / _ASIDE) ** 2)
            both *= min(strength, lines[there, other, _STRENGTH])
            theirs[other] = max(theirs[other], both)
            best = max(best, both)
        ours += best
    back = 0.0
    for other in range(made.LINES):
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
