"""A proxy gives back the pictures that were put in, frame by frame, or says that it cannot."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.errors import MediaMissing, MediaUnreadable
from matchcut.media.decode import read_frames
from matchcut.media.h264 import H264
from matchcut.media.probe import probe
from matchcut.media.proxy import PROXY, proxy_frames, proxy_writer
from matchcut.types import PICTURE_VERSION, Picture
from tests.unit.media.conftest import spoil, textured

FULL = Path("/dev/full")


def written(path: Path, pictures: Iterable[Picture]) -> Path:
    with proxy_writer(path) as writer:
        for picture in pictures:
            writer.add(picture)
    return path


def noise(count: int, width: int = 64, height: int = 36) -> list[Picture]:
    random = np.random.default_rng(1)
    return [random.integers(0, 256, (height, width, 3), np.uint8) for _ in range(count)]


def numbered(count: int, width: int = 64, height: int = 36) -> list[Picture]:
    """Pictures whose number can be read off, one bit a column, from the left."""
    bits = np.arange(count)[:, None] >> np.arange(8) & 1
    columns = np.repeat(bits * 200 + 20, width // 8, axis=1).astype(np.uint8)
    return [
        np.ascontiguousarray(np.broadcast_to(row[:, None], (height, width, 3))) for row in columns
    ]


def number(picture: Picture) -> int:
    bits = picture.mean((0, 2)).reshape(8, -1).mean(1) > 120
    return int(bits @ (1 << np.arange(8)))


def decibel(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = np.square(one.astype(float) - other).mean()
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("proxy") / "a.mp4", numbered(100))


@pytest.mark.parametrize(
    ("start", "end"), [(0, 100), (0, 1), (99, 100), (23, 25), (24, 25), (47, 96), (50, 50)]
)
def test_frame_i_of_a_proxy_is_frame_i_of_the_film(proxy: Path, start: int, end: int) -> None:
    pictures = proxy_frames(proxy, start, end)
    assert pictures.shape == (end - start, 36, 64, 3)
    assert pictures.dtype == np.uint8
    assert [number(picture) for picture in pictures] == list(range(start, end))


def test_the_same_frames_are_the_same_pixels_whatever_is_asked_for_with_them(proxy: Path) -> None:
    whole = proxy_frames(proxy, 0, 100)
    for start, end in ((0, 3), (20, 60), (95, 100)):
        np.testing.assert_array_equal(proxy_frames(proxy, start, end), whole[start:end])


@pytest.mark.parametrize("size", [(320, 180), (320, 133), (101, 180), (1, 1), (17, 2), (2, 180)])
def test_pictures_of_any_size_come_back_in_their_size(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    pictures = textured(3, *size)
    back = proxy_frames(written(tmp_path / "a.mp4", pictures), 0, 3)
    assert back.shape == (3, size[1], size[0], 3)
    assert decibel(back, np.stack(pictures)) > 30


def test_no_level_and_no_colour_shifts(tmp_path: Path) -> None:
    """Black, white, primaries and what lies between, in patches."""
    levels = np.array((0, 1, 64, 128, 200, 254, 255), np.uint8)
    colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(7, 49, 3)
    picture = np.kron(colours, np.ones((16, 8, 1), np.uint8))
    back = proxy_frames(written(tmp_path / "a.mp4", [picture] * 3), 0, 3)[2].astype(int)
    inside = (back - picture).reshape(7, 16, 49, 8, 3)[:, 4:12, :, 3:5]
    assert np.abs(inside.mean((0, 1, 2, 3))).max() < 1
    assert np.abs(inside.mean((1, 3))).max() < 8


def test_film_comes_back_as_indexing_saw_it(
    real_film: Callable[[str], Path], tmp_path: Path
) -> None:
    film = real_film("people/his_girl_friday_cc0.mp4")
    pictures = [frame.picture for frame in read_frames(film, probe(film))]
    back = proxy_frames(written(tmp_path / "a.mp4", pictures), 0, len(pictures))
    assert decibel(back, np.stack(pictures)) > 36
    assert (tmp_path / "a.mp4").stat().st_size / len(pictures) < 1600


def test_a_proxy_is_made_again_when_pictures_are_normalised_otherwise() -> None:
    assert f"-{PICTURE_VERSION}." in PROXY
    assert PROXY.replace("-", "").replace(".", "").isalnum()


def test_many_threads_may_read_at_once(proxy: Path) -> None:
    found: dict[int, list[int]] = {}

    def read(start: int) -> None:
        found[start] = [number(picture) for picture in proxy_frames(proxy, start, start + 9)]

    threads = [threading.Thread(target=read, args=(start,)) for start in range(0, 90, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {start: list(range(start, start + 9)) for start in range(0, 90, 18)}


def test_a_proxy_that_is_gone_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        proxy_frames(tmp_path / "a.mp4", 0, 1)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9])
def test_half_a_proxy_is_not_taken_for_a_whole_one(
    proxy: Path, tmp_path: Path, share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    content = proxy.read_bytes()
    part = tmp_path / "a.mp4"
    part.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(MediaUnreadable):
        proxy_frames(part, 0, 1)
    assert capfd.readouterr().err == ""


def test_cut_at_any_place_it_gives_the_right_pictures_or_none(proxy: Path, tmp_path: Path) -> None:
    """What comes last in the file are words about it, which no picture needs."""
    content, whole = proxy.read_bytes(), proxy_frames(proxy, 0, 100)
    part = tmp_path / "a.mp4"
    for short in range(1, 1500, 23):
        part.write_bytes(content[:-short])
        try:
            pictures = proxy_frames(part, 0, 100)
        except MediaUnreadable:
            continue
        np.testing.assert_array_equal(pictures, whole)


def test_damage_is_said_and_not_painted_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", noise(60))
    spoil(path, slice(30, 31))
    with pytest.raises(MediaUnreadable, match="this proxy is damaged"):
        proxy_frames(path, 25, 35)
    assert len(proxy_frames(path, 0, 24)) == 24
    assert len(proxy_frames(path, 48, 60)) == 12


def test_frames_that_it_has_not_are_no_frames(proxy: Path) -> None:
    for start, end, missing in ((95, 101, 100), (100, 101, 100), (400, 401, 400)):
        with pytest.raises(MediaUnreadable, match=f"frame {missing} of this proxy is missing"):
            proxy_frames(proxy, start, end)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("count", [1, 300])
def test_a_full_disk_is_said_by_its_number(count: int) -> None:
    with pytest.raises(OSError) as caught, proxy_writer(FULL) as writer:  # noqa: PT011, PT012
        for picture in noise(count, 320, 180):
            writer.add(picture)
    assert caught.value.errno == errno.ENOSPC


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), proxy_writer(tmp_path / "gone" / "a.mp4") as writer:
        writer.add(textured(1)[0])


def test_a_failed_write_stops_the_film_and_ends_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[int] = []

    def failing(film: H264, picture: Picture) -> None:
        raise av.error.OSError(errno.EIO, "the disk is gone")

    monkeypatch.setattr(H264, "add", failing)
    with pytest.raises(OSError, match="the disk is gone"), proxy_writer(tmp_path / "a") as writer:  # noqa: PT012
        for picture in textured(1000):
            writer.add(picture)
            added.append(1)
    assert len(added) < 40
    assert not [one for one in threading.enumerate() if one.name.startswith("proxy")]


def test_stopping_midway_does_not_wait_for_what_is_left(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    with pytest.raises(Stopped), proxy_writer(tmp_path / "a.mp4") as writer:  # noqa: PT012
        for picture in textured(30):
            writer.add(picture)
        raise Stopped
    assert not [one for one in threading.enumerate() if one.name.startswith("proxy")]
