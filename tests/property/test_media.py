"""Whatever the container, rate and coding: every frame once, in order, at its time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matchcut.engine.snapshot import frame_shown_at, start_timecode_frame, timecode_of
from matchcut.timecode import (
    STANDARD_RATES,
    allows_drop_frame,
    frame_to_timecode,
    frames_a_day,
    timecode_to_frame,
)
from matchcut.types import Source
from tests.unit.media.films import Make, read, write

RATES = sorted(STANDARD_RATES)
COUNTS = [
    (rate, drop)
    for rate in RATES
    for drop in ((False, True) if allows_drop_frame(rate) else (False,))
]
TIME_BASES = (Fraction(1, 1000), Fraction(1, 90000), None)
"""Of Matroska, of transport streams and many films, and one frame."""
FILM_RATES = [rate for rate in RATES if 24 <= rate <= 60]
MXF_RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(50),
    Fraction(60000, 1001),
]


def a_source(rate: Fraction, time_base: Fraction, timecode: str) -> Source:
    return Source(
        digest="0" * 32,
        width=64,
        height=48,
        rate=rate,
        time_base=time_base,
        start_pts=0,
        duration_pts=None,
        start_timecode=timecode,
        rotation=0,
        pixel_aspect=Fraction(1),
        transfer="sdr",
        codec="h264",
        stream_index=0,
        video_streams=1,
        audio_streams=0,
    )


def nominal_of(source: Source, label: str, drop: bool) -> int:
    """The frame of a label, counted from the source's first frame, past midnight too."""
    day = frames_a_day(source.rate, drop_frame=drop)
    return (timecode_to_frame(label, source.rate) - start_timecode_frame(source)) % day


@given(
    st.sampled_from(COUNTS),
    st.sampled_from(TIME_BASES),
    st.integers(0, 10**7),
    st.integers(-(2**33), 2**34),
    st.integers(1, 200_000),
    st.data(),
)
@example((Fraction(30000, 1001), True), Fraction(1, 1000), 2_589_407, 0, 200_000, None)
@example((Fraction(60000, 1001), True), Fraction(1, 1000), 5_178_815, 2**33, 200_000, None)
def test_a_time_comes_back_from_its_timecode(
    count: tuple[Fraction, bool],
    time_base: Fraction | None,
    start: int,
    first: int,
    frames: int,
    data: st.DataObject | None,
) -> None:
    rate, drop = count
    unit = time_base or 1 / rate
    day = frames_a_day(rate, drop_frame=drop)
    source = a_source(rate, unit, frame_to_timecode(start % day, rate, drop_frame=drop))
    # A film of one frame more than is asked about, and its end.
    numbers = np.arange(frames + 1, dtype=np.int64)
    ticks = 1 / (rate * unit)
    above, below = ticks.numerator, ticks.denominator
    pts = first + (2 * numbers * above + below) // (2 * below)
    frame = frames - 1 if data is None else data.draw(st.integers(0, frames - 1))
    label = timecode_of(source, pts, frame)
    assert (";" in label) == drop
    assert timecode_to_frame(label, rate) == (start + frame) % day
    if frame < frames - 1:
        assert frame_shown_at(source, pts, nominal_of(source, label, drop)) == frame


@dataclass(frozen=True)
class Film:
    """A small film and what has to be read of it."""

    make: Make
    timecode: str | None


@st.composite
def small_films(draw: st.DrawFn) -> Film:
    ending = draw(st.sampled_from(("mov", "mp4", "mkv", "ts", "mxf")))
    rate = draw(st.sampled_from(MXF_RATES if ending == "mxf" else FILM_RATES))
    count = draw(st.integers(1, 40))
    timecode = None
    if ending != "ts":
        drop = allows_drop_frame(rate) and draw(st.booleans())
        day = frames_a_day(rate, drop_frame=drop)
        timecode = frame_to_timecode(draw(st.integers(0, day - 1)), rate, drop_frame=drop)
    b_frames = draw(st.integers(0, 3))
    # MXF counts its frames from 0; the others have clocks.
    start = 0 if ending == "mxf" else draw(st.integers(0, 10**6))
    ending_codec = "mpeg2video" if ending in ("mxf", "ts") and b_frames < 3 else "libx264"
    coded = "mpeg2video" if ending == "mxf" else ending_codec
    make = Make(
        f"a.{ending}",
        count,
        rate,
        coded,
        options={"x264-params": f"bframes={b_frames}"} if coded == "libx264" else {},
        b_frames=min(b_frames, 2) if coded == "mpeg2video" else None,
        pts=range(start, start + count),
        tags={} if timecode is None else {"timecode": timecode},
    )
    return Film(make, timecode)


@given(small_films())
@settings(max_examples=60)
def test_every_frame_of_any_film_comes_once_in_order_at_its_time(film: Film) -> None:
    with TemporaryDirectory() as folder:
        found = read(write(Path(folder), film.make))
    source, count = found.source, film.make.count
    assert len(found.pts) == count
    steps = np.arange(count) / float(film.make.rate * source.time_base)
    assert np.abs(np.array(found.pts) - found.pts[0] - steps).max() <= 1
    assert source.start_timecode == film.timecode
    if count > 1:  # The rate of a single frame is not in every container.
        assert source.rate == film.make.rate
        for frame in (0, count // 2, count - 1):
            label = timecode_of(source, found.ends, frame)
            nominal = nominal_of(source, label, film.timecode is not None and ";" in film.timecode)
            assert nominal == frame
            assert frame_shown_at(source, found.ends, nominal) == frame
