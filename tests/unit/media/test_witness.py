"""Another decoder sees the same frame at the same number: OpenCV's own copy of ffmpeg."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.media.decode import frame_at, read_frames
from matchcut.media.probe import probe
from tests.conftest import DemoFilm

NUMBERS = (0, 31, 32, 47, 48, 499, 1000, 1443)
"""The first and last frame of the drawn film, both sides of a cut, and some in between."""


@pytest.fixture(scope="module")
def witnessed(demo_film: DemoFilm) -> dict[int, NDArray[np.uint8]]:
    """Some frames by number, read from the first on, without a seek."""
    capture = cv2.VideoCapture(str(demo_film.path))
    seen = {}
    for number in range(max(NUMBERS) + 1):
        taken, picture = capture.read()
        assert taken, f"OpenCV ends before frame {number}"
        if number in NUMBERS:
            seen[number] = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    assert not capture.read()[0], "OpenCV reads more frames than there are"
    capture.release()
    return seen


def _unlike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean difference of two pictures of one size, 0 to 255."""
    return float(np.abs(one.astype(np.int16) - other).mean())


def test_frames_have_the_numbers_that_another_decoder_gives_them(
    demo_film: DemoFilm, witnessed: dict[int, NDArray[np.uint8]]
) -> None:
    for frame in read_frames(demo_film.path, probe(demo_film.path)):
        if frame.index in witnessed:
            height, width = frame.picture.shape[:2]
            other = cv2.resize(
                witnessed[frame.index], (width, height), interpolation=cv2.INTER_AREA
            )
            assert _unlike(frame.picture, other) < 2, f"frame {frame.index}"


def test_the_frame_at_a_cut_is_the_one_that_another_decoder_shows(
    demo_film: DemoFilm, witnessed: dict[int, NDArray[np.uint8]]
) -> None:
    source = probe(demo_film.path)
    pts = [frame.pts for frame in read_frames(demo_film.path, source)]
    for number, other in witnessed.items():
        picture = frame_at(demo_film.path, source, pts[number], index=number)
        assert _unlike(picture, other) < 2, f"frame {number}"
    assert _unlike(witnessed[31], witnessed[32]) > 20, "a frame off would be seen at this cut"
