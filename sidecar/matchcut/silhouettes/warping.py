"""Where the points of a picture lie in another, and pictures looked up there.

Places are (h, w, 2) float32, x first, in pixels of the other picture, the middle of its upper left
pixel (0, 0).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]
Map: TypeAlias = NDArray[np.float32]


def still(height: int, width: int) -> Map:
    """(height, width, 2) the places of points that do not move."""
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    return np.stack([across, down], axis=-1).astype(np.float32)


def looked_up(values: NDArray[Any], places: Map) -> NDArray[Any]:
    """The values at (h, w, 2) places; those at the border for places outside."""
    # OpenCV's own type stub wants a second map; places come in one.
    remap: Any = cv2.remap
    found = remap(values, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found)
