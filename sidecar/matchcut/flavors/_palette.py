"""What colours a picture has and where: a palette, a blurred histogram, a coarse layout, in OKLab.

Sources: Ottosson 2020, "A perceptual color space for image processing" (OKLab); Swain and Ballard
1991, "Color Indexing" (histograms of colour); Lloyd 1982 and Arthur and Vassilvitskii 2007
(k-means), as OpenCV implements it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._linear import encoded, linear
from matchcut.types import Picture, Rows

WIDTH, HEIGHT = 64, 36
"""Pixels that are looked at, whatever the picture's size and shape."""
COLORS = 6
"""Colours of a palette, at most."""
ROUNDS = 12
"""Rounds of k-means."""
COLUMNS, LINES = 8, 5
"""Cells of the layout."""
STEPS = (7, 13, 13)
"""Bins along lightness, along green to red and along blue to yellow."""
BLUR = 0.7
"""Standard deviation of a pixel's vote in bins."""
VIVID = 0.1
"""Chroma from which on a pixel counts in full, and by which the axes of colour are compressed."""
PALE = 0.2
"""Weight of a pixel without any colour; one in full colour weighs 1 more."""
DARK = 0.3
"""Lightness below which colours are seen less and less, down to black."""
USUAL, GAIN = 0.6, (0.6, 2.0)
"""Lightness to which a picture is brought before its colours are counted, and how far it may be."""
BLACK = 0.05
"""Lightness below which a picture is not taken to be darker."""
UNIT = 4096
"""Length of a histogram's vector, whose parts are whole numbers."""
FINE = 1000
"""Whole numbers of the layout to one of OKLab."""

ROW = np.dtype(
    [
        ("palette", "<f4", (COLORS, 3)),
        ("shares", "<f4", (COLORS,)),
        ("histogram", "<i2", (int(np.prod(STEPS)),)),
        ("layout", "<i2", (LINES, COLUMNS, 3)),
        ("lightness", "<f4"),
        ("chroma", "<f4"),
        ("variety", "<f4"),
    ]
)
"""`palette` in OKLab, by falling `shares` of the picture, which sum to 1; `histogram` the square
roots of a blurred histogram, of length `UNIT`, at `USUAL` lightness; `layout` mean OKLab of cells
over the picture's lightness, times `FINE`; `lightness` and `chroma` the root of the mean square
over the picture; `variety` the standard deviation of its colours."""

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
"""Linear sRGB to the responses of cones."""
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""Cube roots of those to lightness, green to red and blue to yellow."""


def oklab(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(..., 3) lightness 0 to 1, green to red and blue to yellow about -0.3 to 0.3."""
    return np.asarray(np.cbrt(linear(picture) @ _TO_CONES.T) @ _TO_LAB.T, np.float64)


def rgb(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    """(..., 3) uint8 sRGB of OKLab, the nearest there is."""
    cones = np.power(lab @ np.linalg.inv(_TO_LAB).T, 3)
    return encoded(cones @ np.linalg.inv(_TO_CONES).T)


def described(picture: Picture) -> Rows:
    """The (1,) row of a picture: about 10 ms on one core."""
    import cv2

    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    lab = oklab(small.astype(np.uint8, copy=False))
    # What is all but black has hardly a colour to the eye, though it may have one in numbers.
    lab[..., 1:] *= np.minimum(lab[..., :1] / DARK, 1)
    pixels = lab.reshape(-1, 3)
    row = np.zeros(1, ROW)
    row["palette"], row["shares"] = _palette(pixels)
    # Another exposure multiplies all of OKLab by one factor.
    lightness = max(float(np.sqrt(np.square(pixels[:, 0]).mean())), BLACK)
    row["histogram"] = _histogram(pixels * np.clip(USUAL / lightness, *GAIN))
    cells = cv2.resize(lab, (COLUMNS, LINES), interpolation=cv2.INTER_AREA)
    row["layout"], row["lightness"] = np.round(FINE * cells / lightness), lightness
    row["chroma"] = np.sqrt(np.square(pixels[:, 1:]).sum(axis=1).mean())
    row["variety"] = np.sqrt(pixels.var(axis=0).sum())
    return row


def _palette(pixels: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(COLORS, 3) the colours that stand for all, and (COLORS,) their shares, largest first."""
    import cv2

    # Differences of hue count double, or all colours of a palette would be lights and darks.
    spread = (pixels * (1, 2, 2)).astype(np.float32)
    ends = (cv2.TERM_CRITERIA_COUNT, ROUNDS, 0.0)
    # k-means draws from OpenCV's global generator, so that each call has to seed it anew.
    cv2.setRNGSeed(1)
    no_labels = np.zeros((len(pixels), 1), np.int32)
    _, labels, _ = cv2.kmeans(spread, COLORS, no_labels, ends, 1, cv2.KMEANS_PP_CENTERS)
    counts = np.bincount(labels.ravel(), minlength=COLORS)
    sums = [np.bincount(labels.ravel(), axis, COLORS) for axis in pixels.T]
    means = np.transpose(sums) / np.maximum(counts, 1)[:, None]
    order = np.argsort(-counts, kind="stable")
    return means[order], counts[order] / len(pixels)


def _histogram(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Square roots of the blurred histogram, rounded, in which vivid colours count more."""
    chroma = np.hypot(pixels[:, 1], pixels[:, 2])
    weight = PALE + np.minimum(chroma / VIVID, 1)
    axes = (pixels[:, 0], *((1 + np.tanh(pixels[:, 1:].T / VIVID)) / 2))
    light, red, yellow = (_votes(axis, steps) for axis, steps in zip(axes, STEPS, strict=True))
    both = (light * weight[:, None])[:, :, None] * red[:, None, :]
    # Whole numbers, so that no order of summing changes a digit.
    votes = np.rint(FINE * both.reshape(len(pixels), -1)).T @ np.rint(FINE * yellow)
    return np.asarray(np.round(UNIT * np.sqrt(votes.ravel() / votes.sum())), np.float64)


def _votes(values: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """(N, steps) how much of each value, 0 to 1, falls into each bin; rows sum to 1."""
    away = (values[:, None] * (steps - 1) - np.arange(steps)) / BLUR
    votes = np.exp(-np.square(away) / 2)
    return np.asarray(votes / votes.sum(axis=1, keepdims=True), np.float64)
