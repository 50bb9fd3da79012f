"""Where a shot can be entered and left: fades from and to black are no place to cut.

A shot is entered at the first frame on which there is something to see, or later, and left at the
last one, or earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from matchcut.types import RepresentationSpec, Rows, Span, Window, WindowRequest

REACH = Fraction(2)
"""Seconds looked at from either end; a longer fade is entered before it has ended."""
STEP = Fraction(1, 24)
"""Seconds between the frames looked at."""
SHARE = 0.5
"""A frame counts as seen from this share of the shot's own brightness on."""
BRIGHT = 75
"""Percentile of the frames looked at that is the shot's own brightness."""
BLACK = 6.0
"""Mean brightness (0 to 255) up to which a frame is black, whatever the shot."""

ROW = np.dtype([("enter", "<i8"), ("leave", "<i8")])
"""pts of the first and of the last frame on which there is something to see."""


class _Visible:
    """Where the visible part of a shot begins and ends; the whole shot where all of it is black."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="visible",
            version=1,
            dtype=ROW,
            shape=(),
            parameters=(
                ("reach", str(REACH)),
                ("step", str(STEP)),
                ("share", str(SHARE)),
                ("bright", str(BRIGHT)),
                ("black", str(BLACK)),
            ),
        )

    def moments(self, span: Span) -> Sequence[int]:
        return (span.start,)

    def window(self, span: Span, moment: int) -> WindowRequest:
        steps = [span.offset(STEP * number) for number in range(int(REACH / STEP) + 1)]
        instants = {span.clamp(span.start + step) for step in steps}
        instants |= {span.clamp(span.end - 1 - step) for step in steps}
        return WindowRequest(moment, tuple(sorted(instants | {moment})))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        rows = np.zeros(len(windows), ROW)
        for number, window in enumerate(windows):
            light = window.pictures.mean(axis=(1, 2, 3))
            seen = np.flatnonzero(light > max(BLACK, SHARE * float(np.percentile(light, BRIGHT))))
            first, last = (seen[0], seen[-1]) if len(seen) else (0, len(light) - 1)
            rows[number] = (window.pts[first], window.pts[last])
        return rows


VISIBLE = _Visible()
