"""Frames with a hand-drawn main subject, as windows of frames, and their true masks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS, fitted, placed
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Span, Window

_BLACK = 24
"""Brightness up to which a row or column counts as black bar."""
_FINER = 8
"""Sub-cells along one side of a cell when a polygon is drawn."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One frame of which the main subject is known, or known to be missing."""

    file: str
    frame: int
    film: str
    """Films are held out whole: two files of one film, or of one sitting, have one name."""
    group: str
    """Frames that show the same subject; of frames without one, the film."""
    window: Window
    polygons: Sequence[Sequence[tuple[float, float]]]
    """Percent of the picture's width and height; none where there is no subject."""

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the picture."""
        height, width = self.window.pictures.shape[1:3]
        return height, width

    def truth(self) -> NDArray[np.bool_]:
        """The subject on the canvas: (36, 64) bool."""
        rows, columns = placed(*self.size)
        mask = np.zeros((ROWS, COLUMNS), np.bool_)
        drawn = self.drawn(rows.stop - rows.start, columns.stop - columns.start)
        mask[rows, columns] = drawn > 0.5
        return mask

    def drawn(self, rows: int, columns: int) -> NDArray[np.float32]:
        """The share of each cell that the subject covers: (rows, columns) float32."""
        fine = np.zeros((rows * _FINER, columns * _FINER), np.float32)
        for polygon in self.polygons:
            corners = np.array(polygon) / 100 * (columns * _FINER, rows * _FINER)
            cv2.fillPoly(fine, [np.round(corners).astype(np.int32)], 1.0)
        return np.asarray(cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA))


DRAWN = Path(__file__).with_name("drawn")
"""One file a film: frames drawn by this project besides those of the footage's own list."""


def film_of(file: str) -> str:
    """The name under which a file is held out."""
    stem = Path(file).stem
    return next((film for film in ("sintel", "asl") if film in stem), stem)


def everything(assets: Path) -> list[Subject]:
    """Every frame there is: first those of `subjects.json`, then those of `drawn/`, by film."""
    return _loaded(assets, listed(assets))


def listed(assets: Path) -> list[Any]:
    """What is listed of every frame, in the order of `everything`, without its pictures."""
    return [*_first(assets), *_drawn()]


def first(assets: Path) -> list[Subject]:
    """The frames of `subjects.json` alone, on which earlier figures were measured."""
    return _loaded(assets, _first(assets))


def annotated_in(assets: Path, file: str, frame: int) -> list[Subject]:
    """The one frame of `subjects.json` with this file and index, or none."""
    return _loaded(
        assets, [at for at in _first(assets) if (at["file"], at["frame"]) == (file, frame)]
    )


def listed_shots(assets: Path) -> dict[tuple[str, int], tuple[int, int]]:
    """By file and frame of `subjects.json`, the first frame of its shot and the one after it."""
    return {(at["file"], at["frame"]): tuple(at["shot"]) for at in _first(assets)}


def _first(assets: Path) -> list[Any]:
    listed: list[Any] = json.loads((assets / "subjects.json").read_text())["frames"]
    return listed


def _drawn() -> list[Any]:
    films = [json.loads(path.read_text()) for path in sorted(DRAWN.glob("*.json"))]
    return [{"file": film["file"]} | frame for film in films for frame in film["frames"]]


def _loaded(assets: Path, listed: Sequence[Any]) -> list[Subject]:
    by_file: dict[str, list[int]] = {}
    for position, entry in enumerate(listed):
        by_file.setdefault(entry["file"], []).append(position)
    windows: dict[int, Window] = {}
    for file, positions in by_file.items():
        wanted = [(listed[at]["frame"], tuple(listed[at]["shot"])) for at in positions]
        windows |= dict(zip(positions, decoded(assets / file, wanted), strict=True))
    return [
        Subject(
            file=entry["file"],
            frame=entry["frame"],
            film=film_of(entry["file"]),
            group=entry["group"] if entry["polygons"] else f"nobody in {film_of(entry['file'])}",
            window=windows[position],
            polygons=entry["polygons"],
        )
        for position, entry in enumerate(listed)
    ]


def decoded(path: Path, wanted: Sequence[tuple[int, tuple[int, int]]]) -> list[Window]:
    """The window of each (frame, shot) of a file, as the frame flavor asks for it.

    Black bars are cut by brightness over all frames kept; frames are counted as they are shown.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        rate = stream.average_rate or Fraction(25)
        aspect = float(stream.sample_aspect_ratio or 1)
        asked = [_instants(frame, shot, rate) for frame, shot in wanted]
        needed = set().union(*asked)
        kept: dict[int, NDArray[np.uint8]] = {}
        brightest: NDArray[np.uint8] | None = None
        for index, frame in enumerate(container.decode(stream)):
            if index in needed or index % 25 == 0:
                picture = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
                light = picture.max(axis=2)
                brightest = light if brightest is None else np.maximum(brightest, light)
                if index in needed:
                    kept[index] = picture
            if index >= max(needed):
                break
    if brightest is None:
        raise ValueError(f"{path} has no frames")
    lit = brightest > _BLACK
    down, across = (np.flatnonzero(lit.mean(axis=axis) > 0.02) for axis in (1, 0))
    top, bottom, left, right = down[0], down[-1] + 1, across[0], across[-1] + 1
    height, width = fitted(bottom - top, round((right - left) * aspect), 180, 320)
    result = []
    for (middle, _), indices in zip(wanted, asked, strict=True):
        there = [index for index in sorted(indices) if index in kept]
        pictures = [
            cv2.resize(
                kept[index][top:bottom, left:right], (width, height), interpolation=cv2.INTER_AREA
            )
            for index in there
        ]
        centre = min(range(len(there)), key=lambda at: abs(there[at] - middle))
        result.append(Window(np.stack(pictures), np.array(there), 1 / rate, centre))
    return result


def _instants(frame: int, shot: tuple[int, int], rate: Fraction) -> set[int]:
    """The frame indices that the flavor would ask for if `frame` were its moment."""
    span = Span(shot[0], shot[1], 1 / rate)
    return set(WEIGHT_FREE.window(span, frame).instants)
