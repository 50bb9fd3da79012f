"""Contact sheets of silhouettes, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import placed
from tests.subjects.frames import Subject

_ACROSS, _DOWN = 5, 6
_TILE = (200, 320)


class Judgement(Protocol):
    @property
    def mask(self) -> NDArray[np.bool_]: ...
    @property
    def overlap(self) -> float: ...
    @property
    def trust(self) -> float: ...


def write(
    folder: Path,
    subjects: Sequence[Subject],
    judged: Sequence[Judgement],
) -> None:
    """Writes pages of 30 frames as PNG: the drawn outline green, ours red, and the figures."""
    folder.mkdir(parents=True, exist_ok=True)
    tiles = [_tile(*each) for each in zip(subjects, judged, strict=True)]
    page = _ACROSS * _DOWN
    for start in range(0, len(tiles), page):
        shown = tiles[start : start + page]
        shown += [np.zeros_like(tiles[0])] * (page - len(shown))
        rows = [np.hstack(shown[at : at + _ACROSS]) for at in range(0, page, _ACROSS)]
        cv2.imwrite(str(folder / f"page{start // page}.png"), np.vstack(rows)[..., ::-1])


def _tile(subject: Subject, judged: Judgement) -> NDArray[np.uint8]:
    picture = np.ascontiguousarray(subject.window.pictures[subject.window.centre])
    height, width = picture.shape[:2]
    picture = picture.copy()
    rows, columns = placed(height, width)
    for mask, colour in ((subject.truth(), (0, 255, 0)), (judged.mask, (255, 0, 0))):
        cells = mask[rows, columns].astype(np.uint8)
        large = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
        lines, _ = cv2.findContours(large, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, lines, -1, colour, 1)
    tile = np.zeros((*_TILE, 3), np.uint8)
    tile[:height, :width] = picture
    text = f"{subject.group[-22:]} {subject.frame} IoU {judged.overlap:.2f} conf {judged.trust:.2f}"
    cv2.putText(tile, text, (4, 195), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    return tile
