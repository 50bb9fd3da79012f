"""Frame matching: the silhouette of the main subject, at the same place in the picture.

The silhouette comes from what moves against the camera's own movement and from what stands out from
the picture's border, fused by a small fitted regression and refined to object edges. No weights are
downloaded.

Source: Chen et al. 2022, "Match Cutting: Finding Cuts with Smooth Visual Transitions",
arXiv:2210.05766 (there with an instance-segmentation network).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matchcut.flavors._silhouette import fuse
from matchcut.flavors._silhouette.canvas import COLUMNS, ROW, ROWS, packed
from matchcut.similarity import MaskIoU
from matchcut.types import (
    Evidence,
    Flavor,
    Picture,
    RepresentationSpec,
    Rows,
    Span,
    Window,
    WindowRequest,
)

REACHES = tuple(Fraction(hundredths, 100) for hundredths in (8, 17, 33, 50, 75, 100))
"""Seconds before and after the moment at which frames are wanted."""


@dataclass(frozen=True, slots=True)
class SilhouetteRepresentation:
    """The main subject at the middle of a shot, as a mask of 64 x 36 cells and a confidence.

    One moment a shot: the best of several pairs of moments ranks worse, since more comparisons
    mean more flukes.
    """

    @property
    def spec(self) -> RepresentationSpec:
        """The identity, with the digest of the fitted coefficients as its weights."""
        return RepresentationSpec(
            name="silhouette",
            version=2,
            dtype=ROW,
            shape=(),
            parameters=(
                ("canvas", f"{COLUMNS}x{ROWS}"),
                ("reaches", " ".join(str(reach) for reach in REACHES)),
            ),
            weights=fuse.digest(),
        )

    def windows(self, span: Span) -> Sequence[WindowRequest]:
        """One window in the middle of the span: up to 13 frames, a second to either side."""
        middle = span.at(Fraction(1, 2))
        steps = [span.offset(reach) for reach in REACHES]
        wanted = {middle} | {span.clamp(middle + way * step) for step in steps for way in (-1, 1)}
        return (WindowRequest(middle, tuple(sorted(wanted))),)

    def compute(self, windows: Sequence[Window], /) -> Rows:
        """(N,) rows of `canvas.ROW`.

        Cost: about 80 ms a window on one core.
        """
        # OpenCV loads slowly: it is imported when something is computed, not when flavors are
        # listed.
        from matchcut.flavors._silhouette.moment import silhouette

        rows = np.zeros(len(windows), ROW)
        for index, window in enumerate(windows):
            found = silhouette(window)
            rows[index] = (packed(found.mask), found.confidence)
        return rows


def _draw_reason(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    from matchcut.flavors._silhouette.onion import overlaid

    return overlaid(outgoing, incoming)


FLAVOR = Flavor(
    name="frame",
    label="Same silhouette, same place in the frame",
    representation=SilhouetteRepresentation(),
    similarity=MaskIoU(),
    cut_at="moment",
    marker_color="CYAN",
    source=(
        "Chen et al. 2022, arXiv:2210.05766; cues: DIS flow (Kroeger et al. 2016, "
        "arXiv:1603.03590), superpixel contrast (Zhu et al. 2014), boolean maps (Zhang and "
        "Sclaroff 2013), GrabCut (Rother et al. 2004); coefficients fitted by this project"
    ),
    draw_reason=_draw_reason,
)
