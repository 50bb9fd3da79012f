"""Writes the films that editors have and no camera at hand makes: small, in any container."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from matchcut.engine.snapshot import timecode_of
from matchcut.media.decode import read_frames
from matchcut.media.probe import probe
from matchcut.types import Source

NTSC24, NTSC30, NTSC60 = Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)


@dataclass(frozen=True)
class Make:
    """How a film of moving stripes is written."""

    name: str
    """File name; its ending chooses the container."""
    count: int = 20
    rate: Fraction = Fraction(25)
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    size: tuple[int, int] = (64, 48)
    options: dict[str, str] = field(default_factory=dict)
    """Of the encoder."""
    container_options: dict[str, str] = field(default_factory=dict)
    pts: Sequence[int] | None = None
    """One a frame, in `time_base`; None: 0, 1, 2, ... frames."""
    time_base: Fraction | None = None
    tags: dict[str, str] = field(default_factory=dict)
    """Of the container."""
    stream_tags: dict[str, str] = field(default_factory=dict)
    transfer: int | None = None
    """H.273 code; primaries and matrix are BT.2020 then."""
    b_frames: int | None = None


def stripes(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """A bright picture that moves with its number."""
    rows, columns = np.mgrid[0:height, 0:width]
    wave = 128 + 60 * np.sin((columns + 3 * number) / 5) + 50 * np.cos(rows / 4)
    return np.repeat(wave[..., None], 3, axis=2).astype(np.uint8)


def write(folder: Path, make: Make, frames: Iterable[av.VideoFrame] | None = None) -> Path:
    """Writes a film into a folder: of stripes, or of the frames given."""
    path = folder / make.name
    if frames is None:
        pictures = (stripes(number, *make.size) for number in range(make.count))
        frames = (
            av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=make.pix_fmt)
            for picture in pictures
        )
    time_base = make.time_base or 1 / make.rate
    with av.open(str(path), "w", options=make.container_options) as container:
        container.metadata.update(make.tags)
        stream = cast("av.VideoStream", container.add_stream(make.codec, rate=make.rate))
        stream.width, stream.height = make.size
        stream.pix_fmt = make.pix_fmt
        quick = {"preset": "ultrafast"} if make.codec == "libx264" else {}
        stream.options = {**quick, **make.options}
        stream.gop_size = 12
        stream.codec_context.time_base = time_base
        stream.metadata.update(make.stream_tags)
        if make.b_frames is not None:
            stream.codec_context.max_b_frames = make.b_frames
        if make.transfer is not None:
            stream.codec_context.color_trc = make.transfer
            stream.codec_context.color_primaries = 9
            stream.codec_context.colorspace = 9
        for number, frame in enumerate(frames):
            frame.pts = make.pts[number] if make.pts else number
            frame.time_base = time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@dataclass(frozen=True)
class Read:
    """What is read of a film."""

    source: Source
    pts: tuple[int, ...]
    ends: NDArray[np.int64]
    """Pts of all frames and the end of the last one, as the library keeps them."""

    @property
    def labels(self) -> tuple[str, str]:
        """Timecode of the first and of the last frame."""
        last = len(self.pts) - 1
        return timecode_of(self.source, self.ends, 0), timecode_of(self.source, self.ends, last)


def read(path: Path) -> Read:
    """Reads a film to its end and checks what holds for every film."""
    source = probe(path)
    frames = [(frame.index, frame.pts, frame.picture.shape) for frame in read_frames(path, source)]
    pts = tuple(time for _, time, _ in frames)
    assert [index for index, _, _ in frames] == list(range(len(frames)))
    assert all(one < other for one, other in pairwise(pts))
    assert len({shape for _, _, shape in frames}) == 1
    step = max(1, round(1 / (source.rate * source.time_base)))
    return Read(source, pts, np.array([*pts, pts[-1] + step], np.int64))
