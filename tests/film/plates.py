"""Plates by name, painted once and kept: the picture that a camera path moves over."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film import plates_indoor, plates_outdoor
from tests.film.paint import Paint, Size
from tests.film.palette import PALETTES, Palette
from tests.film.script import Plate

KINDS: dict[str, Callable[[np.random.Generator, Size, Palette], Paint]] = {
    "bricks": plates_indoor.bricks,
    "city": plates_outdoor.city,
    "coast": plates_outdoor.coast,
    "dunes": plates_outdoor.dunes,
    "foliage": plates_outdoor.foliage,
    "forest": plates_outdoor.forest,
    "hall": plates_indoor.hall,
    "hills": plates_outdoor.hills,
    "lights": plates_indoor.lights,
    "night_sky": plates_outdoor.night_sky,
    "room": plates_indoor.room,
    "shelves": plates_indoor.shelves,
    "table": plates_indoor.table,
}
"""A place in (height, width) pixels, from a generator and a palette."""

REACH = 1.8
"""Width and height of a plate over those of the picture."""


LINES = 360
"""Lines of the picture for which plates are painted; for others they are enlarged or reduced."""


def plate_size(width: int, height: int) -> Size:
    """Height and width of the plate behind a picture of this size; both odd."""
    return int(height * REACH) // 2 * 2 + 1, int(width * REACH) // 2 * 2 + 1


@lru_cache(maxsize=4)
def painted(plate: Plate, width: int, height: int) -> NDArray[np.uint8]:
    """The plate for a picture of this size, defocused as the plan asks.

    Returns:
        (H, W, 3) uint8 RGB of `plate_size`, not writable.
    """
    drawn = plate_size(width * LINES // height, LINES)
    rng = np.random.default_rng([plate.seed, 5])
    paint = KINDS[plate.kind](rng, drawn, PALETTES[plate.palette])
    if plate.blur > 0:
        paint = np.asarray(cv2.GaussianBlur(paint, (0, 0), plate.blur), np.float32)
    size = plate_size(width, height)
    if size != drawn:
        paint = np.asarray(cv2.resize(paint, size[::-1], interpolation=cv2.INTER_AREA), np.float32)
    finished = np.asarray(np.clip(paint * 255 + 0.5, 0, 255), np.uint8)
    finished.flags.writeable = False
    return finished
