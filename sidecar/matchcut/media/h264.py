"""Writes pictures as H.264 into a container, picture by picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import av
import numpy as np
from av import VideoFrame
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
    Interpolation,
    VideoReformatter,
)

from matchcut.types import Picture

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

EXACT = (
    Interpolation.BILINEAR
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)
"""How colours are converted: without these, libswscale darkens RGB by 1.5 levels there and back."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures are coded; all in BT.709, without frames that depend on later ones."""

    pixels: Literal["yuv420p", "yuv444p"]
    """`yuv420p` is played everywhere and needs even sides; `yuv444p` holds any size."""
    levels: ColorRange
    """Full (`JPEG`) or limited (`MPEG`) range."""
    keyframe_every: int
    """Frames; there are no keyframes in between."""
    options: Mapping[str, str]
    """Of libx264, by FFmpeg's names."""


@dataclass(eq=False)
class H264:
    """The one stream of a container that is being written. All pictures have one size."""

    container: OutputContainer
    rate: Fraction
    """Frames a second, exact."""
    coding: Coding
    _stream: VideoStream | None = None
    _count: int = 0
    _failure: av.FFmpegError | None = None
    _reformatter: VideoReformatter = field(default_factory=VideoReformatter)

    def add(self, picture: Picture) -> None:
        """Encodes the next picture and writes what has become ready.

        Raises:
            OSError: it cannot be written, such as where the disk is full; so will all that follow.
        """
        stream = self._stream = self._stream or self._opened(picture)
        frame = self._reformatter.reformat(
            VideoFrame.from_numpy_buffer(np.ascontiguousarray(picture), "rgb24"),
            format=self.coding.pixels,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=self.coding.levels,
            interpolation=EXACT,
            threads=1,
        )
        frame.time_base = 1 / self.rate
        frame.pts = self._count
        self._count += 1
        self._write(stream, frame)

    def finish(self) -> None:
        """Writes what the encoder still holds; closing the container writes the rest.

        Raises as `add`.
        """
        if self._stream is not None:
            self._write(self._stream, None)

    def _write(self, stream: VideoStream, frame: VideoFrame | None) -> None:
        if self._failure is not None:
            raise self._failure  # libav crashes when told to write on after a failed write.
        try:
            self.container.mux(stream.encode(frame))
        except av.FFmpegError as error:
            self._failure = error
            raise

    def _opened(self, picture: Picture) -> VideoStream:
        stream = self.container.add_stream("libx264", rate=self.rate)
        context = stream.codec_context
        context.height, context.width = picture.shape[:2]
        context.pix_fmt = self.coding.pixels
        context.time_base = 1 / self.rate
        context.thread_count = 1
        context.max_b_frames = 0
        context.gop_size = self.coding.keyframe_every
        context.color_range = self.coding.levels
        context.colorspace = 1  # BT.709, in the numbers of ITU-T H.273.
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.options = {"sc_threshold": "0", **self.coding.options}
        return stream
