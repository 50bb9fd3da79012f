"""What a picture is composed of once it is reframed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _arrangement as made
from matchcut.flavors import _circles, _lines, _masses
from matchcut.reframing import extent, matrix
from matchcut.types import Reframing, Rows

_RIM = np.exp(2j * np.pi * np.arange(36) / 36)
_FINE = 4
"""Places looked at across a cell of mass."""

Floats = NDArray[np.float64]
Maps = NDArray[np.float64]
"""(K, 2, 3) maps of the screen."""


def moved(row: Rows, aspect: float, reframing: Reframing) -> Rows:
    """The (1,) row of a picture of that aspect once it is reframed.

    Lines are cut off where the picture's own place ends, and circles count as far as their rim is
    still seen. What is larger leads and draws the eye more. 0.5 ms.
    """
    on_screen = matrix(reframing)
    result = elements(row[0], on_screen[None], aspect)
    masses, weight = _moved_masses(row[0], on_screen, np.array(extent(aspect)))
    result["masses"], result["weight"] = masses, weight
    return result


def elements(row: Rows, maps: Maps, aspect: float) -> Rows:
    """(K,) rows: the lines and circles of one row once it is moved by each of K maps; no masses."""
    result = np.zeros(len(maps), made.ROW)
    scale = np.hypot(maps[:, 0, 0], maps[:, 1, 0])[:, None]
    half = np.array(extent(aspect))
    for part, move in (("circles", _moved_circles), ("lines", _moved_lines)):
        # Most rows have fewer circles than there is room for.
        there = np.flatnonzero(row[part]["strength"] > 0)
        found = move(row[part][there], maps, scale, half)
        found[found["strength"] <= 0] = 0
        result[part][:, there] = found
    kept = float(row["lines"]["strength"].sum())
    if kept > 0:
        grown = result["lines"]["strength"].sum(axis=1) / np.float32(kept)
        result["total"] = row["total"] * grown
    return result


def _moved_circles(circles: Rows, maps: Maps, scale: Maps, half: Floats) -> Rows:
    result = np.zeros((len(maps), len(circles)), made.CIRCLE)
    places = np.stack([circles["x"], circles["y"]], axis=1).astype(np.float64)
    there = places @ maps[:, :, :2].transpose(0, 2, 1) + maps[:, None, :, 2]
    radius = circles["radius"] * scale
    result["x"], result["y"], result["radius"] = there[..., 0], there[..., 1], radius
    before = _drawing(places, circles["radius"].astype(np.float64), half)
    after = _drawing(there, radius, half)
    ratio = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    result["strength"] = np.clip(circles["strength"] * ratio, 0, 1)
    return result


def _drawing(centres: Floats, radius: Floats, half: Floats) -> Floats:
    """How much circles draw the eye by their size, and by how much of the rim lies on a picture."""
    rim = radius[..., None] * _RIM
    inside = np.abs(centres[..., :1] + rim.real) <= half[0]
    inside &= np.abs(centres[..., 1:] + rim.imag) <= half[1]
    seen = (inside.mean(axis=-1) - _circles.RIM) / (_circles.WHOLE - _circles.RIM)
    size = np.minimum(radius / _circles.FULL_SIZE, 1)
    return np.asarray(np.clip(seen, 0, 1) * size, np.float64)


def _moved_lines(lines: Rows, maps: Maps, scale: Maps, half: Floats) -> Rows:
    result = np.zeros((len(maps), len(lines)), made.LINE)
    turn = maps[:, :, :2].transpose(0, 2, 1)
    places = np.stack([lines["x"], lines["y"]], axis=1).astype(np.float64)
    along = np.stack([lines["along_x"], lines["along_y"]], axis=1).astype(np.float64)
    there = places @ turn + maps[:, None, :, 2]
    ways = along @ turn / scale[..., None]
    length = lines["half"] * scale
    # Where along each line it enters and leaves the strip between two borders of the picture.
    steady = np.where(np.abs(ways) < 1e-9, 1e-9, ways)
    ends = np.sort([(-half - there) / steady, (half - there) / steady], axis=0)
    first = np.maximum(ends[0].max(axis=-1), -length)
    last = np.minimum(ends[1].min(axis=-1), length)
    left = np.maximum(last - first, 0) / 2
    middle = there + ways * np.where(left > 0, (first + last) / 2, 0)[..., None]
    result["x"], result["y"] = middle[..., 0], middle[..., 1]
    result["along_x"], result["along_y"], result["half"] = ways[..., 0], ways[..., 1], left
    before, after = (_leading(each) for each in (lines["half"].astype(np.float64), left))
    ratio = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    result["strength"] = np.clip(lines["strength"] * ratio, 0, 1)
    return result


def _leading(half: Floats) -> Floats:
    """How far lines lead the eye by their length."""
    share = (2 * half - _lines.SHORT) / (_lines.LONG - _lines.SHORT)
    return np.asarray(np.clip(share, 0, 1), np.float64)


def _moved_masses(row: Rows, on_screen: Maps, half: Floats) -> tuple[NDArray[np.int16], float]:
    """The masses of one row, and how far they are gathered, once it is moved by one map.

    Masses are a share of all weight less what it would be, were it spread evenly on the picture.
    """
    rows, columns = made.GRID
    y, x = np.mgrid[: rows * _FINE, : columns * _FINE].reshape(2, -1) + 0.5
    places = np.stack([x / (columns * _FINE) - 0.5, (y / _FINE - rows / 2) / columns], axis=1)
    room = _cells(np.asarray((np.abs(places) <= half).all(axis=1), np.float64))
    share = row["masses"] / _masses.FINE + room / room.sum()
    back = np.linalg.inv(on_screen[:, :2])
    origin = (places - on_screen[:, 2]) @ back.T
    at = [origin[:, 1] * columns + rows / 2, origin[:, 0] * columns + columns / 2]
    cell = [
        np.clip(one.astype(np.int64), 0, most - 1) for one, most in zip(at, made.GRID, strict=True)
    ]
    there = _cells(share[cell[0], cell[1]] * (np.abs(places) <= half).all(axis=1))
    total = float(there.sum())
    if total <= 0:
        return np.zeros(made.GRID, np.int16), 0.0
    spread = there / total - room / room.sum()
    before = _gathered(np.asarray(row["masses"] / _masses.FINE))
    weight = float(row["weight"]) / before * _gathered(spread) if before else 0.0
    return np.rint(spread * _masses.FINE).astype(np.int16), min(weight, 1.0)


def _cells(fine: Floats) -> Floats:
    """`GRID` of the sums over the places in each cell."""
    rows, columns = made.GRID
    return np.asarray(fine.reshape(rows, _FINE, columns, _FINE).sum(axis=(1, 3)))


def _gathered(spread: Floats) -> float:
    """How far there are masses, as `_masses` has it."""
    elsewhere = float(np.abs(spread).sum() / 2)
    return min(max(elsewhere - _masses.SPREAD, 0) / (_masses.GATHERED - _masses.SPREAD), 1)
