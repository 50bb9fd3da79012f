"""How alike the light of two moments is, given the product of their layouts.

What is multiplied and added up are whole numbers, so that no order of adding changes a digit; all
else is told for each pair by itself. So a pair scores the same to the last bit, whatever it is
compared beside.
"""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Rows

KEYS = 2.0
"""Stops of the standard deviation with which a difference of key is forgiven."""
FLAT, CONTRASTY = 0.25, 0.8
"""Stops of contrast up to which there is nothing to match, and from which on there is."""

POWER, KEY, TRUST = range(3)
"""Places in `Figures`."""

Figures = NDArray[np.float64]
"""(3, ...): the sum of squares of the layout, the key, and how far from flat a picture is."""


def figures(rows: Rows) -> Figures:
    """(3, N) of N rows."""
    contrast = rows["contrast"].astype(np.float64)
    return np.stack(
        [
            np.square(flat(rows).astype(np.float64)).sum(axis=1),
            rows["key"].astype(np.float64),
            np.clip((contrast - FLAT) / (CONTRASTY - FLAT), 0, 1),
        ]
    )


def flat(rows: Rows) -> NDArray[np.int16]:
    """(N, D) the layouts of rows, as one vector each."""
    return np.asarray(rows["layout"].reshape(len(rows), prod(rows["layout"].shape[1:])))


def score(a: Figures, b: Figures, products: NDArray[np.float64]) -> NDArray[np.float32]:
    """What two moments score, 0 to 1, given (...) the products of their layouts."""
    power = a[POWER] + b[POWER]
    shared = np.divide(2 * products, power, out=np.zeros_like(power), where=power > 0)
    near = np.exp(-np.square((a[KEY] - b[KEY]) / KEYS) / 2)
    found = shared * near * np.minimum(a[TRUST], b[TRUST])
    return np.asarray(np.clip(found, 0, 1), np.float32)
