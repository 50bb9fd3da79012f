"""Handheld shake: to and fro, and leading nowhere."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tests.moved.rates import Similarity

_SIZE = 0.0025
"""Root mean square: widths across and down, radians around."""
_BAND = (2.0, 7.0)
"""Hertz."""

Shaken = Callable[[float], Similarity]
"""Where shake has the picture at so many seconds."""


def steady(_at: float) -> Similarity:
    """No shake."""
    return Similarity()


def shake(times: NDArray[np.float64], rng: np.random.Generator) -> Shaken:
    """A band of random waves across, down and around, of no drift over the take."""
    hertz = rng.uniform(*_BAND, (3, 6))
    phase = rng.uniform(0, 2 * math.pi, (3, 6))

    def waves(at: NDArray[np.float64]) -> NDArray[np.float64]:
        turned = 2 * math.pi * hertz * at[:, None, None] + phase
        return np.asarray(np.sin(turned).sum(axis=2))

    drawn = waves(times)
    drift = np.polynomial.polynomial.polyfit(times, drawn, 1)
    left = drawn - np.polynomial.polynomial.polyval(times, drift).T
    size = _SIZE / np.sqrt(np.square(left).mean(axis=0))

    def shaken(at: float) -> Similarity:
        straight = np.polynomial.polynomial.polyval(at, drift)
        across, down, around = ((waves(np.array([at]))[0] - straight) * size).tolist()
        return Similarity(complex(math.cos(around), math.sin(around)), complex(across, down))

    return shaken
