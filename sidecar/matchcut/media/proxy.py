"""A proxy is a small copy of a film, from which any stretch of its pictures is had at once.

It holds every normalised picture once, in order, whatever the film's own times: frame `i` of the
proxy is frame `i` of the film, and its pts is `i`. It is an H.264 film in MP4, in full colour
resolution, so that pictures of any size, odd ones too, come back in their size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

from matchcut.errors import MediaUnreadable, NoPicture
from matchcut.media.container import main_picture, opened, unreadable
from matchcut.media.h264 import EXACT, H264, Coding
from matchcut.types import PICTURE_VERSION, Picture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

VERSION = 1
"""Of how pictures are stored; raised by whatever changes a pixel that is read back."""
PROXY = f"proxy-{PICTURE_VERSION}.{VERSION}"
"""Names what a proxy is: of pictures normalised so, and stored so. Safe as a file name."""

_RATE = Fraction(25)
"""Frames a second that a proxy plays at; nothing depends on it."""
_KEYFRAME_EVERY = 24
"""Reading decodes up to 23 frames more than it was asked for, about 5 ms."""
_CODING = Coding(
    "yuv444p",
    ColorRange.JPEG,
    _KEYFRAME_EVERY,
    # Measured by tests/benchmarks/proxies.py. `veryfast` gains 0.4 dB and costs a third more time.
    {
        "preset": "superfast",
        "tune": "psnr",
        "crf": "26",
        "x264-params": "mbtree=1:rc-lookahead=10",
    },
)
_CONTAINER = {"video_track_timescale": str(_RATE)}
"""Lets a frame's pts be its number."""
_DAMAGED = "this proxy is damaged"
_BEHIND = 32
"""Pictures that may wait for the encoder: 5.5 MB."""


@dataclass(eq=False)
class ProxyWriter:
    """Takes the pictures of a film, and encodes them on one thread of its own."""

    _film: H264
    _worker: Executor
    _due: deque[Future[None]] = field(default_factory=deque)

    def add(self, picture: Picture) -> None:
        """Takes the next picture, which may not be changed afterwards; all have one size.

        Raises what an earlier picture failed on, such as OSError where the disk is full.
        """
        if len(self._due) == _BEHIND:
            self._due.popleft().result()
        self._due.append(self._worker.submit(self._film.add, picture))

    def finish(self) -> None:
        """Waits until all pictures are encoded."""
        while self._due:
            self._due.popleft().result()
        self._film.finish()


@contextmanager
def proxy_writer(path: Path) -> Iterator[ProxyWriter]:
    """A proxy at `path`, whole once the block has ended well.

    Until then, and where the block fails, what lies at `path` is to be thrown away.

    Cost: 1 to 2 ms of one core a frame, beside what the block does; 50 to 200 MB an hour of film at
    25 frames a second, 300 MB where a camera shakes all along. Memory: 32 pictures that wait, and
    100 bytes a frame for the table of contents, which is written last.

    Raises:
        OSError: it cannot be written, such as where the disk is full.
    """
    with (
        ThreadPoolExecutor(1, "proxy") as worker,
        # An absolute path, because libav reads `name:rest` as a protocol.
        av.open(str(path.absolute()), "w", format="mp4", container_options=_CONTAINER) as container,
    ):
        writer = ProxyWriter(H264(container, _RATE, _CODING), worker)
        try:
            yield writer
            writer.finish()
        finally:
            worker.shutdown(cancel_futures=True)


def proxy_frames(path: Path, start: int, end: int) -> NDArray[np.uint8]:
    """(T, H, W, 3) uint8, as `Picture`: those of the frames [start, end) of a film.

    They differ from what was written by the loss of coding: 34 to 39 dB. May be called by many
    threads at once.

    Args:
        path: Of the proxy.
        start: First frame, 0-based.
        end: The frame after the last; at least `start`, and not after the film's last.

    Cost: 0.5 ms of one core a frame, and about 10 ms to get there, anywhere in a film of two hours.

    Raises:
        MediaMissing: nothing is at the path.
        MediaUnreadable: it is damaged or cut short, or has not all of these frames.
    """
    with opened(path) as container:
        try:
            stream = main_picture(path, container)
        except NoPicture as error:
            raise MediaUnreadable(path, _DAMAGED) from error
        stream.codec_context.thread_count = 1
        # Without it, libav paints over what it cannot decode.
        stream.codec_context.options = {"err_detect": "explode"}
        reformatter = VideoReformatter()
        pictures = np.empty((end - start, stream.height, stream.width, 3), np.uint8)
        with closing(_shown(path, container, stream, start)) as frames:
            for number, place in enumerate(pictures, start):
                frame = next(frames, None)
                if frame is None or frame.pts != number:
                    raise MediaUnreadable(path, f"frame {number} of this proxy is missing")
                place[:] = reformatter.reformat(
                    frame,
                    format="rgb24",
                    src_colorspace=Colorspace.ITU709,
                    dst_colorspace=Colorspace.ITU709,
                    src_color_range=ColorRange.JPEG,
                    dst_color_range=ColorRange.JPEG,
                    interpolation=EXACT,
                    threads=1,
                ).to_ndarray()
    return pictures


def _shown(
    path: Path, container: InputContainer, stream: VideoStream, start: int
) -> Generator[VideoFrame, None, None]:
    """The frames from `start` on."""
    try:
        container.seek(start, stream=stream)
        for frame in container.decode(stream):
            if frame.pts is None or frame.pts >= start:
                yield frame
    except av.FFmpegError as error:
        raise unreadable(path, error, _DAMAGED) from error
