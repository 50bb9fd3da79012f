"""The movement before and after every frame of a stretch, from one quick flow between neighbours.

What is exact about the stored row of one frame stays: of the others, only how their camera differs
from it is taken from the quick flow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._movement import MOMENT, STEP
from matchcut.types import Rows


def follow(
    row: Rows, pictures: NDArray[np.uint8], at: int, seconds: NDArray[np.float64], /
) -> Rows:
    """The rows of all frames of a stretch, given that of one.

    Near the ends of the stretch there is less than a second to see, and nothing before its first
    frame or after its last. Of frames closer than a twelfth of a second, all but one have the row
    of a neighbour. `shake` and `average` stay as they are.

    Args:
        row: (1,) of `_movement.ROW`, that of frame `at`.
        pictures: (T, H, W, 3) every frame of the stretch, of one shot, as `Picture`.
        at: Which of them the row belongs to.
        seconds: (T,) when each is shown, strictly increasing.

    Returns:
        (T,) of `_movement.ROW`; the one `at` is `row` itself.

    Cost: about 3 ms a frame on one core at 24 frames a second.
    """
    # OpenCV loads slowly: it is imported when something is computed, not when flavors are listed.
    from matchcut.flavors._moments import roughly_told

    nodes = _nodes(at, seconds)
    rough = roughly_told([pictures[node] for node in nodes], seconds[nodes].tolist())
    known = nodes.tolist().index(at)
    every = np.arange(len(pictures))
    places = {
        "before": np.searchsorted(nodes, every, side="right") - 1,
        "after": np.searchsorted(nodes, every),
    }
    found = np.repeat(row, len(pictures))
    for side, place in places.items():
        there = (place >= 0) & (place < len(nodes))
        found[side] = np.where(there, _corrected(rough[side], row[side], known)[place % len(nodes)],
                               np.zeros(1, MOMENT))  # fmt: skip
    found[at] = row[0]
    return found


def _nodes(at: int, seconds: NDArray[np.float64]) -> NDArray[np.intp]:
    """Frames a step apart, as far as there are frames so close; `at` is one of them."""
    usual = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 1.0
    apart = max(1, round(float(STEP) / usual))
    return np.arange(at % apart, len(seconds), apart)


def _corrected(rough: Rows, known: Rows, at: int) -> Rows:
    """(N,) rough sides of moments, shifted so that the one `at` has the camera that is known."""
    found = rough.copy()
    found["shake"] = known["shake"]
    if known["sure"][0] > 0 and rough["sure"][at] > 0:
        off = known["camera"] - rough["camera"][at : at + 1]
        found["camera"] += np.where(rough["sure"][:, None] > 0, off, 0)
    return found
