"""Where the points of each frame lay in one frame of the same shot.

Found step by step by optical flow. Steps add up their errors: flow from the known frame itself is
found as well, and taken wherever it explains the picture better. It is looked for in turn in the
brightness, and in how likely each colour is a subject's, in which subjects stand out that are
swallowed otherwise by a background that moves another way.

Source: Kroeger et al. 2016, arXiv:1603.03590 (DIS flow). Its result does not depend on the number
of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.warping import Gray, Map, looked_up, still

Look: TypeAlias = tuple[Gray, Gray]
"""Brightness of a frame, and how likely its colours are a subject's."""

STEP = 1 / 31
"""Seconds of a step at least: the frames between two steps are taken to lie on the way."""
PATCH, STRIDE = 4, 3
"""Pixels of a patch whose movement is found, and from one to the next."""
AROUND = 5
"""Pixels of the square over which a picture is compared with its explanation."""
BETTER = 0.9
"""Share of the difference that may be left, for the direct flow to be taken."""


def traced(
    grays: Sequence[Gray],
    likely: Callable[[int, Map], Gray],
    at: int,
    seconds: NDArray[np.float64],
) -> Iterator[tuple[int, Map]]:
    """Each frame but `at`, with the (h, w, 2) places at which its points lay in `at`.

    They come outwards from `at`, the later ones first.

    Args:
        grays: (T,) of (h, w) uint8, both sides at least 36.
        likely: For a frame and about where its points lay: (h, w) uint8 how likely each pixel's
            colour is a subject's.
        at: The frame to which all are traced back.
        seconds: (T,) when each is shown, strictly increasing.

    Cost: about 1.2 ms a frame of 128 x 72 on one core.
    """
    search: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    search.setFinestScale(1)
    search.setPatchSize(PATCH)
    search.setPatchStride(STRIDE)
    unmoved = still(*grays[at].shape)
    known = (grays[at], likely(at, unmoved))
    for way in (range(at, len(grays)), range(at, -1, -1)):
        last, places = at, unmoved
        for turn, frame in enumerate(_steps(way, seconds)):
            before = places
            flow = search.calc(grays[frame], grays[last], None)
            places = looked_up(before, unmoved + flow)
            seen = (grays[frame], likely(frame, places))
            direct = search.calc(seen[turn % 2], known[turn % 2], places - unmoved)
            other = unmoved + direct
            gained = _off(seen, known, other) < BETTER * _off(seen, known, places)
            places = np.where(gained[..., None], other, places)
            for between in range(last, frame, way.step)[1:]:
                share = (seconds[between] - seconds[last]) / (seconds[frame] - seconds[last])
                yield between, before + np.float32(share) * (places - before)
            yield frame, places
            last = frame


def _steps(way: range, seconds: NDArray[np.float64]) -> list[int]:
    """The frames at which flow is found: the last of the way, and before it none too near."""
    taken = [way[0]]
    for frame in way[1:]:
        if abs(seconds[frame] - seconds[taken[-1]]) >= STEP or frame == way[-1]:
            taken.append(frame)
    return taken[1:]


def _off(seen: Look, known: Look, places: Map) -> Map:
    """(h, w) how unlike a frame is to what lay at these places in the known one."""
    (gray, likely), (gray_once, likely_once) = seen, known
    light = cv2.absdiff(gray, looked_up(gray_once, places))
    colour = cv2.absdiff(likely, looked_up(likely_once, places))
    apart = cv2.add(light, colour, dtype=cv2.CV_32F)
    return np.asarray(cv2.blur(apart, (AROUND, AROUND)), np.float32)
