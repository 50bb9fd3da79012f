"""Where each side of each match stands when they are played one after another: plain numbers.

For each match the end of the outgoing shot, then the incoming one, then black. Every cut falls on a
frame of the sequence; where rates are mixed, other ends may fall between two. The sequence runs at
the rate of the first match's outgoing source and starts at 01:00:00:00, non-drop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from otio_matchcut.matches import Match, MatchSide

LONGEST = Fraction(2)
"""Seconds shown of each side at most."""
BLACK = Fraction(1)
"""Seconds between two matches, at least."""
NO_RATE = Fraction(24)
"""Of a sequence of nothing."""
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """One side of a match as it is shown: clean frames of its shot, up to or from its cut frame."""

    match: Match
    which: Literal["outgoing", "incoming"]
    start: int
    """First media frame shown, counted from 0 in the file."""
    end: int
    """First media frame shown no more: half-open."""
    record_start: Fraction
    """Seconds from the sequence's first frame."""
    record_end: Fraction

    @property
    def side(self) -> MatchSide:
        """The media and the shot."""
        return self.match.outgoing if self.which == "outgoing" else self.match.incoming

    @property
    def name(self) -> str:
        """`A #3` or `B #3`: one of a kind in its sequence."""
        return f"{'A' if self.which == 'outgoing' else 'B'} #{self.match.rank}"


@dataclass(frozen=True, slots=True)
class Layout:
    """A sequence of matches. Between two pieces that do not touch there is black."""

    rate: Fraction
    first_frame: int
    """Frame number of the sequence's first frame in its timecode."""
    pieces: tuple[Piece, ...]
    """Outgoing and incoming in turns, in the order of record time."""

    @property
    def length(self) -> Fraction:
        """Seconds."""
        return self.pieces[-1].record_end if self.pieces else Fraction(0)


@dataclass(frozen=True, slots=True)
class Gridded:
    """A piece as a sequence has it that knows whole frames of its own rate alone.

    The pieces of a match meet at their cut; elsewhere an end may lie up to a frame off.
    """

    piece: Piece
    start: int
    """First frame of the sequence, counted from 0."""
    end: int
    """First frame of the sequence after it: half-open."""
    source_start: int
    """Where the media is at `start`, in frames of the sequence's rate from the media's first."""

    @property
    def source_end(self) -> int:
        """Where the media is at `end`."""
        return self.source_start + self.end - self.start


def on_grid(layout: Layout, *, early: Fraction = _NOTHING) -> tuple[Gridded, ...]:
    """The pieces on whole frames of the sequence.

    The outgoing one ends with its cut frame and the incoming one begins with its own; where the
    media has more frames a second than the sequence, which shows not each of them, with the last
    shown up to it and the first shown from it on.

    Args:
        layout: The sequence.
        early: By which part of its duration the host shows a media frame before its time. A place
            p of the media, in its frames, shows floor(p + early).
    """
    rate = layout.rate
    found = []
    for piece in layout.pieces:
        step = rate / piece.side.rate
        source_start = max(0, math.ceil((piece.start - early) * step))
        source_end = math.ceil((piece.end - early) * step)
        source_end = max(source_end, source_start + 1)
        length = source_end - source_start
        if piece.which == "outgoing":
            end = round(piece.record_end * rate)
            found.append(Gridded(piece, end - length, end, source_end - length))
        else:
            start = round(piece.record_start * rate)
            found.append(Gridded(piece, start, start + length, source_start))
    return tuple(found)


def laid_out(matches: Sequence[Match], *, longest: Fraction = LONGEST) -> Layout:
    """The matches one after another, in the order given.

    Args:
        matches: Best first.
        longest: Seconds shown of each side at most; at least a frame is shown.
    """
    rate = matches[0].outgoing.rate if matches else NO_RATE
    pieces: list[Piece] = []
    for match in matches:
        outgoing, incoming = match.outgoing, match.incoming
        start = max(
            outgoing.clean_start_frame, outgoing.cut_frame + 1 - _at_most(longest, outgoing.rate)
        )
        end = min(incoming.clean_end_frame, incoming.cut_frame + _at_most(longest, incoming.rate))
        before = (outgoing.cut_frame + 1 - start) / outgoing.rate
        cut = before
        if pieces:
            earliest = pieces[-1].record_end + BLACK + before
            cut = math.ceil(earliest * rate) / rate
        after = (end - incoming.cut_frame) / incoming.rate
        left, right = outgoing.cut_frame + 1, incoming.cut_frame
        pieces.append(Piece(match, "outgoing", start, left, cut - before, cut))
        pieces.append(Piece(match, "incoming", right, end, cut, cut + after))
    hour = 3600 * math.floor(rate + Fraction(1, 2))
    return Layout(rate, hour, tuple(pieces))


def _at_most(longest: Fraction, rate: Fraction) -> int:
    return max(1, math.floor(longest * rate))
