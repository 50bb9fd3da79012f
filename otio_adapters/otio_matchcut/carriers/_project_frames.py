"""Matches cut to whole frames of a Final Cut project, which takes nothing between two frames.

A clip of a film at another rate is shortened to whole frames of the project for that, inside its
clean frames; the cut stays where it is. The last frame before it shows the outgoing cut frame, the
first after it the incoming one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from otio_matchcut.layout import Piece

PROJECT_RATES = tuple(
    Fraction(rate) * scale
    for rate in (24, 25, 30, 50, 60)
    for scale in ((1, Fraction(1000, 1001)) if rate in (24, 30, 60) else (1,))
)
"""Rates of a project in Final Cut Pro, by Apple's list of predefined video formats."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A side of a match in the project, in whole frames of it."""

    piece: Piece
    offset: int
    """Frames of the project from its first one."""
    length: int
    start: Fraction
    """Seconds of the media from its first frame."""

    @property
    def end(self) -> int:
        """First frame of the project after it."""
        return self.offset + self.length


def on_frames(pieces: Sequence[Piece], rate: Fraction) -> list[Shown]:
    """The pieces cut to whole frames of the project, each match around its cut.

    A match with a file that is shorter than a frame of the project is left out.
    """
    found: list[Shown] = []
    for outgoing, incoming in zip(pieces[::2], pieces[1::2], strict=True):
        cut = math.ceil(incoming.record_start * rate)
        left, right = outgoing.side, incoming.side
        before, after = _frames(outgoing, rate), _frames(incoming, rate)
        # Where frames of the project are longer than those of the film, the last one begins with
        # the cut frame, and shows it.
        last = max(1 / left.rate, 1 / rate)
        end = min(left.cut_frame / left.rate + last, left.source_frames / left.rate)
        latest = right.source_frames / right.rate - after / rate
        starts = (end - before / rate, min(right.cut_frame / right.rate, latest))
        if min(starts) >= 0:
            found.append(Shown(outgoing, cut - before, before, starts[0]))
            found.append(Shown(incoming, cut, after, starts[1]))
    return found


def _frames(piece: Piece, rate: Fraction) -> int:
    """Frames of the project that a piece fills, one at least."""
    return max(1, math.floor((piece.end - piece.start) / piece.side.rate * rate))


def project_rate(rate: Fraction) -> Fraction:
    """The rate itself where Final Cut has projects at it, else the nearest that it has."""
    return min(PROJECT_RATES, key=lambda known: (abs(known - rate), known))
