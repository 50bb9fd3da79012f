"""Indoor and close plates: rooms, walls, a table seen from above, lights at night."""

from __future__ import annotations

import cv2
import numpy as np

from tests.film.paint import (
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

FLOOR = 0.66
"""Share of a room's height at which its floor begins."""


def _planks(rng: np.random.Generator, size: Size, colour: Colour, width: float) -> Paint:
    """Boards that run down, each of its own tone, with grain along them."""
    across = size[1]
    board = (np.arange(across) / width).astype(int)
    tones = rng.uniform(0.75, 1.15, board.max() + 1).astype(np.float32)
    seam = np.where(np.arange(across) % width < max(1.5, width / 30), 0.55, 1.0)
    paint = flat(size, colour)
    paint *= (tones[board] * seam)[None, :, None]
    shade(paint, fractal(rng, size, width / 2, 5, (9, 0.35)), 0.5)
    return paint


def _floor(paint: Paint, boards: Paint) -> None:
    """Lays boards into the lower part of `paint`, running to a vanishing point."""
    height, width = paint.shape[:2]
    top = height * FLOOR
    h, w = boards.shape[:2]
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    onto = np.array(
        [[width * 0.18, top], [width * 0.82, top], [width * 1.7, height], [-width * 0.7, height]],
        np.float32,
    )
    # The strips beside the trapezium are filled by mirrored boards.
    laid = cv2.warpPerspective(
        boards,
        cv2.getPerspectiveTransform(corners, onto),
        (width, height),
        borderMode=cv2.BORDER_REFLECT,
    )
    paint[int(top) :] = laid[int(top) :] * np.linspace(
        0.7, 1.05, height - int(top), dtype=np.float32
    ).reshape(-1, 1, 1)


def room(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """A papered wall with a window, pictures and a lamp; boards on the floor."""
    height, width = size
    paint = vertical(size, rgb(palette.sky), rgb(palette.far))
    stripe = 0.5 + 0.5 * np.sign(np.sin(np.arange(width, dtype=np.float32) / 11))[None, :]
    shade(paint, np.broadcast_to(stripe, size), 0.06)
    shade(paint, fractal(rng, size, 90, 5), 0.3)
    _floor(paint, _planks(rng, (500, 700), rgb(palette.ground), 34))
    rail = int(height * 0.5)
    paint[rail : rail + 5] = rgb(palette.near)
    paint[int(height * 0.63) : int(height * FLOOR)] = rgb(palette.near) * 0.9
    for _ in range(9):
        wide, tall = int(width * rng.uniform(0.03, 0.08)), int(height * rng.uniform(0.08, 0.18))
        left, top = int(rng.uniform(0, width - wide)), int(rng.uniform(0.08, 0.30) * height)
        paint[top : top + tall, left : left + wide] = rgb(palette.near)
        tone = rgb(palette.accent) * rng.uniform(0.3, 0.8)
        canvas = flat((tall - 10, wide - 10), tone)
        shade(canvas, fractal(rng, (tall - 10, wide - 10), 14, 4), 1.0)
        paint[top + 5 : top + tall - 5, left + 5 : left + wide - 5] = canvas
    x, y, w, h = width * rng.uniform(0.08, 0.3), height * 0.1, width * 0.13, height * 0.36
    lay(paint, disc_light(size, x + w / 2, y + h / 2, height * 0.35) * 0.4, rgb(palette.glow))
    pane = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    stamp(paint, pane, np.clip(rgb(palette.glow) * 1.15, 0, 1))
    for bar in ((x + w / 2 - 2, y, 4, h), (x, y + h / 2, w, 4)):
        bx, by, bw, bh = map(int, bar)
        paint[by : by + bh, bx : bx + bw] = rgb(palette.near)
    lamp = width * rng.uniform(0.65, 0.85)
    lay(paint, disc_light(size, lamp, height * 0.33, height * 0.18) * 0.55, rgb(palette.accent))
    shade_of_lamp = [
        (lamp - 16, height * 0.28),
        (lamp + 16, height * 0.28),
        (lamp + 28, height * 0.38),
        (lamp - 28, height * 0.38),
    ]
    stamp(paint, shade_of_lamp, rgb(palette.accent))
    return np.clip(paint, 0, 1)


def hall(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """A colonnade into depth, tiles on the floor, light from the far end."""
    height, width = size
    paint = vertical(size, rgb(palette.sky), rgb(palette.far))
    tiles = np.indices((16, 16)).sum(axis=0) % 2
    tone = np.where(tiles[..., None] == 1, rgb(palette.ground), rgb(palette.glow) * 0.7)
    tone = np.clip(tone * rng.uniform(0.85, 1.15, (16, 16, 1)), 0, 1).astype(np.float32)
    boards = np.repeat(np.repeat(tone, 40, axis=0), 40, axis=1)
    shade(boards, fractal(rng, (640, 640), 60, 5), 0.3)
    _floor(paint, boards)
    ceiling = fractal(rng, size, 30, 4, (0.5, 3))
    for beam in np.linspace(0.02, 0.26, 7) ** 1.2:
        y = int(height * beam)
        paint[y : y + max(2, int(9 - 30 * beam))] = rgb(palette.near)
    shade(paint, ceiling, 0.25)
    x, top, foot, r = width / 2, height * 0.30, height * FLOOR, width * 0.055
    arch = [(x - r, foot), (x - r, top + r), *oval(x, top + r, r, r)[36:72], (x + r, foot)]
    stamp(paint, np.asarray(arch), np.clip(rgb(palette.glow) * 1.2, 0, 1))
    lay(paint, disc_light(size, x, height * 0.5, height * 0.25) * 0.5, rgb(palette.glow))
    for depth in (0.25, 0.34, 0.46, 0.62, 0.82):
        for side in (-1, 1):
            cx, half = x + side * depth * width * 0.56, width * 0.036 * depth
            down = height * (FLOOR + 0.34 * (depth - 0.2))
            shaft = [(cx - half, 0), (cx + half, 0), (cx + half, down), (cx - half, down)]
            across = np.clip((np.arange(width) - cx) / (2 * half) + 0.5, 0, 1)
            round_light = 0.45 + 0.75 * np.sin(np.pi * (across if side > 0 else 1 - across) ** 0.7)
            flutes = 1 + 0.12 * np.sin(across * 42)
            stone = rgb(palette.far) * (round_light * flutes).astype(np.float32)[None, :, None]
            stone = np.broadcast_to(stone, (*size, 3)).copy()
            shade(stone, fractal(rng, size, 22, 5), 0.35)
            stamp(paint, shaft, stone)
            base = [
                (cx - half * 1.4, down - 12),
                (cx + half * 1.4, down - 12),
                (cx + half * 1.4, down + 4),
                (cx - half * 1.4, down + 4),
            ]
            stamp(paint, base, rgb(palette.near))
    return np.clip(paint, 0, 1)


def shelves(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """Books of many colours on shelf above shelf, boards on the floor."""
    height, width = size
    paint = vertical(size, rgb(palette.near), rgb(palette.near) * 0.7)
    tones = [
        palette.far,
        palette.ground,
        palette.accent,
        palette.glow,
        palette.sky,
        "7c2f28",
        "2f4a5c",
    ]
    row = height * 0.125
    foot = 0.0
    while foot < height * 0.84:
        foot += row
        x = rng.uniform(0, 8)
        while x < width:
            w, h = rng.uniform(6, 17), row * rng.uniform(0.55, 0.86)
            colour = rgb(str(rng.choice(tones))) * rng.uniform(0.5, 1.0)
            x0, x1, y0, y1 = int(x), int(x + w), int(foot - h), int(foot)
            paint[y0:y1, x0 : max(x0 + 2, x1 - 1)] = colour
            if rng.random() < 0.6:
                paint[y0 + 6 : y0 + 10, x0 + 1 : max(x0 + 2, x1 - 2)] = rgb(palette.accent) * 0.9
            x += w + (rng.uniform(6, 26) if rng.random() < 0.06 else 0)
        paint[int(foot) : int(foot) + 6] = rgb(palette.ground) * 1.1
    for x in np.arange(rng.uniform(0, 120), width, 210):
        paint[:, int(x) : int(x) + 9] = rgb(palette.ground) * 0.9
    _floor(paint, _planks(rng, (500, 700), rgb(palette.ground), 34))
    shade(paint, fractal(rng, size, 160, 4), 0.5)
    return np.clip(paint, 0, 1)


def bricks(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """A brick wall with posters and stains, a pavement below."""
    height, width = size
    paint = flat(size, rgb(palette.glow) * 0.75)
    for row, y in enumerate(range(0, height, 17)):
        for left in range(-20 * (row % 2), width, 42):
            brick = rgb(palette.far) * rng.uniform(0.65, 1.2) + rng.normal(0, 0.02, 3)
            paint[y : y + 14, max(0, left) : max(0, left + 39)] = brick
    shade(paint, fractal(rng, size, 8, 3), 0.35)
    shade(paint, fractal(rng, size, 200, 4), 0.6)
    for _ in range(6):
        x, top = rng.uniform(0, width * 0.95), rng.uniform(0, height * 0.5)
        w, h = rng.uniform(30, 70), rng.uniform(45, 90)
        sheet = [(x, top), (x + w, top + 2), (x + w - 2, top + h), (x - 2, top + h)]
        colour = rgb(str(rng.choice([palette.accent, palette.sky, palette.ground, "d8d0c0"])))
        stamp(paint, sheet, colour, 0.85)
        mark = oval(x + w / 2, top + h * 0.42, w * 0.3, h * 0.2)
        stamp(paint, mark, colour * 0.4, 0.8)
    pavement = vertical(size, rgb(palette.ground), rgb(palette.ground) * 0.8)
    shade(pavement, fractal(rng, size, 10, 4), 0.4)
    kerb = int(height * 0.74)
    paint[kerb:] = pavement[kerb:]
    paint[kerb : kerb + 4] *= 0.4
    return np.clip(paint, 0, 1)


def table(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """A wooden table from above, with a napkin, a letter and crumbs."""
    height, width = size
    paint = _planks(rng, size, rgb(palette.ground), 96)
    for colour, x, y, turn in (
        (rgb(palette.accent) * 0.8, 0.80, 0.32, 20),
        (rgb(palette.far), 0.16, 0.72, -35),
    ):
        around = oval(width * x, height * y, height * 0.26, height * 0.26, turn)[::18]
        cloth = flat(size, colour)
        shade(cloth, fractal(rng, size, 30, 4, (1, 0.5)), 0.35)
        stamp(paint, around + 5, np.zeros(3, np.float32), 0.5)
        stamp(paint, around, cloth)
    for _ in range(90):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.8, 3)
        stamp(paint, oval(x, y, r * 1.4, r), rgb(palette.accent) * rng.uniform(0.5, 1))
    lay(paint, disc_light(size, width * 0.1, 0, height * 0.6) * 0.3, rgb(palette.accent))
    return np.clip(paint, 0, 1)


def lights(rng: np.random.Generator, size: Size, palette: Palette) -> Paint:
    """A street at night far out of focus: discs of light over wet dark ground."""
    height, width = size
    paint = vertical(size, rgb(palette.sky), rgb(palette.near))
    shade(paint, fractal(rng, size, 120, 4), 0.7)
    tones = [palette.accent, palette.glow, "c83c30", "3c78b4", "e08a3c", "4a9a6a"]
    for _ in range(120):
        x, r = rng.uniform(0, width), height * rng.uniform(0.012, 0.04)
        y = height * (0.48 + rng.normal(0, 0.15))
        colour = rgb(str(rng.choice(tones)))
        stamp(paint, oval(x, y, r, r), colour, rng.uniform(0.2, 0.65))
        streak = oval(x, height * (0.95 - 0.3 * y / height), r * 0.5, r * 2.5)
        stamp(paint, streak, colour, 0.25)
    shade(paint, ramp(0.2, 0.8, fractal(rng, size, 40, 4)), 0.25)
    return np.clip(paint, 0, 1)
