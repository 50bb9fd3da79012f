"""Small films written on the spot, and the optional place of real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Protocol, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

REAL_FILMS = Path(__file__).parents[3] / "../shared/assets/video"


class WriteFilm(Protocol):
    def __call__(
        self,
        name: str,
        pictures: Iterable[NDArray[np.uint8]],
        *,
        rate: Fraction = ...,
        codec: str = ...,
        pts: Sequence[int] | None = ...,
        time_base: Fraction | None = ...,
        rotation: float | None = ...,
        mirror: str | None = ...,
        timecode: str | None = ...,
        pixel_aspect: Fraction | None = ...,
        keyframe_every: int = ...,
        sound: bool = ...,
    ) -> Path: ...


@pytest.fixture
def real_film() -> Callable[[str], Path]:
    """The path of a real film, such as `odd/nasa_rotated.mp4`; skips where it is not there."""

    def find(name: str) -> Path:
        path = REAL_FILMS / name
        if not path.exists():
            pytest.skip(f"the real film {name} is not in ../shared/assets/video")
        return path

    return find


@pytest.fixture
def write_film(tmp_path: Path) -> WriteFilm:
    """Writes pictures, (H, W, 3) uint8, as a film in the test's own folder."""

    def write(
        name: str,
        pictures: Iterable[NDArray[np.uint8]],
        *,
        rate: Fraction = Fraction(25),
        codec: str = "libx264",
        pts: Sequence[int] | None = None,
        time_base: Fraction | None = None,
        rotation: float | None = None,
        mirror: str | None = None,
        timecode: str | None = None,
        pixel_aspect: Fraction | None = None,
        keyframe_every: int = 12,
        sound: bool = False,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            stream: av.VideoStream | None = None
            track: av.AudioStream | None = None
            for number, picture in enumerate(pictures):
                if stream is None:
                    stream = cast("av.VideoStream", container.add_stream(codec, rate=rate))
                    stream.height, stream.width = picture.shape[:2]
                    stream.pix_fmt = "yuv420p"
                    stream.gop_size = keyframe_every
                    stream.codec_context.time_base = time_base or 1 / rate
                    if codec == "libx264":
                        stream.options = {"preset": "ultrafast", "crf": "12"}
                    if rotation is not None or mirror is not None:
                        stream.set_display_rotation(
                            rotation or 0, hflip=mirror == "sideways", vflip=mirror == "upside down"
                        )
                    if timecode is not None:
                        stream.metadata["timecode"] = timecode
                    if pixel_aspect is not None:
                        stream.codec_context.sample_aspect_ratio = pixel_aspect
                    track = _sound_track(container) if sound else None
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts = pts[number] if pts else number
                frame.time_base = time_base or 1 / rate
                container.mux(stream.encode(frame))
            if stream is not None:
                container.mux(stream.encode(None))
            if sound:
                track = track or _sound_track(container)
                silence = np.zeros((1, 2048), np.float32)
                tone = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
                tone.sample_rate = 48000
                container.mux(track.encode(tone))
                container.mux(track.encode(None))
        return path

    return write


def _sound_track(container: av.container.OutputContainer) -> av.AudioStream:
    return container.add_stream("aac", rate=48000, layout="mono")


def textured(count: int, width: int = 64, height: int = 48) -> list[NDArray[np.uint8]]:
    """Bright pictures without flat or black parts, each unlike the one before."""
    rows, columns = np.mgrid[0:height, 0:width]
    pictures = []
    for number in range(count):
        wave = 128 + 60 * np.sin((columns + 3 * number) / 5) + 50 * np.cos(rows / 4)
        pictures.append(np.repeat(wave[..., None], 3, axis=2).astype(np.uint8))
    return pictures


def spoil(path: Path, packets: slice) -> None:
    """Overwrites the chosen packets' bytes, so that they cannot be decoded."""
    with av.open(str(path)) as container:
        whole = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    content = path.read_bytes()
    for packet in whole[packets]:
        assert content.count(packet) == 1
        content = content.replace(packet, b"\xff" * len(packet))
    path.write_bytes(content)
