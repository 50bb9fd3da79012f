"""The circles that draw the eye: found by a Hough transform, kept if there is a rim all round.

Points and gradients are complex numbers here: to the right, and down as the imaginary part.

Source: Yuen, Princen, Illingworth and Kittler 1990, "Comparative study of Hough transform methods
for circle finding", Image and Vision Computing 8(1), as OpenCV implements it; the second
look at the rim is our own.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._arrangement import CIRCLE, CIRCLES
from matchcut.flavors._screen import WIDTH, Grey
from matchcut.types import Rows

SMALLEST, LARGEST = 9, 110
"""Pixels of radius looked for."""
SOFT = 1.2
"""Standard deviation in pixels of the blur before."""
PERFECT = 0.6
"""How round a circle must be to be looked at, 0 to 1, as HOUGH_GRADIENT_ALT has it."""
EDGE = 150
"""Strength of an edge that is looked at, as Canny's upper threshold on Scharr derivatives."""
MOST = 16
"""Circles looked at in all."""
FULL_SIZE = 0.11
"""Screen widths of radius from which on a larger circle draws the eye no more."""
RIM, WHOLE = 0.55, 0.85
"""Share of the rim that must be seen for a circle to count, and to count in full."""
FAINT = 20.0
"""Sobel's gradient up to which there is no edge."""
ALONG = 0.85
"""Cosine of the angle between an edge's gradient and the radius from which on it is rim."""
MIXED = 0.6
"""What a rim is worth that is lighter than its inside on one half and darker on the other."""
_POINTS = 72
_OFF = np.arange(-2.0, 3.0)
"""Pixels by which a rim may lie elsewhere."""
_ELSEWHERE = np.array([1, 0.7, 1.35])
"""Radii at which is looked: in a texture there is an edge at any."""

Derivative: TypeAlias = NDArray[np.integer | np.floating]
"""(H, W) of the picture, in one direction."""

PARAMETERS = str(
    (SMALLEST, LARGEST, SOFT, PERFECT, EDGE, MOST, FULL_SIZE, RIM, WHOLE, FAINT, ALONG, MIXED)
)
"""What changes a result."""


def circles(grey: Grey) -> Rows:
    """The (CIRCLES,) strongest circles of a picture fitted into the screen, the rest zeros.

    5 ms on one core.
    """
    import cv2

    smooth = cv2.GaussianBlur(grey, (0, 0), SOFT)
    found = cv2.HoughCircles(
        smooth, cv2.HOUGH_GRADIENT_ALT, 1.5, 12,
        param1=EDGE, param2=PERFECT, minRadius=SMALLEST, maxRadius=LARGEST,
    )  # fmt: skip
    kept = np.zeros(CIRCLES, CIRCLE)
    if found is None:
        return kept
    x, y, radius = found[0, :MOST, :3].T.astype(np.float64)
    gradient = cv2.Sobel(smooth, cv2.CV_16S, 1, 0), cv2.Sobel(smooth, cv2.CV_16S, 0, 1)
    strength = _strengths(gradient, x + 1j * y, radius)
    strongest = np.argsort(-strength, kind="stable")[:CIRCLES]
    strongest = strongest[strength[strongest] > 0]
    count, (height, width) = len(strongest), grey.shape
    kept["x"][:count] = (x[strongest] + 0.5 - width / 2) / WIDTH
    kept["y"][:count] = (y[strongest] + 0.5 - height / 2) / WIDTH
    kept["radius"][:count] = radius[strongest] / WIDTH
    kept["strength"][:count] = strength[strongest]
    return kept


def _strengths(
    gradient: tuple[Derivative, Derivative],
    centres: NDArray[np.complex128],
    radii: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(K,) how much each circle draws the eye, 0 to 1: by its size, and how much rim is seen.

    A point of the rim is seen if an edge runs along it. What is seen at other radii is taken off.
    """
    out = np.exp(2j * np.pi * np.arange(_POINTS) / _POINTS)
    reach = radii[:, None, None] * _ELSEWHERE[:, None] + _OFF
    points = centres[:, None, None, None] + reach[..., None] * out
    columns, rows = (np.rint(part).astype(np.int64) for part in (points.real, points.imag))
    height, width = gradient[0].shape
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    at = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    here = gradient[0][at] + 1j * gradient[1][at]
    across, strength = (here * out.conjugate()).real, np.abs(here)
    across[~(inside & (strength > FAINT) & (np.abs(across) > ALONG * strength))] = 0
    lighter, darker = across.max(axis=2), -across.min(axis=2)
    share = ((lighter > 0) | (darker > 0)).mean(axis=2)
    whole = (share[:, 0] - share[:, 1:].mean(axis=1) / 2 - RIM) / (WHOLE - RIM)
    sides = np.sign(lighter[:, 0] - darker[:, 0]).mean(axis=1) / np.maximum(share[:, 0], 1e-6)
    one_kind = MIXED + (1 - MIXED) * np.abs(sides)
    size = np.minimum(radii / WIDTH / FULL_SIZE, 1)
    return np.asarray(np.clip(whole, 0, 1) * np.clip(one_kind, 0, 1) * size, np.float64)
