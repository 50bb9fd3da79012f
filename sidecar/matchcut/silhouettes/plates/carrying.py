"""What is told of a point at one time, carried along optical flow to where it lies at others.

Source: Kroeger et al. 2016, arXiv:1603.03590 (DIS flow). Its result does not depend on the number
of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.warping import Gray, Map, looked_up, still

PATCH, STRIDE = 4, 3
"""Pixels of a patch whose movement is found, and from one to the next."""
LASTING = 0.7
"""Seconds after which 37 % is left of what was told."""
UNLIKE = 10.0
"""Levels of brightness by which a point differs from where it came from that leave it 37 %."""


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Where the points of each frame lie in the one before and in the one after it."""

    earlier: list[Map]
    """(T,) of (h, w, 2) places in the frame before; of the first frame its own."""
    later: list[Map]
    """(T,) of (h, w, 2) places in the frame after; of the last frame its own."""
    from_earlier: list[Map]
    """(T,) of (h, w, 1): what is left of what was told in the frame before, 0 to 1."""
    from_later: list[Map]

    @classmethod
    def of(cls, grays: Sequence[Gray], seconds: NDArray[np.float64]) -> Paths:
        """Of frames of one shot. 1 ms a frame of 96 x 54."""
        search: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        search.setFinestScale(1)
        search.setPatchSize(PATCH)
        search.setPatchStride(STRIDE)
        unmoved = still(*grays[0].shape)
        nothing = np.zeros((*grays[0].shape, 1), np.float32)
        sides: list[tuple[list[Map], list[Map]]] = []
        for way in (-1, 1):
            places, left = [unmoved] * len(grays), [nothing] * len(grays)
            for frame, gray in enumerate(grays):
                other = frame + way
                if 0 <= other < len(grays):
                    places[frame] = unmoved + search.calc(gray, grays[other], None)
                    away = abs(float(seconds[frame] - seconds[other]))
                    left[frame] = np.float32(np.exp(-away / LASTING)) * _alike(
                        gray, grays[other], places[frame]
                    )
            sides.append((places, left))
        return cls(sides[0][0], sides[1][0], sides[0][1], sides[1][1])

    def carried(self, values: Map, weights: Map) -> Map:
        """(T, h, w) the mean of what is told of each point at all times, by weight.

        Args:
            values: (T, h, w).
            weights: (T, h, w), at least 0. Where there is none at any time, the mean is 0.
        """
        high, wide = self.earlier[0].shape[:2]
        told = np.empty((len(values), high, wide, 2), np.float32)
        for place, value, weight in zip(told, values, weights, strict=True):
            both = np.dstack([value * weight, weight])
            place[:] = cv2.resize(both, (wide, high), interpolation=cv2.INTER_AREA)
        total = told.copy()
        frames = len(told)
        for way, places, left in (
            (range(1, frames), self.earlier, self.from_earlier),
            (range(frames - 2, -1, -1), self.later, self.from_later),
        ):
            reached = told[way.start - way.step] if frames > 1 else told[0]
            for frame in way:
                reached = told[frame] + left[frame] * looked_up(reached, places[frame])
                total[frame] += reached - told[frame]
        mean = total[..., 0] / np.maximum(total[..., 1], np.float32(1e-3))
        size = values.shape[2], values.shape[1]
        return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in mean])


def _alike(gray: Gray, other: Gray, places: Map) -> Map:
    apart = cv2.absdiff(gray, np.asarray(looked_up(other, places), np.uint8))
    off = cv2.blur(apart.astype(np.float32), (3, 3))
    return np.asarray(np.exp(-np.square(off / UNLIKE))[..., None], np.float32)
