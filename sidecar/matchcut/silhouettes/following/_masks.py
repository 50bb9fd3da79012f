"""Masks carried to other frames, their edges drawn to where the colours change.

Source: Swain and Ballard 1991, "Color Indexing" (histograms of colour).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS, placed
from matchcut.silhouettes.following._places import traced
from matchcut.silhouettes.warping import Gray, Map, looked_up, still

Size: TypeAlias = tuple[int, int]

FINER = 2
"""Pixels along a side of a cell."""
LEAST = 48
"""Pixels along a side of a picture at least: flow crashes on less."""
FLAT = 2.0
"""Standard deviation of the brightness (0 to 255) up to which a frame shows nothing."""
SHADES = 16
"""Steps of red, of green and of blue that are told apart."""
RARE = 0.05
"""Pixels that every colour is taken to have inside of a mask and outside, beside those it has."""
STRONGEST = 3.0
"""Logarithm of the odds for or against a mask that a colour can give."""
COLOURS = 0.5
"""Weight of what the colours say, where 1 is that of the place."""
LOOSE = 0.7
"""Standard deviation in cells by which a mask's edge may lie elsewhere."""
EXPOSURE = 4.0
"""Times that a frame is taken to be lighter or darker than the known one, at most."""
UNLIKE = 40.0
"""Levels (of 255) by which the inside of a mask differs that leave it 37 % of its trust."""
SLACK = 0.5
"""Log odds against a mask from the colours inside of it, at which it is not trusted at all."""


def carried(
    masks: NDArray[np.bool_], pictures: NDArray[np.uint8], at: int, seconds: NDArray[np.float64]
) -> Iterator[tuple[int, NDArray[np.bool_], NDArray[np.float32]]]:
    """Each frame but `at`, in no order, with the (N, 36, 64) masks in it and how like they look.

    The (N,) likeness is 1 where the inside of a mask looks as it did, and 0 where there is none or
    it has nothing of its colours. Frames that show nothing are left out.

    Args:
        masks: (N, 36, 64) bool, on the canvas, in frame `at`; N is at least 1.
        pictures: (T, H, W, 3) uint8.
        at: The frame of the masks.
        seconds: (T,) when each frame is shown.
    """
    rows, columns = placed(*pictures.shape[1:3])
    cells = (columns.stop - columns.start, rows.stop - rows.start)
    size = (max(FINER * cells[0], LEAST), max(FINER * cells[1], LEAST))
    small = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures]
    grays = [np.asarray(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), np.uint8) for one in small]
    shown = [number for number, gray in enumerate(grays) if gray.std() > FLAT]
    if at not in shown:
        return
    stretch = _Stretch([small[n] for n in shown], [grays[n] for n in shown], shown.index(at))
    large = [
        np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_NEAREST), np.float32)
        for one in masks[:, rows, columns].astype(np.float32)
    ]
    known = [stretch.known(mask) for mask in large]
    anything = stretch.known(np.max(large, axis=0))

    def likely(frame: int, places: Map) -> Gray:
        shades, _ = stretch.seen(frame, places)
        return (127.5 * (1 + anything.odds[shades] / STRONGEST)).astype(np.uint8)

    for frame, places in traced(stretch.grays, likely, stretch.at, seconds[shown]):
        shades, apart = stretch.seen(frame, places)
        there = np.zeros((len(masks), ROWS, COLUMNS), np.bool_)
        likeness = np.zeros(len(masks), np.float32)
        off = _celled(apart.astype(np.float32), cells)
        for number, one in enumerate(known):
            share = cv2.GaussianBlur(_celled(looked_up(one.mask, places), cells), (0, 0), LOOSE)
            odds = _celled(one.odds[shades], cells)
            inside = np.log((share + 0.01) / (1.01 - share)) + COLOURS * odds > 0
            there[number, rows, columns] = inside
            if inside.any():
                colours = (odds[inside].mean() + SLACK) / (one.usual + SLACK)
                likeness[number] = np.clip(colours, 0, 1) * np.exp(-off[inside].mean() / UNLIKE)
        yield shown[frame], there, likeness


def _celled(values: Map, cells: Size) -> Map:
    return np.asarray(cv2.resize(values, cells, interpolation=cv2.INTER_AREA), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A mask in the frame in which it is known."""

    mask: Map
    """(h, w) 0 or 1."""
    odds: Map
    """(SHADES³,) how much likelier each colour is inside than outside, as a logarithm."""
    usual: float
    """The mean of those inside, at least 0."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """Frames that show something, small, and the one to which they are compared."""

    pictures: list[NDArray[np.uint8]]
    grays: list[Gray]
    at: int

    def seen(self, frame: int, places: Map) -> tuple[NDArray[np.int32], Gray]:
        """A frame at the exposure of frame `at`, in which its points lay at these places.

        (h, w) the number of each pixel's colour, and (h, w) by how much its brightness is another.
        """
        once = looked_up(self.grays[self.at], places)
        lighter = float(np.clip(once.mean() / self.grays[frame].mean(), 1 / EXPOSURE, EXPOSURE))
        lit = cv2.convertScaleAbs(self.pictures[frame], alpha=lighter)
        red, green, blue = np.moveaxis(lit // (256 // SHADES), -1, 0).astype(np.int32)
        apart = cv2.absdiff(once, cv2.convertScaleAbs(self.grays[frame], alpha=lighter))
        return (red * SHADES + green) * SHADES + blue, np.asarray(apart, np.uint8)

    def known(self, mask: Map) -> _Known:
        """What frame `at` tells of a mask in it."""
        shades, _ = self.seen(self.at, still(*mask.shape))
        inside, outside = (
            _blurred(np.bincount(shades.ravel(), weight.ravel(), SHADES**3).astype(np.float32))
            + RARE
            for weight in (mask, 1 - mask)
        )
        odds = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
        odds = np.clip(odds, -STRONGEST, STRONGEST).astype(np.float32)
        usual = float((odds[shades] * mask).sum() / max(mask.sum(), 1))
        return _Known(mask, odds, max(usual, 0.0))


def _blurred(counts: Map) -> Map:
    """Counts of colours that fall to the shades beside them as well."""
    for _ in range(3):
        table = counts.reshape(SHADES, SHADES**2)
        blurred = cv2.GaussianBlur(table, (1, 3), 0, borderType=cv2.BORDER_REPLICATE)
        # The next round blurs the next of the three.
        counts = np.moveaxis(blurred.reshape(SHADES, SHADES, SHADES), 0, -1).astype(np.float32)
    return counts.ravel()
