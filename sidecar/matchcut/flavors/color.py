"""Color: the same palette in the same places of the picture, whatever is shown.

Colours of two frames are compared in OKLab, in which equal steps look
equally far. Vivid colours count more than pale ones. Pictures without colour match each other
weakly, and those of one flat colour, black or any other, match nothing. The variant
`color/palette` compares the palette alone, wherever its colours lie.

Sources: Ottosson 2020 (OKLab); Swain and Ballard 1991, "Color Indexing" (histograms of colour);
Bhattacharyya 1943 (their likeness).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from matchcut import moments
from matchcut.flavors import _palette as made
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

CHANCE = 0.45
"""Likeness of histograms that unrelated palettes have, and up to which nothing matches."""
APART = 0.1
"""Distance of two layouts, the root of the mean square over cells, that halves a score and more."""
COLORFUL = 0.1
"""Chroma of a picture over its lightness from which on its palette is fully trusted."""
EXPOSURE = 0.5
"""Of the logarithm of lightness; a picture darker by it in every colour scores 0.6 as much."""
GREY = 0.15
"""Share of the score that is left to pictures without any colour."""
FLAT, VARIED = 0.02, 0.06
"""Variety of colours up to which there is nothing to match, and from which on there is."""


class _Colors:
    """The palette of a frame, and where its colours lie."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="color",
            version=2,
            dtype=made.ROW,
            shape=(),
            parameters=(
                ("size", f"{made.WIDTH}x{made.HEIGHT}"),
                ("rounds", str(made.ROUNDS)),
                ("steps", str(made.STEPS)),
                ("blur", str(made.BLUR)),
                ("vivid", str(made.VIVID)),
                ("pale", str(made.PALE)),
                ("dark", str(made.DARK)),
                ("usual", str((made.USUAL, made.GAIN, made.BLACK))),
                ("unit", str(made.UNIT)),
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


def _palettes(a: Rows, b: Rows) -> NDArray[np.float64]:
    """(N, M) 0 to 1: the likeness of palettes above chance, by how much there is to compare.

    All that is summed are whole numbers, so that no order of summing changes a digit.
    """
    left, right = (side["histogram"].astype(np.float64) for side in (a, b))
    length = np.sqrt(np.square(left).sum(axis=1)[:, None] * np.square(right).sum(axis=1)[None])
    likeness = np.divide(left @ right.T, length, out=np.zeros_like(length), where=length > 0)
    trusted = [_trust(side) for side in (a, b)]
    light = [np.log(side["lightness"].astype(np.float64)) for side in (a, b)]
    above = np.maximum(likeness - CHANCE, 0) / (1 - CHANCE)
    above *= np.exp(-np.square((light[0][:, None] - light[1][None]) / EXPOSURE) / 2)
    return np.asarray(above * np.minimum(trusted[0][:, None], trusted[1][None]), np.float64)


def _trust(rows: Rows) -> NDArray[np.float64]:
    chroma, lightness = (rows[name].astype(np.float64) for name in ("chroma", "lightness"))
    color = np.minimum(chroma / np.maximum(lightness, 1e-6) / COLORFUL, 1)
    varied = np.clip((rows["variety"].astype(np.float64) - FLAT) / (VARIED - FLAT), 0, 1)
    return np.asarray((GREY + (1 - GREY) * color) * varied, np.float64)


def _places(a: Rows, b: Rows) -> NDArray[np.float64]:
    """(N, M) 0 to 1: how near the colours of the same cells are, at the same exposure."""
    cells = prod(a["layout"].shape[1:3])
    left, right = (side["layout"].reshape(-1, 3 * cells).astype(np.float64) for side in (a, b))
    squares = np.square(left).sum(axis=1)[:, None] + np.square(right).sum(axis=1)[None]
    light = [side["lightness"].astype(np.float64) / made.FINE for side in (a, b)]
    away = (squares - 2 * (left @ right.T)) / cells * (light[0][:, None] * light[1][None])
    return np.asarray(np.exp(-away / APART**2 / 2), np.float64)


@dataclass(frozen=True, slots=True)
class SamePalette:
    """Both pictures have the same colours in the same shares, wherever they lie.

    The Bhattacharyya coefficient of blurred histograms, above what unrelated palettes reach; times
    how colourful and how far from flat the lesser of both pictures is.
    """

    name: str = "same-palette"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.15

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1]; 1,000 x 1,000 rows in 0.1 s on one core."""
        return np.clip(_palettes(a, b), 0, 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class SameColors:
    """Both pictures have the same palette, and its colours lie at the same places.

    The geometric mean of both.
    """

    name: str = "same-colors"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.1

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1]; 1,000 x 1,000 rows in 0.1 s on one core."""
        return np.clip(np.sqrt(_palettes(a, b) * _places(a, b)), 0, 1).astype(np.float32)


def _draw_reason(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    from matchcut.flavors._palette_drawing import drawn

    return drawn(outgoing, incoming)


_COLORS = Flavor(
    name="color",
    label="Same colours at the same places of the picture",
    representation=_Colors(),
    similarity=SameColors(),
    marker_color="MAGENTA",
    source=(
        "Ottosson 2020 (OKLab); Swain and Ballard 1991, Color Indexing; Bhattacharyya 1943;"
        " the combination is our own"
    ),
    draw_reason=_draw_reason,
)

FLAVOR = replace(
    _COLORS,
    variants=(
        replace(
            _COLORS,
            name="color/palette",
            label="Same palette, wherever its colours lie",
            similarity=SamePalette(),
        ),
    ),
)
