"""The pictures of a transition: how much of the new take each pixel shows."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture
from tests.joined.script import Join, Shape

_HARD = 0.004
"""Edge of a hard wipe: about a pixel of 320."""


def joined(join: Join, at: int, old: Picture, new: Picture) -> Picture:
    """Picture `at` (0 to `join.frames` - 1) of a transition; each shows something of its own.

    A dissolve of n pictures shows (at + 1) / (n + 1) of the new take, so that none is either take
    alone; so does a wipe, of the way that its edge goes. A fade's picture `fall` - 1 is black or
    white.
    """
    if join.kind == "dissolve":
        return _mixed(old, new, (at + 1) / (join.frames + 1))
    if join.kind in ("fade", "fade white"):
        colour = np.full_like(old, 0 if join.kind == "fade" else 255)
        if at < join.fall:
            return _mixed(old, colour, (at + 1) / join.fall)
        risen = at - join.fall - join.rest
        rise = join.frames - join.fall - join.rest
        return colour if risen < 0 else _mixed(colour, new, (risen + 1) / (rise + 1))
    height, width = old.shape[:2]
    soft = max(join.soft, _HARD)
    gone = (at + 1) / (join.frames + 1) * (1 + soft)
    weight = np.clip((gone - way(join.shape, width, height)) / soft, 0, 1)[:, :, np.newaxis]
    return np.asarray(old + (new.astype(np.float32) - old) * weight + 0.5, np.uint8)


def _mixed(old: Picture, new: Picture, share: float) -> Picture:
    return np.asarray(cv2.addWeighted(old, 1 - share, new, share, 0), np.uint8)


@lru_cache(maxsize=32)
def way(shape: Shape, width: int, height: int) -> NDArray[np.float32]:
    """(height, width) in [0, 1]: when a wipe's edge reaches each pixel, 0 first."""
    x = np.broadcast_to(np.linspace(0, 1, width, dtype=np.float32), (height, width))
    y = np.broadcast_to(np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis], (height, width))
    if shape == "left":
        return 1 - x
    if shape == "right":
        return x.copy()
    if shape == "up":
        return 1 - y
    if shape == "down":
        return y.copy()
    if shape == "diagonal":
        return np.asarray((x + y) / 2, np.float32)
    across, down = (x - 0.5) * width / height, y - 0.5
    if shape == "iris":
        radius = np.hypot(across, down)
        return np.asarray(radius / radius.max(), np.float32)
    return np.asarray((np.arctan2(across, -down) / (2 * np.pi)) % 1.0, np.float32)
