"""The picture of a movement match: arrows of both sides, and a few words, on a dimmed picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture

OUTGOING = (255, 176, 59)
"""Warm RGB of the outgoing shot."""
INCOMING = (70, 200, 255)
"""Cool RGB of the incoming shot."""
_DIMMED = 0.5
_LONGEST = 0.13
"""Picture widths of the longest arrow, unless that would be more than the way of a second."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """The movement of one side."""

    velocity: NDArray[np.float64]
    """(rows, columns, 2) widths a second, x right and y down; spread evenly over the picture."""
    words: str
    """What it is, in ASCII."""


def drawn(picture: Picture, outgoing: Arrows, incoming: Arrows) -> Picture:
    """The outgoing picture, grey and dimmed, under the arrows and words of both sides.

    All arrows are of one scale: A's lie a little to the left of the place they stand for, B's a
    little to the right.
    """
    height, width = picture.shape[:2]
    grey = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) * _DIMMED).astype(np.uint8)
    canvas = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    fastest = max(float(np.hypot(*np.moveaxis(side.velocity, -1, 0)).max(initial=0))
                  for side in (outgoing, incoming))  # fmt: skip
    seconds = min(_LONGEST / max(fastest, 1e-6), 1.0)
    for side, color, aside in ((outgoing, OUTGOING, -0.2), (incoming, INCOMING, 0.2)):
        rows, columns = side.velocity.shape[:2]
        for row, column in np.ndindex(rows, columns):
            way = side.velocity[row, column] * seconds * width
            if float(np.hypot(*way)) >= 1:
                place = (column + 0.5 + aside) * width / columns, (row + 0.5) * height / rows
                _arrow(canvas, np.array(place), way, color)
    _write(canvas, ((f"A {outgoing.words}", OUTGOING), (f"B {incoming.words}", INCOMING)))
    return canvas


def _arrow(
    canvas: Picture,
    place: NDArray[np.float64],
    way: NDArray[np.float64],
    color: tuple[int, int, int],
) -> None:
    start, end = (
        tuple(np.rint(point).astype(int).tolist()) for point in (place - way / 2, place + way / 2)
    )
    thick = max(1, round(canvas.shape[1] / 200))
    tip = min(0.5, 0.02 * canvas.shape[1] / float(np.hypot(*way)))
    for extra, shade in ((2, (0, 0, 0)), (0, color)):
        cv2.arrowedLine(canvas, start, end, shade, thick + extra, cv2.LINE_AA, tipLength=tip)


def _write(canvas: Picture, lines: Sequence[tuple[str, tuple[int, int, int]]]) -> None:
    """One line under the other on a dark strip at the lower edge, as large as fits."""
    height, width = canvas.shape[:2]
    font, thick = cv2.FONT_HERSHEY_DUPLEX, max(1, width // 640)
    widest = max(cv2.getTextSize(words, font, 1.0, thick)[0][0] for words, _ in lines)
    scale = min(0.94 * width / widest, height / 400)
    step = max(1, round(32 * scale))
    top = max(0, height - step * len(lines) - step // 3)
    canvas[top:] //= 4
    for number, (words, color) in enumerate(lines):
        place = (round(0.02 * width), top + step * (number + 1) - step // 8)
        cv2.putText(canvas, words, place, font, scale, color, thick, cv2.LINE_AA)
