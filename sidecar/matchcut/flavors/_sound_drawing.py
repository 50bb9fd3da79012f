"""The picture of a sound match: the end of A over the start of B in time, and where the cut is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._joining import joined
from matchcut.flavors._overlap import edge, same_kind
from matchcut.flavors._spectrum import AUDIBLE, FRAMES, HOP, WIDTH
from matchcut.types import SOUND_RATE, Picture, Rows

OUTGOING, INCOMING = (255, 176, 59), (70, 200, 255)
"""Warm RGB of the end of A, above; cool RGB of the start of B, below."""
_WHITE = (255, 255, 255)
_DIMMED = 0.3
_UNHEARD = 0.45
"""Brightness of what the cut leaves out."""
_DARK, _BRIGHT = 35.0, 10.0
"""dB below the loudest band that are black, and above it that are of full colour."""
_PANEL = 0.37
"""Height of either sound, of the picture's."""
_FRAME = HOP / SOUND_RATE
"""Seconds."""


def drawn(picture: Picture, outgoing: Rows, incoming: Rows) -> Picture:
    """Both sounds in the colours of their sides, low tones at the bottom, on one scale of time.

    What is heard before and after the cut is bright, what the cut leaves out is dim. Where no
    overlap was found, B follows A.

    Args:
        picture: The outgoing one, dimmed behind.
        outgoing: (1,) row of `SIDE`, a tail.
        incoming: (1,) row of `SIDE`, a head.

    Returns:
        (H, W, 3) uint8 RGB, of the picture's size.
    """
    canvas = (picture * _DIMMED).astype(np.uint8)
    height, width = canvas.shape[:2]
    ends, starts = (int(side["frames"][0]) for side in (outgoing, incoming))
    if not ends or not starts:
        return _written(canvas, "nothing to hear" if not ends + starts else "one side is silent")
    join = joined(outgoing, incoming)
    # Seconds from where A's stretch begins.
    last = ends * _FRAME + WIDTH / SOUND_RATE
    first = last - float(join.overlap) if join else last
    cut = first + float(join.enter) if join else last
    scale = width / max(last, first + starts * _FRAME)
    panel = max(round(height * _PANEL), 1)
    gap = max(round(height * 0.02), 1)
    for row, color, begin, top, kept in (
        (_level(outgoing[0])[FRAMES - ends :], OUTGOING, 0.0, gap, (0.0, cut)),
        (_level(incoming[0])[:starts], INCOMING, first, panel + 2 * gap, (cut, np.inf)),
    ):
        left = min(round(begin * scale), width - 1)
        across = max(min(round(len(row) * _FRAME * scale), width - left), 1)
        shown = _tinted(row, color, (across, panel))
        seconds = (np.arange(across) + 0.5 + left) / scale
        shown[:, (seconds < kept[0]) | (seconds > kept[1])] *= _UNHEARD
        canvas[top : top + panel, left : left + across] = shown[: height - top]
    letter = panel / 130
    down = round(22 * letter)
    _shadowed(canvas, "A", (round(6 * letter), gap + down), letter, OUTGOING)
    right = width - round(24 * letter)
    _shadowed(canvas, "B", (right, panel + 2 * gap + down), letter, INCOMING)
    place = min(round(cut * scale), width - 1)
    thick = max(1, width // 240)
    cv2.line(canvas, (place, 0), (place, 2 * panel + 3 * gap), _WHITE, thick, cv2.LINE_AA)
    for tick in np.arange(0, width / scale, 0.5):
        at = round(tick * scale)
        cv2.line(canvas, (at, 2 * panel + 3 * gap), (at, 2 * panel + 5 * gap), (150, 150, 150), 1)
    if join is None:
        kind = same_kind(*(edge(one, tail=False, pool=1) for one in (outgoing, incoming)))[0, 0]
        found = "steady sounds of one kind" if kind > 0 else "no sound in common"
        return _written(canvas, f"{found}: A ends, B starts")
    return _written(
        canvas, f"cut {float(join.leave):.2f} s before A ends, {float(join.enter):.2f} s into B"
    )


def _level(side: Rows) -> NDArray[np.float64]:
    """(FRAMES, bands) dB against the loudest band of the stretch's mean envelope; silence black."""
    envelope = side["envelope"].astype(np.float64)
    level = side["changes"] + envelope - envelope.max()
    return np.where(side["loud"][:, None] >= AUDIBLE, level, -_DARK)


def _tinted(
    level: NDArray[np.float64], color: tuple[int, int, int], size: tuple[int, int]
) -> NDArray[np.float32]:
    """(H, W, 3) the envelopes as brightness of a colour, time to the right and pitch upwards."""
    light = np.clip((level.T[::-1] + _DARK) / (_DARK + _BRIGHT), 0, 1).astype(np.float32)
    large = cv2.resize(light, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0])
    return np.asarray(large[..., None] ** 1.5 * np.asarray(color, np.float32), np.float32)


def _written(canvas: Picture, text: str) -> Picture:
    """The canvas with a line of text at the bottom, as large as fits."""
    height, width = canvas.shape[:2]
    font = cv2.FONT_HERSHEY_SIMPLEX
    (length, tall), _ = cv2.getTextSize(text, font, 1.0, 1)
    size = min(0.94 * width / length, 0.1 * height / tall)
    across = round(length * size)
    place = ((width - across) // 2, height - max(round(height * 0.035), 1))
    _shadowed(canvas, text, place, size, _WHITE)
    return canvas


def _shadowed(
    canvas: Picture, text: str, place: tuple[int, int], size: float, color: tuple[int, int, int]
) -> None:
    font, thick, off = cv2.FONT_HERSHEY_SIMPLEX, max(1, canvas.shape[1] // 400), 1
    cv2.putText(canvas, text, (place[0] + off, place[1] + off), font, size, (0, 0, 0), thick)
    cv2.putText(canvas, text, place, font, size, color, thick, cv2.LINE_AA)
