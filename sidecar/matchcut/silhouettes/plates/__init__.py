"""Soft silhouettes of all frames of a stretch, told apart from the clean plate behind them.

What stands behind a subject shows at other times of the same shot: the *clean plate* is put
together from there, and a silhouette is what differs from it. A silhouette that is known at some
moments says which of the things that differ is meant, and stands in for the plate where a subject
never moves away. Beside the plate count the colours of both, and what was told of the same points
at other times, carried along by optical flow.

Floors, each using only those before it: `small` (pictures in which this is done), `steady` (the
camera held still), `carrying` (along optical flow), `plate`, `trial` (whether there is one),
`colours`, `belief` (all together).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS

FINER = 3
"""Places across a cell of the canvas."""
SIDES = FINER * ROWS, FINER * COLUMNS
"""Places down and across the canvas."""
Soft = NDArray[np.uint8]
"""(T, 108, 192) uint8, on the canvas, three across each of its cells: how likely each is part of
the silhouette, of 255."""


def separated(
    masks: NDArray[np.bool_],
    trust: NDArray[np.float32],
    pictures: NDArray[np.uint8],
    at: Sequence[int],
    seconds: NDArray[np.float64],
) -> tuple[Soft, float] | None:
    """The soft silhouettes of all frames of a stretch, given that of some.

    Args:
        masks: (K, 36, 64) bool, on the canvas; K is at least 1.
        trust: (K,) the confidence of each, 0 to 1.
        pictures: (T, H, W, 3) every frame of the stretch, of one shot, as `Picture`.
        at: The frames of the masks, increasing.
        seconds: (T,) when each frame is shown, strictly increasing.

    Returns:
        None where the camera moves too far for anything to stand still behind. Else the
        silhouettes; and, 0 to 1, how far the plate decides: 0 where nothing moved away from
        what is behind it, so that they are the known ones carried along.

    Cost: about 2 ms a frame on one core at 24 frames a second: frames closer than a thirteenth of
    a second share what is told of them. Memory: 2 MB a frame that is told.
    """
    # OpenCV loads slowly: it is imported when something is computed, not when flavors are listed.
    from matchcut.silhouettes.plates.belief import told
    from matchcut.silhouettes.plates.small import Stretch, laid, looked_at, shows
    from matchcut.silhouettes.plates.trial import passed

    nodes = looked_at(seconds)
    nodes = nodes[[shows(pictures[node]) for node in nodes]]
    known = [number for number, frame in enumerate(at) if shows(pictures[frame])]
    if not (len(nodes) and known):
        return nothing(len(pictures)), 0.0
    frames = np.asarray(at)[known]
    nearest = np.abs(nodes[None] - frames[:, None]).argmin(axis=1)
    shown, times = pictures[nodes], seconds[nodes]
    if not passed(shown, times, masks[known], trust[known], nearest):
        return None
    found = told(Stretch.of(shown, times), masks[known], trust[known], nearest)
    if found is None:
        return None
    likely, decided = found
    soft = laid(likely, nodes, pictures.shape[1:3], len(pictures))
    # What lies between two frames that show nothing shows nothing either.
    dark = [frame for frame in set(range(len(pictures))).difference(nodes.tolist())
            if not shows(pictures[frame])]  # fmt: skip
    soft[dark] = 0
    return soft, decided


def nothing(frames: int) -> Soft:
    """(frames, 108, 192) no silhouettes at all."""
    return np.zeros((frames, SIDES[0], SIDES[1]), np.uint8)
