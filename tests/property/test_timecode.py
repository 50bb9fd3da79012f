"""Every frame of a day has one label, each label one frame, and OpenTimelineIO agrees."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.errors import TimecodeInvalid
from matchcut.timecode import (
    STANDARD_RATES,
    allows_drop_frame,
    exact_rate,
    frame_to_timecode,
    nominal_rate,
    timecode_to_frame,
)

ODD_RATES = (Fraction(1, 86400), Fraction(45000, 1501), Fraction(32), Fraction(141, 10))
COUNTS = [
    (rate, drop)
    for rate in (*sorted(STANDARD_RATES), *ODD_RATES)
    for drop in ((False, True) if allows_drop_frame(rate) else (False,))
]
OTIO_RATES = [
    (rate, drop)
    for rate, drop in COUNTS
    if otio.opentime.RationalTime.is_smpte_timecode_rate(float(rate)) and rate <= 60
]


def frames_a_day(rate: Fraction, drop: bool) -> int:
    nominal = nominal_rate(rate)
    labels = 86400 * nominal
    return labels - (24 * 54 * (nominal // 15) if drop else 0)


counts = st.sampled_from(COUNTS)


@given(counts, st.data())
def test_a_frame_comes_back_from_its_label(
    count: tuple[Fraction, bool], data: st.DataObject
) -> None:
    rate, drop = count
    frame = data.draw(st.integers(0, frames_a_day(rate, drop) - 1))
    label = frame_to_timecode(frame, rate, drop_frame=drop)
    assert timecode_to_frame(label, rate) == frame


@given(
    counts,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 239),
)
def test_a_label_comes_back_from_its_frame_or_is_refused(
    count: tuple[Fraction, bool], hour: int, minute: int, second: int, frame: int
) -> None:
    rate, drop = count
    frame %= nominal_rate(rate)
    width = max(2, len(str(nominal_rate(rate) - 1)))
    label = f"{hour:02d}:{minute:02d}:{second:02d}{';' if drop else ':'}{frame:0{width}d}"
    dropped = drop and second == 0 and minute % 10 != 0 and frame < nominal_rate(rate) // 15
    if dropped:
        with pytest.raises(TimecodeInvalid):
            timecode_to_frame(label, rate)
    else:
        assert frame_to_timecode(timecode_to_frame(label, rate), rate, drop_frame=drop) == label


@given(counts, st.integers(0, 10**9))
def test_labels_increase_by_one_frame_and_wrap_after_a_day(
    count: tuple[Fraction, bool], frame: int
) -> None:
    rate, drop = count
    day = frames_a_day(rate, drop)
    here = timecode_to_frame(frame_to_timecode(frame, rate, drop_frame=drop), rate)
    after = timecode_to_frame(frame_to_timecode(frame + 1, rate, drop_frame=drop), rate)
    assert here == frame % day
    assert after == (here + 1) % day


@given(st.sampled_from(OTIO_RATES), st.data())
def test_opentimelineio_gives_the_same_labels(
    count: tuple[Fraction, bool], data: st.DataObject
) -> None:
    rate, drop = count
    # OpenTimelineIO wraps 29.97 and 59.94 after a drop-frame day, however it counts.
    day = frames_a_day(rate, allows_drop_frame(rate))
    frame = data.draw(st.integers(0, day - 1))
    time = otio.opentime.RationalTime(frame, float(rate))
    assert frame_to_timecode(frame, rate, drop_frame=drop) == otio.opentime.to_timecode(
        time, float(rate), drop
    )


def test_opentimelineio_is_asked_about_the_common_rates() -> None:
    assert {(Fraction(30000, 1001), True), (Fraction(60000, 1001), True)} <= set(OTIO_RATES)
    assert {rate for rate, _ in OTIO_RATES} >= {Fraction(24000, 1001), Fraction(24), Fraction(25)}


@given(st.sampled_from(sorted(STANDARD_RATES)), st.integers(3, 6))
def test_a_standard_rate_survives_rounding(rate: Fraction, digits: int) -> None:
    assert exact_rate(round(float(rate), digits)) == rate
    assert exact_rate(exact_rate(float(rate))) == rate
