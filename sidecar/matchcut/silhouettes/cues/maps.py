"""All maps of one moment on one grid, by name."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS, fitted
from matchcut.silhouettes.cues import motion, saliency, superpixels
from matchcut.types import Window

_STILL = 0.5
"""Lab distance between frames, exceeded nowhere but in a hundredth of a picture that stands
still."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What one moment shows, before anything is decided."""

    picture: NDArray[np.uint8]
    """(h, w, 3) uint8 RGB, the centre frame fitted into 160 x 90."""
    planes: NDArray[np.float32]
    """(13, 36, 64) float32, at least 0, over the picture, in the order of `fuse.FLOORS`."""
    moves: bool
    """False where nothing differs between the frames, or there is one frame only."""


def found(window: Window) -> Cues:
    """The maps of a window's centre frame.

    Cost: about 65 ms on one core for 13 frames of 320 x 180.
    """
    height, width = window.pictures.shape[1:3]
    # Flow crashes on pictures much longer than wide: the short side is kept from vanishing.
    large = fitted(height, width, 180, 320, least=48)
    small = fitted(height, width, 90, 160, least=36)
    fine = [_scaled(picture, *large) for picture in window.pictures]
    grays = np.stack([_gray(picture) for picture in fine])
    coarse = [_scaled(picture, *small) for picture in window.pictures]
    small_grays = np.stack([_gray(picture) for picture in coarse])
    labs = np.stack([_lab(picture) for picture in coarse])
    lab = labs[window.centre]
    seeds = saliency.border(*small)
    planes = [
        motion.residual(grays, window.centre, window.seconds),
        *motion.stacked(labs, small_grays, window.centre),
        motion.difference(labs, window.centre, window.seconds),
        *superpixels.contrasted(lab, seeds),
        saliency.enclosed(lab),
        saliency.unlike_border(lab),
        *saliency.focus(grays[window.centre]),
    ]
    moves = float(np.percentile(planes[2], 99)) > _STILL
    return Cues(
        picture=coarse[window.centre],
        planes=np.stack([_gridded(plane) for plane in planes]),
        moves=moves,
    )


def _scaled(picture: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    if picture.shape[:2] == (height, width):
        return picture
    smaller = picture.shape[0] >= height
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way), dtype=np.uint8)


def _gray(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _lab(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), 1.0), dtype=np.float32)


def _gridded(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    smaller = plane.shape[0] >= ROWS and plane.shape[1] >= COLUMNS
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, (COLUMNS, ROWS), interpolation=way), dtype=np.float32)
