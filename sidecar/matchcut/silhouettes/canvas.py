"""The 16:9 canvas in which silhouettes of pictures of any shape are compared, and its packed form.

A picture is fitted into the canvas as a viewer sees it on a 16:9 screen: aspect kept, centred. What
is outside of the picture belongs to no silhouette.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = 64
"""Cells across the canvas."""
ROWS = 36
"""Cells down the canvas."""
PACKED = COLUMNS * ROWS // 8
"""Bytes of one packed mask."""


def fitted(height: int, width: int, rows: int, columns: int, least: int = 1) -> tuple[int, int]:
    """The (height, width) of a picture scaled into a box of rows x columns, aspect kept.

    Neither side becomes shorter than `least` nor longer than the box: pictures too long for that
    are stretched.
    """
    scale = min(rows / height, columns / width)
    return (
        min(max(round(height * scale), least), rows),
        min(max(round(width * scale), least), columns),
    )


def placed(height: int, width: int) -> tuple[slice, slice]:
    """The rows and columns of canvas cells that a picture of this size covers; never empty."""
    rows, columns = fitted(height, width, ROWS, COLUMNS)
    top, left = (ROWS - rows) // 2, (COLUMNS - columns) // 2
    return slice(top, top + rows), slice(left, left + columns)


def on_canvas(mask: NDArray[np.bool_], height: int, width: int) -> NDArray[np.bool_]:
    """The (36, 64) canvas cells of which a mask over a height x width picture covers half."""
    import cv2

    rows, columns = placed(height, width)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    canvas = np.zeros((ROWS, COLUMNS), np.bool_)
    share = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    canvas[rows, columns] = share > 0.5
    return canvas


def packed(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The (288,) bytes of a (36, 64) mask."""
    return np.packbits(mask.reshape(-1))


def unpacked(masks: NDArray[Any]) -> NDArray[np.bool_]:
    """The (..., 36, 64) masks of (..., 288) packed bytes."""
    bits = np.unpackbits(np.ascontiguousarray(masks), axis=-1)
    return bits.reshape(*masks.shape[:-1], ROWS, COLUMNS).astype(np.bool_)
