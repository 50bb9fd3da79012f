from __future__ import annotations

from fractions import Fraction

import pytest
from opentimelineio.opentime import RationalTime

from otio_matchcut import clock
from otio_matchcut.errors import TimelineError

NTSC_FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (23.976, NTSC_FILM),
        (23.98, NTSC_FILM),
        (23.976024627685547, NTSC_FILM),
        (24000 / 1001, NTSC_FILM),
        (24, Fraction(24)),
        (24.000001, Fraction(24)),
        (25, Fraction(25)),
        (29.97, NTSC),
        (29.97002997002997, NTSC),
        (47.95, Fraction(48000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (119.88, Fraction(120000, 1001)),
        (12.5, Fraction(25, 2)),
        (16.666666, Fraction(50, 3)),
        (24000.0, Fraction(24000)),
        (44100.0, Fraction(44100)),
    ],
)
def test_a_rate_written_as_a_float_is_the_exact_rate_meant(written: float, meant: Fraction) -> None:
    assert clock.nominal_rate(written) == meant


@pytest.mark.parametrize("rate", [0.0, -24.0, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused_with_a_sentence(rate: float) -> None:
    with pytest.raises(TimelineError, match="which is no rate") as error:
        clock.nominal_rate(rate)
    assert error.value.reason == "TIMELINE_UNREADABLE"


def test_a_time_of_zero_is_zero_at_rate_zero_too() -> None:
    assert clock.seconds(RationalTime(0, 0)) == 0


def test_a_time_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(TimelineError, match="which is no time"):
        clock.seconds(RationalTime(float("nan"), 24))


def test_noise_of_float_arithmetic_does_not_move_a_frame() -> None:
    assert clock.exact_value(71.9999999) == 72
    assert clock.exact_value(71.94) == Fraction(7194, 100)


def test_speeds_stored_as_float32_are_the_speeds_meant() -> None:
    assert clock.exact_speed(-0.699999988079071) == Fraction(-7, 10)


@pytest.mark.parametrize(
    ("text", "rate", "frame"),
    [
        ("01:00:00:00", Fraction(24), 86400),
        ("01:00:00:00", NTSC_FILM, 86400),
        ("10:00:00:00", Fraction(25), 900000),
        ("00:01:00;02", NTSC, 1800),
        ("00:10:00;00", NTSC, 17982),
        ("01;00;00;00", NTSC, 107892),
        ("01:00:00:00", NTSC, 108000),
        ("00:01:00;04", Fraction(60000, 1001), 3600),
        ("00:00:01,05", NTSC, 35),
    ],
)
def test_timecode_counts_frames_as_editors_do(text: str, rate: Fraction, frame: int) -> None:
    assert clock.frame_of_timecode(text, rate) == frame


@pytest.mark.parametrize(
    ("text", "rate", "why"),
    [
        ("1:2", Fraction(24), "form HH:MM:SS:FF"),
        ("", Fraction(24), "form HH:MM:SS:FF"),
        ("00:00:00:24", Fraction(24), "frames go up to 23"),
        ("00:60:00:00", Fraction(24), "minutes and seconds up to 59"),
        ("24:00:00:00", Fraction(24), "hours go up to 23"),
        ("00:01:00;00", NTSC, "skips that number"),
        ("00:01:00;00", Fraction(25), "29.97 and 59.94 only"),
        ("00:01:00;00", NTSC_FILM, "29.97 and 59.94 only"),
    ],
)
def test_what_is_no_timecode_is_said_with_the_reason(text: str, rate: Fraction, why: str) -> None:
    with pytest.raises(TimelineError, match=why) as error:
        clock.frame_of_timecode(text, rate)
    assert error.value.reason == "TIMECODE_INVALID"
    assert "HH:MM:SS:FF" in error.value.next_step


def test_timecode_is_written_with_the_mark_of_its_kind() -> None:
    assert clock.timecode_of_frame(1800, NTSC, drop_frame=True) == "00:01:00;02"
    assert clock.timecode_of_frame(1800, NTSC) == "00:01:00:00"
    assert clock.timecode_of_frame(-1, Fraction(25)) == "23:59:59:24"
