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

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from matchcut import moments
from matchcut.flavors import _lightness as made
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

KEYS = 2.0
"""Stops of the standard deviation with which a difference of key is forgiven."""
FLAT, CONTRASTY = 0.25, 0.8
"""Stops of contrast up to which there is nothing to match, and from which on there is."""


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
        cells = prod(a["layout"].shape[1:])
        left, right = (side["layout"].reshape(-1, cells).astype(np.float64) for side in (a, b))
        power = np.square(left).sum(axis=1)[:, None] + np.square(right).sum(axis=1)[None]
        shared = np.divide(2 * (left @ right.T), power, out=np.zeros_like(power), where=power > 0)
        keys = [side["key"].astype(np.float64) for side in (a, b)]
        near = np.exp(-np.square((keys[0][:, None] - keys[1][None]) / KEYS) / 2)
        trust = [_trust(side) for side in (a, b)]
        score = shared * near * np.minimum(trust[0][:, None], trust[1][None])
        return np.asarray(np.clip(score, 0, 1), np.float32)


def _trust(rows: Rows) -> NDArray[np.float64]:
    contrast = rows["contrast"].astype(np.float64)
    return np.asarray(np.clip((contrast - FLAT) / (CONTRASTY - FLAT), 0, 1), np.float64)


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
