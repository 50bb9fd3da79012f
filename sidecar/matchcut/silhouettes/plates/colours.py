"""How much likelier each colour is a subject's than the background's.

Source: Swain and Ballard 1991, "Color Indexing" (histograms of colour).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.warping import Map

SHADES = 16
"""Steps of lightness and of both chromas that are told apart."""
WIDEST = 60.0
"""Chroma beyond which colours share the last step."""
RARE = 2e-5
"""Share of all pixels that each colour is taken to have, beside those it has."""
MOST = 3.0
"""Logarithm of the odds that a colour can give."""

Shades = NDArray[np.int32]


def shades(labs: Map) -> Shades:
    """(...) the number of each (..., 3) colour of Lab."""
    scale = np.array([SHADES / 100, SHADES / (2 * WIDEST), SHADES / (2 * WIDEST)], np.float32)
    steps = (labs + np.array([0, WIDEST, WIDEST], np.float32)) * scale
    whole = np.clip(steps, 0, SHADES - 1).astype(np.int32)
    return np.asarray((whole[..., 0] * SHADES + whole[..., 1]) * SHADES + whole[..., 2], np.int32)


def shares(of: Shades, which: NDArray[np.bool_]) -> Map:
    """(SHADES³,) the share of each colour among some pixels, each blurred into those next to it."""
    counts: Map = np.bincount(of[which], minlength=SHADES**3).astype(np.float32)
    for _ in range(3):
        table = np.pad(counts.reshape(SHADES, SHADES**2), [(1, 1), (0, 0)])
        blurred = ((table[:-2] + 2 * table[1:-1] + table[2:]) / 4).astype(np.float32)
        # The next round blurs the next of the three.
        counts = np.moveaxis(blurred.reshape(SHADES, SHADES, SHADES), 0, -1).ravel()
    return np.asarray(counts / max(float(counts.sum()), 1.0), np.float32)


def odds(subject: Map, background: Map) -> Map:
    """(SHADES³,) logarithm of how much likelier each colour is on the subject."""
    found = np.log((subject + np.float32(RARE)) / (background + np.float32(RARE)))
    return np.asarray(np.clip(found, -MOST, MOST), np.float32)
