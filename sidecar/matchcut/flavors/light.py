"""Light: the same places are light and dark, as when a figure stands before a bright window.

The luminance of a frame is laid out in stops, so that a change of
exposure moves all of it by the same amount, which is forgiven up to a point: a dark picture does
not match a bright one. Colour plays no part. That the sky is lighter than the ground counts half,
for so it is in most pictures. Pictures with little contrast match nothing.

Sources: Wang, Bovik, Sheikh and Simoncelli 2004, "Image Quality Assessment: From Error Visibility
to Structural Similarity" (likeness of contrast and structure); Reinhard et al. 2002, "Photographic
Tone Reproduction for Digital Images" (key).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut import moments
from matchcut.flavors import _light_compared as compared
from matchcut.flavors import _lightness as made
from matchcut.types import (
    Evidence,
    Flavor,
    Picture,
    Prepared,
    RepresentationSpec,
    Rows,
    Span,
    Window,
    WindowRequest,
)


class _Light:
    """Where a frame is light and where dark."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="light",
            version=2,
            dtype=made.ROW,
            shape=(),
            parameters=(
                ("blur", str(made.BLUR)),
                ("slope", str(made.SLOPE)),
                ("floor", str(made.FLOOR)),
                ("fine", str(made.FINE)),
            ),
        )

    def moments(self, span: Span) -> Sequence[int]:
        return moments.moments(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return WindowRequest(moment, (moment,))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        rows = np.zeros(len(windows), made.ROW)
        for number, window in enumerate(windows):
            rows[number] = made.described(window.pictures[window.centre])[0]
        return rows


@dataclass(frozen=True, slots=True)
class SameLight:
    """Both pictures are light and dark at the same places, and as strongly.

    Twice the covariance of both layouts over the sum of their variances, which is 1 where they are
    the same and 0 where nothing is shared; times how near their keys are, and how far from flat
    the flatter of both is.
    """

    name: str = "same-light"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.12

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1]; 1,000 x 1,000 rows in 0.1 s on one core.

        All that is summed are whole numbers, so that no order of summing changes a digit.
        """
        left, right = (compared.flat(side).astype(np.float64) for side in (a, b))
        sides = compared.figures(a)[:, :, None], compared.figures(b)[:, None]
        return compared.score(*sides, left @ right.T)

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 1.4 KB a row."""
        from matchcut.flavors._light_table import LightTable

        return LightTable.of(parts)


def _draw_reason(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    from matchcut.flavors._light_drawing import drawn

    return drawn(outgoing, incoming)


FLAVOR = Flavor(
    name="light",
    label="Same light: bright and dark at the same places",
    representation=_Light(),
    similarity=SameLight(),
    marker_color="YELLOW",
    source="Wang et al. 2004 (structural similarity); Reinhard et al. 2002 (key)",
    draw_reason=_draw_reason,
)
