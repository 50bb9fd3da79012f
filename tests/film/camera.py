"""Camera paths as affine maps from plate to picture, and the flow that they cause.

A plate has its origin at its own centre; the picture has its origin at the top left pixel. Both
count pixels of the picture at the middle frame, x to the right, y down.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tests.film.script import Camera, ShotPlan

Matrix = NDArray[np.float64]
"""(3, 3) affine map of homogeneous columns."""

# Hertz of a hand's unrest; none is a multiple of another, so that the path does not repeat.
_UNREST = ((0.73, 0.6), (1.31, 0.9), (2.17, 0.4))


def _unrest(seed: int, seconds: float) -> tuple[float, float]:
    phases = np.random.default_rng([seed, 77]).uniform(0, 2 * np.pi, (2, len(_UNREST)))
    x, y = (
        sum(
            share * float(np.sin(2 * np.pi * hertz * seconds + phase) - np.sin(phase))
            for (hertz, share), phase in zip(_UNREST, row, strict=True)
        )
        for row in phases
    )
    return x, y


def view(camera: Camera, seconds: float, seed: int, width: int, height: int) -> Matrix:
    """The map from plate to picture, `seconds` after the shot's middle frame.

    At 0 seconds the plate's centre lies in the picture's centre at magnification 1, whatever the
    path. `seed` chooses the hand's unrest and nothing else.
    """
    dx, dy = _unrest(seed, seconds) if camera.shake else (0.0, 0.0)
    x = camera.pan * width * seconds + camera.shake * height * dx
    y = -camera.tilt * height * seconds + camera.shake * height * dy
    scale = float(np.exp(camera.zoom * seconds))
    angle = np.deg2rad(camera.roll * seconds)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    shift = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, 1.0]])
    centre = np.array([[1.0, 0.0, (width - 1) / 2], [0.0, 1.0, (height - 1) / 2], [0.0, 0.0, 1.0]])
    return np.asarray(centre @ turn @ shift, np.float64)


def seconds_from_middle(shot: ShotPlan, frame: int, rate: Fraction) -> float:
    """Seconds from the shot's middle frame to its `frame` (0-based in the shot)."""
    return float(Fraction(frame - shot.frames // 2) / rate)


def mean_flow(
    shot: ShotPlan, rate: Fraction, width: int, height: int, grid: tuple[int, int] = (6, 10)
) -> NDArray[np.float64]:
    """How the world moves through the picture, averaged over the shot.

    Returns:
        (rows, columns, 2) x and y in picture heights a second, at the centres of a grid of cells.
        A shot of one frame has no flow: zeros.
    """
    rows, columns = grid
    ys = (np.arange(rows) + 0.5) / rows * height
    xs = (np.arange(columns) + 0.5) / columns * width
    points = np.stack([*np.meshgrid(xs, ys), np.ones(grid)]).reshape(3, -1)
    steps = [
        view(shot.camera, seconds_from_middle(shot, n, rate), shot.plate.seed, width, height)
        for n in range(shot.frames)
    ]
    if len(steps) < 2:
        return np.zeros((rows, columns, 2))
    moved = np.mean(
        [(b @ np.linalg.inv(a) @ points - points)[:2] for a, b in pairwise(steps)],
        axis=0,
    )
    return np.asarray(moved.T.reshape(rows, columns, 2) * float(rate) / height, np.float64)


def outermost(shot: ShotPlan, rate: Fraction, width: int, height: int) -> tuple[float, float]:
    """The furthest that the shot looks from the plate's centre, in pixels to the side and up."""
    corners = np.array(
        [[-1, width, -1, width], [-1, -1, height, height], [1, 1, 1, 1]], dtype=np.float64
    )
    far = [
        np.abs(
            np.linalg.inv(
                view(
                    shot.camera,
                    seconds_from_middle(shot, n, rate),
                    shot.plate.seed,
                    width,
                    height,
                )
            )
            @ corners
        )[:2].max(axis=1)
        for n in range(shot.frames)
    ]
    x, y = np.max(far, axis=0)
    return float(x), float(y)
