"""A clip plays everywhere, at the rate and in the colours that it was given."""

from __future__ import annotations

import errno
import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc

from matchcut.media.clip import clip_bytes, write_clip
from matchcut.media.decode import read_frames
from matchcut.media.probe import probe
from tests.unit.media.conftest import textured

FULL = Path("/dev/full")


@pytest.mark.parametrize(
    "rate",
    [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60), Fraction(25, 2)],
)
def test_it_plays_at_exactly_the_rate_that_was_asked_for(tmp_path: Path, rate: Fraction) -> None:
    path = tmp_path / "a.mp4"
    write_clip(textured(40), rate, path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == rate
        assert stream.time_base is not None
        assert stream.duration is not None
        assert stream.duration * stream.time_base == 40 / rate
    source = probe(path)
    times = [frame.pts * source.time_base for frame in read_frames(path, source)]
    assert times == [number / rate for number in range(40)]


def test_what_browsers_need_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_clip(textured(30), Fraction(25), path)
    content = path.read_bytes()
    assert 0 < content.find(b"moov") < content.find(b"mdat")
    with av.open(str(path)) as container:
        assert len(container.streams) == 1
        stream = container.streams.video[0]
        assert (stream.codec.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert stream.profile == "High"
        context = stream.codec_context
        assert context.colorspace == 1
        assert context.color_primaries == ColorPrimaries.BT709
        assert context.color_trc == ColorTrc.BT709
        assert context.color_range == ColorRange.MPEG
        assert stream.start_time == 0


@pytest.mark.parametrize("size", [(64, 48), (63, 48), (64, 47), (101, 179), (1, 1)])
def test_an_odd_side_grows_by_a_copy_of_its_edge(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.mp4"
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    write_clip([picture] * 3, Fraction(25), path)
    with av.open(str(path)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert shown.shape == (size[1] + size[1] % 2, size[0] + size[0] % 2, 3)
    assert np.abs(shown.astype(int) - 90).max() <= 3


def test_colours_are_those_that_were_given(tmp_path: Path) -> None:
    colours = np.array([(0, 0, 0), (255, 255, 255), (200, 30, 40), (20, 160, 90)], np.uint8)
    picture = np.kron(colours.reshape(2, 2, 3), np.ones((90, 160, 1), np.uint8))
    path = tmp_path / "a.mp4"
    write_clip([picture] * 5, Fraction(25), path)
    shown = [frame.picture for frame in read_frames(path, probe(path))][4]
    for row, column in ((45, 80), (45, 240), (135, 80), (135, 240)):
        np.testing.assert_allclose(shown[row, column], picture[row, column], atol=3)


def test_a_page_can_embed_it() -> None:
    content = clip_bytes(iter(textured(12)), Fraction(24))
    with av.open(io.BytesIO(content), "r") as container:
        assert sum(1 for _ in container.decode(video=0)) == 12


def test_writing_again_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_clip(textured(60), Fraction(25), path)
    write_clip(textured(5), Fraction(25), path)
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said_by_its_number() -> None:
    with pytest.raises(OSError) as caught:  # noqa: PT011
        write_clip(textured(5), Fraction(25), FULL)
    assert caught.value.errno == errno.ENOSPC
