"""PySceneDetect's content detector: a jump in colour from frame to frame is a cut.

Source: PySceneDetect, `ContentDetector` (BSD-3-Clause), https://www.scenedetect.com.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchcut.types import Boundaries, Picture, Transition

THRESHOLD = 27.0
"""PySceneDetect's own default."""
SHORTEST = 8
"""Frames; a cut that follows the one before sooner is a flash. A third of a second at 24."""


class _ContentReading:
    def __init__(self) -> None:
        from scenedetect import FrameTimecode
        from scenedetect.detectors import ContentDetector

        self._timecode = FrameTimecode
        self._detector = ContentDetector(threshold=THRESHOLD, min_scene_len=SHORTEST)
        self._pushed = 0
        self._last_cut = 0

    def push(self, picture: Picture, /) -> Boundaries:
        # PySceneDetect reads BGR; the rate is of no consequence, since it is asked for frames.
        bgr = np.ascontiguousarray(picture[:, :, ::-1])
        found = self._detector.process_frame(self._timecode(self._pushed, fps=24.0), bgr)
        self._pushed += 1
        return self._boundaries([cut.frame_num for cut in found])

    def finish(self) -> Boundaries:
        last = self._detector.post_process(self._timecode(self._pushed, fps=24.0))
        decided = self._boundaries([cut.frame_num for cut in last])
        return Boundaries(self._pushed, decided.transitions)

    def _boundaries(self, found: list[int]) -> Boundaries:
        cuts = sorted({cut for cut in found if self._last_cut < cut < self._pushed})
        if cuts:
            self._last_cut = cuts[-1]
        # The flash filter may answer late, but never about frames before its own latency, nor about
        # any before a cut that it has named.
        latency: int = self._detector.event_buffer_length
        return Boundaries(
            max(self._last_cut + 1, self._pushed - latency - 1),
            tuple(Transition(cut, cut, cut) for cut in cuts),
        )


@dataclass(frozen=True, slots=True)
class _Content:
    name: str = "content"
    label: str = "PySceneDetect's content detector: hard cuts only, light and fast"
    identity: str = "content-v1"

    def begin(self) -> _ContentReading:
        return _ContentReading()


DETECTOR = _Content()
