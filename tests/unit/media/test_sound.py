"""The sound of a film is heard at the times of its picture, whatever the file is like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.errors import MediaMissing
from matchcut.media.probe import probe
from matchcut.media.sound import sound_track
from matchcut.types import SOUND_RATE, Sound, Span
from tests.unit.media.conftest import textured

MILLISECOND = Fraction(1, 1000)
PIECE = 960


def _clicks(seconds: float, rate: int = 48000, channels: int = 1) -> NDArray[np.float32]:
    """A quiet hum with a click every tenth of a second, each louder than the one before."""
    time = np.arange(round(seconds * rate)) / rate
    sound = 0.02 * np.sin(2 * np.pi * 220 * time)
    for number in range(1, round(seconds * 10)):
        at = round(number * rate / 10)
        length = rate // 500
        sound[at : at + length] += 0.04 * (number % 10 + 1) * np.hanning(length)
    return np.repeat(sound[None], channels, axis=0).astype(np.float32)


def _film(
    path: Path,
    sounds: Sequence[NDArray[np.float32]],
    *,
    codec: str = "pcm_s16le",
    layout: str = "mono",
    rate: int = 48000,
    late: Fraction = Fraction(0),
    hole: tuple[int, int] | None = None,
    seconds: int = 3,
) -> Path:
    """A film of stripes with a stream for each sound.

    `late`: seconds at which sound begins; `hole`: pieces of 960 samples that are left out, the
    others keeping their times.
    """
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        picture.options = {"preset": "ultrafast"}
        tracks = [
            cast("av.AudioStream", container.add_stream(codec, rate=rate, layout=layout))
            for _ in sounds
        ]
        resamplers = [
            av.AudioResampler(format=track.format.name, layout=layout, rate=rate)
            for track in tracks
        ]
        for number, shown in enumerate(textured(25 * seconds)):
            frame = av.VideoFrame.from_ndarray(shown, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for track, resampler, sound in zip(tracks, resamplers, sounds, strict=True):
            for number in range(sound.shape[1] // PIECE):
                if hole and hole[0] <= number < hole[1]:
                    continue
                part = np.ascontiguousarray(sound[:, number * PIECE : (number + 1) * PIECE])
                heard = av.AudioFrame.from_ndarray(part, format="fltp", layout=layout)
                heard.sample_rate, heard.time_base = rate, Fraction(1, rate)
                heard.pts = number * PIECE + round(late * rate)
                for ready in resampler.resample(heard):
                    container.mux(track.encode(ready))
            container.mux(track.encode(None))
    return path


def _heard(path: Path, start: int, end: int) -> Sound:
    """The sound between two times in milliseconds."""
    with sound_track(path, probe(path)) as track:
        return track.read(Span(start, end, MILLISECOND))


def _found_at(sound: Sound, number: int, start: float = 0.0) -> float:
    """Seconds at which click `number` has its peak, near where it was put."""
    middle = round((number / 10 - start + 0.001) * SOUND_RATE)
    near = sound[middle - 400 : middle + 400]
    assert near.max() > 0.03
    # The middle of the click, which is broader than one sample.
    weight = np.clip(near - near.max() / 2, 0, None)
    return (middle - 400 + float((weight * np.arange(800)).sum() / weight.sum())) / SOUND_RATE + (
        start - 0.001
    )


@pytest.mark.parametrize(
    ("name", "codec", "layout", "rate"),
    [
        ("a.mov", "pcm_s16le", "mono", 48000),
        ("a.mov", "pcm_s24le", "stereo", 44100),
        ("a.mov", "pcm_f32le", "5.1", 96000),
        ("a.mov", "pcm_u8", "stereo", 8000),
        ("a.mkv", "pcm_s32le", "mono", 32000),
        ("a.mkv", "flac", "quad", 22050),
        ("a.mp4", "aac", "stereo", 48000),
        ("a.mp4", "aac", "5.1", 44100),
        ("a.ts", "ac3", "stereo", 48000),
        ("a.ts", "mp2", "mono", 48000),
        ("a.mkv", "libopus", "mono", 48000),
        ("a.mp4", "libmp3lame", "stereo", 44100),
    ],
)
def test_every_sample_lies_at_its_time_in_any_codec_layout_and_rate(
    tmp_path: Path, name: str, codec: str, layout: str, rate: int
) -> None:
    channels = av.AudioLayout(layout).nb_channels
    path = _film(
        tmp_path / name, [_clicks(3, rate, channels)], codec=codec, layout=layout, rate=rate
    )
    source = probe(path)
    # The picture of a transport stream begins after 0, and so does its sound.
    seconds = Span(
        source.start_pts, source.start_pts + round(3 / source.time_base), source.time_base
    )
    with sound_track(path, source) as track:
        sound = track.read(seconds)
    assert sound.dtype == np.float32
    assert len(sound) == 3 * SOUND_RATE
    assert np.abs(sound).max() <= 1
    for number in (2, 5, 9, 14, 25):
        assert _found_at(sound, number) == pytest.approx(number / 10, abs=0.001)


def test_stretches_give_what_the_whole_gives_there(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mp4", [_clicks(3, channels=2)], codec="aac", layout="stereo")
    whole = _heard(path, 0, 3000)
    with sound_track(path, probe(path)) as track:
        for start, end in ((0, 100), (40, 300), (40, 40 + 1), (1000, 2500), (1700, 2999)):
            part = track.read(Span(start, end, MILLISECOND))
            assert np.array_equal(part, whole[start * 16 : end * 16])


def test_a_stretch_may_be_told_in_the_time_base_of_the_picture(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mov", [_clicks(3)])
    with sound_track(path, probe(path)) as track:
        sound = track.read(Span(24, 49, Fraction(1001, 24000)))
    assert len(sound) == round(25 * 1001 / 24000 * SOUND_RATE)
    assert _found_at(sound, 15, 1.001) == pytest.approx(1.5, abs=0.001)


def test_sound_that_begins_late_is_preceded_by_silence(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mkv", [_clicks(2)], late=Fraction(1, 2))
    sound = _heard(path, 0, 3000)
    assert not sound[: round(0.49 * SOUND_RATE)].any()
    assert _found_at(sound, 15) == pytest.approx(1.5, abs=0.001)
    assert not sound[round(2.51 * SOUND_RATE) :].any()
    assert len(_heard(path, 0, 400)) == 0
    assert len(_heard(path, 2600, 3000)) == 0
    assert len(_heard(path, 0, 600)) == round(0.6 * SOUND_RATE)


def test_what_a_recorder_lost_is_silent_and_what_follows_keeps_its_time(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mkv", [_clicks(3)], hole=(55, 75))
    sound = _heard(path, 0, 3000)
    assert not sound[round(1.11 * SOUND_RATE) : round(1.49 * SOUND_RATE)].any()
    assert _found_at(sound, 8) == pytest.approx(0.8, abs=0.001)
    assert _found_at(sound, 20) == pytest.approx(2.0, abs=0.001)
    assert _found_at(sound, 25) == pytest.approx(2.5, abs=0.001)


def test_a_clock_that_starts_again_is_counted_on_as_that_of_the_picture_is(tmp_path: Path) -> None:
    half = _film(tmp_path / "half.ts", [_clicks(3)], codec="mp2").read_bytes()
    path = tmp_path / "a.ts"
    path.write_bytes(half + half)
    sound = _heard(path, 0, 6500)
    second = [_found_at(sound, number) for number in (35, 40, 55)]
    assert second == pytest.approx([3.5, 4.0, 5.5], abs=0.05)
    assert np.diff(second) == pytest.approx([0.5, 1.5], abs=0.001)


@pytest.mark.parametrize("lost", [1, 30])
def test_damaged_packets_are_counted_and_move_nothing(tmp_path: Path, lost: int) -> None:
    path = _film(tmp_path / "a.mkv", [_clicks(3)], codec="flac")
    with av.open(str(path)) as container:
        packets = [bytes(one) for one in container.demux(audio=0) if one.size]
    content = path.read_bytes()
    first = len(packets) // 3
    for packet in packets[first : first + (1 if lost == 1 else 3)]:
        content = content.replace(
            packet, b"\xff\x00" * (len(packet) // 2) + b"\xff" * (len(packet) % 2)
        )
    path.write_bytes(content)
    with sound_track(path, probe(path)) as track:
        sound = track.read(Span(0, 3000, MILLISECOND))
        assert track.damage > 0
        assert track.reason is None
    assert _found_at(sound, 5) == pytest.approx(0.5, abs=0.001)
    assert _found_at(sound, 25) == pytest.approx(2.5, abs=0.001)


def test_microphones_in_streams_of_their_own_are_heard_together(tmp_path: Path) -> None:
    spoken = _clicks(3)
    path = _film(tmp_path / "a.mov", [np.zeros_like(spoken), spoken])
    assert _found_at(_heard(path, 0, 3000), 5) == pytest.approx(0.5, abs=0.001)


def test_a_microphone_that_was_switched_off_is_not_waited_for(tmp_path: Path) -> None:
    spoken = _clicks(30)
    path = _film(tmp_path / "a.mkv", [spoken, spoken[:, : 48000 * 2]], seconds=30)
    with sound_track(path, probe(path)) as track:
        early = track.read(Span(1000, 2000, MILLISECOND))
        late = track.read(Span(20_000, 23_000, MILLISECOND))
    assert _found_at(early, 15, 1.0) == pytest.approx(1.5, abs=0.001)
    assert _found_at(late, 218, 20.0) == pytest.approx(21.8, abs=0.001)


def test_a_dub_beside_the_film_sound_is_not_mixed_in(tmp_path: Path) -> None:
    spoken = _clicks(3, channels=2)
    path = _film(tmp_path / "a.mov", [np.zeros_like(spoken), spoken], layout="stereo")
    assert not _heard(path, 0, 3000).any()


def test_a_film_without_sound_is_not_silent_but_has_none(
    tmp_path: Path, write_film: Callable[..., Path]
) -> None:
    path = write_film("a.mp4", textured(10))
    with sound_track(path, probe(path)) as track:
        assert track.read(Span(0, 400, MILLISECOND)).shape == (0,)
        assert (track.damage, track.reason) == (0, None)


def test_sound_that_cannot_be_decoded_is_none_and_the_reason_is_said(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mkv", [_clicks(3)], codec="flac")
    with av.open(str(path)) as container:
        packets = [bytes(one) for one in container.demux(audio=0) if one.size]
    content = path.read_bytes()
    for packet in packets:
        content = content.replace(packet, b"\x00" * len(packet))
    path.write_bytes(content)
    with sound_track(path, probe(path)) as track:
        assert len(track.read(Span(0, 3000, MILLISECOND))) == 0
        assert track.damage == len(packets)
        assert track.reason is not None


def test_sound_is_read_forwards_alone(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mov", [_clicks(3)])
    with sound_track(path, probe(path)) as track:
        track.read(Span(1000, 2000, MILLISECOND))
        with pytest.raises(ValueError, match="forwards"):
            track.read(Span(999, 2000, MILLISECOND))


def test_a_film_that_has_gone_is_missing(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mov", [_clicks(3)])
    source = probe(path)
    path.unlink()
    with pytest.raises(MediaMissing), sound_track(path, source):
        pass


def test_times_before_zero_are_times_like_others(tmp_path: Path) -> None:
    path = _film(tmp_path / "a.mov", [_clicks(3)])
    sound = _heard(path, -500, 1000)
    assert len(sound) == round(1.5 * SOUND_RATE)
    assert not sound[: SOUND_RATE // 2 - 8].any()
    assert _found_at(sound, 5, -0.5) == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(
    ("name", "loud"),
    [
        ("odd/silent_failing_audio.mp4", True),
        ("odd/interlaced_d10_imx50_tff.mxf", True),
        ("odd/mdat_too_long.mp4", True),
        ("motion/mdn_rabbit_320.webm", True),
        ("motion/mdn_flower.mp4", False),
        ("shots/nasa_13013.mp4", True),
        ("odd/portrait_rot-90_iphone.MOV", True),
    ],
)
def test_the_sound_of_real_films_is_heard(
    real_film: Callable[[str], Path], name: str, loud: bool
) -> None:
    path = real_film(name)
    with sound_track(path, probe(path)) as track:
        sound = track.read(Span(0, 2000, MILLISECOND))
        assert len(sound) == 2 * SOUND_RATE
        assert bool(np.abs(sound).max() > 1e-4) is loud
        assert (track.damage, track.reason) == (0, None)
