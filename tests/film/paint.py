"""Painting in memory: noise, gradients, soft shapes, and rounded, lit surfaces.

Pictures here are (H, W, 3) float32 RGB in [0, 1]; masks are (H, W) float32 in [0, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film.palette import Colour

Paint: TypeAlias = NDArray[np.floating[Any]]
"""(H, W, 3) RGB in [0, 1]."""
Mask: TypeAlias = NDArray[np.floating[Any]]
"""(H, W) in [0, 1]."""
Size: TypeAlias = tuple[int, int]
"""(height, width) in pixels."""
Points: TypeAlias = Sequence[tuple[float, float]] | NDArray[np.float64]
"""(x, y) in pixels, fractions allowed."""
_SHIFT = 4


def fractal(
    rng: np.random.Generator,
    size: Size,
    cell: float,
    octaves: int = 4,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Mask:
    """Noise of several scales around 0.5, mostly within [0.1, 0.9], clipped to [0, 1].

    Args:
        rng: Where the noise comes from.
        size: Height and width.
        cell: Pixels between the knots of the coarsest scale; each octave halves it.
        octaves: How many scales are summed, each at 0.55 of the strength before.
        stretch: Factors on the cell, down and across: (1, 8) gives horizontal streaks.
    """
    height, width = size
    total = np.zeros(size, np.float32)
    weight = 1.0
    power = 0.0
    for octave in range(octaves):
        rows = max(2, int(height / max(1.0, cell * stretch[0] / 2**octave)) + 2)
        columns = max(2, int(width / max(1.0, cell * stretch[1] / 2**octave)) + 2)
        knots = rng.standard_normal((rows, columns), dtype=np.float32)
        total += weight * cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
        power += weight**2
        weight *= 0.55
    return np.asarray(np.clip(0.5 + 0.24 * total / np.sqrt(power), 0, 1), np.float32)


def ramp(low: float, high: float, values: Mask) -> Mask:
    """0 below `low`, 1 above `high`, smooth in between; `low` may be the larger one."""
    share = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def vertical(size: Size, top: Colour, low: Colour, power: float = 1.0) -> Paint:
    """A gradient from `top` down to `low`."""
    share = (np.linspace(0, 1, size[0], dtype=np.float32) ** power)[:, None, None]
    line = (top * (1 - share) + low * share).astype(np.float32)
    return np.repeat(line, size[1], axis=1)


def flat(size: Size, colour: Colour) -> Paint:
    """A painting of one colour."""
    return np.full((*size, 3), colour, np.float32)


def lay(paint: Paint, mask: Mask, colour: Paint | Colour) -> None:
    """Covers `paint`, in place, with a colour or another painting where the mask says."""
    paint += (colour - paint) * mask[..., None]


def stamp(paint: Paint, shape: Points, colour: Paint | Colour, strength: float = 1.0) -> None:
    """Covers `paint`, in place, with a colour or another painting inside one closed polygon.

    Cost: that of the polygon's box, not of the picture.
    """
    height, width = paint.shape[:2]
    path = np.asarray(shape, np.float64)
    left, top = np.maximum(np.floor(path.min(axis=0)).astype(int) - 1, 0)
    right, low = np.minimum(np.ceil(path.max(axis=0)).astype(int) + 2, (width, height))
    if left >= right or top >= low:
        return
    box = (slice(top, low), slice(left, right))
    mask = outline((low - top, right - left), path - (left, top)) * np.float32(strength)
    lay(paint[box], mask, colour[box] if colour.ndim == 3 else colour)


def shade(paint: Paint, values: Mask, strength: float) -> None:
    """Darkens and lightens `paint`, in place, by noise or light around 0.5."""
    paint *= (1 + strength * 2 * (values - 0.5))[..., None]


def outline(size: Size, *shapes: Points) -> Mask:
    """The union of closed polygons, with smooth edges."""
    canvas = np.zeros(size, np.uint8)
    for shape in shapes:
        fixed = np.round(np.asarray(shape, np.float64) * (1 << _SHIFT)).astype(np.int32)
        cv2.fillPoly(canvas, [fixed], 255, cv2.LINE_AA, _SHIFT)
    return canvas.astype(np.float32) / 255


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> NDArray[np.float64]:
    """The outline of an ellipse; `turn` in degrees, clockwise in the picture."""
    around = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    px, py = rx * np.cos(around), ry * np.sin(around)
    cos, sin = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    return np.stack([x + px * cos - py * sin, y + px * sin + py * cos], axis=1)


def hull(*circles: tuple[float, float, float]) -> NDArray[np.float64]:
    """The outline of a skin stretched over circles (x, y, radius): a limb, a torso."""
    points = np.concatenate([oval(x, y, r, r) for x, y, r in circles]).astype(np.float32)
    return np.asarray(cv2.convexHull(points).reshape(-1, 2), np.float64)


def smooth(points: Points, rounds: int = 3) -> NDArray[np.float64]:
    """A closed polygon with its corners cut off again and again (Chaikin 1974)."""
    path = np.asarray(points, np.float64)
    for _ in range(rounds):
        after = np.roll(path, -1, axis=0)
        path = np.stack([0.75 * path + 0.25 * after, 0.25 * path + 0.75 * after], 1).reshape(-1, 2)
    return path


def dome(mask: Mask, radius: float, light: tuple[float, float]) -> Mask:
    """The light on a surface that bulges out of the mask, rounded off over `radius` pixels.

    Args:
        mask: The outline of the surface.
        radius: How far from the edge the surface is bent; inside it is flat.
        light: Where the light comes from, x and y of a vector in the picture.

    Returns:
        Brightness from about 0.35 (turned away) to 1.25 (turned to the light).
    """
    depth = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    share = np.clip(depth / radius, 0, 1)
    surface = cv2.GaussianBlur(
        np.sqrt(np.clip(1 - (1 - share) ** 2, 0, 1)).astype(np.float32) * radius,
        (0, 0),
        max(0.8, radius / 7),
    )
    across = cv2.Sobel(surface, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(surface, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    facing = -(across * light[0] + down * light[1])
    lit = (0.62 + 0.62 * facing) / np.sqrt(1 + across**2 + down**2) + 0.3
    return np.asarray(np.clip(lit, 0.35, 1.25), np.float32)


def disc_light(size: Size, x: float, y: float, radius: float) -> Mask:
    """A soft glow, 1 at (x, y) and falling to 0 well beyond `radius` pixels."""
    ys, xs = np.ogrid[0 : size[0], 0 : size[1]]
    return np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * radius**2)).astype(np.float32)
