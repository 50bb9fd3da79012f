"""Pieces without what is around them: before their timeline begins, or a clip of one picture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from otio_matchcut.readers._fcpxml.pieces import Media, Nothing, Piece, Run, Timeline

_ZERO = Fraction(0)


def begun(run: Run) -> Run:
    """The run without what lies before its timeline begins, where connected sound often starts."""
    if all(piece.start >= 0 for piece in run.pieces):
        return run
    return replace(
        run,
        pieces=tuple(
            piece
            if piece.start >= 0
            else replace(
                piece, start=_ZERO, length=piece.end, at=piece.at - piece.start * piece.speed
            )
            for piece in run.pieces
            if piece.end > 0
        ),
        crossings=tuple(crossing for crossing in run.crossings if crossing.cut > 0),
    )


def only_piece(timeline: Timeline, spanned: Piece) -> Piece | None:
    """The one piece of media that a clip is made of, where it is, and is there all the time."""
    shown = [piece for piece in timeline.pieces if not isinstance(piece.source, Nothing)]
    pictures = [piece for piece in shown if not piece.sound]
    found = pictures or shown
    first = found[0] if found else None
    if first is None or not isinstance(first.source, Media) or first.unknown or not first.enabled:
        return None
    if any(run.crossings for run in timeline.runs) or len(pictures) > 1:
        return None
    if not pictures and any(
        not isinstance(piece.source, Media) or piece.source.asset is not first.source.asset
        for piece in shown
    ):
        return None
    ends = (spanned.at, spanned.at + spanned.speed * spanned.length)
    return first if first.start <= min(ends) and max(ends) <= first.end else None


def through(outer: Piece, inner: Piece) -> Piece:
    """What the outer piece shows of the inner one, without the timeline between them."""

    def within(time: Fraction) -> Fraction:
        return inner.at + (time - inner.start) * inner.speed

    return replace(
        outer,
        source=inner.source,
        at=within(outer.at),
        speed=outer.speed * inner.speed,
        marks=(*(mark.through(within, inner.speed) for mark in outer.marks), *inner.marks),
        note=outer.note or inner.note,
    )
