"""Contact sheets of planted pairs, for a person to look at: `python -m tests.passing.sheet DIR`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.passing.draw import frame_at, mask_at
from tests.passing.script import Film, Planted
from tests.passing.stance import onto

_WIDTH, _HEIGHT, _CAPTION = 256, 144, 16
_STEPS = (-12, 0, 12)
"""Frames from the known one that are shown."""
_WARM, _COOL = (255, 190, 0), (0, 220, 255)


def pair_row(film: Film, planted: Planted) -> NDArray[np.uint8]:
    """A around its known frame, B around its own, and both silhouettes laid over each other.

    The last picture has A's silhouette warm and B's cool, once reframed as is planted.
    """
    tiles = []
    for shot, at in ((planted.outgoing, planted.leave), (planted.incoming, planted.enter)):
        first, last = film.starts[shot], film.starts[shot + 1] - 1
        for step in _STEPS:
            frame = min(max(at + step, first), last)
            colour = _WARM if shot == planted.outgoing else _COOL
            tiles.append(_tile(_outlined(film, frame, colour), f"{film.shots[shot].tag} {frame}"))
    matrix = onto(planted.framing, film.width, film.height)[:2]
    warm = mask_at(film, planted.leave).astype(np.uint8)
    there = mask_at(film, planted.enter).astype(np.uint8)
    cool = cv2.warpAffine(there, matrix, (film.width, film.height))
    both = frame_at(film, planted.leave) // 3
    for mask, colour in ((warm, _WARM), (cool, _COOL)):
        both[mask > 0] = both[mask > 0] // 2 + np.array(colour, np.uint8) // 2
    framing = planted.framing
    says = "as they are"
    if framing is not None:
        says = (
            f"{framing.side[:3]} x{framing.scale} {framing.rotation}deg {framing.right:+}"
            f" {framing.down:+}{' flop' if framing.flop else ''}"
        )
    return np.hstack([*tiles, _tile(both, says)])


def sheet(film: Film, most: int = 12) -> NDArray[np.uint8]:
    """The rows of the film's first pairs, one under the other."""
    return np.vstack([pair_row(film, planted) for planted in film.truth()[:most]])


def _outlined(film: Film, frame: int, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    picture = frame_at(film, frame)
    mask = mask_at(film, frame).astype(np.uint8)
    edges, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, edges, -1, colour, 2)
    return picture


def _tile(picture: NDArray[np.uint8], caption: str) -> NDArray[np.uint8]:
    small = cv2.resize(picture, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
    tile = np.pad(small, ((0, _CAPTION), (0, 2), (0, 0)), constant_values=24)
    spot = (3, _HEIGHT + 12)
    cv2.putText(
        tile, caption, spot, cv2.FONT_HERSHEY_SIMPLEX, 0.36, (230, 230, 230), 1, cv2.LINE_AA
    )
    return np.asarray(tile, np.uint8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one sheet a film of the benchmark; exit status 0."""
    from PIL import Image

    from tests.passing.films import films

    folder = Path((arguments or sys.argv[1:])[0])
    folder.mkdir(parents=True, exist_ok=True)
    for film in films():
        Image.fromarray(sheet(film)).save(folder / f"{film.name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
