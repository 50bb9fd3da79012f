"""What looks like a transition and is none, drawn into one take."""

from __future__ import annotations

import cv2
import numpy as np

from matchcut.types import Picture
from tests.joined.script import Trouble


def troubled(trouble: Trouble, at: int, picture: Picture) -> Picture:
    """Picture `at` (0 to its length - 1) of a trouble other than a whip pan or bars."""
    draw = np.random.default_rng(trouble.seed)
    count = trouble.end - trouble.start
    if trouble.kind == "flash":
        strength = draw.uniform(0.6, 0.97) * (1 - 0.35 * at / count)
        return _lifted(picture, 1 - strength, 255 * strength)
    if trouble.kind == "lightning":
        strike = draw.uniform(0, 1, count) < 0.45
        strike[0] = strike[-1] = True
        strength = draw.uniform(0.3, 0.9, count)[at]
        return _lifted(picture, 1 + 1.2 * strength, 70 * strength) if strike[at] else picture
    if trouble.kind == "strobe":
        period = int(draw.integers(2, 5))
        lit = at % period < max(1, period // 2)
        return _lifted(picture, 1.5, 45) if lit else _lifted(picture, 0.3, 0)
    if trouble.kind == "exposure":
        target = draw.uniform(0.35, 0.6) if draw.uniform() < 0.5 else draw.uniform(1.6, 2.4)
        share = np.sin(np.pi * (at + 1) / (count + 1))
        return _lifted(picture, 1 + (target - 1) * share, 0)
    if trouble.kind == "pass":
        return _passed(draw, (at + 1) / (count + 1), picture)
    if trouble.kind == "caption":
        return _captioned(draw, picture)
    raise ValueError(f"{trouble.kind} is not drawn into a picture")


def _lifted(picture: Picture, gain: float, lift: float) -> Picture:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=gain, beta=lift), np.uint8)


def _passed(draw: np.random.Generator, share: float, picture: Picture) -> Picture:
    """A blurred body, as near to the lens as to cover most of the picture, goes across it."""
    height, width = picture.shape[:2]
    bright = draw.uniform() < 0.3
    colour = draw.uniform(150, 235, 3) if bright else draw.uniform(4, 50, 3)
    half = width * draw.uniform(0.3, 0.55)
    edge = width * draw.uniform(0.03, 0.09)
    slant = draw.uniform(-0.35, 0.35)
    centre = -half - edge + share * (width + 2 * half + 2 * edge)
    if draw.uniform() < 0.5:
        centre = width - centre
    rows = np.arange(height, dtype=np.float32)[:, np.newaxis] - height / 2
    away = np.abs(np.arange(width, dtype=np.float32) - centre + slant * rows)
    cover = np.clip((half + edge / 2 - away) / edge, 0, 1)[:, :, np.newaxis]
    shade = (colour * (1 + 0.12 * np.sin(rows / 17))[:, :, np.newaxis]).astype(np.float32)
    return np.asarray(np.clip(picture + (shade - picture) * cover, 0, 255), np.uint8)


def _captioned(draw: np.random.Generator, picture: Picture) -> Picture:
    """A lower third: two lines of text on a band."""
    height, width = picture.shape[:2]
    shown = picture.copy()
    top, low = int(height * 0.72), int(height * 0.9)
    left, right = int(width * 0.06), int(width * draw.uniform(0.45, 0.8))
    band = tuple(int(value) for value in draw.integers(10, 110, 3))
    cv2.rectangle(shown, (left, top), (right, low), band, -1)
    words = "".join(chr(97 + int(letter)) for letter in draw.integers(0, 26, 14))
    for line, part in enumerate((words[:9].title(), words[9:].title())):
        place = (left + 6, top + int((line + 1) * (low - top) * 0.43))
        cv2.putText(shown, part, place, cv2.FONT_HERSHEY_SIMPLEX, height / 400, (240, 240, 240), 1)
    return shown
