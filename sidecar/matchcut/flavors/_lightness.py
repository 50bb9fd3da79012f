"""Where a picture is light and where it is dark: a layout in stops, its key and its contrast.

Source of the key, the mean of log luminance: Reinhard, Stark, Shirley and Ferwerda 2002,
"Photographic Tone Reproduction for Digital Images".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._linear import linear
from matchcut.types import Picture, Rows

COLUMNS, LINES = 32, 18
"""Cells of the layout."""
BLUR = 0.8
"""Standard deviation in cells by which light may lie elsewhere."""
FLOOR = 0.03
"""Luminance (1 is white) that is added to all: what is darker is black to the eye."""
SLOPE = 0.5
"""Share that is left of how much lighter one side of the picture is than the other, above all the
sky than the ground: so many pictures have that in common that it says little."""
FINE = 256
"""Whole numbers of the layout to a stop."""

_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Luminance of linear red, green and blue (ITU-R BT.709)."""

ROW = np.dtype(
    [
        ("layout", "<i2", (LINES, COLUMNS)),
        ("key", "<f4"),
        ("contrast", "<f4"),
    ]
)
"""`layout` stops above the key times `FINE`, less of the slopes; `key` stops above white on average
(which is negative); `contrast` the standard deviation of the layout in stops."""

_DOWN, _ACROSS = (np.linspace(-1, 1, steps) for steps in (LINES, COLUMNS))
_RAMPS = tuple(
    ramp / np.sqrt(np.square(ramp).sum())
    for ramp in (np.outer(_DOWN, np.ones(COLUMNS)), np.outer(np.ones(LINES), _ACROSS))
)
"""From top to bottom and from left to right, of length 1."""


def described(picture: Picture) -> Rows:
    """The (1,) row of a picture: 1 ms on one core."""
    cells = stops(picture)
    key = cells.mean()
    layout = cells - key
    for ramp in _RAMPS:
        layout -= (1 - SLOPE) * (cells * ramp).sum() * ramp
    row = np.zeros(1, ROW)
    row["layout"] = np.round(FINE * layout)
    row["key"], row["contrast"] = key, layout.std()
    return row


def stops(picture: Picture) -> NDArray[np.float64]:
    """(LINES, COLUMNS) mean light of cells in stops: 0 is white and about -5 is black."""
    import cv2

    luminance = linear(picture) @ _WEIGHTS
    cells = cv2.resize(luminance, (COLUMNS, LINES), interpolation=cv2.INTER_AREA)
    light = np.log2((np.clip(cells, 0, 1).astype(np.float64) + FLOOR) / (1 + FLOOR))
    blurred = cv2.GaussianBlur(light, (0, 0), BLUR, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float64)
