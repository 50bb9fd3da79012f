"""The moments of a shot: its ends, its middle, and enough between them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.moments import EVERY, MOST, SHORTEST, middle, moments
from matchcut.types import Span

FRAME = Fraction(1, 24)
spans = st.builds(
    lambda start, length, base: Span(start, start + length, base),
    st.integers(-1000, 1000),
    st.integers(1, 100_000),
    st.sampled_from([FRAME, Fraction(1001, 30000), Fraction(1, 1000), Fraction(1, 90000)]),
)


@given(spans)
def test_moments_lie_inside_the_shot_in_order_and_never_too_many(span: Span) -> None:
    found = moments(span)
    assert list(found) == sorted(set(found))
    assert all(span.start <= moment < span.end for moment in found)
    assert 1 <= len(found) <= MOST


@given(spans)
def test_no_frame_of_a_shot_is_further_from_a_moment_than_refinement_looks(span: Span) -> None:
    if span.seconds > EVERY * (MOST - 1):
        return
    gaps = [
        (later - earlier) * span.time_base
        for earlier, later in zip(moments(span), moments(span)[1:], strict=False)
    ]
    assert all(gap <= EVERY + span.time_base for gap in gaps)


def test_a_shot_of_some_length_has_its_first_and_last_frame_and_its_middle() -> None:
    assert moments(Span(10, 82, FRAME)) == (10, 45, 81)
    assert len(moments(Span(0, 24 * 7, FRAME))) == 5
    assert len(moments(Span(0, 24 * 600, FRAME))) == MOST


@pytest.mark.parametrize("frames", [1, 2, 17])
def test_a_very_short_shot_has_its_middle_alone(frames: int) -> None:
    span = Span(5, 5 + frames, FRAME)
    assert span.seconds < SHORTEST
    assert moments(span) == middle(span) == (5 + frames // 2,)
