"""The frames of the shot being read: kept until the shot's end is known, never without bound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from matchcut.types import Frame, Representation, Sound, Span, Window, WindowRequest

CAPACITY = 1500
"""Frames of one shot held at full rate: a minute of film, about 250 MB of 320x180 pictures."""
EDGE = 64
"""Frames at either end of the shot that are never thinned out: at 24 frames a second, two seconds
and what half a dissolve of 30 frames takes of the shot."""


class ShotFrames:
    """Frames from the open shot's start on, with exact places.

    A shot of more than `capacity` frames keeps every second one of its inner frames, or every
    fourth, and so on: memory is bounded whatever the shot's length, and which frames are kept
    depends on the shot's first and last frame alone, not on when its end became known.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity <= 2 * EDGE:
            raise ValueError(f"{capacity} frames leave no room beside two edges of {EDGE}")
        self._capacity = capacity
        self._frames: list[Frame] = []

    def add(self, frame: Frame) -> None:
        """Keeps the next frame."""
        self._frames.append(frame)

    def close(self, end_frame: int) -> list[Frame]:
        """Hands over the frames before `end_frame`, the shot that ends there, and forgets them."""
        end = bisect_left(self._frames, end_frame, key=_index)
        closed, self._frames = self._frames[:end], self._frames[end:]
        return _thinned(closed, end_frame, self._capacity)

    def thin(self, decided: int) -> None:
        """Thins out the open shot, of which all frames before `decided` are known to be part."""
        if len(self._frames) > self._capacity:
            self._frames = _thinned(self._frames, decided, self._capacity)

    def __len__(self) -> int:
        return len(self._frames)


def _thinned(frames: list[Frame], end: int, capacity: int) -> list[Frame]:
    """What is kept of a shot that ends at frame `end`; frames from there on are kept as they are.

    Each distance divides those that follow it, so thinning a shot as it grows loses nothing that
    thinning it once, at its end, would keep.
    """
    if not frames:
        return frames
    start = frames[0].index
    inner = range(start + EDGE, end - EDGE)
    distance = 1
    while 2 * EDGE + len(inner[::distance]) > capacity:
        distance *= 2
    if distance == 1:
        return frames
    return [
        frame
        for frame in frames
        if frame.index not in inner or (frame.index - inner.start) % distance == 0
    ]


def _index(frame: Frame) -> int:
    return frame.index


def inside(frames: Sequence[Frame], clean: Span) -> Sequence[Frame]:
    """Those of a shot's kept frames that show it alone.

    In a shot of more than `CAPACITY` frames, none of a few clean ones may have been kept; the
    nearest kept frame then stands for them.
    """
    pts = np.array([frame.pts for frame in frames], np.int64)
    start, end = np.searchsorted(pts, (clean.start, clean.end)).tolist()
    if start == end:
        start = _nearest(pts, clean.start)
        end = start + 1
    return frames[start:end]


def windows(representation: Representation, span: Span) -> tuple[WindowRequest, ...]:
    """The frames wanted of a shot with this span: one window a row."""
    return tuple(representation.window(span, moment) for moment in representation.moments(span))


def nearest_frame(frames: Sequence[Frame], moment: int) -> Frame:
    """The frame nearest to a moment, the earlier of two equally near."""
    return frames[_nearest(np.array([frame.pts for frame in frames], np.int64), moment)]


def window(
    frames: Sequence[Frame], request: WindowRequest, span: Span, sounds: Sequence[Sound] = ()
) -> Window:
    """The kept frames nearest to the instants asked for, each once, oldest first.

    `sounds`: that of each stretch asked for.
    """
    pts = np.array([frame.pts for frame in frames], np.int64)
    places = sorted({_nearest(pts, instant) for instant in request.instants})
    moment = _nearest(pts, request.moment)
    return Window(
        pictures=np.stack([frames[place].picture for place in places]),
        pts=pts[places],
        time_base=span.time_base,
        centre=min(range(len(places)), key=lambda at: abs(places[at] - moment)),
        sounds=tuple(sounds),
    )


def _nearest(pts: np.ndarray[tuple[int], np.dtype[np.int64]], instant: int) -> int:
    """Index of the pts nearest to `instant`, the earlier of two equally near."""
    after = int(np.searchsorted(pts, instant))
    if after == 0:
        return 0
    if after == len(pts) or instant - pts[after - 1] <= pts[after] - instant:
        return after - 1
    return after
