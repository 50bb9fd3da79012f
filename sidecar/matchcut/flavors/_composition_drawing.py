"""The picture of a composition match: lines and circles of both, those they share drawn strong."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._arrangement import same_circle, same_line
from matchcut.types import Evidence, Picture, Rows

OUTGOING = (255, 176, 59)
"""Warm RGB of the outgoing shot."""
INCOMING = (70, 200, 255)
"""Cool RGB of the incoming shot."""
_DIMMED = 0.4
_SHARED = 0.25
"""Likeness of two elements from which on they are the reason."""
_FAINT = 0.45
"""Opacity of what the other picture lacks."""


def drawn(outgoing: Evidence, incoming: Evidence) -> Picture:
    """A's lines and circles warm, B's cool, over the outgoing picture dimmed.

    Returns:
        (H, W, 3) uint8 RGB, of the outgoing picture's size.
    """
    picture = outgoing.picture
    width = picture.shape[1]
    grey = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) * _DIMMED).astype(np.uint8)
    canvas = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    thick = max(2, round(width / 130))
    sides = [(outgoing.row[0], OUTGOING), (incoming.row[0], INCOMING)]
    shared = _shared(outgoing.row[0], incoming.row[0])
    for strong in (False, True):
        layer = canvas.copy()
        for place, (row, color) in enumerate(sides):
            # B's shared elements are drawn thinner, so that A's are seen below where they coincide.
            wide = (thick + 2 if place == 0 else thick) if strong else max(1, thick // 3)
            for number, line in enumerate(row["lines"]):
                if line["strength"] > 0 and shared["lines"][place][number] == strong:
                    _line(layer, line, color, wide)
            for number, circle in enumerate(row["circles"]):
                if circle["strength"] > 0 and shared["circles"][place][number] == strong:
                    _circle(layer, circle, color, wide)
        share = 1.0 if strong else _FAINT
        canvas = np.asarray(cv2.addWeighted(layer, share, canvas, 1 - share, 0), np.uint8)
    return canvas


def _shared(a: Rows, b: Rows) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Which lines and circles of either picture are in the other, too."""
    result = {}
    for name, same in (("lines", same_line), ("circles", same_circle)):
        left, right = a[name], b[name]
        there = (left["strength"][:, None] > 0) & (right["strength"][None] > 0)
        alike = (same(left[:, None], right[None]) > _SHARED) & there
        result[name] = np.asarray(alike.any(axis=1)), np.asarray(alike.any(axis=0))
    return result


def _place(canvas: Picture, x: float, y: float) -> tuple[int, int]:
    height, width = canvas.shape[:2]
    unit = _unit(canvas)
    return round(width / 2 + x * unit), round(height / 2 + y * unit)


def _unit(canvas: Picture) -> float:
    """Pixels of the width of a screen into which the picture is fitted."""
    height, width = canvas.shape[:2]
    return float(max(width, height * 16 / 9))


def _line(canvas: Picture, line: Rows, color: tuple[int, int, int], thick: int) -> None:
    ends = [
        _place(
            canvas,
            float(line["x"] + sign * line["half"] * line["along_x"]),
            float(line["y"] + sign * line["half"] * line["along_y"]),
        )
        for sign in (-1, 1)
    ]
    cv2.line(canvas, ends[0], ends[1], color, thick, cv2.LINE_AA)


def _circle(canvas: Picture, circle: Rows, color: tuple[int, int, int], thick: int) -> None:
    centre = _place(canvas, float(circle["x"]), float(circle["y"]))
    radius = max(1, round(float(circle["radius"]) * _unit(canvas)))
    cv2.circle(canvas, centre, radius, color, thick, cv2.LINE_AA)
