"""Exact rates and frame numbers from the floats that timelines hold, and timecode.

Two readings of a rate are needed. The *nominal* rate is the one meant: 23.976, 23.98 and the
float32 23.976024627685547 all mean 24000/1001, and frames are counted in it. The *literal* rate is
the one written: an application that converts a time from one rate to another does so with the
number it writes, and at ten hours of timecode 23.976 and 24000/1001 differ by a frame.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from opentimelineio.opentime import RationalTime, TimeRange

from otio_matchcut.errors import TimelineError

_TIMECODE = re.compile(r"(\d{1,2})([:;.,])(\d{1,2})([:;.,])(\d{1,2})([:;.,])(\d{1,3})")
FASTEST_FRAME_RATE = 480
"""Above this a rate counts ticks of a clock (24000, 44100), not frames."""


def nominal_rate(rate: float) -> Fraction:
    """The exact rate that a float stands for: whole, n·1000/1001, or the fraction nearest to it.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the rate is zero, negative or not a number.
    """
    if not (math.isfinite(rate) and rate > 0):
        raise TimelineError(
            "TIMELINE_UNREADABLE",
            f"The timeline holds a time at {rate:g} frames a second, which is no rate.",
            "Set the frame rate in the editing application and export the timeline again.",
            rate=rate,
        )
    whole = round(rate)
    if whole >= 1 and abs(rate - whole) < 1e-3:
        return Fraction(whole)
    count = round(rate * 1.001)
    # 0.006 takes in the two-decimal forms (23.98, 47.95) and keeps apart what is really different.
    if count >= 12 and (count % 12 == 0 or count % 15 == 0):
        ntsc = Fraction(count * 1000, 1001)
        if abs(rate - float(ntsc)) < 0.006:
            return ntsc
    return _simple(rate)


def literal_rate(rate: float) -> Fraction:
    """The rate exactly as written in decimals: 23.976 is 2997/125."""
    nominal_rate(rate)
    return Fraction(repr(rate))


def exact_value(value: float) -> Fraction:
    """A count of frames without the noise of float arithmetic: 71.9999999 is 72.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the value is not a finite number.
    """
    if not math.isfinite(value):
        raise TimelineError(
            "TIMELINE_UNREADABLE",
            f"The timeline holds a time of {value} frames, which is no time.",
            "Export the timeline again from the editing application.",
            value=value,
        )
    whole = round(value)
    return Fraction(whole) if abs(value - whole) < 1e-5 else Fraction(repr(value))


def exact_speed(scalar: float) -> Fraction:
    """A retime's speed: 2, 3/4, -7/10 also where it was stored as a float32.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the speed is not a finite number.
    """
    return _simple(scalar) if math.isfinite(scalar) else exact_value(scalar)


def seconds(time: RationalTime) -> Fraction:
    """A time in seconds of its nominal rate, exact. A time of zero is zero at any rate, 0 too.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the time or its rate is no number.
    """
    value = exact_value(time.value)
    return value / nominal_rate(time.rate) if value else value


def range_rate(span: TimeRange) -> float:
    """The rate that a range is written in.

    Where the start is zero its rate may be a default (1, or 0), and the duration's rate counts.
    """
    start, duration = span.start_time, span.duration
    return float(duration.rate if start.value == 0 and duration.rate > 0 else start.rate)


def is_frame_rate(rate: Fraction) -> bool:
    """Whether a rate can be one of frames, not of a clock's ticks or a default of 1."""
    return 5 <= rate <= FASTEST_FRAME_RATE


def to_float(rate: Fraction) -> float:
    """The nearest float of a rate or a count, for the OTIO border."""
    return rate.numerator / rate.denominator


def rate_text(rate: Fraction) -> str:
    """A rate as people write it: 24, 23.976, 29.97."""
    return f"{to_float(rate):.3f}".rstrip("0").rstrip(".")


def is_drop_frame(text: str) -> bool:
    """Whether a timecode is written as drop-frame: with a `;` or `,` before its frames."""
    match = _TIMECODE.fullmatch(text.strip())
    return match is not None and (match[6] in ";," or ";" in (match[2], match[4]))


def frame_of_timecode(text: str, rate: Fraction) -> int:
    """The frame number of a timecode, counted from 00:00:00:00 at `rate`.

    `;` or `,` before the frames means drop-frame; it exists at 30000/1001 and its multiples only.

    Raises:
        TimelineError: TIMECODE_INVALID, with the reason in words.
    """
    match = _TIMECODE.fullmatch(text.strip())
    if match is None:
        raise _invalid(text, rate, "it is not of the form HH:MM:SS:FF")
    hours, minutes, whole_seconds, frames = (int(match[group]) for group in (1, 3, 5, 7))
    count = math.floor(rate + Fraction(1, 2))
    if hours >= 24 or minutes >= 60 or whole_seconds >= 60:
        raise _invalid(text, rate, "hours go up to 23, minutes and seconds up to 59")
    if frames >= count:
        raise _invalid(text, rate, f"frames go up to {count - 1}")
    number = (hours * 3600 + minutes * 60 + whole_seconds) * count + frames
    if not is_drop_frame(text):
        return number
    dropped = _dropped_a_minute(rate)
    if not dropped:
        raise _invalid(text, rate, "drop-frame exists at 29.97 and 59.94 only")
    if minutes % 10 and whole_seconds == 0 and frames < dropped:
        raise _invalid(text, rate, "drop-frame skips that number")
    total_minutes = hours * 60 + minutes
    return number - dropped * (total_minutes - total_minutes // 10)


def timecode_of_frame(frame: int, rate: Fraction, *, drop_frame: bool = False) -> str:
    """The timecode of a frame number, wrapped at 24 hours; `;` before FF where it is drop-frame."""
    count = max(1, math.floor(rate + Fraction(1, 2)))
    dropped = _dropped_a_minute(rate) if drop_frame else 0
    number = frame % day_of_frames(rate, drop_frame=drop_frame)
    if dropped:
        ten, rest = divmod(number, count * 600 - dropped * 9)
        number += dropped * 9 * ten
        if rest >= dropped:
            number += dropped * ((rest - dropped) // (count * 60 - dropped))
    whole, frames = divmod(number, count)
    mark = ";" if dropped else ":"
    return (
        f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}"
        f"{frames:0{max(2, len(str(count - 1)))}d}"
    )


def day_of_frames(rate: Fraction, *, drop_frame: bool) -> int:
    """How many frame numbers there are in 24 hours of timecode."""
    count = max(1, math.floor(rate + Fraction(1, 2)))
    dropped = _dropped_a_minute(rate) if drop_frame else 0
    return count * 86400 - dropped * 9 * 144


def _dropped_a_minute(rate: Fraction) -> int:
    """Frame numbers that drop-frame skips in nine minutes of ten; 0 where it does not exist."""
    count = rate * 1001 / 30000
    return 2 * count.numerator if count.denominator == 1 else 0


def _simple(number: float) -> Fraction:
    simple = Fraction(number).limit_denominator(1001)
    if abs(float(simple) - number) <= 1e-6 * abs(number):
        return simple
    return Fraction(repr(number))


def _invalid(text: str, rate: Fraction, why: str) -> TimelineError:
    return TimelineError(
        "TIMECODE_INVALID",
        f"'{text}' is not a timecode at {rate_text(rate)} frames a second: {why}.",
        "Write it as HH:MM:SS:FF (HH:MM:SS;FF for drop-frame).",
        text=text,
        rate=rate,
        why=why,
    )
