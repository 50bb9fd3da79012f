"""The reframing that brings two outlines onto each other, given one that nearly does.

The best overlap of two silhouettes is shifted by whatever one of them wrongly holds or lacks. Most
of their outlines is right all the same, and what is not lies too far off to count.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._simplex import climbed
from matchcut.reframing import Move, admissible, affine, effort, matrix
from matchcut.types import Reframing, Rows

FINER = 2
"""Pixels in which an outline is drawn, along a side of a place of a soft silhouette."""
HALF = 127
"""Of 255: the outline lies where a place is as likely covered as not."""
NEAR = 2.0
"""Standard deviation in pixels by which an outline may lie elsewhere and still agree."""
BORDER = 3
"""Pixels along the border at which a silhouette is cut off, so has no outline."""
FEWEST = 40
"""Points of an outline below which it tells nothing."""
STEPS = ((0.03, 1.5, 0.01, 0.01), (-0.02, -1.0, -0.006, -0.006))
"""First steps in scale, rotation and shift, of two searches: a simplex can shrink too early."""
LEAST = (0.001, 0.03, 0.0003, 0.0003)
"""Steps with which they end."""
LONGEST = 160
"""Places looked at in one search, at most."""
EFFORT = 0.003
"""What moving a picture costs in the search, as agreement."""

Points = NDArray[np.float64]
"""(N, 2) places on the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Where a soft silhouette ends."""

    points: Points
    agreement: NDArray[np.float32]
    """(h, w) 0 to 1: how well a point there agrees with the outline."""

    @classmethod
    def of(cls, soft: Rows) -> Outline:
        """Of a (h, w) uint8 soft silhouette on the canvas, of 255. 2 ms."""
        height, width = (FINER * side for side in soft.shape)
        large = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
        inside = (large > HALF).view(np.uint8)
        found, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        drawn = np.zeros((height, width), np.uint8)
        cv2.drawContours(drawn, found, -1, 1)
        kept = np.zeros_like(drawn)
        middle = slice(BORDER, -BORDER)
        kept[middle, middle] = drawn[middle, middle]
        rows, columns = np.nonzero(kept)
        points = np.stack([columns + 0.5, rows + 0.5], axis=1) / width
        apart = cv2.distanceTransform(1 - kept, cv2.DIST_L2, cv2.DIST_MASK_5)
        # Without any outline, everything is infinitely far from it.
        agreement = np.exp(-np.square(np.minimum(apart, 10 * NEAR) / NEAR) / 2).astype(np.float32)
        return cls(points - np.array([0.5, 0.5 * height / width]), agreement)

    def met(self, points: Points) -> float:
        """The mean agreement of points with this outline; those outside of the screen have none."""
        height, width = self.agreement.shape
        places = (points + np.array([0.5, 0.5 * height / width])) * width - 0.5
        x, y = places.astype(np.float32).T
        return float(cv2.remap(self.agreement, x[None], y[None], cv2.INTER_LINEAR).mean())


def moved_soft(rows: Rows, _: float, reframing: Reframing) -> Rows:
    """(N, h, w) the soft silhouettes of reframed pictures; the same for any shape of them.

    Cost: 0.1 ms a silhouette.
    """
    height, width = rows.shape[1:]
    places = np.array([[width, 0, width / 2 - 0.5], [0, width, height / 2 - 0.5], [0, 0, 1]])
    whole = places @ np.vstack([matrix(reframing), [0, 0, 1]]) @ np.linalg.inv(places)
    return np.stack([cv2.warpAffine(one, whole[:2], (width, height)) for one in rows])


def outlined(move: Move, flop: bool, moving: Rows, fixed: Rows, aspect: float) -> Move:
    """The move next to a given one by which two outlines agree best.

    The given one where there is too little of an outline.

    Args:
        move: About how the picture is moved.
        flop: Whether it is flopped as well.
        moving: (h, w) uint8, the soft silhouette of the picture that is moved.
        fixed: (h, w) that of the other.
        aspect: Width over height of the picture that is moved.

    Cost: 15 ms on one core.
    """
    here, there = Outline.of(moving), Outline.of(fixed)
    if min(len(here.points), len(there.points)) < FEWEST:
        return move

    def wished(wish: NDArray[np.float64]) -> Move:
        scale, rotation, right, down = wish.tolist()
        return admissible(scale, rotation, right, down, aspect)

    def value(wish: NDArray[np.float64]) -> float:
        kept = wished(wish)
        forth = affine(*kept, flop)
        turn = np.linalg.inv(forth[:, :2])
        agreed = there.met(here.points @ forth[:, :2].T + forth[:, 2])
        agreed += here.met((there.points - forth[:, 2]) @ turn.T)
        return agreed / 2 - EFFORT * effort(*kept, flop)

    best = np.array(move)
    for steps in STEPS:
        best = climbed(value, best, np.array(steps), np.array(LEAST), LONGEST)
    return wished(best)
