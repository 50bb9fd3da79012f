"""Films that editors have: frames, times and timecodes are right in each, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from matchcut.media.decode import frame_at, read_frames
from matchcut.media.probe import probe
from matchcut.media.tone import to_sdr
from tests.unit.media.films import NTSC24, NTSC30, NTSC60, Make, read, stripes, write

MILLISECOND, TICK = Fraction(1, 1000), Fraction(1, 90000)
B_FRAMES = {"preset": "medium", "x264-params": "bframes=3:keyint=8:min-keyint=8:open-gop=1"}
"""Two frames are held back, so that the first packet's dts lies two frames before its pts."""


@pytest.mark.parametrize(
    ("make", "labels"),
    [
        # 00:00:59;50 to ;59 are ten frames; 00:01:00;00 to ;03 are left out, ;04 to ;13 are ten.
        (Make("a.mov", rate=NTSC60, stream_tags={"timecode": "00:00:59;50"}), "00:01:00;13"),
        (Make("a.mkv", rate=NTSC60, stream_tags={"timecode": "00:00:59;50"}), "00:01:00;13"),
        (Make("a.mov", rate=NTSC60, stream_tags={"timecode": "00:00:59:50"}), "00:01:00:09"),
        # ;00 and ;01 are left out, but in no tenth minute.
        (Make("a.mov", rate=NTSC30, stream_tags={"timecode": "00:00:59;20"}), "00:01:00;11"),
        (Make("a.mov", rate=NTSC30, stream_tags={"timecode": "00:59:59;20"}), "01:00:00;09"),
        (Make("a.mkv", rate=NTSC30, tags={"timecode": "00:00:59;20"}), "00:01:00;11"),
        (Make("a.mp4", rate=NTSC30, stream_tags={"timecode": "23:59:59;20"}), "00:00:00;09"),
        # The clock of a day starts again after 23:59:59:23.
        (Make("a.mov", rate=NTSC24, stream_tags={"timecode": "23:59:59:12"}), "00:00:00:07"),
        (Make("a.mov", stream_tags={"timecode": "10:00:00:10"}), "10:00:01:04"),
    ],
    ids=lambda part: f"{part.name} {part.rate}" if isinstance(part, Make) else part,
)
def test_timecodes_of_the_first_and_last_frame(tmp_path: Path, make: Make, labels: str) -> None:
    found = read(write(tmp_path, make))
    start = {**make.tags, **make.stream_tags}["timecode"]
    assert len(found.pts) == 20
    assert found.source.start_timecode == start
    assert found.labels == (start, labels)


@pytest.mark.parametrize(
    ("make", "label"),
    [
        (Make("a.mxf", 30, NTSC30, "mpeg2video", b_frames=2), "01:00:00;29"),
        (Make("a.mxf", 30, NTSC24, "mpeg2video", b_frames=2), "01:00:01:05"),
        (Make("a.mxf", 5, NTSC24, "prores_ks", "yuv422p10le"), "01:00:00:04"),
        (
            Make(
                *("a.mxf", 5, NTSC60, "mpeg2video", "yuv422p"),
                size=(1280, 720),
                options={"b": "50M"},
                b_frames=2,
            ),
            "01:00:00;04",
        ),
    ],
    ids=["mpeg2 29.97", "mpeg2 23.976", "prores", "mpeg2 422 59.94"],
)
def test_mxf_counts_from_its_own_timecode(tmp_path: Path, make: Make, label: str) -> None:
    start = "01:00:00;00" if ";" in label else "01:00:00:00"
    found = read(write(tmp_path, replace(make, tags={"timecode": start})))
    assert found.pts == tuple(range(make.count))
    assert found.source.time_base == 1 / make.rate
    assert found.labels == (start, label)


@pytest.mark.parametrize(
    ("make", "first", "step"),
    [
        (Make("a.mp4", 30, options=B_FRAMES), 0, 512),
        (Make("a.mov", 30, options=B_FRAMES), 0, 512),
        (Make("a.mkv", 30, options=B_FRAMES), 0, 40),
        # These cannot hold a negative dts: all times move up by the two frames held back.
        (Make("a.ts", 30, options=B_FRAMES), 7200, 3600),
        (
            Make(
                *("fragments.mp4", 30),
                options=B_FRAMES,
                container_options={"movflags": "frag_keyframe+empty_moov"},
            ),
            1024,
            512,
        ),
        (
            Make(
                *("signed.mp4", 30),
                options=B_FRAMES,
                container_options={"movflags": "negative_cts_offsets"},
            ),
            0,
            512,
        ),
    ],
    ids=lambda part: part.name if isinstance(part, Make) else str(part),
)
def test_frames_that_refer_forward_come_in_the_order_shown(
    tmp_path: Path, make: Make, first: int, step: int
) -> None:
    found = read(write(tmp_path, make))
    assert found.pts == tuple(range(first, first + 30 * step, step))
    assert found.labels == ("00:00:00:00", "00:00:01:04")


@pytest.mark.parametrize("name", ["a.mkv", "a.mov"])
def test_times_beyond_32_bits_are_kept(tmp_path: Path, name: str) -> None:
    time_base, step = (MILLISECOND, 40) if name == "a.mkv" else (TICK, 3600)
    pts = range(2**31 + 1000, 2**31 + 1000 + 30 * step, step)
    path = write(tmp_path, Make(name, 30, pts=pts, time_base=time_base))
    # A film of QuickTime counts from its first dts, a hair before the first pts.
    found = read(path)
    assert np.diff(found.pts).tolist() == [step] * 29
    assert found.pts[0] > 2**31
    assert found.labels == ("00:00:00:00", "00:00:01:04")


def test_a_clock_of_33_bits_that_wraps_goes_on(tmp_path: Path) -> None:
    # A transport stream's clock starts again at 2**33; here after one second.
    pts = range(2**33 - 90000, 2**33 - 90000 + 50 * 3600, 3600)
    path = write(tmp_path, Make("a.ts", 50, pts=pts, time_base=TICK, options=B_FRAMES))
    found = read(path)
    assert len(found.pts) == 50
    assert np.diff(found.pts).tolist() == [3600] * 49
    assert found.labels == ("00:00:00:00", "00:00:01:24")
    last = frame_at(path, found.source, found.pts[-1], index=49, longest_side=240)
    *_, frame = read_frames(path, found.source)
    assert np.array_equal(last, frame.picture)


@pytest.mark.parametrize(
    "make",
    [
        Make("live.webm", 30, codec="libvpx", container_options={"live": "1"}),
        Make("live.mkv", 30, container_options={"live": "1"}),
        Make("stream.h264", 30),
        Make("stream.m2v", 30, codec="mpeg2video", b_frames=2),
    ],
    ids=lambda make: make.name,
)
def test_a_film_that_says_no_duration_is_read_to_its_end(tmp_path: Path, make: Make) -> None:
    found = read(write(tmp_path, make))
    assert found.source.duration_pts is None
    assert len(found.pts) == 30
    assert found.labels == ("00:00:00:00", "00:00:01:04")


@pytest.mark.parametrize("rate", [NTSC24, NTSC30, NTSC60])
def test_times_rounded_to_milliseconds_count_the_right_frames(
    tmp_path: Path, rate: Fraction
) -> None:
    pts = [round(1000 * number / rate) for number in range(200)]
    made = Make("a.mkv", 200, rate, pts=pts, time_base=MILLISECOND)
    found = read(write(tmp_path, replace(made, tags={"timecode": "00:00:59:00"})))
    assert found.pts == tuple(pts)
    assert found.source.rate == rate
    second, frames = divmod(199, round(rate))
    minute, second = divmod(59 + second, 60)
    assert found.labels[1] == f"00:{minute:02d}:{second:02d}:{frames:02d}"


def test_an_edit_list_hides_the_frames_before_its_start(tmp_path: Path) -> None:
    path = write(tmp_path, Make("a.mp4", 30, options=B_FRAMES))
    content = bytearray(path.read_bytes())
    entry = content.index(b"elst") + 12  # After version, flags and count; then a duration.
    start = int.from_bytes(content[entry + 4 : entry + 8], "big")
    assert start == 1024
    content[entry + 4 : entry + 8] = (start + 5 * 512).to_bytes(4, "big")
    path.write_bytes(content)
    found = read(path)
    assert found.pts == tuple(range(0, 25 * 512, 512))
    shown = next(read_frames(path, found.source)).picture
    sixth = av.VideoFrame.from_ndarray(stripes(5, 64, 48), format="rgb24")
    expected = sixth.reformat(240, 180, interpolation="AREA").to_ndarray()
    assert np.abs(shown.astype(int) - expected).mean() < 6


def two_streams(path: Path, second: av.stream.Disposition, sizes: tuple[int, int]) -> Path:
    with av.open(str(path), "w") as container:
        streams = []
        for width in sizes:
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, 48, "yuv420p"
            streams.append(stream)
        streams[0].disposition = av.stream.Disposition(0)
        streams[1].disposition = second
        for number in range(20):
            for stream in streams:
                picture = stripes(number, stream.width, 48)
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts = number
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def test_of_two_video_streams_the_default_one_is_read(tmp_path: Path) -> None:
    path = two_streams(tmp_path / "a.mkv", av.stream.Disposition.default, (64, 96))
    found = read(path)
    assert (found.source.stream_index, found.source.width) == (1, 96)
    assert (found.source.video_streams, len(found.pts)) == (2, 20)


def test_cover_art_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 32, 32, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        film = container.add_stream("libx264", rate=25)
        film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
        film.metadata["timecode"] = "10:00:00:00"  # Written as a track of its own: no picture.
        still = av.VideoFrame.from_ndarray(stripes(0, 32, 32), format="rgb24")
        container.mux(cover.encode(still))
        container.mux(cover.encode(None))
        for number in range(20):
            picture = av.VideoFrame.from_ndarray(stripes(number, 64, 48), format="rgb24")
            picture.pts = number
            container.mux(film.encode(picture))
        container.mux(film.encode(None))
    with av.open(str(path)) as container:
        assert len(container.streams.data) == 1
    found = read(path)
    assert (found.source.video_streams, found.source.width, len(found.pts)) == (1, 64, 20)
    assert found.labels == ("10:00:00:00", "10:00:00:19")


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (Make("odd.mov", 5, codec="prores_ks", pix_fmt="yuv422p10le", size=(63, 47)), (180, 241)),
        (
            Make("alpha.mov", 5, codec="prores_ks", pix_fmt="yuva444p10le", size=(65, 49)),
            (180, 239),
        ),
        (Make("argb.mov", 5, codec="qtrle", pix_fmt="argb"), (180, 240)),
        (Make("gray.mkv", 5, codec="ffv1", pix_fmt="gray"), (180, 240)),
        (Make("gray10.mkv", 5, codec="ffv1", pix_fmt="gray10le"), (180, 240)),
        (Make("444p12.mkv", 5, codec="ffv1", pix_fmt="yuv444p12le"), (180, 240)),
        (Make("422p10.mov", 5, codec="libx264", pix_fmt="yuv422p10le"), (180, 240)),
    ],
    ids=lambda part: part.name if isinstance(part, Make) else str(part),
)
def test_every_kind_of_pixel_gives_the_same_picture(
    tmp_path: Path, make: Make, size: tuple[int, int]
) -> None:
    path = write(tmp_path, make)
    frames = list(read_frames(path, probe(path)))
    assert len(frames) == 5
    for frame in frames:
        drawn = av.VideoFrame.from_ndarray(stripes(frame.index, *make.size), format="rgb24")
        expected = drawn.reformat(size[1], size[0], interpolation="AREA").to_ndarray()
        assert frame.picture.shape == expected.shape
        assert np.abs(frame.picture.astype(int) - expected).mean() < 4, f"frame {frame.index}"


def test_a_palette_gives_its_colors(tmp_path: Path) -> None:
    def frames() -> Iterator[av.VideoFrame]:
        # An entry is blue, green, red, alpha.
        palette = b"".join(bytes([20 * entry, 100, 200, 255]) for entry in range(5))
        for number in range(5):
            frame = av.VideoFrame(64, 48, "pal8")
            pixels, colors = frame.planes
            pixels.update(bytes([number]) * pixels.buffer_size)
            colors.update(palette.ljust(colors.buffer_size, b"\0"))
            yield frame

    path = write(tmp_path, Make("a.avi", 5, codec="msrle", pix_fmt="pal8"), frames())
    for frame in read_frames(path, probe(path)):
        assert np.abs(frame.picture.astype(int) - (200, 100, 20 * frame.index)).max() <= 2


def test_an_hlg_film_is_brought_to_sdr(tmp_path: Path) -> None:
    def frames() -> Iterator[av.VideoFrame]:
        # Reference white is 75 % of the signal: 64 + 0.75 * 876 = 721 of 10 bits.
        for _ in range(3):
            frame = av.VideoFrame(64, 48, "yuv420p10le")
            for plane, code in zip(frame.planes, (721, 512, 512), strict=True):
                plane.update(code.to_bytes(2, "little") * (plane.buffer_size // 2))
            yield frame

    made = Make("a.mov", 3, pix_fmt="yuv420p10le", transfer=18, options={"crf": "1"})
    path = write(tmp_path, made, frames())
    source = probe(path)
    assert source.transfer == "hlg"
    white = to_sdr(np.full((1, 1, 3), round(0.75 * 65535), np.uint16), "hlg", wide_gamut=True)
    for frame in read_frames(path, source):
        assert np.abs(frame.picture.astype(int) - white[0, 0]).max() <= 3


def woven(count: int) -> Iterator[av.VideoFrame]:
    """Frames whose upper field is bright and whose lower one is dark, each with stripes."""
    for number in range(count):
        picture = np.empty((96, 128, 3), np.uint8)
        picture[0::2] = stripes(number, 128, 48) // 4 + 180
        picture[1::2] = stripes(number, 128, 48) // 4
        yield av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")


@pytest.mark.parametrize(
    "make",
    [
        Make("upper.mp4", options={"crf": "1", "x264-params": "tff=1"}),
        Make("lower.ts", options={"crf": "1", "x264-params": "bff=1"}),
        Make("mpeg2.ts", codec="mpeg2video", options={"flags": "+ildct+ilme", "b": "8M"}),
        Make("b.mpg", codec="mpeg2video", options={"flags": "+ildct+ilme", "b": "8M"}, b_frames=2),
    ],
    ids=lambda make: make.name,
)
def test_interlaced_frames_show_one_instant_without_a_comb(tmp_path: Path, make: Make) -> None:
    made = replace(make, size=(128, 96))
    path = write(tmp_path, made, woven(20))
    found = read(path)
    assert len(found.pts) == 20
    assert found.labels == ("00:00:00:00", "00:00:00:19")
    for longest_side in (320, 640):
        picture = frame_at(path, found.source, found.pts[5], index=5, longest_side=longest_side)
        assert picture[..., 1].min() > 150


def test_frames_that_are_not_interlaced_keep_all_their_lines(tmp_path: Path) -> None:
    made = Make("a.mkv", 3, codec="ffv1", size=(128, 96))
    path = write(tmp_path, made, woven(3))
    picture = frame_at(path, probe(path), 0, index=0, longest_side=128)
    assert picture[0::2, :, 1].min() > 150
    assert picture[1::2, :, 1].max() < 120
