"""Where the film lies inside letterbox and pillarbox, and where nothing may be cut off."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.media.active import ActiveArea, active_area, area_of
from matchcut.media.probe import probe
from tests.unit.media.conftest import WriteFilm, textured

Sample = NDArray[np.uint8]
WHOLE = ActiveArea()


def boxed(rows: int = 0, columns: int = 0, black: int = 0) -> list[Sample]:
    samples = []
    for picture in textured(8, 320, 180):
        sample = picture[..., 0].copy()
        if rows:
            sample[:rows] = sample[-rows:] = black
        if columns:
            sample[:, :columns] = sample[:, -columns:] = black
        samples.append(sample)
    return samples


def in_pixels(area: ActiveArea, width: int, height: int) -> tuple[float, float, float, float]:
    return (
        float(area.left * width),
        float(area.top * height),
        float(area.right * width),
        float(area.bottom * height),
    )


@pytest.mark.parametrize("black", [0, 5, 16])
@pytest.mark.parametrize(("rows", "columns"), [(22, 0), (0, 40), (20, 30), (3, 0), (0, 109)])
def test_bars_are_taken_off_and_no_picture_with_them(rows: int, columns: int, black: int) -> None:
    left, top, right, bottom = in_pixels(area_of(boxed(rows, columns, black)), 320, 180)
    assert columns <= left <= columns + 2
    assert rows <= top <= rows + 2
    assert 320 - columns - 2 <= right <= 320 - columns
    assert 180 - rows - 2 <= bottom <= 180 - rows


def test_a_film_without_bars_is_kept_whole() -> None:
    assert area_of(boxed()) == WHOLE


def test_a_black_film_is_kept_whole() -> None:
    assert area_of([np.zeros((180, 320), np.uint8)] * 8) == WHOLE
    assert area_of([np.full((180, 320), 16, np.uint8)] * 8) == WHOLE
    assert area_of([]) == WHOLE


def test_a_lamp_in_the_dark_is_not_taken_for_a_picture_between_bars() -> None:
    samples = []
    for number in range(8):
        sample = np.full((180, 320), 3, np.uint8)
        sample[70:110, 120 + number : 200 + number] = 220
        samples.append(sample)
    assert area_of(samples) == WHOLE


def test_an_actor_before_black_is_not_cropped() -> None:
    rows, columns = np.mgrid[0:180, 0:320]
    body = ((columns - 160) / 50) ** 2 + ((rows - 100) / 90) ** 2 <= 1
    sample = np.where(body, 150, 2).astype(np.uint8)
    assert area_of([sample] * 8) == WHOLE


def test_a_dark_vignette_is_not_cropped() -> None:
    rows, columns = np.mgrid[0:180, 0:320]
    reach = np.hypot((columns - 160) / 160, (rows - 90) / 90)
    sample = (230 * np.clip(1.05 - reach, 0, 1)).astype(np.uint8)
    assert area_of([sample] * 8) == WHOLE


def test_a_grainy_night_sky_above_a_street_is_not_cropped() -> None:
    random = np.random.default_rng(7)
    samples = []
    for sample in boxed():
        sample[:60] = random.integers(0, 20, (60, 320))
        samples.append(sample)
    assert area_of(samples) == WHOLE


def test_one_bright_shot_in_the_bars_keeps_them() -> None:
    samples = boxed(rows=22)
    samples[3] = boxed()[3]
    assert area_of(samples) == WHOLE


def test_a_subtitle_in_the_lower_bar_keeps_it() -> None:
    samples = boxed(rows=22)
    samples[5][165:172, 100:220] = 230
    assert area_of(samples) == WHOLE


def test_black_frames_between_shots_do_not_hide_the_bars() -> None:
    samples = [*boxed(rows=22), np.zeros((180, 320), np.uint8)]
    assert area_of(samples) == area_of(boxed(rows=22))


def test_compression_along_the_edge_does_not_hide_the_bars() -> None:
    samples = boxed(rows=22)
    for sample in samples:
        sample[16:22, ::3] = sample[-22:-16, ::3] = 14
    assert area_of(samples).top > 0


def test_the_bars_of_a_written_film_are_found(write_film: WriteFilm) -> None:
    pictures = textured(40, 160, 90)
    for picture in pictures:
        picture[:11] = picture[-11:] = 0
    path = write_film("a.mp4", pictures)
    area = active_area(path, probe(path))
    assert area.left == 0
    assert area.right == 1
    assert 11 <= area.top * 90 <= 14
    assert 76 <= area.bottom * 90 <= 79


def test_a_film_that_begins_in_black_is_looked_at_further_on(write_film: WriteFilm) -> None:
    pictures = textured(60, 160, 90)
    for number, picture in enumerate(pictures):
        picture[:, :20] = picture[:, -20:] = 0
        if number < 20:
            picture[:] = 0
    path = write_film("a.mp4", pictures, keyframe_every=250)
    assert active_area(path, probe(path)).left > 0


def test_days_without_frames_are_not_waited_for(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(2), rate=Fraction(1, 86400))
    assert active_area(path, probe(path)) == WHOLE


@pytest.mark.parametrize(
    ("name", "columns", "rows"),
    [
        ("people/chaplin.mp4", (71, 569), (0, 360)),
        ("shots/sintel_excerpt_26s_480p.mp4", (0, 848), (57, 422)),
        ("shots/sintel_trailer_480x204.mp4", (0, 480), (0, 204)),
        ("shots/nasa_13013.mp4", (0, 320), (0, 180)),
        ("shots/psd_fades.mp4", (0, 480), (0, 320)),
        ("odd/interlaced_d10_imx50_tff.mxf", (4, 712), (32, 608)),
    ],
)
def test_the_bars_of_real_films_are_found(
    real_film: Callable[[str], Path], name: str, columns: tuple[int, int], rows: tuple[int, int]
) -> None:
    path = real_film(name)
    source = probe(path)
    area = active_area(path, source)
    left, top, right, bottom = in_pixels(area, source.width, source.height)
    assert (left, right) == pytest.approx(columns, abs=3)
    assert (top, bottom) == pytest.approx(rows, abs=3)
