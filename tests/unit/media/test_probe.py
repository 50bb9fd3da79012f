"""What a media file is said to be."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut.errors import MediaMissing, MediaUnreadable, NoMediaFound, NoPicture
from matchcut.media.digest import content_digest
from matchcut.media.probe import nominal_rate, probe
from tests.unit.media.conftest import WriteFilm, spoil, textured

NTSC = Fraction(30000, 1001)
RealFilm = Callable[[str], Path]


def test_a_film_is_known_by_its_bytes_and_not_by_its_path(write_film: WriteFilm) -> None:
    first = write_film("a.mp4", textured(3))
    copy = first.with_name("b.mp4")
    copy.write_bytes(first.read_bytes())
    expected = hashlib.blake2b(first.read_bytes(), digest_size=16).hexdigest()
    assert probe(first).digest == probe(copy).digest == content_digest(first) == expected


def test_every_header_fact_of_a_plain_film_is_read(write_film: WriteFilm) -> None:
    source = probe(write_film("a.mp4", textured(10), rate=Fraction(24000, 1001), sound=True))
    assert (source.width, source.height) == (64, 48)
    assert source.rate == Fraction(24000, 1001)
    assert source.start_pts == 0
    assert source.duration_pts is not None
    assert source.duration_pts * source.time_base == 10 / source.rate
    assert (source.rotation, source.transfer) == (0, "sdr")
    assert source.pixel_aspect == 1
    assert (source.codec, source.video_streams, source.audio_streams) == ("h264", 1, 1)
    assert source.start_timecode is None


@pytest.mark.parametrize(
    ("rate", "timecode"),
    [(Fraction(25), "10:00:00:00"), (NTSC, "01:00:00;02"), (Fraction(24), "23:59:59:23")],
)
def test_the_start_timecode_of_a_mov_is_read_as_it_is_written(
    write_film: WriteFilm, rate: Fraction, timecode: str
) -> None:
    path = write_film("a.mov", textured(3), rate=rate, timecode=timecode)
    assert probe(path).start_timecode == timecode


@pytest.mark.parametrize(("counterclockwise", "turn"), [(-90, 90), (90, 270), (180, 180), (0, 0)])
def test_a_turned_film_says_how_far_to_turn_it(
    write_film: WriteFilm, counterclockwise: int, turn: int
) -> None:
    path = write_film("a.mp4", textured(2), rotation=counterclockwise)
    assert probe(path).rotation == turn


def test_anamorphic_pixels_are_read(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(2), pixel_aspect=Fraction(4, 3))
    assert probe(path).pixel_aspect == Fraction(4, 3)


@pytest.mark.parametrize(
    ("average", "base", "expected"),
    [
        (Fraction(24), Fraction(30), Fraction(24)),
        (Fraction(140000, 5087), Fraction(30), Fraction(30)),
        (Fraction(37200, 1241), NTSC, NTSC),
        (Fraction(2997, 100), Fraction(2997, 100), NTSC),
        (None, Fraction(25), Fraction(25)),
        (Fraction(25), Fraction(50), Fraction(25)),
        (Fraction(141, 10), Fraction(90000), Fraction(141, 10)),
        (Fraction(1, 86400), Fraction(1, 86400), Fraction(1, 86400)),
        (None, None, Fraction(25)),
    ],
)
def test_the_nominal_rate_is_the_one_the_film_was_meant_to_run_at(
    average: Fraction | None, base: Fraction | None, expected: Fraction
) -> None:
    assert nominal_rate(average, base) == expected


def test_sound_alone_is_refused_with_a_sentence(write_film: WriteFilm) -> None:
    with pytest.raises(NoPicture, match="has no picture"):
        probe(write_film("song.mp4", [], sound=True))


def test_a_missing_film_is_said_to_be_offline(tmp_path: Path) -> None:
    for read in (probe, content_digest):
        with pytest.raises(MediaMissing, match="offline"):
            read(tmp_path / "gone.mov")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS pointer"),
        (b"these are words, not pictures\n" * 40, "no film"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n", "no film"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "no film"),
    ],
)
def test_what_is_no_film_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaUnreadable, match=sentence) as refusal:
        probe(path)
    assert "Errno" not in str(refusal.value)
    assert capfd.readouterr().err == ""


def test_a_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoMediaFound):
        probe(tmp_path)
    with pytest.raises(MediaUnreadable, match="folder"):
        content_digest(tmp_path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may open every file"
)
def test_a_film_that_may_not_be_opened_is_refused_with_a_sentence(write_film: WriteFilm) -> None:
    path = write_film("a.mp4", textured(2))
    path.chmod(0)
    with pytest.raises(MediaUnreadable, match="may not open"):
        probe(path)


def test_a_film_whose_end_is_missing_is_still_known(write_film: WriteFilm) -> None:
    path = write_film("a.mkv", textured(60))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert probe(path).rate == 25


def test_a_film_of_which_nothing_can_be_decoded_is_refused(
    write_film: WriteFilm, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_film("a.mp4", textured(10))
    spoil(path, slice(None))
    with pytest.raises(MediaUnreadable, match="none can be decoded"):
        probe(path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "rate", "timecode", "rotation", "aspect", "transfer"),
    [
        ("shots/big_buck_bunny_10s.mp4", 24, None, 0, 1, "sdr"),
        ("odd/2997_named_but_25fps.mp4", 25, None, 0, 1, "sdr"),
        ("odd/2997_videotrack.mp4", NTSC, None, 0, 1, "sdr"),
        ("odd/anamorphic_sar_2_3.mp4", 30, None, 0, Fraction(2, 3), "sdr"),
        ("odd/bt2020_10bit.mp4", 30, None, 0, 1, "pq"),
        ("odd/h265_metadata_track_rot-90.mp4", Fraction(45000, 1501), None, 90, 1, "sdr"),
        ("odd/hdr10_1080p_10bit.mp4", 30, None, 0, 1, "pq"),
        ("odd/interlaced_d10_imx50_tff.mxf", 25, "23:58:30:00", 0, Fraction(152, 135), "sdr"),
        ("odd/nasa_hdr_10bit.mp4", 25, None, 0, 1, "pq"),
        ("odd/nasa_rotated.mp4", NTSC, None, 270, 1, "sdr"),
        ("odd/odd_dimensions_161x121.webm", NTSC, None, 0, 1, "sdr"),
        ("odd/portrait_rot-90_iphone.MOV", NTSC, None, 90, 1, "sdr"),
        ("odd/speed_fx_render_sar_3_4_tc.mov", 24, "01:00:00:00", 0, Fraction(3, 4), "sdr"),
        ("odd/two_days_long_1frame_per_day.mp4", Fraction(1, 86400), None, 0, 1, "sdr"),
        ("odd/vfr_desks_h263.3gp", NTSC, None, 0, Fraction(12, 11), "sdr"),
        ("odd/vfr_slow_motion_7frames.mp4", 30, None, 0, 1, "sdr"),
        ("odd/vp9_10bit_23976.webm", Fraction(24000, 1001), None, 0, 1, "sdr"),
        ("motion/gopro_karma_drone.mp4", NTSC, "19:26:48:04", 0, 1, "sdr"),
        ("motion/openshot_720p60_mpeg4.mp4", Fraction(60000, 1001), None, 0, 1, "sdr"),
    ],
)
def test_real_films_are_what_their_manifest_says(
    real_film: RealFilm,
    name: str,
    rate: Fraction | int,
    timecode: str | None,
    rotation: int,
    aspect: Fraction | int,
    transfer: str,
) -> None:
    source = probe(real_film(name))
    found = (source.rate, source.start_timecode, source.rotation, source.pixel_aspect)
    assert found == (rate, timecode, rotation, aspect)
    assert source.transfer == transfer


def test_of_two_video_streams_the_first_is_taken(real_film: RealFilm) -> None:
    source = probe(real_film("shots/nasa_13013.mp4"))
    assert (source.stream_index, source.width, source.video_streams) == (0, 320, 2)
    assert source.audio_streams == 2


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        ("bad/chunk_out_of_range.mp4", MediaUnreadable, "no film"),
        ("bad/git_lfs_pointer.mp4", MediaUnreadable, "Git LFS"),
        ("bad/not_a_movie_48_bytes.mp4", MediaUnreadable, "no film"),
        ("bad/zero_bytes.webm", MediaUnreadable, "empty"),
        ("bad/zero_empty_stsc_no_frames.mp4", MediaUnreadable, "none can be decoded"),
        ("odd/audio_only_opus.mp4", NoPicture, "no picture"),
    ],
)
def test_real_broken_files_are_refused_with_a_sentence(
    real_film: RealFilm,
    name: str,
    error: type[Exception],
    sentence: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(error, match=sentence):
        probe(real_film(name))
    assert capfd.readouterr().err == ""
