"""The small pictures in which silhouettes are told apart, and their way from and to the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import placed
from matchcut.silhouettes.plates import FINER, SIDES
from matchcut.silhouettes.warping import Gray, Map

COARSER = 2
"""Pixels along a side of one in which optical flow is found: it need not be as fine."""
LEAST = 48
"""Pixels along a side of a picture at least: flow crashes on less."""
STEP = Fraction(1, 13)
"""Seconds between two frames that are told at least: every second one of 24 or 25."""
FLAT = 2.0
"""Standard deviation of the brightness (0 to 255) up to which a frame shows nothing."""
EXPOSURE = 6.0
"""Times that a frame is taken to be lighter or darker than the middle one, at most."""
SMOOTH = 0.7
"""Standard deviation in pixels of the blur that takes grain out of colours."""


def looked_at(seconds: NDArray[np.float64]) -> NDArray[np.intp]:
    """The frames that are told: a step apart at least, the last one among them."""
    taken = [0]
    for frame in range(1, len(seconds)):
        if seconds[frame] - seconds[taken[-1]] >= float(STEP) * 0.999:
            taken.append(frame)
    if taken[-1] != len(seconds) - 1:
        taken.append(len(seconds) - 1)
    return np.array(taken, np.intp)


def shows(picture: NDArray[np.uint8]) -> bool:
    """Whether there is something to see on a (H, W, 3) picture. 0.05 ms."""
    return bool(cv2.cvtColor(picture[::4, ::4], cv2.COLOR_RGB2GRAY).std() > FLAT)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Small pictures of one shot, as light as the middle one."""

    pictures: NDArray[np.uint8]
    """(T, h, w, 3) RGB."""
    grays: list[Gray]
    """(T,) brightness, of about half that width and height."""
    labs: Map
    """(T, h, w, 3) Lab: lightness 0 to 100."""
    seconds: NDArray[np.float64]
    """(T,)."""
    shape: tuple[int, int]
    """Rows and columns of the pictures they were made from."""

    @classmethod
    def of(
        cls, pictures: NDArray[np.uint8], seconds: NDArray[np.float64], finer: int = FINER
    ) -> Stretch:
        """Of (T, H, W, 3) pictures, so many pixels along a side of a cell. 0.7 ms a frame."""
        shape = (int(pictures.shape[1]), int(pictures.shape[2]))
        size = small_size(shape, finer)
        small = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures]
        return cls.seen(_evenly_lit(np.stack(small)), seconds, shape)

    @classmethod
    def seen(
        cls, small: NDArray[np.uint8], seconds: NDArray[np.float64], shape: tuple[int, int]
    ) -> Stretch:
        """Of (T, h, w, 3) pictures that are small already."""
        high, wide = (max(side // COARSER, LEAST) for side in small.shape[1:3])
        half = [cv2.resize(one, (wide, high), interpolation=cv2.INTER_AREA) for one in small]
        grays = [np.asarray(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), np.uint8) for one in half]
        labs = np.empty(small.shape, np.float32)
        for place, one in zip(labs, small, strict=True):
            lab = cv2.cvtColor(one.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
            place[:] = cv2.GaussianBlur(lab, (0, 0), SMOOTH)
        return cls(small, grays, labs, seconds, shape)


def _evenly_lit(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(T, h, w, 3) each as light as the middle one, by the median change of its pixels."""
    lights = small[:, ::2, ::2].mean(axis=3) + 1
    gains = np.median((lights[len(small) // 2] / lights).reshape(len(small), -1), axis=1)
    gains = np.clip(gains, 1 / EXPOSURE, EXPOSURE)
    return np.stack(
        [cv2.convertScaleAbs(one, alpha=gain) for one, gain in zip(small, gains, strict=True)]
    )


def small_size(shape: tuple[int, int], finer: int = FINER) -> tuple[int, int]:
    """Width and height of the small picture of one of so many rows and columns."""
    columns, rows = _cells(shape)
    return max(finer * columns, LEAST), max(finer * rows, LEAST)


def shrunk(mask: NDArray[np.bool_], stretch: Stretch) -> Map:
    """(h, w) 0 to 1: what a (36, 64) mask of the canvas covers of a small picture, softly."""
    rows, columns = placed(*stretch.shape)
    cells = mask[rows, columns].astype(np.float32)
    height, width = stretch.labs.shape[1:3]
    large = cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(large, (0, 0), 0.75 * width / cells.shape[1]), np.float32)


def laid(
    likely: Map, nodes: NDArray[np.intp], shape: tuple[int, int], frames: int
) -> NDArray[np.uint8]:
    """(frames, 108, 192) uint8: (T, h, w) likelihoods on the canvas, those between on the way.

    Args:
        likely: 0 to 1, of the frames `nodes`.
        nodes: (T,) increasing. Frames before the first of them and after the last are as those.
        shape: Rows and columns of the pictures.
        frames: How many there are.
    """
    rows, columns = (slice(FINER * one.start, FINER * one.stop) for one in placed(*shape))
    size = (columns.stop - columns.start, rows.stop - rows.start)
    known = np.zeros((len(nodes), *SIDES), np.float32)
    for place, one in zip(known, likely, strict=True):
        place[rows, columns] = cv2.resize(255 * one, size, interpolation=cv2.INTER_AREA)
    every = np.arange(frames)
    after = np.minimum(np.searchsorted(nodes, every), len(nodes) - 1)
    before = np.maximum(after - (nodes[after] > every), 0)
    apart = np.maximum(nodes[after] - nodes[before], 1)
    shares = np.clip((every - nodes[before]) / apart, 0, 1).tolist()
    found = np.empty((frames, *known.shape[1:]), np.uint8)
    for frame, (one, other, share) in enumerate(zip(before, after, shares, strict=True)):
        found[frame] = np.rint((1 - share) * known[one] + share * known[other])
    return found


def _cells(shape: tuple[int, int]) -> tuple[int, int]:
    rows, columns = placed(*shape)
    return columns.stop - columns.start, rows.stop - rows.start
