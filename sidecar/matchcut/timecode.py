"""SMPTE timecode as integer arithmetic: frame number to label and back, at any rate.

A timecode labels frames; it does not measure time. It counts `nominal_rate(rate)` frames to a
second, so at 24000/1001 a label runs 0.1 % behind the clock, and at 12.5 frames a second, where 13
are counted, further. At every rate each frame of a day has one label and each label one frame.
Drop-frame leaves out labels, never frames.

Source: SMPTE ST 12-1 (drop-frame compensation, the 24-hour wrap); ST 12-3 for rates above 60.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from matchcut.errors import TimecodeInvalid

_NTSC = Fraction(1000, 1001)
STANDARD_RATES = frozenset(
    {Fraction(whole) for whole in (12, 15, 24, 25, 30, 48, 50, 60, 72, 90, 96, 100, 120, 240)}
    | {whole * _NTSC for whole in (15, 24, 30, 48, 60, 72, 90, 96, 120, 240)}
    | {Fraction(25, 2)}
)
"""Rates at which film and video are made, exact."""
_NEAR = Fraction(1, 5000)
"""23.98 lies 1/6000 from 24000/1001; 24 lies 1/1000 from it."""

_LARGEST_DENOMINATOR = 100_000
_SHAPE = re.compile(r"(\d{1,2})[:;](\d{2})[:;](\d{2})([:;])(\d{2,3})", re.ASCII)


def exact_rate(rate: Fraction | float) -> Fraction:
    """The exact rate that a rounded one stands for: 23.976, 23.98 and 2997/100 become n/1001.

    A rate within 1/5000 of a standard rate is that rate; any other is kept, a float as the nearest
    fraction with a denominator up to 100,000.

    Raises:
        ValueError: the rate is zero, negative, infinite or not a number.
    """
    if not math.isfinite(rate) or rate <= 0:
        raise ValueError(f"a frame rate is a positive number, but {rate} is not")
    exact = Fraction(rate)
    nearest = min(STANDARD_RATES, key=lambda standard: abs(standard - exact))
    if abs(nearest - exact) <= nearest * _NEAR:
        return nearest
    return exact if isinstance(rate, Fraction) else exact.limit_denominator(_LARGEST_DENOMINATOR)


def nominal_rate(rate: Fraction) -> int:
    """How many frames a timecode counts to a second: the rate rounded half up, at least 1."""
    return max(1, (2 * rate.numerator + rate.denominator) // (2 * rate.denominator))


def allows_drop_frame(rate: Fraction) -> bool:
    """True at 30000/1001 and its whole multiples, where drop-frame timecode is defined."""
    exact = exact_rate(rate)
    return nominal_rate(exact) % 30 == 0 and exact.denominator == 1001


def frames_a_day(rate: Fraction, *, drop_frame: bool) -> int:
    """How many labels the clock has before it begins anew: 2,589,408 in drop-frame 29.97."""
    dropped_minutes = 24 * 60 - 24 * 6
    whole = 24 * 3600 * nominal_rate(rate)
    return whole - dropped_minutes * _dropped_each_minute(rate, drop_frame)


def _dropped_each_minute(rate: Fraction, drop_frame: bool) -> int:
    return nominal_rate(rate) // 15 if drop_frame else 0


def frame_to_timecode(frame: int, rate: Fraction, *, drop_frame: bool) -> str:
    """The label of a frame, `HH:MM:SS:FF`, with `;` before FF in drop-frame.

    Hours wrap at 24 as on an SMPTE clock. FF has three digits where more than 100 frames are
    counted to a second.

    Args:
        frame: Frames since 00:00:00:00, from 0.
        rate: Frames a second; rounded to the nominal rate.
        drop_frame: Leave out the first labels of each minute but every tenth.

    Raises:
        ValueError: the frame is negative, or drop-frame is asked for at a rate that has none.
    """
    if frame < 0:
        raise ValueError(f"timecode starts at frame 0, but frame {frame} was given")
    if drop_frame and not allows_drop_frame(rate):
        raise ValueError(f"drop-frame timecode is not defined at {rate} frames a second")
    nominal = nominal_rate(rate)
    dropped = _dropped_each_minute(rate, drop_frame)
    minute = 60 * nominal - dropped
    ten_minutes = 10 * minute + dropped
    tens, rest = divmod(frame % (144 * ten_minutes), ten_minutes)
    # The first minute of each ten keeps all its labels; each later one skips `dropped`.
    skipped_minutes = max(0, (rest - dropped) // minute)
    label = frame % (144 * ten_minutes) + dropped * (9 * tens + skipped_minutes)
    seconds, frames = divmod(label, nominal)
    minutes, second = divmod(seconds, 60)
    hour, minute_of_hour = divmod(minutes, 60)
    width = max(2, len(str(nominal - 1)))
    mark = ";" if drop_frame else ":"
    return f"{hour:02d}:{minute_of_hour:02d}:{second:02d}{mark}{frames:0{width}d}"


def timecode_to_frame(text: str, rate: Fraction, *, drop_frame: bool | None = None) -> int:
    """The frame that a label stands for, counted from 00:00:00:00.

    Args:
        text: `HH:MM:SS:FF`; `;` is read like `:`.
        rate: Frames a second; rounded to the nominal rate.
        drop_frame: How the label counts. None: drop-frame where `;` stands before FF.

    Raises:
        TimecodeInvalid: the text has another shape, a part is too large, the label is one that
            drop-frame leaves out, or the rate has no drop-frame.
    """
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise TimecodeInvalid(text, rate, "it has not the shape HH:MM:SS:FF")
    hour, minute, second, frames = (int(match[group]) for group in (1, 2, 3, 5))
    if drop_frame is None:
        drop_frame = match[4] == ";"
    if drop_frame and not allows_drop_frame(rate):
        raise TimecodeInvalid(text, rate, "drop-frame is only defined at 29.97, 59.94 and 119.88")
    nominal = nominal_rate(rate)
    for value, limit, name in (
        (hour, 24, "hours"),
        (minute, 60, "minutes"),
        (second, 60, "seconds"),
        (frames, nominal, "frames"),
    ):
        if value >= limit:
            raise TimecodeInvalid(text, rate, f"{name} run from 00 to {limit - 1:02d}")
    dropped = _dropped_each_minute(rate, drop_frame)
    if frames < dropped and second == 0 and minute % 10:
        raise TimecodeInvalid(text, rate, "drop-frame leaves out this label")
    minutes = 60 * hour + minute
    label = (60 * minutes + second) * nominal + frames
    return label - dropped * (minutes - minutes // 10)
