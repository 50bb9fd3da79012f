"""The picture of a frame match: both silhouettes, one over the other, on the outgoing picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import placed, unpacked
from matchcut.types import Picture

OUTGOING = (255, 176, 59)
"""Warm RGB of the outgoing silhouette."""
INCOMING = (70, 200, 255)
"""Cool RGB of the incoming silhouette."""
_BOTH = (255, 255, 255)
_DIMMED = 0.55
_FILLED = 0.35


def overlaid(picture: Picture, leaving: NDArray[np.uint8], entering: NDArray[np.uint8]) -> Picture:
    """The outgoing picture, grey and dimmed, with both outlines and what they share filled in.

    The incoming silhouette lies where a viewer sees it on the same 16:9 screen, cut off where the
    outgoing picture ends.

    Args:
        picture: The outgoing one.
        leaving: (288,) packed mask of the outgoing silhouette.
        entering: (288,) packed mask of the incoming one.

    Returns:
        (H, W, 3) uint8 RGB, of the outgoing picture's size.
    """
    height, width = picture.shape[:2]
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) * _DIMMED
    canvas = np.repeat(gray[..., None], 3, axis=2)
    before, after = (_enlarged(unpacked(mask), height, width) for mask in (leaving, entering))
    shared = before & after
    canvas[shared] = canvas[shared] * (1 - _FILLED) + np.array(_BOTH, np.float32) * _FILLED
    drawn = canvas.astype(np.uint8)
    thick = max(2, round(max(height, width) / 240))
    for mask, colour in ((before, OUTGOING), (after, INCOMING)):
        outlines, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(drawn, outlines, -1, colour, thick, cv2.LINE_AA)
    return drawn


def _enlarged(mask: NDArray[np.bool_], height: int, width: int) -> NDArray[np.bool_]:
    """What of a canvas mask lies over a picture, at the picture's size, with rounded cells."""
    rows, columns = placed(height, width)
    cells = mask[rows, columns].astype(np.float32)
    smooth = cv2.GaussianBlur(
        cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR),
        (0, 0),
        max(0.4 * width / cells.shape[1], 0.5),
    )
    return np.asarray(smooth > 0.5)
