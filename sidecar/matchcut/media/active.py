"""Finds the active picture inside letterbox and pillarbox, once a source.

A bar is black in every sample, flat, spans the whole edge, lies opposite to one of like size, and
ends at a straight line where the picture begins. A dark film fails the last three, so that its
shadows are kept: a missed bar costs some resolution, a wrong crop costs a head.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from matchcut.media.container import known_picture, opened
from matchcut.types import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_SAMPLES = 24
_FEW_SAMPLES = 6
"""With fewer keyframes than this, frames from the beginning are looked at too."""
_OPENING_FRAMES = 240
_OPENING_STEP = 20
_BLANKING = {(720, 608): Fraction(32, 608), (720, 512): Fraction(32, 512)}
"""Share of lines above the picture in D-10 (IMX) film, which carries the field blanking: 32 lines
of the sizes that SMPTE ST 356 and ST 386 give."""
_LONGEST_SIDE = 640
"""Samples are looked at in this size; an edge is found to 1/640 of the picture."""

_BLACK = 20
"""Largest channel value (0 to 255) of a bar: above the noise that codecs leave on black."""
_FLAT = 6
"""Largest spread of values within one sample in the outer half of a bar; towards the picture,
compression spills some of it into the bar."""
_WHOLE_EDGE = 0.99
"""Share of a row that must be black for it to be part of a bar; the rest may be noise."""
_LIT = 40
"""Channel value that picture reaches somewhere in a sample for the sample to count."""
_STRAIGHT = 0.5
"""Share of a bar's inner edge along which picture must begin."""
_UNLIKE = 0.02
"""Largest difference of opposite bars, as a share of the side."""
_LARGEST_CROP = 0.72
"""Largest share taken off one side: portrait film within 16:9 takes off 0.684."""
_EDGE = 2
"""Rows next to the edge in which bar and picture are mixed by scaling and compression."""


@dataclass(frozen=True, slots=True)
class ActiveArea:
    """The part of the decoded picture that is film, as shares (0 to 1) of its width and height."""

    left: Fraction = Fraction(0)
    top: Fraction = Fraction(0)
    right: Fraction = Fraction(1)
    bottom: Fraction = Fraction(1)


@lru_cache(maxsize=256)
def active_area(path: Path, source: Source) -> ActiveArea:
    """The part of a film's decoded picture that holds picture in some shot, before rotation.

    About 24 keyframes spread over the film are looked at; where the container cannot seek, frames
    of its beginning. Shots of differing aspect ratios give the union of their areas. Bars are only
    taken off in opposite pairs, and at most 0.72 of a side.

    Cost: one keyframe decoded a sample; remembered for the last 256 sources.

    Raises:
        MediaMissing, MediaUnreadable: the file cannot be opened any more.
    """
    with opened(path) as container:
        stream = known_picture(path, container, source)
        samples = _samples(container, stream, source)
    above = _BLANKING.get((source.width, source.height), Fraction(0))
    area = area_of([sample[round(above * len(sample)) :] for sample in samples])
    return replace(
        area,
        top=above + area.top * (1 - above),
        bottom=above + area.bottom * (1 - above),
    )


def area_of(samples: list[NDArray[np.uint8]]) -> ActiveArea:
    """The active area that all samples agree on.

    Args:
        samples: (h, w) uint8 each, all of one size: the largest of a pixel's three channels.
    """
    lit = [sample for sample in samples if sample.max() >= _LIT]
    if not lit:
        return ActiveArea()
    stack = np.stack(lit)
    brightest = stack.max(axis=0)
    height, width = brightest.shape
    top, bottom = _bars(stack, brightest)
    rows = slice(top, height - bottom)
    left, right = _bars(stack[:, rows].transpose(0, 2, 1), brightest[rows].T)
    return ActiveArea(
        left=Fraction(left, width),
        top=Fraction(top, height),
        right=1 - Fraction(right, width),
        bottom=1 - Fraction(bottom, height),
    )


def _bars(stack: NDArray[np.uint8], brightest: NDArray[np.uint8]) -> tuple[int, int]:
    """Rows to take off at the top and at the bottom: both, or none."""
    rows = len(brightest)
    dark = (brightest <= _BLACK).mean(axis=1) >= _WHOLE_EDGE
    if dark.all() or not (dark[0] and dark[-1]):
        return 0, 0
    first = int(np.argmin(dark))
    last = int(np.argmin(dark[::-1]))
    if abs(first - last) > max(_EDGE, _UNLIKE * rows) or first + last > _LARGEST_CROP * rows:
        return 0, 0
    whole = (
        _is_bar(stack[:, : max(1, first - _EDGE)]),
        _is_bar(stack[:, ::-1][:, : max(1, last - _EDGE)]),
        _begins_straight(brightest[first : first + _EDGE + 1]),
        _begins_straight(brightest[rows - last - _EDGE - 1 : rows - last]),
    )
    # One row further in: the row at the edge mixes bar and picture.
    return (first + 1, last + 1) if all(whole) else (0, 0)


def _is_bar(region: NDArray[np.uint8]) -> bool:
    """Whether rows, given from the picture's edge inwards, are black and flat in every sample."""
    outer = region[:, : (region.shape[1] + 1) // 2]
    low, high = np.percentile(outer, (0.5, 99.5), axis=(1, 2))
    return bool((region <= _BLACK).mean() >= _WHOLE_EDGE and (high - low <= _FLAT).all())


def _begins_straight(rows: NDArray[np.uint8]) -> bool:
    return bool((rows.max(axis=0) > _BLACK).mean() >= _STRAIGHT)


def _samples(
    container: InputContainer, stream: VideoStream, source: Source
) -> list[NDArray[np.uint8]]:
    scale = min(1.0, _LONGEST_SIDE / max(source.width, source.height))
    width, height = (max(1, round(side * scale)) for side in (source.width, source.height))
    reformatter = VideoReformatter()

    def brightness(frame: VideoFrame) -> NDArray[np.uint8]:
        small = reformatter.reformat(
            frame, width, height, "rgb24", interpolation=Interpolation.AREA
        )
        largest: NDArray[np.uint8] = small.to_ndarray().max(axis=2)
        return largest

    frames = {frame.pts: brightness(frame) for frame in _keyframes(container, stream, source)}
    if len(frames) < _FEW_SAMPLES:
        frames |= {frame.pts: brightness(frame) for frame in _opening(container, stream, source)}
    return list(frames.values())


def _keyframes(
    container: InputContainer, stream: VideoStream, source: Source
) -> Iterator[VideoFrame]:
    if source.duration_pts is None:
        return
    stream.thread_type = "SLICE"  # Frame threads would want several packets for one frame.
    seen: set[tuple[int | None, int | None]] = set()
    for number in range(_SAMPLES):
        target = source.start_pts + source.duration_pts * (2 * number + 1) // (2 * _SAMPLES)
        try:
            container.seek(target, stream=stream)
            yield from _decoded(container, stream, limit=1, seen=seen)
        except av.FFmpegError:
            return  # This container cannot seek; the film's beginning is looked at instead.


def _opening(
    container: InputContainer, stream: VideoStream, source: Source
) -> Iterator[VideoFrame]:
    try:
        container.seek(source.start_pts, stream=stream)
        for number, frame in enumerate(_decoded(container, stream, limit=_OPENING_FRAMES)):
            if number % _OPENING_STEP == 0:
                yield frame
    except av.FFmpegError:
        return  # What cannot be sampled is shown whole.


def _decoded(
    container: InputContainer,
    stream: VideoStream,
    limit: int,
    seen: set[tuple[int | None, int | None]] | None = None,
) -> Iterator[VideoFrame]:
    """Up to `limit` frames from here on; packets that cannot be decoded are passed over.

    None where the first packet's place in file and time is in `seen`, to which it is added.
    """
    count = 0
    for number, packet in enumerate(container.demux(stream)):
        if seen is not None and number == 0:
            if (packet.pos, packet.dts) in seen:
                return
            seen.add((packet.pos, packet.dts))
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            yield frame
            count += 1
            if count == limit:
                return
