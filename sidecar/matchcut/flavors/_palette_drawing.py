"""The picture of a colour match: A over its palette, B's palette over B, bar against bar."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._palette import rgb
from matchcut.types import Evidence, Picture, Rows

_BAR = 0.17
"""Height of a palette, of the picture's."""
_GAP = 0.02
_GROUND = 70
"""Grey behind everything, on which black can be seen."""


def drawn(outgoing: Evidence, incoming: Evidence) -> Picture:
    """Both pictures side by side, and below them both palettes, A's above B's.

    The width of a colour is its share. The colours of B stand in the order of those of A which they
    are nearest to, so that like lies over like.

    Returns:
        (H, W, 3) uint8 RGB, of the outgoing picture's size.
    """
    height, width = outgoing.picture.shape[:2]
    canvas = np.full((height, width, 3), _GROUND, np.uint8)
    gap = max(round(height * _GAP), 1)
    bar = max(round(height * _BAR), 1)
    top = height - 2 * (bar + gap)
    half = (width - gap) // 2
    for left, side in ((0, outgoing), (width - half, incoming)):
        _fitted(canvas[gap : max(top - gap, gap + 1), left : left + half], side.picture)
    ours, theirs = outgoing.row[0], incoming.row[0]
    order = np.argsort(-ours["palette"][:, 0], kind="stable")
    for at, row, places in ((top, ours, order), (top + bar + gap, theirs, _like(theirs, ours))):
        _bars(canvas[at : at + bar], row["palette"][places], row["shares"][places])
    return canvas


def _like(row: Rows, model: Rows) -> NDArray[np.int64]:
    """The order of a row's colours by the lightness of the model's colour nearest to each."""
    away = np.square((row["palette"][:, None] - model["palette"][None]) * (1, 2, 2)).sum(axis=-1)
    nearest = np.where(model["shares"] > 0, away, np.inf).argmin(axis=1)
    return np.lexsort((-row["palette"][:, 0], -model["palette"][nearest, 0]))


def _bars(canvas: Picture, palette: NDArray[np.float32], shares: NDArray[np.float32]) -> None:
    """Fills the canvas with colours from left to right, as wide as their shares."""
    ends = np.round(np.cumsum(shares.astype(np.float64)) * canvas.shape[1]).astype(int)
    for start, end, color in zip(
        (0, *ends[:-1]), ends, rgb(palette.astype(np.float64)), strict=True
    ):
        canvas[:, start:end] = color


def _fitted(canvas: Picture, picture: Picture) -> None:
    """Lays the whole picture into the middle of the canvas, as large as it fits."""
    height, width = canvas.shape[:2]
    scale = min(width / picture.shape[1], height / picture.shape[0])
    across, down = (max(int(scale * side), 1) for side in (picture.shape[1], picture.shape[0]))
    small = cv2.resize(picture, (across, down), interpolation=cv2.INTER_AREA)
    left, top = (width - across) // 2, (height - down) // 2
    canvas[top : top + down, left : left + across] = small[:height, :width]
