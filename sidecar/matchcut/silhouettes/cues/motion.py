"""Maps of what moves against the camera's own movement.

Flow is DIS (Kroeger et al. 2016, arXiv:1603.03590). Its result does not depend on the number of
threads. It crashes on pictures much longer than wide, so callers keep both sides at 36 or more.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Map: TypeAlias = NDArray[np.float32]
Affine: TypeAlias = NDArray[np.float64]

_NEAREST = 4
"""Neighbours that residual flow is the median over: one bad flow field is outvoted."""
_BORDER = 0.22
"""Share of the picture, at the left, right and top, that is taken for background."""
_SPACING = 4
"""Pixels between points the camera's movement is fitted to."""
_FEWEST = 12
"""Points below which the camera is taken to stand still."""
_TOLERANCE = 0.5
"""Pixels by which a background point may miss the camera's movement."""


def flow_between(preset: int, earlier: NDArray[np.uint8], later: NDArray[np.uint8]) -> Map:
    # OpenCV's own type stub wants a flow to start from; without one it starts from none.
    search: Any = cv2.DISOpticalFlow.create(preset)
    return np.asarray(search.calc(earlier, later, None), dtype=np.float32)


def camera(gray: NDArray[np.uint8], flow: Map, behind: NDArray[np.bool_] | None = None) -> Affine:
    """The (2, 3) affine movement of the background from one frame to another, in pixels.

    Only textured points near the left, right and top borders are asked: people enter and leave
    through the bottom, and flow is guesswork where there is no texture. Where it is known what is
    `behind` a subject, (h, w), no others are asked.
    """
    height, width = gray.shape
    across = np.abs(cv2.Sobel(gray, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(gray, cv2.CV_32F, 0, 1))
    texture = cv2.boxFilter(across, -1, (5, 5))
    y, x = np.mgrid[_SPACING // 2 : height : _SPACING, _SPACING // 2 : width : _SPACING]
    y, x = y.ravel(), x.ravel()
    outer = (x < _BORDER * width) | (x >= (1 - _BORDER) * width) | (y < _BORDER * height)
    if behind is not None:
        outer &= behind[y, x]
    y, x = y[outer], x[outer]
    still: Affine = np.eye(2, 3)
    if len(y) < _FEWEST:
        return still
    strength = texture[y, x]
    textured = strength > max(8.0, float(np.median(strength)))
    if textured.sum() < _FEWEST:
        return still
    start = np.stack([x[textured], y[textured]], axis=1).astype(np.float32)
    end = start + flow[y[textured], x[textured]]
    # RANSAC draws from its own fixed seed: the same points give the same movement.
    found, _ = cv2.estimateAffine2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=_TOLERANCE, maxIters=500
    )
    return still if found is None or not np.isfinite(found).all() else np.asarray(found, np.float64)


def _moved(affine: Affine, height: int, width: int) -> Map:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    a = affine.astype(np.float32)
    return np.stack(
        [a[0, 0] * x + a[0, 1] * y + a[0, 2] - x, a[1, 0] * x + a[1, 1] * y + a[1, 2] - y], axis=-1
    )


def residual(grays: NDArray[np.uint8], centre: int, seconds: NDArray[np.float64]) -> Map:
    """How far each pixel of the centre frame moves against the background, in pixels.

    Args:
        grays: (T, h, w) uint8.
        centre: Index along T of the frame the map is of.
        seconds: (T,) of each frame from the centre one.

    Returns:
        (h, w) float32, at least 0: the median over the nearest neighbours in time. Zeros for T = 1.

    Cost: one DIS flow a neighbour, at most four.
    """
    order = [int(i) for i in np.argsort(np.abs(seconds), kind="stable") if i != centre]
    height, width = grays.shape[1:]
    if not order:
        return np.zeros((height, width), np.float32)
    now = grays[centre]
    lengths = []
    for other in order[:_NEAREST]:
        flow = flow_between(cv2.DISOPTICAL_FLOW_PRESET_FAST, now, grays[other])
        against = flow - _moved(camera(now, flow), height, width)
        lengths.append(np.hypot(against[..., 0], against[..., 1]))
    return np.asarray(np.median(np.stack(lengths), axis=0), dtype=np.float32)


def _chained(grays: NDArray[np.uint8], centre: int) -> list[Affine]:
    """For each frame, the (2, 3) affine from the centre frame's places to its own."""
    steps: list[Affine] = [np.eye(2, 3)] * len(grays)
    for direction in (-1, 1):
        whole = np.eye(3)
        frame = centre
        while 0 <= frame + direction < len(grays):
            flow = flow_between(
                cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST, grays[frame], grays[frame + direction]
            )
            whole = np.vstack([camera(grays[frame], flow), [0, 0, 1]]) @ whole
            frame += direction
            steps[frame] = whole[:2]
    return steps


def stacked(labs: Map, grays: NDArray[np.uint8], centre: int) -> tuple[Map, Map, Map]:
    """How unlike the centre frame is to the other frames once the camera is held still.

    Args:
        labs: (T, h, w, 3) float32, Lab.
        grays: (T, h, w) uint8, the same frames.
        centre: Index along T of the frame the maps are of.

    Returns:
        Three (h, w) float32 maps in units of Lab distance: from the median over time (a moving
        subject is not in it), the mean distance, and the third quartile of the distances. Zeros
        for T = 1. What the camera uncovers counts as unchanged.
    """
    height, width = grays.shape[1:]
    if len(grays) == 1:
        nothing = np.zeros((height, width), np.float32)
        return nothing, nothing, nothing
    now = labs[centre]
    held = np.empty_like(labs)
    for frame, affine in enumerate(_chained(grays, centre)):
        if frame == centre:
            held[frame] = now
            continue
        held[frame] = cv2.warpAffine(
            labs[frame],
            affine,
            (width, height),
            dst=now.copy(),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
    median = np.partition(held, len(held) // 2, axis=0)[len(held) // 2]
    distance = _length(held - now)
    upper = np.partition(distance, 3 * len(held) // 4, axis=0)[3 * len(held) // 4]
    background = _length(now - median)
    return background, distance.sum(axis=0) / (len(held) - 1), upper


def difference(labs: Map, centre: int, seconds: NDArray[np.float64]) -> Map:
    """The mean Lab distance of each pixel to the nearest frame before and after, unstabilised.

    Returns:
        (h, w) float32, at least 0; zeros where there is neither.
    """
    order = [int(i) for i in np.argsort(np.abs(seconds), kind="stable") if i != centre][:2]
    if not order:
        return np.zeros(labs.shape[1:3], np.float32)
    apart = [_length(labs[other] - labs[centre]) for other in order]
    return np.asarray(np.mean(np.stack(apart), axis=0), dtype=np.float32)


def _length(colours: Map) -> Map:
    return np.asarray(np.sqrt(np.einsum("...c,...c->...", colours, colours)), dtype=np.float32)
