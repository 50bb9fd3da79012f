"""The first, the middle and the last second of a take, as the estimator tells them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from matchcut.flavors._movement import MOVEMENT
from matchcut.pipeline.frames import window
from matchcut.types import Frame, Rows, Span

HEAD, MIDDLE, TAIL = 0, 1, 2


def row_at(frames: Sequence[Frame], span: Span, moment: int) -> Rows:
    """() the row of any moment of a take."""
    return MOVEMENT.compute([window(frames, MOVEMENT.window(span, moment), span)])[0]


def seconds_of(frames: Sequence[Frame], span: Span) -> Rows:
    """(3,) what follows its first moment, what surrounds its middle, what precedes its last."""
    middle = span.clamp(span.at(Fraction(1, 2)) + span.offset(Fraction(1, 2)))
    last = span.end - 1
    return np.stack(
        [
            row_at(frames, span, span.start)["after"],
            row_at(frames, span, middle)["before"],
            row_at(frames, span, last)["before"],
        ]
    )
