"""Stands in for footage: drawn pieces, each of its own colours, whose pictures can be told."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.joined.footage import HEIGHT, WIDTH
from tests.joined.pieces import Piece

PIECES = tuple(Piece(f"{place}.mp4", 0, 90, place, "a texture") for place in "abcdef")


@cache
def frames(piece: Piece) -> NDArray[np.uint8]:
    """90 pictures of a cloud of blobs that drifts over a plain colour, for a piece of `PIECES`."""
    chance = np.random.default_rng(ord(piece.place))
    colour = chance.integers(60, 200, 3)
    coarse = chance.integers(-55, 55, (12, 24, 3)).astype(np.float32)
    wide = cv2.resize(coarse, (WIDTH + 180, HEIGHT), interpolation=cv2.INTER_CUBIC)
    cloud = np.clip(wide + colour, 0, 255).astype(np.uint8)
    return np.stack([cloud[:, 2 * at : 2 * at + WIDTH] for at in range(90)])
