"""A stretch of frames as a camera that stands would have seen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.cues.motion import camera, flow_between
from matchcut.silhouettes.plates.small import Stretch
from matchcut.silhouettes.warping import Gray, Map

STILL = 0.3
"""Pixels by which the corners of a picture may move before a camera that stands."""
FARTHEST = 0.2
"""Share of the picture's sides by which its corners may move for it to be held still."""
ASKED = 5
"""Frames that are asked first whether the camera moves at all."""
UNLIKE = 20.0
"""Levels of brightness beyond which it does not matter how far two pixels differ."""
BETTER = 0.9
"""Share of the difference between two frames that may be left, for the camera to have moved."""

Affine: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Frames held still, in the place of the middle one."""

    stretch: Stretch
    inside: NDArray[np.bool_]
    """(T, h, w) what the camera saw of that place."""
    ways: tuple[Affine, ...]
    """(T,) of (2, 3): from places in the held frames to those in the frames; none where the camera
    stands."""

    def taken(self, values: Map, frame: int) -> Map:
        """(h, w) values of a frame, in the held one."""
        if not self.ways:
            return values
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(_warped(values, self.ways[frame], flags), np.float32)

    def back(self, values: Map) -> Map:
        """(T, h, w) values of the held frames, in the frames."""
        if not self.ways:
            return values
        pairs = zip(values, self.ways, strict=True)
        return np.stack([_warped(one, way, cv2.INTER_LINEAR) for one, way in pairs])


def held(stretch: Stretch, behind: NDArray[np.bool_]) -> Held | None:
    """The stretch with its camera held still; None where it moves too far for that.

    Args:
        stretch: The frames.
        behind: (h, w) where the background shows, so that no subject is taken for it.

    Cost: a few milliseconds where the camera stands, else about 2 ms a frame.
    """
    everything = np.ones(stretch.labs.shape[:3], np.bool_)
    frames, middle = len(stretch.grays), len(stretch.grays) // 2
    asked = np.linspace(0, frames - 1, ASKED).round().astype(int).tolist()
    known = stretch.grays[middle]
    there = cv2.resize(behind.view(np.uint8), known.shape[::-1], interpolation=cv2.INTER_AREA) > 0
    if not any(_moves(known, stretch.grays[frame], there) for frame in asked):
        return Held(stretch, everything, ())
    size = stretch.labs.shape[1:3]
    ways = [_finer(way, known.shape, size) for way in _ways(stretch.grays, middle, there)]
    if max((_moved(way, size) / size[::-1]).max() for way in ways) > FARTHEST:
        return None
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pictures = np.stack(
        [_warped(one, way, flags) for one, way in zip(stretch.pictures, ways, strict=True)]
    )
    inside = np.stack([_inside(way, size) for way in ways])
    seen = Stretch.seen(pictures, stretch.seconds, stretch.shape)
    return Held(seen, inside, tuple(ways))


def _moves(known: Gray, gray: Gray, behind: NDArray[np.bool_]) -> bool:
    """Whether the camera has moved from one frame to another: what is behind tells."""
    way = _way(known, gray, np.eye(2, 3), behind)
    if _moved(way, known.shape).max() <= STILL:
        return False
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if not behind.any():
        return False
    here, there = (
        np.minimum(cv2.absdiff(known, np.asarray(one, np.uint8))[behind], UNLIKE).mean()
        for one in (gray, _warped(gray, way, flags))
    )
    return bool(there < BETTER * here)


def _finer(way: Affine, coarse: tuple[int, ...], fine: tuple[int, ...]) -> Affine:
    """The same way between pictures of another size."""
    across, down = fine[1] / coarse[1], fine[0] / coarse[0]
    larger = np.array(
        [[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]], np.float64
    )
    return np.asarray((larger @ np.vstack([way, [0, 0, 1]]) @ np.linalg.inv(larger))[:2])


def _ways(grays: list[Gray], middle: int, behind: NDArray[np.bool_]) -> list[Affine]:
    """From places in the middle frame to those in each, found outwards from it."""
    found: list[Affine] = [np.eye(2, 3)] * len(grays)
    for step in (1, -1):
        way: Affine = np.eye(2, 3)
        for frame in range(middle + step, len(grays) if step > 0 else -1, step):
            way = _way(grays[middle], grays[frame], way, behind)
            found[frame] = way
    return found


def _way(known: Gray, gray: Gray, about: Affine, behind: NDArray[np.bool_]) -> Affine:
    """From places in a known frame to those in another, of which it is known about where."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = np.asarray(_warped(gray, about, flags), np.uint8)
    flow = flow_between(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST, known, there)
    closer = camera(known, flow, behind)
    return np.asarray((np.vstack([about, [0, 0, 1]]) @ np.vstack([closer, [0, 0, 1]]))[:2])


def _warped(values: NDArray[Any], way: Affine, flags: int) -> NDArray[Any]:
    height, width = values.shape[:2]
    return np.asarray(
        cv2.warpAffine(values, way, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def _moved(way: Affine, size: tuple[int, ...]) -> NDArray[np.float64]:
    """(4, 2) by how many pixels across and down the corners come to lie elsewhere."""
    height, width = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64)
    return np.asarray(np.abs(corners @ way.T - corners[:, :2]))


def _inside(way: Affine, size: tuple[int, ...]) -> NDArray[np.bool_]:
    height, width = size
    down, across = np.mgrid[:height, :width].astype(np.float64)
    x = way[0, 0] * across + way[0, 1] * down + way[0, 2]
    y = way[1, 0] * across + way[1, 1] * down + way[1, 2]
    return np.asarray((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1))
