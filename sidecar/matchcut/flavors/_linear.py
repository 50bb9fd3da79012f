"""Linear light of pictures: the transfer curve of sRGB (IEC 61966-2-1), undone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def linear(values: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Light of every channel, 0 to 1, of the same shape."""
    return _TABLE[values]


def encoded(light: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The values that show this light, or the nearest that can be shown."""
    kept = np.clip(light, 0, 1)
    curve = np.where(kept <= 0.0031308, 12.92 * kept, 1.055 * kept ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * curve), np.uint8)


def _decoded() -> NDArray[np.float32]:
    values = np.arange(256) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


_TABLE = _decoded()
