"""Writes a plan as a film: H.264 in the container that the file's name asks for."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film.draw import frame_at
from tests.film.script import FilmPlan, GroundTruth

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

SAMPLES = 48000
"""Audio samples a second."""
_BLOCK = 1024


def write_film(plan: FilmPlan, path: Path) -> GroundTruth:
    """Draws and encodes every frame of the plan, one at a time, and returns what is true of it.

    H.264 (libx264, crf 18, 4:2:0, BT.601 in limited range) at the plan's exact rate; pts count
    frames. The start timecode goes into `.mp4` and `.mov` as a timecode track. Audio is one
    channel of AAC.

    Args:
        plan: The film; width and height must be even.
        path: Where it is written; an existing file is replaced.

    Raises:
        ValueError: width or height is odd.

    Cost: about 13 ms a frame of 640x360 on one core; memory does not grow with the length.
    """
    write_pictures(
        (frame_at(plan, index) for index in range(plan.starts[-1])),
        path,
        rate=plan.rate,
        size=(plan.width, plan.height),
        start_timecode=plan.start_timecode,
        tone=plan.tone,
    )
    return plan.truth()


def write_pictures(
    pictures: Iterable[NDArray[np.uint8]],
    path: Path,
    *,
    rate: Fraction,
    size: tuple[int, int],
    start_timecode: str | None = None,
    tone: float | None = None,
) -> None:
    """Encodes pictures, one at a time, as `write_film` does those of a plan.

    Args:
        pictures: (height, width, 3) uint8 RGB each.
        path: Where the film is written; an existing file is replaced.
        rate: Frames a second, exact.
        size: Width and height.
        start_timecode: As in `FilmPlan`.
        tone: As in `FilmPlan`.

    Raises:
        ValueError: width or height is odd.
    """
    width, height = size
    if width % 2 or height % 2:
        raise ValueError("4:2:0 needs an even width and height")
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.options = {"crf": "18", "preset": "superfast"}
        video.codec_context.time_base = 1 / rate
        # x264 divides its work by threads, and the bits depend on how many there are.
        video.codec_context.thread_count = 1
        if start_timecode is not None:
            video.metadata["timecode"] = start_timecode
        audio = None if tone is None else container.add_stream("aac", rate=SAMPLES, layout="mono")
        sounded = 0
        for index, picture in enumerate(pictures):
            planes = cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420)
            frame = av.VideoFrame.from_ndarray(np.asarray(planes, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = index, 1 / rate
            container.mux(video.encode(frame))
            if audio is not None and tone is not None:
                until = int(Fraction(index + 1) / rate * SAMPLES)
                sounded = _sound(container, audio, tone, sounded, until)
        container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(None))


def _sound(
    container: OutputContainer, audio: AudioStream, hertz: float, start: int, until: int
) -> int:
    """Encodes the tone in whole blocks from sample `start` up to `until`; where it stopped."""
    while start + _BLOCK <= until:
        clock = np.arange(start, start + _BLOCK) / SAMPLES
        wave = 0.02 * np.sin(2 * np.pi * hertz * clock)
        frame = av.AudioFrame.from_ndarray(
            wave[None].astype(np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts = SAMPLES, start
        frame.time_base = Fraction(1, SAMPLES)
        container.mux(audio.encode(frame))
        start += _BLOCK
    return start
