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

from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.cues import network
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.types import RepresentationSpec, Rows, Span, Window, WindowRequest

REACHES = tuple(Fraction(hundredths, 100) for hundredths in (8, 17, 33, 50, 75, 100))
"""Seconds before and after the moment at which frames are wanted."""


def middle(span: Span) -> int:
    """The moment of a shot whose silhouette is compared.

    One moment a shot: the best of several pairs of moments ranks worse, since more comparisons
    mean more flukes.
    """
    return span.at(Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class WeightFree:
    """Rows of which the subject is filled, as one instance of no known class."""

    @property
    def spec(self) -> RepresentationSpec:
        """The identity, with the digest of the trained numbers as its weights."""
        return RepresentationSpec(
            name="silhouette",
            version=4,
            dtype=ROW,
            shape=(),
            parameters=(
                ("canvas", f"{COLUMNS}x{ROWS}"),
                ("reaches", " ".join(str(reach) for reach in REACHES)),
            ),
            weights=network.digest(),
        )

    def windows(self, span: Span) -> Sequence[WindowRequest]:
        """One window in the middle of the span: up to 13 frames, a second to either side."""
        at = middle(span)
        steps = [span.offset(reach) for reach in REACHES]
        wanted = {at} | {span.clamp(at + way * step) for step in steps for way in (-1, 1)}
        return (WindowRequest(at, tuple(sorted(wanted))),)

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
