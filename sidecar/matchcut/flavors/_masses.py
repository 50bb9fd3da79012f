"""Where the visual weight of a picture lies: what stands out from its surroundings, and detail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._arrangement import GRID
from matchcut.flavors._screen import HEIGHT, WIDTH, Grey

FINE = 4096
"""Steps of a share of all weight."""
COARSE = 16
"""Rows and columns of cells from whose blurred tone things stand out."""
SPREAD, GATHERED = 0.2, 0.5
"""Share of all weight that lies where it would not, were it spread evenly: up to the first there
are no masses, and beyond the second they are no clearer."""
PLAIN, RICH = 1.0, 8.0
"""Grey levels of weight on average up to which there are no masses, and from which on there are."""

PARAMETERS = str((FINE, COARSE, SPREAD, GATHERED, PLAIN, RICH))
"""What changes a result."""


def masses(grey: Grey) -> tuple[NDArray[np.int16], float]:
    """`GRID` of visual weight less that of an even spread, and how far it is gathered, 0 to 1.

    Weight is in `FINE` steps of all there is.

    Args:
        grey: (H, W) fitted into the screen.
    """
    import cv2

    height, width = grey.shape
    screen = np.zeros((HEIGHT, WIDTH), np.float32)
    top, left = (HEIGHT - height) // 2, (WIDTH - width) // 2
    tone = grey.astype(np.float32)
    fine = cv2.blur(tone, (9, 9))
    broad = cv2.resize(tone, (COARSE, COARSE), interpolation=cv2.INTER_AREA)
    broad = cv2.resize(cv2.GaussianBlur(broad, (0, 0), 2), (width, height))
    screen[top : top + height, left : left + width] = np.abs(fine - broad) + np.abs(tone - fine)
    cells = cv2.resize(screen, GRID[::-1], interpolation=cv2.INTER_AREA).astype(np.float64)
    power = float(cells.mean())
    if power < PLAIN:
        return np.zeros(GRID, np.int16), 0.0
    share = cells / cells.sum()
    # Beside a picture of another shape there can be no weight: that is no way of gathering it.
    covered = np.zeros((HEIGHT, WIDTH), np.float32)
    covered[top : top + height, left : left + width] = 1
    room = cv2.resize(covered, GRID[::-1], interpolation=cv2.INTER_AREA).astype(np.float64)
    spread = share - room / room.sum()
    gathered = float(np.abs(spread).sum() / 2)
    weight = min(max(gathered - SPREAD, 0) / (GATHERED - SPREAD), 1) * min(power / RICH, 1)
    return np.rint(spread * FINE).astype(np.int16), weight
