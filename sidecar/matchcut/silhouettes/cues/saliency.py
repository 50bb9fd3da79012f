"""Maps of what stands out from the frame's border, and of what is in focus.

The border is the top edge and the upper part of both sides, never the bottom: people leave the
frame through it.

Sources: Zhang and Sclaroff 2013, "Saliency Detection: A Boolean Map Approach" (`enclosed`); for
superpixels see `superpixels`.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_UPPER = 0.78
"""Share of each side, from the top, that is taken for background."""
_LEVELS = 8
"""Thresholds a channel for `enclosed`."""
_COLOURS = 6
"""Colours the border is summed up in."""
_ROUNDS = 6
"""Rounds of k-means over the border's pixels."""


def border(height: int, width: int, thick: int = 1) -> NDArray[np.bool_]:
    """The (height, width) mask of pixels taken for background, `thick` pixels deep."""
    seeds = np.zeros((height, width), np.bool_)
    seeds[:thick] = True
    low = max(int(height * _UPPER), 1)
    seeds[:low, :thick] = True
    seeds[:low, width - thick :] = True
    return seeds


def enclosed(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """The share of thresholds at which a pixel lies in a region that the border does not touch.

    Args:
        lab: (h, w, 3) float32, Lab.

    Returns:
        (h, w) float32, 0 to 1.
    """
    height, width = lab.shape[:2]
    seeds = border(height, width)
    total = np.zeros((height, width), np.float32)
    for channel in range(3):
        plane = lab[..., channel]
        low, high = float(plane.min()), float(plane.max())
        if high - low < 1:
            continue
        for level in range(1, _LEVELS + 1):
            above = plane > low + (high - low) * level / (_LEVELS + 1)
            for side in (above, ~above):
                count, label = cv2.connectedComponents(side.view(np.uint8), connectivity=4)
                inside = np.ones(count, np.float32)
                inside[label[seeds]] = 0
                inside[0] = 0
                total += inside[np.asarray(label, dtype=np.int32)]
    return total / np.float32(3 * _LEVELS)


def unlike_border(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """The Lab distance of each pixel to the nearest of the border's main colours.

    Args:
        lab: (h, w, 3) float32, Lab.

    Returns:
        (h, w) float32, at least 0.
    """
    height, width = lab.shape[:2]
    ring = lab[border(height, width, max(height // 15, 1))]
    # Starting from quantiles of lightness instead of chance makes the colours reproducible.
    start = np.argsort(ring[:, 0], kind="stable")
    colours = ring[start[((np.arange(_COLOURS) + 0.5) / _COLOURS * len(start)).astype(int)]]
    for _ in range(_ROUNDS):
        nearest = np.square(ring[:, None] - colours[None]).sum(axis=-1).argmin(axis=1)
        size = np.bincount(nearest, minlength=_COLOURS)
        sums = [np.bincount(nearest, ring[:, axis], _COLOURS) for axis in range(3)]
        means = np.stack(sums, axis=1) / np.maximum(size, 1)[:, None]
        colours = np.where(size[:, None] > 0, means, colours).astype(np.float32)
    away = lab[:, :, None] - colours
    far = np.einsum("ijkc,ijkc->ijk", away, away).min(axis=-1)
    return np.asarray(np.sqrt(far), dtype=np.float32)


def focus(
    gray: NDArray[np.uint8],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Three maps of fine detail: what is in focus has it.

    Args:
        gray: (h, w) uint8.

    Returns:
        (h, w) float32 each, at least 0: logarithm of the energy of the finest band, its share of
        the finest two, and the density of edges.
    """
    picture = gray.astype(np.float32)
    soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
    softer = cv2.GaussianBlur(soft, (0, 0), 2.0)
    fine = cv2.GaussianBlur(np.square(picture - soft), (0, 0), 4.0)
    middle = cv2.GaussianBlur(np.square(soft - softer), (0, 0), 4.0)
    steep = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    edges = cv2.GaussianBlur(steep, (0, 0), 4.0)
    ratio = fine / (fine + middle + 1.0)
    return np.log1p(fine).astype(np.float32), ratio.astype(np.float32), edges.astype(np.float32)
