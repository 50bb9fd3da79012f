"""The picture of a light match: the light of A beside that of B, in few steps of grey."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._lightness import stops
from matchcut.types import Evidence, Picture

LEVELS = 5
"""Steps of grey."""
_REACH = 2.5
"""Stops above and below the key that are white and black."""
_GAP = 0.02


def drawn(outgoing: Evidence, incoming: Evidence) -> Picture:
    """A above its light to the left, B above its light to the right.

    Returns:
        (H, W, 3) uint8 RGB, of the outgoing picture's size.
    """
    height, width = outgoing.picture.shape[:2]
    canvas = np.full((height, width, 3), 24, np.uint8)
    gap = max(round(min(height, width) * _GAP), 1)
    across, down = max((width - gap) // 2, 1), max((height - gap) // 2, 1)
    for left, side in ((0, outgoing), (width - across, incoming)):
        picture = cv2.resize(side.picture, (across, down), interpolation=cv2.INTER_AREA)
        canvas[:down, left : left + across] = picture
        light = posterised(side.picture, (across, down))
        canvas[height - down :, left : left + across] = light[..., None]
    return canvas


def posterised(picture: Picture, size: tuple[int, int]) -> NDArray[np.uint8]:
    """(H, W) the light of a picture in `LEVELS` greys about its key; `size` is width and height."""
    light = stops(picture)
    smooth = cv2.resize(light, size, interpolation=cv2.INTER_CUBIC)
    share = np.clip((smooth - light.mean() + _REACH) / (2 * _REACH), 0, 1)
    step = np.minimum((share * LEVELS).astype(np.uint8), LEVELS - 1)
    return np.asarray(step * (255 // (LEVELS - 1)), np.uint8)
