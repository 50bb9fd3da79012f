"""How alike the colours of two moments are, given the products of their histograms and layouts.

What is multiplied and added up are whole numbers, so that no order of adding changes a digit; all
else is told for each pair by itself. So a pair scores the same to the last bit, whatever it is
compared beside.
"""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _palette as made
from matchcut.types import Rows

CHANCE = 0.45
"""Likeness of histograms that unrelated palettes have, and up to which nothing matches."""
APART = 0.1
"""Distance of two layouts, the root of the mean square over cells, that halves a score and more."""
COLORFUL = 0.1
"""Chroma of a picture over its lightness from which on its palette is fully trusted."""
EXPOSURE = 0.5
"""Of the logarithm of lightness; a picture darker by it in every colour scores 0.6 as much."""
GREY = 0.15
"""Share of the score that is left to pictures without any colour."""
FLAT, VARIED = 0.02, 0.06
"""Variety of colours up to which there is nothing to match, and from which on there is."""

CELLS = made.LINES * made.COLUMNS
POWER, SPREAD, TRUST, LIGHT, UNIT = range(5)
"""Places in `Figures`."""

Figures = NDArray[np.float64]
"""(5, ...): the sums of squares of the histogram and of the layout, how far the palette is trusted,
the logarithm of the lightness, and the lightness to one unit of the layout."""
Products = NDArray[np.float64]
"""(...) of two moments' histograms or layouts."""


def figures(rows: Rows) -> Figures:
    """(5, N) of N rows."""
    light = rows["lightness"].astype(np.float64)
    squares = [np.square(flat(rows, name).astype(np.float64)) for name in ("histogram", "layout")]
    return np.stack(
        [*(one.sum(axis=1) for one in squares), _trust(rows), np.log(light), light / made.FINE]
    )


def flat(rows: Rows, name: str) -> NDArray[np.int16]:
    """(N, D) the `histogram` or the `layout` of rows, as one vector each."""
    values = rows[name]
    return np.asarray(values.reshape(len(rows), prod(values.shape[1:])))


def _trust(rows: Rows) -> NDArray[np.float64]:
    chroma, lightness = (rows[name].astype(np.float64) for name in ("chroma", "lightness"))
    color = np.minimum(chroma / np.maximum(lightness, 1e-6) / COLORFUL, 1)
    varied = np.clip((rows["variety"].astype(np.float64) - FLAT) / (VARIED - FLAT), 0, 1)
    return np.asarray((GREY + (1 - GREY) * color) * varied, np.float64)


def palettes(a: Figures, b: Figures, histograms: Products) -> NDArray[np.float64]:
    """0 to 1: the likeness of palettes above chance, by how much there is to compare."""
    length = np.sqrt(a[POWER] * b[POWER])
    likeness = np.divide(histograms, length, out=np.zeros_like(length), where=length > 0)
    above = np.maximum(likeness - CHANCE, 0) / (1 - CHANCE)
    above *= np.exp(-np.square((a[LIGHT] - b[LIGHT]) / EXPOSURE) / 2)
    return np.asarray(above * np.minimum(a[TRUST], b[TRUST]), np.float64)


def places(a: Figures, b: Figures, layouts: Products) -> NDArray[np.float64]:
    """0 to 1: how near the colours of the same cells are, at the same exposure."""
    away = (a[SPREAD] + b[SPREAD] - 2 * layouts) / CELLS * (a[UNIT] * b[UNIT])
    return np.asarray(np.exp(-away / APART**2 / 2), np.float64)


def score(likeness: NDArray[np.float64]) -> NDArray[np.float32]:
    """A likeness as a score, 0 to 1."""
    return np.asarray(np.clip(likeness, 0, 1), np.float32)
