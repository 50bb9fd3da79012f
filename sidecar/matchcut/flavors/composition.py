"""Composition: the same lines, horizon, circles and masses, as when a round cup becomes the moon.

Of a frame, the strongest straight lines and circles are kept, and where the visual weight lies. A
circle of the same size at the same place is worth most, whatever else there is; so is a strong line
that both share, unless it is one of many. Masses alone say little.
Pictures without lines and circles match next to nothing, and flat ones nothing at all.

Sources: Grompone von Gioi et al. 2010, "LSD: A Fast Line Segment Detector with a False Detection
Control", IEEE PAMI 32(4); Yuen et al. 1990, "Comparative study of Hough transform methods for
circle finding", Image and Vision Computing 8(1); both as OpenCV implements them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _arrangement as made
from matchcut.flavors import _circles, _lines, _masses, _screen
from matchcut.flavors._composition_reframing import Recomposable, find
from matchcut.flavors._recomposed import moved
from matchcut.moments import moments
from matchcut.types import (
    Evidence,
    Flavor,
    Picture,
    Prepared,
    Reframe,
    Reframing,
    RepresentationSpec,
    Rows,
    Span,
    Window,
    WindowRequest,
)


class _Composition:
    """Lines, circles and masses of one frame."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="composition",
            version=1,
            dtype=made.ROW,
            shape=(),
            parameters=(
                ("screen", f"{_screen.WIDTH}x{_screen.HEIGHT}"),
                ("circles", _circles.PARAMETERS),
                ("lines", _lines.PARAMETERS),
                ("masses", _masses.PARAMETERS),
            ),
        )

    def moments(self, span: Span) -> Sequence[int]:
        return moments(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return WindowRequest(moment, (moment,))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        rows = np.zeros(len(windows), made.ROW)
        for row, window in zip(rows, windows, strict=True):
            grey = _screen.fitted(window.pictures[window.centre])
            row["circles"] = _circles.circles(grey)
            row["lines"], row["total"] = _lines.lines(grey, row["circles"])
            row["masses"], row["weight"] = _masses.masses(grey)
        return rows


@dataclass(frozen=True, slots=True)
class SameComposition:
    """Both pictures are composed alike: by a circle, by lines, and a little by masses.

    What each part leaves of the way to 1 is left to the others.
    """

    name: str = "same-composition"
    symmetric: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.03

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) float32 in [0, 1]."""
        left = 1 - made.shared_circle(a, b)
        left *= 1 - made.shared_lines(a, b)
        left *= 1 - np.float32(made.MASSES) * made.same_masses(a, b)
        return np.asarray(np.clip(1 - left, 0, 1), np.float32)

    def along(self, a: Rows, b: Rows) -> NDArray[np.float32]:
        """(N,) the scores of each of (N,) rows and that of the others beside it."""
        left = 1 - made.shared_circle_along(a, b)
        left *= 1 - made.shared_lines_along(a, b)
        left *= 1 - np.float32(made.MASSES) * made.same_masses_along(a, b)
        return np.asarray(np.clip(1 - left, 0, 1), np.float32)

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 1.2 KB a row."""
        from matchcut.flavors._composition_table import CompositionTable

        return CompositionTable.of(parts, self, 0)


def _find_reframing(
    outgoing: Rows, incoming: Rows, aspects: tuple[float, float], _: tuple[Rows, Rows] | None, /
) -> Reframing | None:
    return find(SameComposition(), outgoing, incoming, aspects)


def _draw_reason(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    from matchcut.flavors._composition_drawing import drawn

    return drawn(outgoing, incoming)


FLAVOR = Flavor(
    name="composition",
    label="Same composition: lines, horizon, circles and masses",
    representation=_Composition(),
    similarity=SameComposition(),
    marker_color="GREEN",
    source="LSD (Grompone von Gioi et al. 2010); Hough circles (Yuen et al. 1990); own comparison",
    draw_reason=_draw_reason,
    reframe=Reframe(Recomposable(SameComposition()), _find_reframing, moved),
)
