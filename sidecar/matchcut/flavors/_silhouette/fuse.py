"""Maps to the probability that a place belongs to the main subject: logistic regression.

The coefficients are in `weights.json`, fitted on hand-drawn masks by
`python -m tests.benchmarks.silhouettes --fit`, which is also where they are measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._silhouette.canvas import COLUMNS, ROWS

FLOORS: Mapping[str, float] = {
    "residual": 0.3,
    "background": 2.0,
    "change": 2.0,
    "upper": 2.0,
    "difference": 2.0,
    "geodesic": 2.0,
    "apart": 0.1,
    "contrast": 1.0,
    "enclosed": 0.05,
    "unlike": 2.0,
    "fine": 0.5,
    "ratio": 0.1,
    "edges": 2.0,
}
"""The maps by name, in order, and the value of each that is about as small as its noise."""
MOVING = ("residual", "background", "change", "upper", "difference")
"""The maps that need more than one frame."""
PLACES = ("aside", "aside2", "down", "down2", "middle", "axis")
"""Features of where a cell lies: distance from the middle column and its square, distance from the
top and its square, a bell around the middle and one around the middle column."""

_WEIGHTS = Path(__file__).with_name("weights.json")


def features(maps: NDArray[np.float32], moves: bool) -> dict[str, NDArray[np.float32]]:
    """What the regression sees of each cell, by name.

    Each map occurs twice: as its value over the frame's median, and as its rank in the frame, so
    that neither contrast nor speed has to be alike from film to film.

    Args:
        maps: (len(FLOORS), 36, 64) float32, at least 0.
        moves: Whether the maps of `MOVING` hold anything; they are left out otherwise.

    Returns:
        Names to (36, 64) float32.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for (name, floor), plane in zip(FLOORS.items(), maps, strict=True):
        if moves or name not in MOVING:
            found[name] = plane / (plane + np.median(plane) + np.float32(floor))
            found[f"{name} rank"] = _ranked(plane)
    y, x = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
    aside = (x + 0.5) / COLUMNS * 2 - 1
    down = (y + 0.5) / ROWS
    axis = np.exp(-np.square(aside) / 0.16)
    middle = np.exp(-np.square(aside) / 0.36 - np.square(down - 0.55) / 0.24)
    places = (np.abs(aside), np.square(aside), down, np.square(down), middle, axis)
    return found | dict(zip(PLACES, places, strict=True))


def _ranked(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each cell's rank in the frame, 0 to 1; equal values share one."""
    values = plane.ravel()
    order = np.sort(values)
    below, upto = np.searchsorted(order, values, "left"), np.searchsorted(order, values, "right")
    return ((below + upto) / (2 * len(values))).reshape(plane.shape).astype(np.float32)


@cache
def weights() -> Mapping[str, Any]:
    """The fitted numbers: `moving`, `still` and `confidence`, each names to coefficients."""
    loaded: dict[str, Any] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return loaded


def digest() -> str:
    """Hex digest of the fitted numbers; whatever else the file says does not change it."""
    numbers = {name: weights()[name] for name in ("moving", "still", "confidence")}
    text = json.dumps(numbers, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def probability(maps: NDArray[np.float32], moves: bool) -> NDArray[np.float32]:
    """The (36, 64) float32 probability, 0 to 1, that a cell belongs to the main subject."""
    coefficients = weights()["moving" if moves else "still"]
    total = np.full((ROWS, COLUMNS), coefficients["bias"], np.float64)
    for name, plane in features(maps, moves).items():
        total += coefficients[name] * plane
    return (1 / (1 + np.exp(-total))).astype(np.float32)
