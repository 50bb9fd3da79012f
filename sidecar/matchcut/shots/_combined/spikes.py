"""Cuts that need no network: a change that stands alone."""

from __future__ import annotations

import numpy as np

from matchcut.shots._combined.returns import returns
from matchcut.shots._combined.stretch import Stretch

SPIKE = 6.0
"""Smallest change at a cut that needs no network."""
SPIKE_TILE, SPIKE_TILES = 3.0, 0.5
"""Change of a tile, and the share of the tiles that change so; a caption changes fewer."""
OVER_OTHERS = 2.0
"""How many times any other change near it that is."""
OVER_USUAL = 2.5
"""How many times the usual change near it."""
SURE = 0.9
"""Belief of the network above which there is a cut for certain."""
ALONE = 12
"""Frames either side that count as near: compression pulses every 8 to 12."""


def spikes(stretch: Stretch) -> list[int]:
    """First frames after a change that stands alone: cuts that need no network."""
    return [
        at
        for at in np.flatnonzero(stretch.signals.change > SPIKE).tolist()
        if at > 0
        and _stands_out(stretch, at)
        and (stretch.signals.swept[at] > SPIKE_TILE).mean() > SPIKE_TILES
        and not returns(
            stretch.signals.colours, at - 1, at - 1, back=3, ahead=6, factor=2.5, floor=4.0
        )
    ]


def _stands_out(stretch: Stretch, at: int) -> bool:
    """Whether the change into frame `at` is many times what is usual near it, and the largest.

    Changes into frames at which the network is sure of a cut do not count.
    """
    change = stretch.signals.change
    start, end = max(0, at - ALONE), min(len(stretch), at + 1 + ALONE)
    # The network marks the last frame of the old shot.
    cut_to = np.roll(stretch.middle, 1)[start:end] > SURE
    cut_to[at - start] = True
    others = change[start:end][~cut_to]
    near = change[max(0, at - 9) : at + 10]
    return bool(
        change[at] > OVER_USUAL * (np.median(near) + 1)
        and change[at] > OVER_OTHERS * (others.max(initial=0.0) + 1)
    )
