"""Draws what detectors found: recall by kind, F1 by look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.joined.score import Tally
from tests.joined.script import KINDS

_COLOURS = ((66, 133, 244), (230, 126, 34), (120, 120, 128), (39, 174, 96), (155, 89, 182))
_NAMES, _BAR, _LENGTH = 190, 13, 420
_HEAD, _GAP = 62, 9
_INK, _FAINT = (40, 40, 44), (225, 225, 228)

Tallies = Mapping[str, Mapping[str, Tally]]
"""By detector, then by kind or look."""


def chart(kinds: Tallies, looks: Tallies, to: Path) -> None:
    """Writes a PNG with two panels of bars from 0 to 1, one bar a detector."""
    names = list(kinds)
    rows = [kind for kind in KINDS if any(kind in one for one in kinds.values())]
    recalls = {
        f"{row} ({_true(kinds, row)})": [kinds[name].get(row, Tally()).recall for name in names]
        for row in rows
    }
    films = list(next(iter(looks.values()), {}))
    scores = {row: [looks[name].get(row, Tally()).f1 for name in names] for row in films}
    panels = [_panel("recall by kind", recalls, names), _panel("F1 by look", scores, names)]
    height = max(len(one) for one in panels)
    filled = [
        cv2.copyMakeBorder(one, 0, height - len(one), 0, 0, cv2.BORDER_CONSTANT, value=(255,) * 3)
        for one in panels
    ]
    if not cv2.imwrite(str(to), cv2.cvtColor(np.hstack(filled), cv2.COLOR_RGB2BGR)):
        raise OSError(f"{to} cannot be written")


def _true(kinds: Tallies, row: str) -> int:
    one = next(tallies[row] for tallies in kinds.values() if row in tallies)
    return one.found + one.missed


def _panel(title: str, rows: Mapping[str, list[float]], names: list[str]) -> NDArray[np.uint8]:
    row_height = _BAR * len(names) + _GAP
    height = _HEAD + row_height * len(rows) + 12
    image = np.full((height, _NAMES + _LENGTH + 70, 3), 255, np.uint8)
    _text(image, title, (12, 24), 0.62)
    x = 12
    for place, name in enumerate(names):
        cv2.rectangle(image, (x, 38), (x + 10, 48), _colour(place), cv2.FILLED)
        _text(image, name, (x + 15, 48))
        x += 35 + 9 * len(name)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = _NAMES + round(share * _LENGTH)
        cv2.line(image, (at, _HEAD - 4), (at, height - 8), _FAINT, 1)
    for number, (row, values) in enumerate(rows.items()):
        top = _HEAD + row_height * number
        _text(image, row, (12, top + row_height // 2))
        for place, value in enumerate(values):
            y = top + _BAR * place
            right = _NAMES + round(value * _LENGTH)
            cv2.rectangle(image, (_NAMES, y), (right, y + _BAR - 3), _colour(place), cv2.FILLED)
            _text(image, f"{value:.2f}", (right + 6, y + _BAR - 3), 0.36)
    return image


def _colour(place: int) -> tuple[int, int, int]:
    return _COLOURS[place % len(_COLOURS)]


def _text(image: NDArray[np.uint8], text: str, at: tuple[int, int], size: float = 0.42) -> None:
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, _INK, 1, cv2.LINE_AA)
