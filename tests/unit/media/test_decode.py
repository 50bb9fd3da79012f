"""Frames in order, at exact times, from whole and broken films."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from matchcut.errors import FrameMissing, MediaMissing, MediaUnreadable
from matchcut.media import decode
from matchcut.media.decode import Damage, _timed, frame_at, read_frames
from matchcut.media.probe import probe
from matchcut.types import Source
from tests.unit.media.conftest import WriteFilm, spoil, textured

RealFilm = Callable[[str], Path]


def times(path: Path) -> list[int]:
    frames = list(read_frames(path, probe(path)))
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert len({frame.picture.shape for frame in frames}) == 1
    pts = [frame.pts for frame in frames]
    assert pts == sorted(set(pts))
    return pts


def test_every_frame_comes_once_in_the_order_shown(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(50), rate=Fraction(30000, 1001))
    source = probe(path)
    step = 1 / (source.rate * source.time_base)
    assert times(path) == [number * step for number in range(50)]


def test_variable_frame_times_are_kept_exactly(write_film: WriteFilm) -> None:
    pts = [0, 40, 45, 130, 131, 400, 1000, 1033]
    path = write_film("a.mkv", textured(8), pts=pts, time_base=Fraction(1, 1000))
    assert probe(path).time_base == Fraction(1, 1000)
    assert times(path) == pts


def test_a_truncated_film_gives_the_frames_that_are_there(
    write_film: WriteFilm, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_film("a.mkv", textured(60))
    whole = times(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    part = times(path)
    assert 20 <= len(part) < 60
    assert part == whole[: len(part)]
    assert capfd.readouterr().err == ""


def test_a_damaged_stretch_costs_its_own_frames_alone(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(60), keyframe_every=5)
    whole = times(path)
    spoil(path, slice(20, 25))
    assert times(path) == whole[:20] + whole[25:]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
@pytest.mark.parametrize("damaged", [0, 1, -3, -2, -1])
def test_damage_near_either_end_costs_one_frame_on_any_number_of_cores(
    write_film: WriteFilm, name: str, damaged: int
) -> None:
    path = write_film(name, textured(12), keyframe_every=1)
    whole = times(path)
    spoil(path, slice(damaged, damaged + 1 or None))
    assert times(path) == [pts for pts in whole if pts != whole[damaged]]


def test_a_film_that_has_gone_is_said_to_be_offline(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(3))
    source = probe(path)
    path.unlink()
    with pytest.raises(MediaMissing):
        next(read_frames(path, source))
    with pytest.raises(MediaMissing):
        frame_at(path, source, 0, index=0)


def test_a_film_replaced_by_one_without_that_stream_is_refused(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(3))
    source = replace(probe(path), stream_index=4)
    with pytest.raises(MediaUnreadable, match="no longer"):
        next(read_frames(path, source))


def test_a_film_whose_frames_are_all_broken_by_now_is_refused(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(10))
    source = probe(path)
    spoil(path, slice(None))
    with pytest.raises(MediaUnreadable, match="none can be decoded"):
        next(read_frames(path, source))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are not listed here")
def test_stopping_midway_closes_the_file(write_film: WriteFilm) -> None:
    still = textured(10, 32, 18)
    path = write_film("a.mp4", (still[n % 10] for n in range(600)), codec="mpeg4")

    def held() -> int:
        links = [fd for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
        return sum(os.path.realpath(fd) == str(path.resolve()) for fd in links)

    frames = read_frames(path, probe(path))
    next(frames)
    assert held() == 1
    frames.close()
    assert held() == 0


def test_memory_does_not_grow_with_the_length_of_the_film(write_film: WriteFilm) -> None:
    still = textured(10, 32, 18)
    path = write_film("a.mp4", (still[n % 10] for n in range(3000)), codec="mpeg4")
    source = probe(path)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_frames(path, source))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 3000
    assert peak < 30_000_000  # 128 pictures ahead and some in hand; all would be 460 MB.


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.mkv", "libx264")])
def test_damage_is_counted_and_a_whole_film_has_none(
    write_film: WriteFilm, name: str, codec: str
) -> None:
    path = write_film(name, textured(60), keyframe_every=5, codec=codec)
    damage = Damage()
    assert len(list(read_frames(path, probe(path), damage))) == 60
    assert damage == Damage(places=0)
    spoil(path, slice(20, 23))
    assert len(list(read_frames(path, probe(path), damage))) < 60
    assert damage == Damage(places=3)


class Clock:
    """A decoded frame as far as its time is concerned."""

    def __init__(self, pts: int | None) -> None:
        self.pts = pts


def repaired(source: Source, *pts: int | None) -> list[int]:
    return [time for time, _ in _timed(iter(map(Clock, pts)), source)]  # type: ignore[arg-type]


def test_broken_clocks_are_repaired_as_stated(write_film: WriteFilm) -> None:
    known = probe(write_film("a.mp4", textured(2)))
    source = replace(known, time_base=Fraction(1, 1000), start_pts=7)
    assert repaired(source, None, None, None) == [7, 47, 87]
    assert repaired(source, 0, 40, None, 120) == [0, 40, 80, 120]
    assert repaired(source, 0, 40, 40, 80) == [0, 40, 41, 80]
    assert repaired(source, 0, 40, 30, 80) == [0, 40, 41, 80]
    assert repaired(source, 5000, 5040, 0, 40) == [5000, 5040, 5080, 5120]


@pytest.mark.parametrize("second", [1, 3, 20, 60, 100])
def test_a_clock_that_starts_again_near_the_end_gives_every_frame_once(
    write_film: WriteFilm, second: int
) -> None:
    path = write_film("a.mpg", textured(120, 96, 54), codec="mpeg2video")
    again = write_film("b.mpg", textured(second, 96, 54), codec="mpeg2video")
    path.write_bytes(path.read_bytes() + again.read_bytes())
    assert len(times(path)) == 120 + second


def test_a_last_frame_without_a_time_does_not_bring_the_others_again(
    write_film: WriteFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_film("a.mp4", textured(30))
    source = probe(path)
    last = times(path)[-1]
    decoder = av.Packet.decode

    class Timeless:
        def __init__(self, packet: av.Packet[av.VideoStream]) -> None:
            self.pts, self.pos, self.is_discard = packet.pts, packet.pos, packet.is_discard
            self._packet = packet

        def decode(self) -> list[av.VideoFrame]:
            frames = [frame for frame in decoder(self._packet) if isinstance(frame, av.VideoFrame)]
            for frame in frames:
                if frame.pts == last:
                    frame.pts = None
            return frames

    packets = decode._packets

    def timeless(*given: Any) -> Iterator[Any]:
        monkeypatch.setattr(decode, "_packets", packets)
        return (Timeless(packet) for packet in packets(*given))

    monkeypatch.setattr(decode, "_packets", timeless)
    # Which packet the frame without a time came from is not known: that one may come again.
    assert 30 <= len(list(read_frames(path, source))) <= 31


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mpg", "a.avi", "a.ts"])
def test_the_frame_at_a_time_is_the_one_that_was_read(write_film: WriteFilm, name: str) -> None:
    codec = "mpeg2video" if name == "a.mpg" else "mpeg4" if name == "a.avi" else "libx264"
    path = write_film(name, textured(120, 96, 54), codec=codec)
    source = probe(path)
    frames = list(read_frames(path, source))
    assert len(frames) == 120
    for index in (0, 47, 48, 59, 60, 61, 119):
        frame = frames[index]
        at = frame_at(path, source, frame.pts, index=index, longest_side=320)
        assert at.shape == frame.picture.shape
        assert np.array_equal(at, frame.picture)


def test_a_larger_picture_is_given_for_contact_sheets(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(3, 96, 54))
    assert frame_at(path, probe(path), 0, index=0).shape == (360, 640, 3)


def test_a_time_between_frames_has_no_frame(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(60))
    source = probe(path)
    with pytest.raises(FrameMissing, match="no frame at pts 1"):
        frame_at(path, source, 1, index=0)
    last = [frame.pts for frame in read_frames(path, source)][-1]
    with pytest.raises(FrameMissing):
        frame_at(path, source, last - 1, index=59)
    with pytest.raises(FrameMissing):
        frame_at(path, source, last + 10**6, index=90)


@pytest.mark.parametrize(
    ("name", "frames", "first"),
    [
        ("bad/corrupted_nal.mp4", 49, 0),
        ("motion/mdn_rabbit_320.webm", 234, 0),
        ("motion/openshot_shaky_pan.avi", 496, 0),
        ("odd/2997_videotrack.mp4", 300, 0),
        ("odd/delayed_start_pts.mp4", 24, 13760),
        ("odd/h265_metadata_track_rot-90.mp4", 3, 0),
        ("odd/interlaced_d10_imx50_tff.mxf", 2, 0),
        ("odd/mdat_too_long.mp4", 30, 0),
        ("odd/one_pixel_1fps.mp4", 5, 0),
        ("odd/portrait_rot-90_iphone.MOV", 62, 0),
        ("odd/prores_4444_12bit_1frame.mov", 1, 0),
        ("odd/two_days_long_1frame_per_day.mp4", 2, 0),
        ("odd/unordered_pts.mov", 4, 0),
        ("odd/vfr_desks_h263.3gp", 71, 2048),
        ("odd/vfr_slow_motion_7frames.mp4", 7, 0),
        ("people/intel_asl_book.mkv", 109, 33),
        ("shots/big_buck_bunny_10s.mp4", 240, 0),
        ("shots/nasa_13013.mp4", 325, 0),
        ("shots/sintel_excerpt_26s_480p.mp4", 652, 2970),
    ],
)
def test_real_films_have_as_many_frames_as_their_manifest_says(
    real_film: RealFilm, name: str, frames: int, first: int
) -> None:
    pts = times(real_film(name))
    assert (len(pts), pts[0]) == (frames, first)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("shots/sintel_excerpt_26s_480p.mp4", 319),
        ("odd/vfr_desks_h263.3gp", 60),
        ("people/intel_asl_book.mkv", 100),
        ("odd/two_days_long_1frame_per_day.mp4", 1),
    ],
)
def test_a_frame_of_a_real_film_is_found_again(real_film: RealFilm, name: str, index: int) -> None:
    path = real_film(name)
    source = probe(path)
    frame = next(frame for frame in read_frames(path, source) if frame.index == index)
    bounds = max(frame.picture.shape[:2])
    again = frame_at(path, source, frame.pts, index=index, longest_side=bounds)
    assert np.array_equal(again, frame.picture)


def test_times_agree_with_the_packets_of_the_container(real_film: RealFilm) -> None:
    path = real_film("odd/vfr_desks_h263.3gp")
    with av.open(str(path), metadata_errors="ignore") as container:
        packets = sorted(p.pts for p in container.demux(video=0) if p.pts is not None)
    assert times(path) == packets
