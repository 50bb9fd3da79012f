"""Pictures as the screen shows them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture

WIDTH, HEIGHT = 320, 180
"""Pixels of the screen in which compositions are looked at."""


Grey: TypeAlias = NDArray[np.uint8]
"""(H, W) luma."""


def fitted(picture: Picture) -> Grey:
    """The luma of a picture, as large as fits into `WIDTH` x `HEIGHT`."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    scale = min(WIDTH / width, HEIGHT / height)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(grey if scale == 1 else cv2.resize(grey, size, interpolation=way), np.uint8)
