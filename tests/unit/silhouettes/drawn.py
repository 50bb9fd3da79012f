"""Shots whose subject is known, because it was drawn: a red figure before a dull plate."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes import canvas
from matchcut.types import Window

RATE = Fraction(1, 24)


def backdrop(height: int, width: int) -> NDArray[np.uint8]:
    """A soft, textured plate of dull colours, the same every time."""
    noise = np.random.default_rng(7).normal(size=(height, width + 80, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3.0)
    return np.clip(110 + 120 * soft * np.array([1, 0.9, 0.8]), 0, 255).astype(np.uint8)


def walker(height: int, width: int, share: float, frames: int = 13, pan: float = 0.0) -> Window:
    """A red figure at `share` of the width, that moves a little before a panning plate."""
    plate = backdrop(height, width)
    pictures = []
    for step in range(frames):
        away = step - frames // 2
        left = 40 + round(pan * away)
        picture = plate[:, left : left + width].copy()
        x = round(share * width + 2 * away)
        cv2.ellipse(
            picture,
            (x, round(height * 0.75)),
            (height // 6, round(height * 0.4)),
            0,
            0,
            360,
            (200, 40, 30),
            -1,
        )
        cv2.circle(picture, (x, round(height * 0.28)), height // 9, (230, 170, 140), -1)
        pictures.append(picture)
    pts = np.arange(frames, dtype=np.int64) * 2
    return Window(np.stack(pictures), pts, RATE, frames // 2)


def figure(height: int, width: int, share: float) -> NDArray[np.bool_]:
    """(36, 64) the cells that the figure of `walker` covers in its centre frame."""
    drawn = np.zeros((height, width), np.uint8)
    x = round(share * width)
    cv2.ellipse(
        drawn, (x, round(height * 0.75)), (height // 6, round(height * 0.4)), 0, 0, 360, 1, -1
    )
    cv2.circle(drawn, (x, round(height * 0.28)), height // 9, 1, -1)
    rows, columns = canvas.placed(height, width)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    whole = np.zeros((canvas.ROWS, canvas.COLUMNS), bool)
    whole[rows, columns] = cv2.resize(drawn.astype(np.float32), size, interpolation=3) > 0.5
    return whole


def overlap(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float((a & b).sum() / max((a | b).sum(), 1))
