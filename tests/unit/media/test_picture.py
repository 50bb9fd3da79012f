"""Pictures that can be compared: upright, square pixels, one size, SDR, full range."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.media.active import ActiveArea
from matchcut.media.decode import read_frames
from matchcut.media.orientation import UPRIGHT, Orientation, oriented
from matchcut.media.picture import ANALYSIS_SIZE, Normaliser, fit
from matchcut.media.probe import probe
from matchcut.media.tone import pq_light, pq_signal, to_sdr
from matchcut.types import Picture, Source
from tests.unit.media.conftest import WriteFilm, textured

PLAIN = Source(
    digest="0" * 32,
    width=1920,
    height=1080,
    rate=Fraction(25),
    time_base=Fraction(1, 25),
    start_pts=0,
    duration_pts=None,
    start_timecode=None,
    rotation=0,
    pixel_aspect=Fraction(1),
    transfer="sdr",
    codec="h264",
    stream_index=0,
    video_streams=1,
    audio_streams=0,
)
WHOLE = ActiveArea()


@pytest.mark.parametrize(
    ("width", "height", "pixel_aspect", "rotation", "size"),
    [
        (1920, 1080, 1, 0, (320, 180)),
        (1920, 1080, 1, 90, (101, 180)),
        (720, 576, Fraction(16, 15), 0, (240, 180)),
        (640, 360, Fraction(2, 3), 0, (213, 180)),
        (480, 204, 1, 0, (320, 136)),
        (161, 121, 1, 0, (240, 180)),
        (1, 1, 1, 0, (180, 180)),
        (4000, 1, 1, 0, (320, 1)),
    ],
)
def test_pictures_fit_the_common_size_in_their_own_shape(
    width: int, height: int, pixel_aspect: Fraction | int, rotation: int, size: tuple[int, int]
) -> None:
    source = replace(
        PLAIN,
        width=width,
        height=height,
        pixel_aspect=Fraction(pixel_aspect),
        rotation=rotation,  # type: ignore[arg-type]
    )
    assert fit(source, WHOLE, ANALYSIS_SIZE).size == size


@pytest.mark.parametrize("edge", [Fraction(1, 7), Fraction(58, 480), Fraction(73, 640)])
def test_no_bar_is_left_after_scaling(edge: Fraction) -> None:
    area = ActiveArea(left=edge, right=1 - edge)
    geometry = fit(PLAIN, area, ANALYSIS_SIZE)
    assert geometry.left >= edge * geometry.scaled_width
    assert geometry.left + geometry.width <= (1 - edge) * geometry.scaled_width


def shown(path: Path) -> Picture:
    return next(read_frames(path, probe(path))).picture


def quadrants(width: int, height: int) -> list[NDArray[np.uint8]]:
    """A still whose upper left is red, upper right green, lower left blue, lower right white."""
    picture = np.zeros((height, width, 3), np.uint8)
    half, middle = height // 2, width // 2
    picture[:half, :middle] = (200, 30, 30)
    picture[:half, middle:] = (30, 200, 30)
    picture[half:, :middle] = (30, 30, 200)
    picture[half:, middle:] = (220, 220, 220)
    return [picture] * 3


def corners(picture: Picture) -> str:
    """One letter a corner: upper left, upper right, lower left, lower right."""
    height, width = picture.shape[:2]
    letters = ""
    for row in (height // 5, height - height // 5):
        for column in (width // 5, width - width // 5):
            color = picture[row, column].astype(int)
            letters += "w" if color.min() > 150 else "rgb"[int(color.argmax())]
    return letters


@pytest.mark.parametrize(
    ("counterclockwise", "seen"), [(0, "rgbw"), (-90, "brwg"), (180, "wbgr"), (90, "gwrb")]
)
def test_pictures_are_turned_upright(
    write_film: WriteFilm, counterclockwise: int, seen: str
) -> None:
    picture = shown(write_film("a.mp4", quadrants(96, 64), rotation=counterclockwise))
    assert corners(picture) == seen
    assert picture.flags.c_contiguous


@pytest.mark.parametrize(
    ("counterclockwise", "mirror", "seen"),
    [
        (0, "sideways", "grwb"),
        (0, "upside down", "bwrg"),
        (-90, "sideways", "rbgw"),
        (90, "sideways", "wgbr"),
    ],
)
def test_mirrored_pictures_are_mirrored_back(
    write_film: WriteFilm, counterclockwise: int, mirror: str, seen: str
) -> None:
    path = write_film("a.mp4", quadrants(96, 64), rotation=counterclockwise, mirror=mirror)
    assert corners(shown(path)) == seen


def test_an_angle_between_quarters_goes_to_the_nearest() -> None:
    one = 65536
    nearly = [round(one * math.cos(1.5)), round(one * math.sin(1.5))]
    assert oriented([nearly[0], nearly[1], 0, -nearly[1], nearly[0], 0, 0, 0, 1 << 30]) == (
        Orientation(mirrored=False, rotation=90)
    )
    assert oriented([one * 3 // 4, 0, 0, 0, one, 0, 0, 0, 1 << 30]) == UPRIGHT
    assert oriented([0] * 9) == UPRIGHT


def test_anamorphic_pictures_are_stretched(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", quadrants(96, 72), pixel_aspect=Fraction(4, 3))
    assert shown(path).shape == (180, 320, 3)


def test_letterboxed_and_plain_copies_of_a_film_look_alike(write_film: WriteFilm) -> None:
    plain = textured(20, 320, 136)
    boxed = [np.pad(picture, ((22, 22), (0, 0), (0, 0))) for picture in plain]
    one = shown(write_film("plain.mp4", plain)).astype(int)
    other = shown(write_film("boxed.mp4", boxed)).astype(int)
    height = min(len(one), len(other))
    assert abs(len(one) - len(other)) <= 4
    difference = np.abs(_middle(one, height) - _middle(other, height))
    assert np.median(difference) < 8


def _middle(picture: NDArray[np.int_], height: int) -> NDArray[np.int_]:
    spare = (len(picture) - height) // 2
    return picture[spare : spare + height]


def normalised(frame: av.VideoFrame, source: Source = PLAIN) -> Picture:
    sized = replace(source, width=frame.width, height=frame.height)
    return Normaliser(sized, WHOLE, (32, 18)).picture(frame)


def grey(pix_fmt: str, luma: int, width: int = 64, height: int = 36) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, pix_fmt)
    for number, plane in enumerate(frame.planes):
        plane.update(bytes([luma if number == 0 else 128]) * plane.buffer_size)
    return frame


@pytest.mark.parametrize(
    ("pix_fmt", "luma", "expected"),
    [("yuv420p", 16, 0), ("yuv420p", 235, 255), ("yuvj420p", 0, 0), ("yuvj420p", 255, 255)],
)
def test_limited_and_full_range_both_reach_black_and_white(
    pix_fmt: str, luma: int, expected: int
) -> None:
    picture = normalised(grey(pix_fmt, luma))
    # libswscale's quick conversion is off by up to 2.
    assert np.abs(picture.astype(int) - expected).max() <= 2


def test_a_full_range_flag_is_heeded() -> None:
    frame = grey("yuv420p", 16)
    frame.color_range = 2
    assert abs(int(normalised(frame)[0, 0, 0]) - 16) <= 1


def test_unstated_matrices_are_taken_by_size() -> None:
    def green(height: int) -> int:
        frame = av.VideoFrame(64, height, "yuv420p")
        for plane, value in zip(frame.planes, (120, 90, 90), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        return int(normalised(frame)[0, 0, 1])

    # ITU-R BT.601 and BT.709: G = 1.164(Y-16) - a(Cb-128) - b(Cr-128).
    assert abs(green(480) - (1.164 * 104 + (0.392 + 0.813) * 38)) <= 2
    assert abs(green(1080) - (1.164 * 104 + (0.213 + 0.533) * 38)) <= 2


def test_a_stream_that_changes_its_size_midway_keeps_one_picture_size() -> None:
    source = replace(PLAIN, width=64, height=36)
    normaliser = Normaliser(source, WHOLE, ANALYSIS_SIZE)
    sizes = {normaliser.picture(grey("yuv420p", 90, *size)).shape for size in ((64, 36), (128, 72))}
    assert sizes == {(180, 320, 3)}


def test_a_picture_does_not_change_when_the_next_is_made() -> None:
    normaliser = Normaliser(replace(PLAIN, width=64, height=36), WHOLE, ANALYSIS_SIZE)
    first = normaliser.picture(grey("yuv420p", 60))
    before = first.copy()
    normaliser.picture(grey("yuv420p", 200))
    assert np.array_equal(first, before)


def test_pq_agrees_with_the_values_that_bt_2100_gives() -> None:
    # BT.2408 table 1: 203 cd/m2 is 58 %, 1,000 cd/m2 is 75 % of the PQ signal.
    signal = pq_signal(np.array([203.0, 1000.0, 10_000.0]))
    assert signal == pytest.approx([0.58, 0.75, 1], abs=2e-3)
    light = np.geomspace(0.01, 10_000, 50)
    assert pq_light(pq_signal(light)) == pytest.approx(light, rel=1e-6)


def codes_of(light: float) -> NDArray[np.uint16]:
    code = round(float(pq_signal(np.array(light))) * 65535)
    return np.full((2, 2, 3), code, np.uint16)


def test_hdr_light_becomes_brighter_without_a_turn_and_ends_at_white() -> None:
    lights = (0.01, 1, 20, 90, 203)
    steps = [int(to_sdr(codes_of(light), "pq", wide_gamut=True)[0, 0, 1]) for light in lights]
    assert steps == sorted(set(steps))
    assert steps[0] <= 4
    assert to_sdr(codes_of(1000), "pq", wide_gamut=True).min() >= 254
    assert to_sdr(codes_of(5000), "pq", wide_gamut=True).min() >= 254


def test_hdr_midtones_are_as_bright_as_in_sdr() -> None:
    # Below the roll-off, light is kept: 36 cd/m2 is 18 % of white at 203 cd/m2.
    expected = 255 * (36 / 203) ** (1 / 2.4)
    assert abs(int(to_sdr(codes_of(36), "pq", wide_gamut=True)[0, 0, 0]) - expected) <= 2


def test_hlg_white_is_nearly_white_and_its_grey_is_neutral() -> None:
    # BT.2408: reference white is 75 % of the HLG signal, 203 cd/m2 on a 1,000 cd/m2 display.
    white = to_sdr(np.full((1, 1, 3), round(0.75 * 65535), np.uint16), "hlg", wide_gamut=True)
    pq = to_sdr(codes_of(203), "pq", wide_gamut=True)[0, 0].astype(int)
    assert np.abs(white[0, 0].astype(int) - pq).max() <= 2
    assert np.ptp(white[0, 0]) <= 1


def test_wide_gamut_sdr_keeps_its_greys() -> None:
    ramp = np.linspace(0, 65535, 16).astype(np.uint16).reshape(1, 16, 1).repeat(3, axis=2)
    picture = to_sdr(ramp, "sdr", wide_gamut=True).astype(float)
    assert np.abs(picture - ramp / 257).max() <= 2


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("odd/one_pixel_1fps.mp4", (180, 180)),
        ("odd/odd_dimensions_161x121.webm", (180, 240)),
        ("odd/portrait_rot-90_iphone.MOV", (180, 101)),
        ("odd/anamorphic_sar_2_3.mp4", (180, 213)),
        ("odd/prores_4444_12bit_1frame.mov", (180, 240)),
        ("odd/hdr10_1080p_10bit.mp4", (180, 320)),
    ],
)
def test_real_films_come_in_the_common_size(
    real_film: Callable[[str], Path], name: str, size: tuple[int, int]
) -> None:
    assert shown(real_film(name)).shape[:2] == size


def test_an_hdr_daylight_film_looks_like_daylight(real_film: Callable[[str], Path]) -> None:
    picture = shown(real_film("odd/hdr10_1080p_10bit.mp4"))
    assert 80 < picture.mean() < 190
    sky = picture[5:25].reshape(-1, 3).mean(axis=0)
    assert sky[2] > sky[0]
