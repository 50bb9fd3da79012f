"""How far each superpixel is from the background by colour: by path, by contact, by contrast.

Sources: Achanta et al. 2012 (SLIC, here on a fixed neighbourhood of centres); Wei et al. 2012,
"Geodesic Saliency Using Background Priors"; Zhu et al. 2014, "Saliency Optimization from Robust
Background Detection".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CELL = 9
"""Pixels along one side of a superpixel's starting cell."""
_ROUNDS = 4
"""Rounds of assigning pixels and moving centres; more do not change the maps visibly."""
_COMPACT = 12.0
"""Lab distance that weighs as much as one cell's side."""
_ALIKE = 10.0
"""Geodesic Lab distance at which two superpixels belong to one surface."""
_NEAR = 0.4
"""Distance, in picture heights, over which contrast counts."""
_STEP = 2.0
"""Lab distance between neighbours that counts as none: noise and shading."""


def segmented(lab: NDArray[np.float32]) -> NDArray[np.int32]:
    """Labels of superpixels of about 9 x 9 pixels; not necessarily connected.

    Args:
        lab: (h, w, 3) float32, Lab.

    Returns:
        (h, w) int32 from 0; every label occurs.
    """
    height, width = lab.shape[:2]
    down, across = max(round(height / _CELL), 2), max(round(width / _CELL), 2)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    weight = _COMPACT / _CELL
    points = np.concatenate([lab, (x * weight)[..., None], (y * weight)[..., None]], axis=-1)
    points = points.reshape(-1, 5)
    home_y = (np.arange(height) * down // height)[:, None]
    home_x = (np.arange(width) * across // width)[None, :]
    label = (home_y * across + home_x).astype(np.int32).ravel()
    around = [
        (np.clip(home_y + dy, 0, down - 1) * across + np.clip(home_x + dx, 0, across - 1))
        .astype(np.int32)
        .ravel()
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
    ]
    centres = _means(points, label, down * across)
    for _ in range(_ROUNDS):
        best = np.full(len(points), np.inf, np.float32)
        for candidate in around:
            away = points - centres[candidate]
            far = np.einsum("ij,ij->i", away, away)
            nearer = far < best
            best[nearer] = far[nearer]
            label[nearer] = candidate[nearer]
        centres = _means(points, label, down * across)
    _, label = np.unique(label, return_inverse=True)
    return label.reshape(height, width).astype(np.int32)


def _means(
    points: NDArray[np.float32], label: NDArray[np.int32], count: int
) -> NDArray[np.float32]:
    size = np.maximum(np.bincount(label, minlength=count), 1)
    sums = [np.bincount(label, points[:, axis], count) for axis in range(points.shape[1])]
    return (np.stack(sums, axis=1) / size[:, None]).astype(np.float32)


def contrasted(
    lab: NDArray[np.float32], seeds: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Three maps of how far each superpixel is from the background.

    Args:
        lab: (h, w, 3) float32, Lab.
        seeds: (h, w) bool, pixels taken for background.

    Returns:
        (h, w) float32 each, at least 0: geodesic Lab distance to the seeds; how little the surface
        touches the seeds, 0 to 1; Lab contrast to nearby surfaces that touch them.
    """
    label = segmented(lab)
    count = int(label.max()) + 1
    height, width = label.shape
    flat = label.ravel()
    y, x = np.mgrid[:height, :width].astype(np.float32) / height
    values = np.concatenate([lab.reshape(-1, 3), x.reshape(-1, 1), y.reshape(-1, 1)], axis=1)
    mean = _means(values.astype(np.float32), flat, count)
    size = np.bincount(flat, minlength=count).astype(np.float32)
    colour = _distances(mean[:, :3])

    path = np.full((count, count), np.inf, np.float32)
    for one, other in ((label[:, 1:], label[:, :-1]), (label[1:], label[:-1])):
        apart = one != other
        a, b = one[apart], other[apart]
        path[a, b] = path[b, a] = np.maximum(colour[a, b] - _STEP, 0)
    np.fill_diagonal(path, 0)
    for through in range(count):  # Floyd-Warshall: a few hundred nodes, one small matrix each
        np.minimum(path, path[:, through, None] + path[through], out=path)

    touched = np.bincount(flat, seeds.ravel(), count).astype(np.float32)
    border = touched > 0
    if not border.any():
        border[:] = True
    geodesic = path[:, border].min(axis=1)

    same = np.exp(-np.square(path / _ALIKE) / 2)
    area = same @ size
    length = same @ touched
    connected = length / np.sqrt(np.maximum(area, 1))
    background = 1 - np.exp(-np.square(connected) / 2)
    near = np.exp(-np.square(_distances(mean[:, 3:]) / _NEAR) / 2)
    weight = near * (background * size)
    contrast = (colour * weight).sum(axis=1) / np.maximum(near @ size, 1e-6)
    return (
        geodesic[label].astype(np.float32),
        (1 - background)[label].astype(np.float32),
        contrast[label].astype(np.float32),
    )


def _distances(points: NDArray[np.float32]) -> NDArray[np.float32]:
    away = points[:, None] - points[None]
    return np.asarray(np.sqrt(np.einsum("ijk,ijk->ij", away, away)), dtype=np.float32)
