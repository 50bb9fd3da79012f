"""The straight lines that lead the eye: found as segments, joined where they go on, and weighed.

Points are complex numbers here: pixels to the right, and down as the imaginary part.

Source: Grompone von Gioi, Jakubowicz, Morel and Randall 2010, "LSD: A Fast Line Segment Detector
with a False Detection Control", IEEE PAMI 32(4), as OpenCV implements it; the joining is our own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._arrangement import LINE, LINES
from matchcut.flavors._screen import WIDTH, Grey
from matchcut.types import Rows

Points = NDArray[np.complex128]
Floats = NDArray[np.float64]

SCALE = 0.5
"""Of the picture in which segments are looked for: texture vanishes, what composes remains."""
SHORT, LONG = 0.18, 0.8
"""Screen widths up to which a line leads nowhere, and from which on more does not help."""
CONTRAST = 24.0
"""Grey levels between both sides of a line from which on more does not make it stronger."""
SEED = 8.0
"""Pixels of the shortest segment from which a line is followed."""
TURN = 0.07
"""Sine of the angle between a line and its segments, at most."""
ASIDE, TWIN = 2.5, 6.0
"""Pixels between a line and its segments, and between it and what is only its other edge."""
GAP, BRIDGE = 14.0, 0.7
"""A line goes on after a gap of so many pixels, or this share of the shorter of what lies before
and behind: a horizon goes on behind whoever stands before it."""
COVERED = 0.6
"""Share of a line that must be seen."""
BORDER = 6.0
"""Pixels from the picture's border within which nothing is a line."""
MOST = 24
"""Lines looked at in all."""

PARAMETERS = str(
    (SCALE, SHORT, LONG, CONTRAST, SEED, TURN, ASIDE, TWIN, GAP, BRIDGE, COVERED, BORDER, MOST)
)
"""What changes a result."""


def lines(grey: Grey, circles: Rows) -> tuple[Rows, float]:
    """The strongest lines of a picture, and the strength of all; 3 ms on one core.

    Args:
        grey: (H, W) fitted into the screen.
        circles: of `CIRCLE`, whose rims are no lines.

    Returns:
        (LINES,) of `LINE`, strongest first, the rest zeros; and the sum of strength of all lines.
    """
    import cv2

    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, SCALE).detect(grey)[0]
    kept = np.zeros(LINES, LINE)
    if found is None:
        return kept, 0.0
    ends = found.reshape(-1, 2, 2).astype(np.float64) @ np.array([1, 1j])
    ends = ends[~_on_border(ends, grey.shape) & ~_on_rims(ends, circles, grey.shape)]
    every = np.array(_joined(ends, _contrasts(grey, ends)), LINE)
    every = every[np.argsort(-every["strength"], kind="stable")][:MOST]
    seen = every[every["strength"] > 0]
    kept[: len(seen)] = seen[:LINES]
    kept["x"][: len(seen)] += (0.5 - grey.shape[1] / 2) / WIDTH
    kept["y"][: len(seen)] += (0.5 - grey.shape[0] / 2) / WIDTH
    return kept, float(seen["strength"].astype(np.float64).sum())


def _on_border(ends: Points, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which segments run along the picture's border: every picture has one."""
    x, y = ends.real, ends.imag
    distances = np.array([x, y, shape[1] - 1 - x, shape[0] - 1 - y])
    return np.asarray((distances < BORDER).all(axis=2).any(axis=0))


def _on_rims(ends: Points, circles: Rows, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which segments are pieces of a circle."""
    points = np.concatenate([ends, ends.mean(axis=1, keepdims=True)], axis=1)
    on = np.zeros(len(ends), bool)
    for circle in circles[circles["strength"] > 0]:
        x, y, radius = (WIDTH * float(circle[name]) for name in ("x", "y", "radius"))
        centre = complex(x + shape[1] / 2 - 0.5, y + shape[0] / 2 - 0.5)
        on |= (np.abs(np.abs(points - centre) - radius) < max(3, 0.1 * radius)).all(axis=1)
    return on


def _contrasts(grey: Grey, ends: Points) -> Floats:
    """Grey levels between both sides of each segment on average; less where they vary along it.

    A row of letters has edges, too, but no side that is the lighter one all along.
    """
    import cv2

    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    along = ends[:, 1:] - ends[:, :1]
    points = ends[:, :1] + along * np.linspace(0.1, 0.9, 9)
    aside = 3j * along / np.maximum(np.abs(along), 1e-6)
    sides = []
    for place in (points - aside, points + aside):
        columns = np.clip(np.rint(place.real), 0, grey.shape[1] - 1).astype(np.int64)
        rows = np.clip(np.rint(place.imag), 0, grey.shape[0] - 1).astype(np.int64)
        sides.append(smooth[rows, columns].astype(np.float64))
    step = sides[1] - sides[0]
    steady = np.square(step.mean(axis=1)) / np.maximum(np.square(step).mean(axis=1), 1e-6)
    return np.asarray(np.abs(step.mean(axis=1)) * steady)


def _joined(ends: Points, contrast: Floats) -> list[tuple[float, ...]]:
    """Lines as in `LINE`, from the upper left corner on, longest segment first."""
    lengths = np.abs(ends[:, 1] - ends[:, 0])
    ways = (ends[:, 1] - ends[:, 0]) / np.maximum(lengths, 1e-6)
    middles = ends.mean(axis=1)
    free = lengths >= SEED / 2
    seeds = np.argsort(-lengths, kind="stable")
    seeds = seeds[lengths[seeds] >= SEED]
    # Most lines are a single segment: which are is found out for all of them at once.
    alone = _direction(ends[seeds], ways[seeds])
    beside = np.zeros((len(seeds), len(ends)), np.bool_)
    for way in (ways[seeds], alone):
        beside |= _beside(*_placed(ends, ways, middles[seeds, None], way[:, None]))
    result: list[tuple[float, ...]] = []
    for number, seed in enumerate(seeds.tolist()):
        if len(result) == MOST:
            break
        if not free[seed]:
            continue
        members, origin, way = seeds[number : number + 1], middles[seed], alone[number]
        if np.count_nonzero(beside[number] & free) > 1:
            way = ways[seed]
            # The segments of the seed's own direction give a better one, which finds more of them.
            for _ in range(2):
                placed, turned = _placed(ends, ways, origin, way)
                candidates = np.flatnonzero(_beside(placed, turned) & free)
                members = _chain(placed.real, seed, candidates)
                origin = (middles[members] * (lengths[members] / lengths[members].sum())).sum()
                way = _direction(ends[members].ravel(), way)
        middle, ahead = complex(origin), complex(way)
        placed = (ends - middle) * ahead.conjugate()
        along, share = placed.real, lengths[members]
        first, last = float(along[members].min()), float(along[members].max())
        seen = float(share.sum()) / max(last - first, 1e-6)
        clear = float((contrast[members] * (share / share.sum())).sum()) / CONTRAST
        middle, half = (middle + ahead * (first + last) / 2) / WIDTH, (last - first) / 2 / WIDTH
        strength = min(max((2 * half - SHORT) / (LONG - SHORT), 0), 1) * min(clear, 1)
        strength = strength if seen >= COVERED else 0.0
        result.append((middle.real, middle.imag, ahead.real, ahead.imag, half, strength))
        taken = (np.abs(placed.imag) < TWIN) & (along > first - GAP) & (along < last + GAP)
        free &= ~(taken[:, 0] & taken[:, 1])
        free[members] = False
    return result


def _placed(ends: Points, ways: Points, origin: Points, way: Points) -> tuple[Points, Points]:
    """The ends and the ways of N segments as seen from a line, or from each of (S, 1) lines."""
    back = np.conjugate(way)
    return (ends - origin[..., None]) * back[..., None], ways * back


def _beside(placed: Points, turned: Points) -> NDArray[np.bool_]:
    """(N,) or (S, N) which segments lie on a line, by where they are and how they are turned."""
    near = np.abs(placed.imag) < ASIDE
    return np.asarray(near[..., 0] & near[..., 1] & (np.abs(turned.imag) < TURN))


def _direction(points: Points, way: Points) -> Points:
    """The direction of length 1 in which (..., K) points lie, the way that is given or opposite."""
    off = points - points.mean(axis=-1, keepdims=True)
    axis = np.sqrt(np.square(off).sum(axis=-1))
    long = np.abs(axis)
    axis = np.where(long > 0, axis / np.where(long > 0, long, 1), way)
    return np.where((axis * np.conjugate(way)).real >= 0, axis, -axis)


def _chain(places: Floats, seed: int, candidates: NDArray[np.int64]) -> NDArray[np.int64]:
    """The seed and the candidates that follow each other from it on; ends lie at (N, 2) places."""
    first, last = sorted(places[seed].tolist())
    members, seen = [seed], last - first
    waiting = [(int(one), *sorted(places[one].tolist())) for one in candidates if one != seed]
    grown = True
    while grown:
        grown = False
        for one in list(waiting):
            number, start, end = one
            reach = max(GAP, BRIDGE * min(seen, end - start))
            if start < last + reach and end > first - reach:
                first, last, seen = min(first, start), max(last, end), seen + end - start
                members.append(number)
                waiting.remove(one)
                grown = True
    return np.array(members)
