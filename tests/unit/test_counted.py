from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from tests.counted import (
    Counter,
    UnreadableError,
    counted,
    counter_in,
    counters_of,
    decoded,
    write_counted,
)

FOOTAGE = Path(__file__).parents[3] / "shared" / "assets" / "video"


@pytest.mark.parametrize(
    ("rate", "start"),
    [
        (Fraction(24000, 1001), "01:00:00:00"),
        (Fraction(25), "10:00:00:00"),
        (Fraction(30000, 1001), "00:59:59;28"),
        (Fraction(60000, 1001), "00:59:59;58"),
        (Fraction(25), "23:59:59:20"),
    ],
)
def test_every_frame_of_a_film_says_which_one_it_is(
    tmp_path: Path, rate: Fraction, start: str
) -> None:
    path = write_counted(tmp_path / "film.mov", film=7, frames=50, rate=rate, start_timecode=start)
    assert counters_of(path) == [Counter(7, frame) for frame in range(50)]
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == rate
        assert container.streams.video[0].metadata.get("timecode", start) == start


def test_a_counter_is_read_over_real_footage(tmp_path: Path) -> None:
    films = sorted((FOOTAGE / "shots").glob("*.mp4"))
    if not films:
        pytest.skip("there is no real footage in ../shared/assets/video")
    path = write_counted(
        tmp_path / "film.mp4", film=255, frames=12, rate=Fraction(24), over=films[0]
    )
    assert counters_of(path) == [Counter(255, frame) for frame in range(12)]


@pytest.mark.parametrize("frame", [0, 1, 65_535, 65_536, 2**24 - 1])
def test_large_numbers_are_read_back_from_small_and_grey_pictures(frame: int) -> None:
    picture = counted(np.full((180, 320, 3), 90, np.uint8), Counter(3, frame))
    small = cv2.resize(picture, (160, 90), interpolation=cv2.INTER_AREA)
    grey = (small * 0.5 + 60).astype(np.uint8)
    assert counter_in(grey) == Counter(3, frame)


def test_a_picture_without_a_counter_or_with_a_damaged_one_is_refused(tmp_path: Path) -> None:
    plain = np.full((180, 320, 3), 90, np.uint8)
    with pytest.raises(UnreadableError, match="pattern"):
        counter_in(plain)
    damaged = counted(plain, Counter(3, 1000))
    damaged[40:50, 300:320] = 255 - damaged[40:50, 300:320]
    with pytest.raises(UnreadableError, match="check"):
        counter_in(damaged)


def test_two_frames_mixed_are_not_taken_for_one(tmp_path: Path) -> None:
    path = write_counted(tmp_path / "film.mp4", film=1, frames=20, rate=Fraction(24))
    pictures = list(decoded(path))
    mixed = (pictures[3] // 2 + pictures[12] // 2).astype(np.uint8)
    with pytest.raises(UnreadableError):
        counter_in(mixed)
