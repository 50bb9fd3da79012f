"""The moments of a shot: the instants at which most flavors compare it.

Head and tail, the middle, and more between them the longer the shot is: no frame of a shot of up to
24 seconds is further than a second from one of them, which is as far as refinement looks.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from matchcut.types import Span

SHORTEST = Fraction(3, 4)
"""Seconds under which a shot has one moment, its middle."""
EVERY = Fraction(2)
"""Seconds between two moments, at most."""
MOST = 13
"""Moments of a long take, further apart then."""


def middle(span: Span) -> tuple[int, ...]:
    """The one moment of representations that know no others."""
    return (span.at(Fraction(1, 2)),)


def moments(span: Span) -> tuple[int, ...]:
    """The pts of a shot's moments, increasing, an odd number of them, evenly spread.

    The first is the first instant of `span`, the last its last one.
    """
    if span.seconds < SHORTEST:
        return middle(span)
    steps = min(2 * ceil(span.seconds / (2 * EVERY)), MOST - 1)
    last = span.end - 1 - span.start
    return tuple(sorted({span.start + last * step // steps for step in range(steps + 1)}))
