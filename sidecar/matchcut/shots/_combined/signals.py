"""What can be said of frames cheaply: how they change, and how like each other they are.

All of it is computed on the network's own 48x27 frames, many at once. Values are those of 8-bit
pictures, 0 to 255, after the gain that brings a dark film up.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.shots._combined.graph import HEIGHT, WIDTH

Floats = NDArray[np.float32]

_CHANGE = (9, 8)
"""Height and width of the tiles in which the change from frame to frame is measured."""
_TILE = (5, 6)
"""Height and width of the tiles that a wipe passes one after the other; two lines are left over."""
TILES = (HEIGHT // _TILE[0], WIDTH // _TILE[1])
"""Rows and columns of those tiles."""
STRIDE = 2
"""Frames between the two that `swept` compares."""

_BRIGHT = 230.0
"""To which the brightest half percent of a dark stretch is brought."""
_DARK = 1.6
"""A gain below it would change little, and is left out."""
_LARGEST_GAIN = 8.0


@dataclass(frozen=True, slots=True)
class Signals:
    """Of T frames that follow each other."""

    change: Floats
    """(T,) how unlike a frame is to the one before, movement of up to a pixel made good."""
    swept: Floats
    """(T, 5, 8) the same for each tile and the frame `STRIDE` before, movement of up to two."""
    colours: Floats
    """(T, 5, 8, 3) mean colour of each tile."""

    def __len__(self) -> int:
        return len(self.change)


def gain_of(frames: NDArray[np.uint8]) -> float:
    """What to multiply (T, 27, 48, 3) frames by so that a dark film is read like others."""
    counts = np.bincount(frames.max(axis=3).ravel(), minlength=256).cumsum()
    bright = int(np.searchsorted(counts, 0.995 * counts[-1]))
    gain = min(_LARGEST_GAIN, _BRIGHT / max(bright, 1))
    return gain if gain > _DARK else 1.0


def brightened(frames: NDArray[np.uint8], gain: float) -> NDArray[np.uint8]:
    """The frames multiplied by `gain`; what exceeds 255 is 255."""
    bright = cv2.convertScaleAbs(frames.reshape(-1, WIDTH), alpha=gain)
    return np.asarray(bright, np.uint8).reshape(frames.shape)


def signals_of(frames: NDArray[np.uint8], before: int) -> Signals:
    """The signals of (before + T, 27, 48, 3) frames, without the first `before`.

    The first frames of a film have none before them and are compared with the first one.
    """
    missing = max(0, STRIDE - before)
    padded = np.concatenate([frames[:1]] * missing + [frames])
    wanted = len(frames) - before
    tall = cv2.cvtColor(padded.reshape(-1, WIDTH, 3), cv2.COLOR_RGB2GRAY)
    grey = np.asarray(tall, np.uint8)
    grey = grey.reshape(-1, HEIGHT, WIDTH)[-(wanted + STRIDE) :]
    change = _unlike(grey[STRIDE - 1 : -1], grey[STRIDE:], 1, _CHANGE).mean(axis=(1, 2))
    swept = _unlike(grey[:-STRIDE], grey[STRIDE:], 2, _TILE)
    return Signals(change, swept, _tiled(frames[before:].astype(np.float32), _TILE))


def _tiled(pictures: Floats, tile: tuple[int, int]) -> Floats:
    """(T, rows, columns, ...) means of each tile; what is left over at the bottom is left out."""
    rows, columns = HEIGHT // tile[0], WIDTH // tile[1]
    whole = np.ascontiguousarray(pictures[:, : rows * tile[0]])
    # One tall picture: the tiles divide it evenly, so the means are exact.
    tall = whole.reshape(-1, WIDTH, *pictures.shape[3:])
    means = cv2.resize(tall, (columns, len(pictures) * rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, np.float32).reshape(len(pictures), rows, columns, *pictures.shape[3:])


def _unlike(
    ones: NDArray[np.uint8], others: NDArray[np.uint8], reach: int, tile: tuple[int, int]
) -> Floats:
    """(T, rows, columns) mean difference of each tile where `others` is moved to fit best."""
    edge = ((0, 0), (reach, reach), (reach, reach))
    moved = np.pad(others, edge, mode="edge")
    best: Floats | None = None
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            other = np.ascontiguousarray(moved[:, down : down + HEIGHT, right : right + WIDTH])
            unlike = cv2.absdiff(ones.reshape(-1, WIDTH), other.reshape(-1, WIDTH))
            tiles = _tiled(unlike.astype(np.float32).reshape(ones.shape), tile)
            best = tiles if best is None else np.minimum(best, tiles)
    assert best is not None
    return best
