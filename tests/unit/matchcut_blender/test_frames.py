"""Frames of a scene and of a film, in both directions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut_blender.plain.frames import Played, exact_rate, step_of

RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(50)]


@pytest.mark.parametrize(
    ("stated", "rate"),
    [
        ((23.976022720336914,), Fraction(24000, 1001)),
        ((24, 1.0010000467300415), Fraction(24000, 1001)),
        ((29.970029830932617,), Fraction(30000, 1001)),
        ((59.940059661865234,), Fraction(60000, 1001)),
        ((25.0,), Fraction(25)),
        ((24,), Fraction(24)),
        ((12.5,), Fraction(25, 2)),
        ((0.5,), Fraction(1, 2)),
    ],
)
def test_a_float_of_blenders_is_read_as_the_rate_that_is_meant(
    stated: tuple[float, ...], rate: Fraction
) -> None:
    assert exact_rate(*stated) == rate


@given(
    begin=st.fractions(-500, 500, max_denominator=4),
    step=st.sampled_from([one / other for one in RATES for other in RATES]),
    passed=st.integers(0, 900),
)
def test_the_last_frame_that_shows_a_frame_shows_it_and_the_next_one_does_not(
    begin: Fraction, step: Fraction, passed: int
) -> None:
    strip = Played(begin, 0, 10**6, 7, 10**6, step)
    at = int(begin) + 1 + passed
    shown = strip.media_frame(at)
    last = strip.last_showing(shown)
    assert last >= at
    assert strip.media_frame(last) == shown
    assert strip.media_frame(last + 1) > shown


def test_a_frame_that_a_strip_does_not_show_has_a_nearest_one() -> None:
    strip = Played(Fraction(-99), 1, 51, 0, 1000, Fraction(1))
    assert strip.nearest_showing(120) == 21
    assert strip.nearest_showing(90) == 1
    assert strip.nearest_showing(400) == 50


@given(count=st.integers(200, 5000), media=st.sampled_from(RATES), scene=st.sampled_from(RATES))
def test_the_length_of_a_strip_tells_whether_it_plays_at_its_own_rate(
    count: int, media: Fraction, scene: Fraction
) -> None:
    own, frame_for_frame = int(count * scene / media), count
    step, doubtful = step_of(count, own, media, scene, Fraction(1)) or (None, None)
    assert step == media / scene
    if abs(own - frame_for_frame) > 2:
        assert not doubtful
        assert step_of(count, frame_for_frame, media, scene, Fraction(1)) == (1, False)


def test_nearly_equal_rates_of_a_short_strip_leave_a_doubt() -> None:
    assert step_of(120, 120, Fraction(24000, 1001), Fraction(24), Fraction(1)) == (
        Fraction(1000, 1001),
        True,
    )


def test_a_strip_whose_length_fits_neither_speed_is_retimed() -> None:
    assert step_of(1000, 1700, Fraction(25), Fraction(24), Fraction(1)) is None
