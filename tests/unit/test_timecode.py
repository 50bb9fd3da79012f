"""Timecode labels, by the cases that editors meet."""

from __future__ import annotations

from fractions import Fraction

import pytest

from matchcut.errors import TimecodeInvalid
from matchcut.timecode import exact_rate, frame_to_timecode, nominal_rate, timecode_to_frame

FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)
NTSC_60 = Fraction(60000, 1001)


@pytest.mark.parametrize(
    ("frame", "rate", "drop", "label"),
    [
        (0, Fraction(24), False, "00:00:00:00"),
        (86400, Fraction(24), False, "01:00:00:00"),
        (86399, FILM, False, "00:59:59:23"),
        (1799, NTSC, True, "00:00:59;29"),
        (1800, NTSC, True, "00:01:00;02"),
        (17981, NTSC, True, "00:09:59;29"),
        (17982, NTSC, True, "00:10:00;00"),
        (107892, NTSC, True, "01:00:00;00"),
        (108000, NTSC, False, "01:00:00:00"),
        (3599, NTSC_60, True, "00:00:59;59"),
        (3600, NTSC_60, True, "00:01:00;04"),
        (7200, Fraction(120), False, "00:01:00:000"),
        (13, Fraction(25, 2), False, "00:00:01:00"),
        (61, Fraction(45000, 1501), False, "00:00:02:01"),
        (2, Fraction(1, 86400), False, "00:00:02:00"),
        (1, Fraction(100), False, "00:00:00:01"),
    ],
)
def test_frames_have_the_labels_that_a_deck_shows(
    frame: int, rate: Fraction, drop: bool, label: str
) -> None:
    assert frame_to_timecode(frame, rate, drop_frame=drop) == label
    assert timecode_to_frame(label, rate) == frame


def test_the_clock_wraps_after_a_day() -> None:
    assert frame_to_timecode(24 * 86400, Fraction(24), drop_frame=False) == "00:00:00:00"
    assert frame_to_timecode(24 * 107892 + 5, NTSC, drop_frame=True) == "00:00:00;05"


def test_there_is_no_label_before_the_first_frame() -> None:
    with pytest.raises(ValueError, match="-1"):
        frame_to_timecode(-1, Fraction(25), drop_frame=False)


def test_drop_frame_is_not_made_up_where_it_is_not_defined() -> None:
    with pytest.raises(ValueError, match="not defined"):
        frame_to_timecode(0, Fraction(25), drop_frame=True)
    with pytest.raises(TimecodeInvalid, match="only defined"):
        timecode_to_frame("00:00:00;00", FILM)


@pytest.mark.parametrize(
    ("text", "rate", "why"),
    [
        ("00:01:00;00", NTSC, "leaves out"),
        ("00:01:00;01", NTSC, "leaves out"),
        ("00:11:00;03", NTSC_60, "leaves out"),
        ("00:00:00:24", FILM, "frames run from 00 to 23"),
        ("00:00:60:00", Fraction(25), "seconds"),
        ("00:60:00:00", Fraction(25), "minutes"),
        ("24:00:00:00", Fraction(25), "hours"),
        ("00:00:01.5", Fraction(25), "shape"),
        ("120", Fraction(25), "shape"),
        ("", Fraction(25), "shape"),
        ("-1:00:00:00", Fraction(25), "shape"),
        ("٠١:00:00:00", Fraction(25), "shape"),
    ],
)
def test_a_wrong_timecode_is_refused_with_the_reason(text: str, rate: Fraction, why: str) -> None:
    with pytest.raises(TimecodeInvalid, match=why):
        timecode_to_frame(text, rate)


def test_the_label_after_a_dropped_one_is_read() -> None:
    assert timecode_to_frame("00:01:00;02", NTSC) == 1800
    assert timecode_to_frame("00:10:00;00", NTSC) == 17982


def test_the_caller_may_say_how_a_label_counts() -> None:
    assert timecode_to_frame("01:00:00:00", NTSC, drop_frame=True) == 107892
    assert timecode_to_frame("01:00:00;00", NTSC, drop_frame=False) == 108000


def test_labels_written_with_semicolons_throughout_are_read() -> None:
    assert timecode_to_frame("01;00;00;00", NTSC) == 107892
    assert timecode_to_frame(" 1:00:00:00 ", Fraction(24)) == 86400


@pytest.mark.parametrize(
    ("rounded", "exact"),
    [
        (23.976, FILM),
        (23.98, FILM),
        (23.976023976, FILM),
        (23.97602462768554688, FILM),
        (29.97, NTSC),
        (Fraction(2997, 100), NTSC),
        (59.94, NTSC_60),
        (119.88, Fraction(120000, 1001)),
        (24, Fraction(24)),
        (24.0, Fraction(24)),
        (25.000001, Fraction(25)),
        (12.5, Fraction(25, 2)),
        (Fraction(1, 86400), Fraction(1, 86400)),
        (Fraction(45000, 1501), Fraction(45000, 1501)),
        (Fraction(32), Fraction(32)),
        (14.1, Fraction(141, 10)),
        (10, Fraction(10)),
        (23.9, Fraction(239, 10)),
    ],
)
def test_rounded_rates_become_exact_and_odd_ones_stay(
    rounded: Fraction | float, exact: Fraction
) -> None:
    assert exact_rate(rounded) == exact


@pytest.mark.parametrize("rate", [0, -25, float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        exact_rate(rate)


def test_a_rate_below_one_still_counts_its_frames() -> None:
    assert nominal_rate(Fraction(1, 86400)) == 1
    assert nominal_rate(Fraction(25, 2)) == 13
    assert nominal_rate(FILM) == 24
