"""How near an estimate comes to the truth, and the naive ways it is measured beside."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Frame, Rows

COLUMNS, ROWS = 16, 9
_FLOW_SIZE = (160, 90)
_GAP = 1 / 12
"""Seconds between frames of which the naive ways take the flow."""


def degrees_between(estimated: complex, true: complex) -> float:
    """The angle between two ways, 0 to 180; 180 where nothing was estimated."""
    if abs(estimated) < 1e-9:
        return 180.0
    return abs(math.degrees(cmath.phase(estimated / true)))


def average_precision(scores: NDArray[np.float32], alike: NDArray[np.bool_]) -> float:
    """Mean precision at each one that is alike, ranked by score; of equal scores the alike last."""
    order = np.lexsort((alike, -scores))
    found = alike[order]
    at = np.flatnonzero(found) + 1
    return float((np.arange(1, len(at) + 1) / at).mean())


def rank(scores: NDArray[np.float32], place: int) -> int:
    """1 for the best; what scores as high as `place` stands before it."""
    return int((scores >= scores[place]).sum())


def correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Pearson's, 0 where one does not vary."""
    if np.std(a) == 0 or np.std(b) == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def rank_correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Spearman's, for values of which none are equal."""
    first, second = (np.argsort(np.argsort(values)) for values in (a, b))
    return correlation(first, second)


def plain_flow(
    frames: Sequence[Frame], time_base: float, start: float, end: float
) -> NDArray[np.float32]:
    """The naive way: mean dense flow between two times, the camera's and all else's together.

    Returns:
        (9, 16, 2) float32, picture widths a second, x right and y down.
    """
    shown = [one for one in frames if start <= one.pts * time_base <= end]
    step = max(1, round(_GAP / max((shown[1].pts - shown[0].pts) * time_base, 1e-6)))
    shown = shown[::step]
    grey = [
        cv2.cvtColor(
            cv2.resize(one.picture, _FLOW_SIZE, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY
        )
        for one in shown
    ]
    dis: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    total = np.zeros((ROWS, COLUMNS, 2), np.float64)
    for earlier, later in pairwise(grey):
        flow = dis.calc(earlier, later, None)
        total += cv2.resize(flow, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    lasting = (shown[-1].pts - shown[0].pts) * time_base
    return np.asarray(total / lasting / _FLOW_SIZE[0], np.float32)


def least_squares(flow: NDArray[np.float32]) -> NDArray[np.float32]:
    """The naive way: (4,) rates of the camera that fit a (9, 16, 2) flow best, subjects and all."""
    across, down = np.meshgrid(
        (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5,
        ((np.arange(ROWS) + 0.5) / ROWS - 0.5) * _FLOW_SIZE[1] / _FLOW_SIZE[0],
    )
    none, one = np.zeros_like(across), np.ones_like(across)
    # Of pan, tilt, zoom and roll, what each adds to the flow across and down.
    effects = np.stack(
        [np.stack([-one, none, across, down], -1), np.stack([none, one, down, -across], -1)], 2
    )
    rates, *_ = np.linalg.lstsq(effects.reshape(-1, 4), flow.reshape(-1).astype(np.float64))
    return np.asarray(rates, np.float32)


def acting(field: Rows) -> complex:
    """The velocity that a (9, 16, 2) field of a subject tells: where it is, its median."""
    flow = field.astype(np.float64).reshape(-1, 2)
    speed = np.hypot(flow[:, 0], flow[:, 1])
    if speed.max() < 1e-6:
        return 0j
    told = flow[speed >= speed.max() / 2]
    return complex(*np.median(told, axis=0))
