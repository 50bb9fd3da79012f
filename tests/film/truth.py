"""How alike the shots of a plan are in truth: by their drawn silhouettes and their camera paths.

These are the measures by which a pair is called planted, free of any estimate from pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.film.camera import mean_flow
from tests.film.draw import mask_at
from tests.film.script import FilmPlan

STILL = 0.03
"""Root mean square flow, in picture heights a second, below which a camera counts as static."""


def silhouette_overlap(plan: FilmPlan) -> NDArray[np.float64]:
    """Intersection over union of the true silhouettes at the middle frames of all shots.

    Returns:
        (N, N) in [0, 1], symmetric, 0 where either shot has no subject in the picture.
    """
    masks = np.stack([mask_at(plan, shot.middle).ravel() for shot in plan.truth().shots])
    areas = masks.sum(axis=1, dtype=np.int64)
    # float32 counts exactly up to 2^24 pixels, more than a test film's picture has.
    shared = (masks.astype(np.float32) @ masks.T.astype(np.float32)).astype(np.float64)
    union = areas[:, None] + areas[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


def camera_likeness(plan: FilmPlan) -> NDArray[np.float64]:
    """Cosine of the mean flows of all shots, times the slower speed over the faster one.

    Returns:
        (N, N) in [-1, 1], symmetric, 0 where either camera is static.
    """
    flows = np.stack(
        [mean_flow(shot, plan.rate, plan.width, plan.active_height).ravel() for shot in plan.shots]
    )
    speeds = np.sqrt(2 * np.mean(flows**2, axis=1))
    moving = speeds > STILL
    directions = np.where(moving[:, None], flows, 0.0)
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-12)
    slower = np.minimum(speeds[:, None], speeds[None, :])
    faster = np.maximum(np.maximum(speeds[:, None], speeds[None, :]), 1e-12)
    return np.asarray((directions @ directions.T) * slower / faster)
