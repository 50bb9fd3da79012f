"""A stretch of a film is what indexing saw of it, wherever it lies."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut.errors import FrameMissing, MediaMissing
from matchcut.media import decode
from matchcut.media.decode import read_frames
from matchcut.media.probe import probe
from matchcut.media.stretch import stretch
from tests.unit.media.conftest import WriteFilm, spoil, textured


def agrees(path: Path, start: int, end: int) -> None:
    source = probe(path)
    frames = list(read_frames(path, source))
    pts = np.array([frame.pts for frame in frames], np.int64)
    seen = np.stack([frame.picture for frame in frames[start:end]])
    np.testing.assert_array_equal(stretch(path, source, pts, start, end), seen)


@pytest.mark.parametrize(("start", "end"), [(0, 5), (47, 50), (60, 61), (70, 100), (99, 100)])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_it_is_what_indexing_saw(write_film: WriteFilm, name: str, start: int, end: int) -> None:
    agrees(write_film(name, textured(100), keyframe_every=40), start, end)


def test_variable_rates_are_no_matter(write_film: WriteFilm) -> None:
    pts = np.cumsum([0, *([40, 5, 85, 1, 300] * 20)]).tolist()
    path = write_film("a.mkv", textured(101), pts=pts, time_base=Fraction(1, 1000))
    agrees(path, 55, 80)


@pytest.mark.parametrize(
    "name",
    [
        "people/openshot_marathon.mp4",
        "odd/portrait_rot-90_iphone.MOV",
        "odd/bt2020_10bit.mp4",
        "odd/vfr_desks_h263.3gp",
        "motion/mdn_rabbit_320.webm",
    ],
)
def test_real_films_agree(real_film: Callable[[str], Path], name: str) -> None:
    agrees(real_film(name), 50, 58)


def test_a_seek_is_enough_in_a_whole_film(
    write_film: WriteFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_film("a.mp4", textured(120))
    source = probe(path)
    pts = np.array([frame.pts for frame in read_frames(path, source)], np.int64)

    def refused(*_: object) -> None:
        raise AssertionError("it decodes from the beginning")

    monkeypatch.setattr(decode, "_counted", refused)
    assert len(stretch(path, source, pts, 80, 100)) == 20


def test_where_a_seek_leads_past_damage_it_is_read_from_the_beginning(
    write_film: WriteFilm,
) -> None:
    random = np.random.default_rng(0)
    path = write_film("a.mkv", [random.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(90)])
    spoil(path, slice(70, 71))
    agrees(path, 65, 85)


def test_larger_pictures_can_be_had(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(60, 640, 480))
    source = probe(path)
    pts = np.array([frame.pts for frame in read_frames(path, source)], np.int64)
    assert stretch(path, source, pts, 50, 53).shape == (3, 180, 240, 3)
    assert stretch(path, source, pts, 50, 53, (640, 640)).shape == (3, 480, 640, 3)


def test_a_frame_that_is_gone_is_said(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(60))
    source = probe(path)
    pts = np.array([frame.pts for frame in read_frames(path, source)], np.int64)
    step = int(pts[1])
    with pytest.raises(FrameMissing) as caught:
        stretch(path, source, np.append(pts, pts[-1] + step), 55, 61)
    assert caught.value.facts["pts"] == str(pts[-1] + step)
    path.unlink()
    with pytest.raises(MediaMissing):
        stretch(path, source, pts, 50, 55)
