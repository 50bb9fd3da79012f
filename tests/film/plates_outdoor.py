"""Outdoor plates: each a painting of a place, fixed by a size, a palette and a generator.

The horizon lies a little above the middle, so that a subject whose feet stand at three quarters or
lower stands on the ground.
"""

from __future__ import annotations

import cv2
import numpy as np

from tests.film.paint import (
    Mask,
    Paint,
    Size,
    disc_light,
    flat,
    fractal,
    lay,
    oval,
    ramp,
    shade,
    stamp,
    vertical,
)
from tests.film.palette import Colour, Palette, rgb


def _sky(rng: np.random.Generator, size: Size, palette: Palette, clouds: float = 0.6) -> Paint:
    paint = vertical(size, rgb(palette.sky), rgb(palette.glow), 0.8)
    cover = ramp(0.5, 0.8, fractal(rng, size, size[0] / 2.5, 5, (0.5, 1.6)))
    lay(paint, cover * clouds, 0.35 * rgb(palette.glow) + 0.6)
    return paint


def _below(size: Size, crest: Mask) -> Mask:
    rows = np.arange(size[0], dtype=np.float32)[:, None]
    return np.asarray(np.clip(rows - crest[None, :] + 0.5, 0, 1), np.float32)


def _crest(rng: np.random.Generator, size: Size, base: float, swing: float, cell: float) -> Mask:
    line = fractal(rng, (2, size[1]), cell, 6)[0]
    return np.asarray(size[0] * (base - swing * 2 * (line - 0.5)), np.float32)


def _strewn(rng: np.random.Generator, paint: Paint, top: float, count: int, colour: Colour) -> None:
    """Bushes and stones on the ground, larger towards the viewer."""
    height, width = paint.shape[:2]
    for depth in np.sort(rng.uniform(0, 1, count)):
        y = height * (top + (1 - top) * depth)
        r = height * (0.004 + 0.016 * depth) * rng.uniform(0.5, 1.5)
        x, wide, tone = rng.uniform(0, width), r * rng.uniform(1.2, 2.4), rng.uniform(0.6, 1.1)
        stamp(paint, oval(x + 0.3 * r, y + 0.45 * r, wide * 1.1, r * 0.8), colour * 0.3, 0.5)
        stamp(paint, oval(x, y, wide, r), colour * tone, 0.9)
        stamp(
            paint, oval(x - 0.2 * wide, y - 0.3 * r, wide * 0.6, r * 0.5), colour * tone * 1.4, 0.6
        )


def hills(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Rows of hills into the haze, grass in front."""
    paint = _sky(rng, size, palette)
    far, near = rgb(palette.far), rgb(palette.near)
    for depth in np.linspace(0, 1, 4):
        crest = _crest(rng, size, 0.40 + 0.13 * depth, 0.12 * (1 - 0.5 * depth), size[1] / 4)
        colour = vertical(size, far + (near - far) * depth, rgb(palette.ground))
        shade(colour, fractal(rng, size, 40, 5, (0.7, 1)), 0.25 + 0.3 * depth)
        lay(paint, _below(size, crest), colour)
    meadow = vertical(size, rgb(palette.near), rgb(palette.ground))
    shade(meadow, fractal(rng, size, 14, 3, (0.4, 1.6)), 0.6)
    lay(paint, _below(size, _crest(rng, size, 0.62, 0.02, size[1] / 2)), meadow)
    _strewn(rng, paint, 0.6, 60, rgb(palette.near))
    return paint


def dunes(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Sand in long crests, rippled by the wind."""
    paint = _sky(rng, size, palette, 0.25)
    ys, xs = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    for depth in np.linspace(0, 1, 5):
        crest = _crest(rng, size, 0.44 + 0.36 * depth, 0.10, size[1] / 2)
        colour = vertical(size, rgb(palette.far), rgb(palette.near))
        warp = fractal(rng, size, 120, 2)
        shade(colour, 0.5 + 0.5 * np.sin(ys / (3 + 5 * depth) + xs / 40 + 14 * warp), 0.13)
        shade(colour, fractal(rng, size, 60, 6), 0.45)
        lee = np.clip(1 - (ys - crest) / (20 + 50 * depth), 0, 1) * 0.45
        lay(colour, lee.astype(np.float32), rgb(palette.glow))
        lay(paint, _below(size, crest), colour)
    _strewn(rng, paint, 0.55, 45, rgb(palette.accent))
    return paint


def coast(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Sea with glitter below a low sun, a beach in front."""
    height, width = size
    paint = _sky(rng, size, palette, 0.8)
    sun = width * rng.uniform(0.3, 0.7)
    lay(paint, disc_light(size, sun, height * 0.40, height * 0.16) * 0.7, rgb(palette.accent))
    water = vertical(size, rgb(palette.far), rgb(palette.ground) * 0.8, 0.7)
    waves = fractal(rng, size, 10, 4, (0.35, 3.0))
    shade(water, waves, 0.7)
    glitter = ramp(0.62, 0.72, waves) * disc_light((1, width), sun, 0, width * 0.09)
    lay(water, glitter.astype(np.float32), rgb(palette.accent))
    lay(paint, _below(size, np.full(width, height * 0.46)), water)
    island = _crest(rng, size, 0.45, 0.06, width / 5)
    headland = _below(size, island) * (1 - _below(size, np.full(width, height * 0.465)))
    lay(paint, headland, rgb(palette.near))
    sand = vertical(size, rgb(palette.glow) * 0.85, rgb(palette.near), 2)
    shade(sand, fractal(rng, size, 20, 5, (0.6, 1.4)), 0.4)
    edge = _crest(rng, size, 0.70, 0.03, width / 3)
    lay(paint, _below(size, edge - 5), np.full(3, 0.9, np.float32))
    lay(paint, _below(size, edge), sand)
    _strewn(rng, paint, 0.74, 50, rgb(palette.near))
    return paint


def forest(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Trunks into the mist, snow or leaves on the ground."""
    height, width = size
    paint = vertical(size, rgb(palette.sky), rgb(palette.glow))
    shade(paint, fractal(rng, size, 60, 5), 0.3)
    ground = vertical(size, rgb(palette.glow), rgb(palette.ground))
    shade(ground, fractal(rng, size, 24, 5, (0.5, 1.5)), 0.45)
    lay(paint, _below(size, _crest(rng, size, 0.56, 0.04, width / 3)), ground)
    bark = fractal(rng, size, 12, 4, (3.5, 0.6))
    far, near = rgb(palette.far), rgb(palette.near)
    for depth in np.linspace(0, 1, 44) ** 1.5:
        x, r = rng.uniform(0, width), width * (0.003 + 0.011 * depth) * rng.uniform(0.7, 1.3)
        foot = height * (0.56 + 0.22 * depth)
        lean = rng.normal(0, width * 0.012)
        trunk = [(x - r, foot), (x + r, foot), (x + lean + r * 0.6, 0), (x + lean - r * 0.6, 0)]
        colour = flat(size, far + (near - far) * depth)
        shade(colour, bark, 0.7)
        stamp(paint, trunk, colour)
    needles = ramp(0.60, 0.72, fractal(rng, size, 34, 6)) * (
        1 - _below(size, np.full(width, height * 0.3)) * 0.9
    )
    lay(paint, needles * 0.8, near * 0.9)
    _strewn(rng, paint, 0.6, 50, near)
    return paint


def foliage(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Leaves before leaves, dark behind, lit in front, light breaking through."""
    height, width = size
    paint = vertical(size, rgb(palette.near) * 0.5, rgb(palette.near) * 0.25)
    shade(paint, fractal(rng, size, 60, 5), 0.6)
    canvas = np.clip(paint * 255, 0, 255).astype(np.uint8)
    dark, lit = rgb(palette.near) * 0.5, rgb(palette.ground) * 1.25
    for depth in np.sort(rng.uniform(0, 1, 1500)):
        colour = (dark + (lit - dark) * depth) * rng.uniform(0.7, 1.25)
        if depth > 0.3 and rng.random() < 0.035:
            colour = rgb(palette.accent)
        r = height * rng.uniform(0.012, 0.03) * (0.7 + depth)
        centre = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        tone = tuple(float(c) for c in np.clip(colour * 255, 0, 255))
        axes = (int(r * 1.5), max(2, int(r * rng.uniform(0.4, 0.8))))
        cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 360)), 0, 360, tone, -1, cv2.LINE_AA)
    paint = canvas.astype(np.float32) / 255
    shade(paint, fractal(rng, size, 200, 3), 0.6)
    return paint


def city(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Blocks of houses with lit and dark windows, a street in front."""
    height, width = size
    paint = _sky(rng, size, palette)
    for depth in (0.0, 0.5, 1.0):
        x = -rng.uniform(0, 60)
        while x < width:
            w = width * rng.uniform(0.05, 0.11) * (0.7 + 0.5 * depth)
            top = height * rng.uniform(0.05, 0.40) * (1 - 0.1 * depth) + height * 0.12 * depth
            foot = int(height * 0.72)
            colour = rgb(palette.far) + (rgb(palette.near) - rgb(palette.far)) * depth
            colour = np.clip(colour * rng.uniform(0.75, 1.3) + rng.normal(0, 0.02, 3), 0, 1)
            left, right = int(max(0, x)), int(min(width, x + w))
            paint[int(top) : foot, left:right] = colour * np.linspace(
                1.1, 0.75, max(1, foot - int(top)), dtype=np.float32
            ).reshape(-1, 1, 1)
            step = int(7 + 7 * depth)
            for wy in range(int(top) + step, foot - step, step):
                for wx in range(left + step // 2, right - step // 2, step):
                    lit = rng.random()
                    pane = rgb(palette.accent) if lit < 0.28 else colour * (0.45 + 0.4 * lit)
                    paint[wy : wy + step * 5 // 9, wx : wx + step // 2] = pane
            x += w + (rng.uniform(0, 14) if rng.random() < 0.6 else 0)
    street = vertical(size, rgb(palette.ground), rgb(palette.ground) * 0.6)
    shade(street, fractal(rng, size, 16, 4, (0.5, 2)), 0.35)
    for x in range(0, width, 90):
        lane = [
            (x, height * 0.86),
            (x + 44, height * 0.86),
            (x + 38, height * 0.88),
            (x - 8, height * 0.88),
        ]
        stamp(street, lane, rgb(palette.accent), 0.6)
    lay(paint, _below(size, np.full(width, height * 0.70)), street)
    shade(paint, fractal(rng, size, 30, 4), 0.18)
    return paint


def night_sky(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Stars between thin clouds, tree tops along the lower edge."""
    height, width = size
    paint = vertical(size, rgb(palette.sky), rgb(palette.glow))
    cover = ramp(0.45, 0.8, fractal(rng, size, height / 3, 5, (0.5, 2)))
    lay(paint, cover * 0.5, rgb(palette.glow) * 1.5)
    for _ in range(500):
        left, top = int(rng.integers(0, width - 2)), int(rng.integers(0, height - 2))
        star = rng.uniform(0.1, 0.6) * (1 - cover[top, left])
        paint[top : top + 2, left : left + 2] += star
    spikes = np.abs(np.sin(np.arange(width) / 9 + 6 * fractal(rng, (2, width), 90, 3)[0]))
    crest = _crest(rng, size, 0.80, 0.06, width / 6) - 26 * spikes
    lay(paint, _below(size, crest), rgb(palette.near) * 0.6)
    return np.clip(paint, 0, 1)
