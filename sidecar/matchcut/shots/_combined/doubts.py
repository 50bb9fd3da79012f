"""What the network takes for a transition and is none: flashes, passers-by, light, whip pans."""

from __future__ import annotations

import numpy as np

from matchcut.shots._combined.fades import is_plain
from matchcut.shots._combined.returns import returns, returns_at_nearest
from matchcut.shots._combined.signals import Floats
from matchcut.shots._combined.stretch import Run, Stretch
from matchcut.types import Transition

NEAR_PLAIN = 6
"""Frames from a plain one within which a transition is a fade."""
DOUBTFUL = 0.6
"""A cut of which the network is less sure is asked whether the picture returns more slowly."""
SAME_LIGHT = 0.86
"""Correlation of the tiles' brightness above which two frames show one picture in other light."""
LIT = 0.7
"""The same across a lightning, which burns the bright tiles out."""

SWEPT = 9.0
"""Change that a whip pan keeps up for some frames, where a cut does so in one."""
SWEPT_OVER_USUAL = 3.0
"""How many times the usual change around it that is."""
ONE_OVER_SWEPT = 4.0
"""How many times the kept-up change the largest is at a cut."""
SWEPT_FRAMES, SWEPT_BELIEF = 4, 0.7
"""Frames, and how sure of a transition the network may be in spite of them."""
LONG_SWEPT_FRAMES, LONG_SWEPT_BELIEF = 5, 0.9
"""The same where it is kept up for longer."""


def is_mistaken(stretch: Stretch, run: Run, one: Transition) -> bool:
    """Whether the network took something else for a transition: `one`, which it saw in `run`."""
    colours, first, last = stretch.signals.colours, run.first, run.last
    if returns(colours, first, last, back=3, ahead=6, factor=2.5, floor=4.0):
        return True  # A flash.
    if is_plain(colours[max(0, one.start - NEAR_PLAIN) : one.end + NEAR_PLAIN]).any():
        return False  # A fade, whatever lies on either side.
    if _is_swept(stretch, run.middle):
        return True  # A whip pan.
    if one.start < one.end:
        # Light that changes slowly, or something large that passes the lens.
        alike = _alike(colours, one.start - 2, one.end + 1)
        return alike > SAME_LIGHT or returns_at_nearest(
            colours, one.start - 1, one.end - 1, back=3, ahead=5, factor=3.5, floor=5.0
        )
    if stretch.middle[run.middle] < DOUBTFUL:
        return returns_at_nearest(colours, first, last, back=10, ahead=22, factor=3.0, floor=3.0)
    # One stroke of a lightning that goes on.
    return _alike(colours, first - 2, last + 3) > LIT and returns_at_nearest(
        colours, first, last, back=10, ahead=22, factor=8.0, floor=8.0
    )


def _is_swept(stretch: Stretch, middle: int) -> bool:
    """Whether the picture changes much over several frames in a row, as in a whip pan."""
    change = stretch.signals.change
    near = np.sort(change[max(0, middle - 7) : middle + 10])
    usual = float(np.median(change[max(0, middle - 19) : middle + 22]))

    def kept_up(frames: int) -> bool:
        least = near[-frames] if len(near) >= frames else 0.0
        above = least > SWEPT and least > SWEPT_OVER_USUAL * usual
        return bool(above and near[-1] < ONE_OVER_SWEPT * least)

    belief = stretch.middle[middle]
    return (belief < SWEPT_BELIEF and kept_up(SWEPT_FRAMES)) or (
        belief < LONG_SWEPT_BELIEF and kept_up(LONG_SWEPT_FRAMES)
    )


def _alike(colours: Floats, before: int, after: int) -> float:
    """Correlation of the tiles' brightness of two frames; 0 where one is missing or plain."""
    if before < 0 or after >= len(colours):
        return 0.0
    one, other = (colours[place].mean(axis=2).ravel() for place in (before, after))
    if one.std() < 1.0 or other.std() < 1.0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
