"""From a clip's own time to frames of its media file, whichever clock the clip was written in.

Applications write a clip's source range in the media's timecode (Resolve, Hiero, Premiere) or from
zero (most hand-made files), and state the media's own range, or not, or wrongly. A `SourceClock`
says what the clip itself tells; `place_in_file` settles the rest with the file's facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.opentime import TimeRange
from opentimelineio.schema import Clip

from otio_matchcut import clock
from otio_matchcut.errors import TimelineError
from otio_matchcut.placing import own_range, speed_of, stated_range

_NOISE = Fraction(1, 1000)
"""Frames. What a conversion between float rates may leave beside a whole number."""


@dataclass(frozen=True, slots=True)
class SourceClock:
    """What a clip tells of its place in its media; frames are counted at `rate`."""

    rate: Fraction
    """The media's stated rate, else the rate that the clip is written in."""
    start: Fraction
    """Frame number at which the clip's used media begins, as written; whole in most timelines."""
    media_start: Fraction | None
    """Frame number that the media's first frame has in the same count; None where the clip does
    not say, or says a range that does not hold `start`."""
    length: Fraction
    """Seconds the clip lasts, its own retime left out."""
    speed: Fraction
    """Media seconds a clip second; negative is backwards, 0 frozen."""
    media_length: Fraction | None
    """Seconds that the media lasts, None where the clip does not say."""


def source_clock(clip: Clip) -> SourceClock:
    """The clock of a clip that states a range.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the clip states no range, or one that is no number.
    """
    _, length = own_range(clip)
    span = stated_range(clip)
    assert span is not None, "own_range has refused a clip without a range"
    own = clock.range_rate(span)
    value = _value(span)
    media = clip.media_reference.available_range if clip.media_reference else None
    if media is None or media.duration.value <= 0:
        rate = clock.nominal_rate(own)
        return SourceClock(rate, value, None, length, speed_of(clip), None)
    written = clock.range_rate(media)
    rate = clock.nominal_rate(written)
    first, count = _value(media), clock.seconds(media.duration) * rate
    start = _converted(value, own, written, first)
    stated = first if first <= start < first + count else None
    return SourceClock(rate, start, stated, length, speed_of(clip), count / rate)


def place_in_file(
    number: Fraction,
    media_start: Fraction | None,
    counted_at: Fraction,
    *,
    rate: Fraction,
    start_timecode_frame: int,
    frames: int,
    name: str,
) -> Fraction:
    """The 0-based frame of a file, not yet rounded down, for a frame number of a timeline.

    Counts at nearly one rate (24 for 23.976) are taken as the same frames; others are converted
    through seconds. Without a `media_start` that leads into the file, the number is one of the
    file's timecode where that lies in the file, else one from zero.

    Args:
        number: As the clip writes it, at `counted_at`.
        media_start: What the clip says of the media's first frame, if it does.
        counted_at: Rate of both numbers.
        rate: The file's own.
        start_timecode_frame: Frame number of the file's first frame in its timecode.
        frames: How many the file has.
        name: The file's, for the message.

    Raises:
        TimelineError: TIME_OUTSIDE, no reading leads into the file.
    """
    ratio = frames_of_file(counted_at, rate)
    origins = [] if media_start is None else [media_start * ratio]
    origins += [Fraction(start_timecode_frame), Fraction(0)]
    for origin in origins:
        place = _whole(number * ratio - origin)
        if 0 <= place < frames:
            return place
    first, last = start_timecode_frame, start_timecode_frame + frames - 1
    raise TimelineError(
        "TIME_OUTSIDE",
        f"The timeline uses frame {int(number)} of {name}, which has {frames} frames"
        + (f", numbered {first} to {last} by its timecode." if first else "."),
        "Relink the clip to the whole file and export the timeline again.",
        at=int(number),
        what=name,
        start=first,
        end=last,
    )


def frames_of_file(counted_at: Fraction, rate: Fraction) -> Fraction:
    """File frames a counted frame; 1 where the two rates are nearly one, as 24 and 23.976 are."""
    return Fraction(1) if abs(counted_at / rate - 1) < Fraction(1, 500) else rate / counted_at


def _value(span: TimeRange) -> Fraction:
    """The start of a range, in frames of the rate that the range is written in."""
    value = clock.exact_value(span.start_time.value)
    rate = clock.range_rate(span)
    if not value or span.start_time.rate == rate:
        return value
    return clock.seconds(span.start_time) * clock.nominal_rate(rate)


def _converted(value: Fraction, own: float, media: float, first: Fraction) -> Fraction:
    """A frame number at the rate `own` as one at the rate `media`, the media starting at `first`.

    Whole numbers at one nominal rate are frames and stay as they are. Otherwise the application
    has converted with the rates as it wrote them, and so does this.
    """
    same = clock.nominal_rate(own) == clock.nominal_rate(media)
    if same and value.denominator == 1 and first.denominator == 1:
        return value
    return _whole(value / clock.literal_rate(own) * clock.literal_rate(media))


def _whole(number: Fraction) -> Fraction:
    nearest = Fraction(round(number))
    return nearest if abs(number - nearest) < _NOISE else number
