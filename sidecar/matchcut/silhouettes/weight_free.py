"""The main subject of a moment without downloaded weights: what moves, stands out, is in focus.

Some twenty cheap maps, fused by a small network that this project has trained (docs:
silhouette-card), and refined to object edges. It does not know what a thing is: there are no people
in its rows, only a subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matchcut import moments
from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.cues import network
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.types import RepresentationSpec, Rows, Span, Window, WindowRequest

REACHES = tuple(Fraction(hundredths, 100) for hundredths in (8, 17, 33, 50, 75, 100))
"""Seconds before and after the moment at which frames are wanted."""


@dataclass(frozen=True, slots=True)
class WeightFree:
    """Rows of which the subject is filled, as one instance of no known class."""

    @property
    def spec(self) -> RepresentationSpec:
        """The identity, with the digest of the trained numbers as its weights."""
        return RepresentationSpec(
            name="silhouette",
            version=5,
            dtype=ROW,
            shape=(),
            parameters=(
                ("canvas", f"{COLUMNS}x{ROWS}"),
                ("reaches", " ".join(str(reach) for reach in REACHES)),
            ),
            weights=network.digest(),
        )

    def moments(self, span: Span) -> Sequence[int]:
        """Those at which most flavors compare a shot."""
        return moments.moments(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        """Up to 13 frames, a second to either side: fewer at the ends of the shot."""
        steps = [span.offset(reach) for reach in REACHES]
        wanted = {span.clamp(moment + way * step) for step in steps for way in (-1, 1)}
        return WindowRequest(moment, tuple(sorted(wanted | {moment})))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        """(N,) rows of `rows.ROW`.

        Cost: about 115 ms a window on one core.
        """
        # OpenCV loads slowly: it is imported when something is computed, not when flavors are
        # listed.
        from matchcut.silhouettes.cues.moment import silhouette

        found = np.zeros(len(windows), ROW)
        for place, window in enumerate(windows):
            seen = silhouette(window)
            found[place] = row([Instance(0, seen.confidence, seen.mask)])
        return found


WEIGHT_FREE = WeightFree()
