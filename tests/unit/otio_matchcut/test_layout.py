from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_matchcut.layout import BLACK, laid_out, on_grid
from otio_matchcut.matches import Match
from tests.unit.otio_matchcut.build import match, side

RATES = [Fraction(24000, 1001), 24, 25, Fraction(30000, 1001), 30, 50, Fraction(60000, 1001), 12]
rates = st.sampled_from([Fraction(rate) for rate in RATES])


@st.composite
def found(draw: st.DrawFn) -> list[Match]:
    sides = []
    for _ in range(2 * draw(st.integers(1, 4))):
        cut = draw(st.integers(0, 99))
        sides.append(side(rate=draw(rates), frames=100, shot=(0, 100), cut=cut))
    return [
        match(rank, outgoing=left, incoming=right)
        for rank, (left, right) in enumerate(zip(sides[::2], sides[1::2], strict=True), 1)
    ]


@given(found())
def test_every_cut_is_on_a_frame_and_black_keeps_matches_apart(matches: list[Match]) -> None:
    layout = laid_out(matches)
    pieces = layout.pieces
    assert pieces[0].record_start == 0
    for outgoing, incoming in zip(pieces[::2], pieces[1::2], strict=True):
        assert outgoing.record_end == incoming.record_start
        assert (incoming.record_start * layout.rate).denominator == 1
        assert outgoing.end == outgoing.side.cut_frame + 1
        assert incoming.start == incoming.side.cut_frame
    for incoming, outgoing in pairwise(pieces[1:]):
        if incoming.which == "incoming":
            assert outgoing.record_start - incoming.record_end >= BLACK


@given(found(), st.sampled_from([Fraction(0), Fraction(1, 2)]))
def test_on_whole_frames_the_cut_shows_the_frames_that_were_matched(
    matches: list[Match], early: Fraction
) -> None:
    layout = laid_out(matches)
    pieces = on_grid(layout, early=early)
    assert pieces[0].start >= 0
    for one, other in pairwise(pieces):
        assert one.start < one.end <= other.start
    for gridded in pieces:
        media, piece = gridded.piece.side, gridded.piece
        step = media.rate / layout.rate
        place = gridded.source_start if piece.which == "incoming" else gridded.source_end - 1
        shown = place * step + early
        frame = shown.numerator // shown.denominator
        if media.rate <= layout.rate:
            assert frame == media.cut_frame
        elif piece.which == "incoming":
            assert media.cut_frame <= frame < media.cut_frame + step + 1
        else:
            assert media.cut_frame - step - 1 < frame <= media.cut_frame


def test_nothing_is_laid_out_as_nothing() -> None:
    layout = laid_out(())
    assert (layout.pieces, layout.length, on_grid(layout)) == ((), 0, ())


def test_each_side_is_as_long_as_asked_and_no_longer_than_its_shot() -> None:
    short = side(shot=(40, 60), clean=(45, 58), cut=50)
    layout = laid_out([match(outgoing=short, incoming=short)], longest=Fraction(1, 4))
    assert [(piece.start, piece.end) for piece in layout.pieces] == [(45, 51), (50, 56)]


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001)])
def test_it_begins_at_one_hour_of_timecode(rate: Fraction) -> None:
    layout = laid_out([match(outgoing=side(rate=rate))])
    assert layout.first_frame == 3600 * round(rate)
