"""Color: the same palette in the same places of the picture, whatever is shown.

Colours of two frames are compared in OKLab, in which equal steps look
equally far. Vivid colours count more than pale ones. Pictures without colour match each other
weakly, and those of one flat colour, black or any other, match nothing. The variant
`color/palette` compares the palette alone, wherever its colours lie.

Sources: Ottosson 2020 (OKLab); Swain and Ballard 1991, "Color Indexing" (histograms of colour);
Bhattacharyya 1943 (their likeness).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchcut import moments
from matchcut.flavors import _colors_compared as compared
from matchcut.flavors import _palette as made
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
        left, right = compared.figures(a)[:, :, None], compared.figures(b)[:, None]
        return compared.score(compared.palettes(left, right, _products(a, b, "histogram")))

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 2.9 KB a row."""
        from matchcut.flavors._color_table import ColorTable

        return ColorTable.of(parts, placed=False)


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
        left, right = compared.figures(a)[:, :, None], compared.figures(b)[:, None]
        palettes = compared.palettes(left, right, _products(a, b, "histogram"))
        places = compared.places(left, right, _products(a, b, "layout"))
        return compared.score(np.sqrt(palettes * places))

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 2.9 KB a row."""
        from matchcut.flavors._color_table import ColorTable

        return ColorTable.of(parts, placed=True)


def _products(a: Rows, b: Rows, name: str) -> NDArray[np.float64]:
    """(N, M) of the histograms or layouts of two moments each."""
    left, right = (compared.flat(side, name).astype(np.float64) for side in (a, b))
    return np.asarray(left @ right.T, np.float64)


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
