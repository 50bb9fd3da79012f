"""Says what a media file is, from its headers and its first frame.

The first frame is decoded because headers alone mislead: a container may be tagged SDR around an
HDR bitstream, and a header may promise pictures that cannot be decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import av

from matchcut.errors import MediaUnreadable, TimecodeInvalid
from matchcut.media.container import main_picture, opened, unreadable, video_streams
from matchcut.media.digest import content_digest
from matchcut.media.orientation import orientation
from matchcut.timecode import STANDARD_RATES, exact_rate, timecode_to_frame
from matchcut.types import Source

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_PQ, _HLG = 16, 18
"""Transfer characteristics of ITU-T H.273: SMPTE ST 2084 and ARIB STD-B67."""
_UNSPECIFIED = 2
_CONTAINER_TICK = Fraction(1, av.time_base)
_FALLBACK_RATE = Fraction(25)
"""What libav assumes of a raw stream that states no rate."""
_LARGEST_RATE = 300
"""Above it a stated rate is the tick of a clock, not a frame rate."""
_TRIED_FRAMES = 500
"""Packets fed before a stream is given up as undecodable."""


def probe(path: Path) -> Source:
    """What the file at `path` is: identity, chosen stream, rate, timecode, geometry, transfer.

    The video stream is the first marked as default that is not cover art. The rate is the nominal
    one: an average within 1/5000 of a standard rate, else libav's base rate, else the average as it
    is, so a film of variable frame rate has the rate its clock runs at.

    Cost: reads the file once for its digest, and decodes one frame.

    Raises:
        MediaMissing: nothing is at the path.
        NoMediaFound: the path is a folder.
        MediaUnreadable: the file is no film, or no frame of it can be decoded.
        NoPicture: it holds no moving picture.
    """
    with opened(path) as container:
        stream = main_picture(path, container)
        frame = _first_frame(path, container, stream)
        rate = nominal_rate(stream.average_rate, stream.base_rate or stream.guessed_rate)
        time_base = stream.time_base or frame.time_base or _CONTAINER_TICK
        return Source(
            digest=content_digest(path),
            width=frame.width,
            height=frame.height,
            rate=rate,
            time_base=time_base,
            start_pts=stream.start_time or 0,
            duration_pts=_duration(container, stream, time_base),
            start_timecode=_start_timecode(container, stream, rate),
            rotation=orientation(frame).rotation,
            pixel_aspect=stream.sample_aspect_ratio or Fraction(1),
            transfer=_transfer(stream, frame),
            codec=stream.codec_context.name,
            stream_index=stream.index,
            video_streams=len(video_streams(container)),
            audio_streams=len(container.streams.audio),
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """How a film counts its frames, as its headers say."""

    rate: Fraction
    """Nominal frames a second, exact."""
    start_timecode: str | None
    """Timecode of the first frame as the container writes it, `;` before FF for drop-frame."""
    frames: int
    """How many it has, by its duration; 0 where it states none."""


def clock_of(path: Path) -> Clock:
    """How the film at `path` counts its frames.

    Cost: its headers alone are read; what they promise is not tried, see `probe`.

    Raises:
        MediaMissing, NoMediaFound, MediaUnreadable, NoPicture: as `probe`.
    """
    with opened(path) as container:
        stream = main_picture(path, container)
        rate = nominal_rate(stream.average_rate, stream.base_rate or stream.guessed_rate)
        time_base = stream.time_base or _CONTAINER_TICK
        duration = _duration(container, stream, time_base) or 0
        return Clock(
            rate=rate,
            start_timecode=_start_timecode(container, stream, rate),
            frames=round(duration * time_base * rate),
        )


def nominal_rate(average: Fraction | None, base: Fraction | None) -> Fraction:
    """The rate a film is meant to run at, from its measured average and libav's base rate.

    The base rate is the lowest at which every timestamp falls on a tick; it is twice the frame rate
    of interlaced film, and 30 where a film of 24 was given a clock of 30.
    """
    measured = exact_rate(average) if average else None
    ticking = exact_rate(base) if base and base <= _LARGEST_RATE else None
    if measured is None:
        return ticking or _FALLBACK_RATE
    return measured if measured in STANDARD_RATES or ticking is None else ticking


def _first_frame(path: Path, container: InputContainer, stream: VideoStream) -> VideoFrame:
    stream.thread_type = "SLICE"  # Frame threads would want several packets before the first frame.
    reason = "it promises pictures, but none can be decoded"
    failure: av.FFmpegError | None = None
    try:
        for count, packet in enumerate(container.demux(stream)):
            if count > _TRIED_FRAMES:
                break
            try:
                frames = packet.decode()
            except av.FFmpegError as error:
                failure = error
                continue
            if frames:
                return frames[0]
    except av.FFmpegError as error:
        failure = error
    if failure is not None:
        raise unreadable(path, failure, reason) from failure
    raise MediaUnreadable(path, reason)


def _duration(container: InputContainer, stream: VideoStream, time_base: Fraction) -> int | None:
    if stream.duration:
        return stream.duration
    if container.duration and container.duration > 0:
        return round(container.duration * _CONTAINER_TICK / time_base)
    return None


def _start_timecode(container: InputContainer, stream: VideoStream, rate: Fraction) -> str | None:
    for text in _written_timecodes(container, stream):
        try:
            timecode_to_frame(text, rate)
        except TimecodeInvalid:
            continue  # What is no timecode at this rate would only mislead.
        return text
    return None


def _written_timecodes(container: InputContainer, stream: VideoStream) -> Iterator[str]:
    tracks = (track.metadata for track in container.streams.data)
    for metadata in (stream.metadata, container.metadata, *tracks):
        for name, text in metadata.items():
            if name.lower() == "timecode":  # Matroska writes its tags in capitals.
                yield text


def _transfer(stream: VideoStream, frame: VideoFrame) -> Literal["sdr", "pq", "hlg"]:
    code = frame.color_trc
    if code == _UNSPECIFIED:
        code = stream.codec_context.color_trc
    if code == _PQ:
        return "pq"
    return "hlg" if code == _HLG else "sdr"
