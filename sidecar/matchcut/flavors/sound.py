"""Sound: what is heard as A ends goes on, or comes again, as B begins.

The spectral envelope and the onsets of A's last two seconds are laid over those of B's first two,
at every lag at which they overlap by 0.4 s or more. The best lag says how alike the shots are and
where they join: the end of A and the start of B then lie over each other, and the cut may fall on
any instant of the overlap. It falls where both sound most alike, or just before an onset.

Shots without sound, and silent ones, match nothing. So do shots shorter than 0.4 s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _spectrum as made
from matchcut.flavors._joining import joined
from matchcut.flavors._overlap import edge, overlaps, same_kind
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

_BLOCK = 256
"""Outgoing shots compared at a time, so that what is computed for a lag stays in the cache."""


class _Edges:
    """How the start and the end of a shot sound; all zeros where there is nothing to hear."""

    @property
    def spec(self) -> RepresentationSpec:
        return RepresentationSpec(
            name="sound",
            version=1,
            dtype=np.dtype([("head", made.SIDE), ("tail", made.SIDE)]),
            shape=(),
            parameters=(
                ("stretch", str(made.STRETCH)),
                ("width", str(made.WIDTH)),
                ("hop", str(made.HOP)),
                ("range", str(made.RANGE)),
                ("floor", str(made.FLOOR)),
                ("around", str(made.AROUND)),
                ("largest", str(made.LARGEST)),
                ("lag", str(made.LAG)),
                ("audible", str(made.AUDIBLE)),
            ),
        )

    def moments(self, span: Span) -> Sequence[int]:
        return (span.start,)

    def window(self, span: Span, moment: int) -> WindowRequest:
        reach = max(span.offset(made.STRETCH), 1)
        head = Span(span.start, min(span.start + reach, span.end), span.time_base)
        tail = Span(max(span.end - reach, span.start), span.end, span.time_base)
        return WindowRequest(moment, (moment,), (head, tail))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        rows = np.zeros(len(windows), self.spec.dtype)
        for number, window in enumerate(windows):
            if window.sounds:
                head, tail = window.sounds
                rows["head"][number] = made.listened(head, tail=False)
                rows["tail"][number] = made.listened(tail, tail=True)
        return rows


@dataclass(frozen=True, slots=True)
class Continuation:
    """How far the sound at the start of B is that at the end of A, at the best of all lags.

    The same sound scores about 0.9, one recorded or encoded otherwise about 0.75, and unrelated
    sounds 0 or little more. Steady sounds of one kind (two winds, two rooms) score up to 0.3.
    """

    name: str = "sound-continuation"
    symmetric: bool = False
    lowest: float = 0.0
    highest: float = 1.0
    fluke: float = 0.03

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """The score of every end of `a` with every start of `b`.

        Args:
            a: (N,) rows, of which `tail` counts.
            b: (M,) rows, of which `head` counts.

        Returns:
            (N, M) float32, 0 to 1; 0 where either has nothing to hear.

        Cost: 80 lags, about 120,000 multiplications a pair: 5 microseconds on one core, and 0.1 ms
        a row to prepare. Memory is 10 KB a row of `b`, and what 256 rows of `a` need.
        """
        scores = np.zeros((len(a), len(b)), np.float32)
        head = edge(b["head"], tail=False, pool=2)
        for start in range(0, len(a), _BLOCK):
            tail = edge(a["tail"][start : start + _BLOCK], tail=True, pool=2)
            best = scores[start : start + _BLOCK]
            for _, score in overlaps(tail, head, pool=2):
                np.maximum(best, score, out=best)
            best += (1 - best) * same_kind(tail, head)
        return np.clip(scores, 0, 1)

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, made ready once. Memory: 6 KB a row."""
        from matchcut.flavors._sound_table import SoundTable

        return SoundTable.of(parts, np.zeros(0, _Edges().spec.dtype))


def find_join(outgoing: Rows, incoming: Rows, /) -> tuple[Fraction, Fraction]:
    """Where two shots join best in what is heard.

    The lag is that of the best overlap, found to a fraction of 10 ms.

    Args:
        outgoing: The (1,) row of A.
        incoming: The (1,) row of B.

    Returns:
        Seconds before A's end and after B's start, whose sum is the overlap; 0 and 0 where no
        overlap is better than chance.
    """
    join = joined(outgoing["tail"], incoming["head"])
    return (join.leave, join.enter) if join else (Fraction(0), Fraction(0))


def _draw_reason(outgoing: Evidence, incoming: Evidence, /) -> Picture:
    from matchcut.flavors._sound_drawing import drawn

    return drawn(outgoing.picture, outgoing.row["tail"], incoming.row["head"])


FLAVOR = Flavor(
    name="sound",
    label="Same sound: the end of A goes on in the start of B",
    representation=_Edges(),
    similarity=Continuation(),
    marker_color="BLUE",
    source=(
        "Stevens, Volkmann and Newman 1937 (mel scale); Böck and Widmer 2013, DAFx-13 (onsets);"
        " the joining is our own"
    ),
    draw_reason=_draw_reason,
    find_join=find_join,
)
