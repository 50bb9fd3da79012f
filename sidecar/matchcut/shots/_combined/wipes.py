"""Wipes: an edge that crosses the picture and leaves another one behind it.

Each tile of the picture changes once, at its own time, and those times lie on a plane, a cone, a
ridge or a screw over the picture, whichever shape the edge has. The network was not taught wipes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from matchcut.shots._combined.returns import returns
from matchcut.shots._combined.signals import STRIDE, TILES, Floats
from matchcut.shots._combined.stretch import Stretch
from matchcut.types import Transition

WINDOW = 36
"""Frames within which a wipe is over."""
EVERY = 3
"""Frames between the beginnings of two windows; a wipe of up to 30 frames lies in one of them."""
PEAK = 2.0
"""How many times the usual change of a tile its change at the edge must be."""
QUIET = 1.5
"""Added to the usual change, so that a tile of a still picture is not moved by noise."""
OTHER = 7.0
"""How unlike a tile must be before and after."""
WHOLLY = 50.0
"""How unlike the tiles are on average where one picture gives way to another; what moves within
one shot leaves them more alike."""
FLAWLESS_SHARE, FLAWLESS_SHAPE, WHOLLY_IF_FLAWLESS = 0.95, 0.97, 20.0
"""Where nearly all tiles change, just when the edge's shape says, they may be more alike."""
SPREAD = 4
"""Frames between the first tiles and the last, at least; faster ones are cuts or whip pans."""
SCORE = 0.54
"""Product of the four shares: of the tiles, of what the edge's shape explains, of the peak that is
not usual change, and of `WHOLLY`."""
RETURN = 30
"""Frames before or after it within which what passes the lens comes or goes."""


@dataclass(frozen=True, slots=True)
class _Wipe:
    window: int
    """First place of the window in which it was read."""
    score: float
    transition: Transition


def wipes(stretch: Stretch) -> list[Transition]:
    """The wipes of a stretch, in order, as places in the stretch."""
    if len(stretch) < WINDOW:
        return []
    swept = stretch.signals.swept.reshape(len(stretch), -1)
    colours = stretch.signals.colours.reshape(len(stretch), swept.shape[1], 3)
    windows = sliding_window_view(swept, WINDOW, axis=0)
    other = np.abs(colours[: len(windows)] - colours[WINDOW - 1 :]).mean(axis=2)
    promising = (other > OTHER) & (windows.max(axis=2) > PEAK * QUIET)
    # Places of the film, not of the stretch, so that it may be read in pieces.
    looked_at = (np.arange(len(windows)) + stretch.first) % EVERY == 0
    found: list[_Wipe] = []
    for start in np.flatnonzero((promising.mean(axis=1) > SCORE) & looked_at).tolist():
        wipe = _read(windows[start], other[start], start)
        if wipe is not None and not returns(
            stretch.signals.colours,
            wipe.transition.start,
            wipe.transition.end,
            back=RETURN,
            ahead=RETURN,
            factor=2.5,
            floor=4.0,
        ):
            found.append(wipe)
    return _clearest(found)


def _read(window: Floats, other: Floats, start: int) -> _Wipe | None:
    """The wipe in one window, (tiles, T) changes, whose tiles end up so much `other`; if any."""
    peak, usual = window.max(axis=1), np.median(window, axis=1)
    crossed = (peak > PEAK * (usual + QUIET)) & (other > OTHER)
    share = float(crossed.mean())
    if share <= SCORE:
        return None
    score = share * (1.0 - float((usual[crossed] / peak[crossed]).mean()))
    times = window.argmax(axis=1).astype(np.float64)[crossed]
    early, late = np.percentile(times, (5, 95))
    if score <= SCORE or late - early < SPREAD:
        return None
    explained = max(_explained(times, shape[crossed]) for shape in _SHAPES)
    flawless = share > FLAWLESS_SHARE and explained > FLAWLESS_SHAPE
    wholly = WHOLLY_IF_FLAWLESS if flawless else WHOLLY
    score *= explained * min(float(other.mean()) / wholly, 1.0)
    if score <= SCORE:
        return None
    # A tile's change is largest where the edge lies between the frame and the one STRIDE before.
    first, last = start + int(times.min()) - STRIDE + 1, start + int(times.max())
    middle = start + round(float(np.median(times)))
    return _Wipe(start, score, Transition(max(0, first), middle, last + 1))


def _explained(times: np.ndarray, shape: np.ndarray) -> float:
    """Share of the variance of the times that a linear function of the shape explains."""
    total = float(((times - times.mean()) ** 2).sum())
    fitted, *_ = np.linalg.lstsq(shape, times, rcond=None)
    return 1.0 - float(((times - shape @ fitted) ** 2).sum()) / total


def _clearest(found: list[_Wipe]) -> list[Transition]:
    """Of the readings of one wipe by windows that overlap, the clearest, the first of equals."""
    kept = [
        one
        for one in found
        if all(
            (other.score, -other.window) <= (one.score, -one.window)
            for other in found
            if abs(other.window - one.window) < WINDOW
        )
    ]
    return sorted(one.transition for one in kept)


def _shapes() -> list[np.ndarray]:
    rows, columns = TILES
    down, right = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    x, y, one = right.ravel(), down.ravel(), np.ones(rows * columns)
    return [
        np.stack([one, x, y], axis=1),
        np.stack([one, np.hypot(x, y)], axis=1),
        np.stack([one, np.abs(x)], axis=1),
        np.stack([one, np.abs(y)], axis=1),
        np.stack([one, np.arctan2(x, -y) % (2 * np.pi)], axis=1),
    ]


_SHAPES = _shapes()
