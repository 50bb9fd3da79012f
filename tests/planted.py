"""Pictures made to look alike in one way only: by their colours, their light or their composition.

Each function takes pictures, real or drawn, and gives one in which a part was put there on purpose,
so that what should match what is known. The same arguments give the same pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture

WIDTH, HEIGHT = 320, 180
TREATMENTS = ("as it is", "noise", "crop", "one stop darker")
"""What may have happened to one of two pictures that match."""
_LUMA = np.array([0.299, 0.587, 0.114])
_BANDS = 16


def treated(picture: Picture, treatment: str, seed: int) -> Picture:
    """The picture after one of `TREATMENTS`; `crop` leaves nine tenths, off the centre."""
    if treatment == "noise":
        grain = np.random.default_rng(seed).normal(0, 10, picture.shape)
        return np.clip(picture + grain, 0, 255).astype(np.uint8)
    if treatment == "crop":
        height, width = picture.shape[:2]
        part = picture[height // 16 : height - height // 24, width // 24 : width - width // 16]
        return np.asarray(cv2.resize(part, (width, height)), np.uint8)
    if treatment == "one stop darker":
        return np.clip(255 * (picture / 255) * 0.5 ** (1 / 2.2), 0, 255).astype(np.uint8)
    return picture


def screen(picture: Picture) -> Picture:
    """The middle of the picture that fills the screen."""
    height, width = picture.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    size = max(WIDTH, round(width * scale)), max(HEIGHT, round(height * scale))
    wide = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    top, left = (wide.shape[0] - HEIGHT) // 2, (wide.shape[1] - WIDTH) // 2
    return np.ascontiguousarray(wide[top : top + HEIGHT, left : left + WIDTH])


def same_palette(colors: Picture, content: Picture) -> Picture:
    """`content` painted with exactly the pixels of `colors`: the darkest where it is darkest.

    Of what is about as dark, one hue goes to the left and the other to the right.
    """
    pixels = colors.reshape(-1, 3)
    result = np.empty_like(pixels)
    columns = np.tile(np.arange(content.shape[1]), content.shape[0])
    result[_ranked(content, columns)] = pixels[_ranked(colors, pixels @ np.array([1, 0, -1]))]
    return result.reshape(colors.shape)


def _ranked(picture: Picture, within: NDArray[np.int64]) -> NDArray[np.intp]:
    """Pixels by light in `_BANDS` bands of as many each, and within a band by what is given."""
    light = cv2.GaussianBlur(picture, (0, 0), 1.5).reshape(-1, 3) @ _LUMA
    place = np.argsort(np.argsort(light, kind="stable"), kind="stable")
    return np.lexsort((within, place * _BANDS // len(place)))


def same_colors(colors: Picture, content: Picture) -> Picture:
    """The colours of `colors` where they lie, without its detail, and the detail of `content`."""
    broad = cv2.GaussianBlur(colors.astype(np.float32), (0, 0), HEIGHT / 20)
    light = (content.astype(np.float32) @ _LUMA.astype(np.float32))[..., None]
    detail = light - cv2.GaussianBlur(light, (0, 0), HEIGHT / 20)[..., None]
    return np.clip(broad + detail, 0, 255).astype(np.uint8)


def same_light(light: Picture, content: Picture, hue: float) -> Picture:
    """The light of `light` without its detail, on the detail of `content`, tinted in one hue.

    `hue` is in turns, 0 to 1.
    """
    broad = cv2.GaussianBlur((light @ _LUMA).astype(np.float32), (0, 0), HEIGHT / 24)
    detail = (content @ _LUMA).astype(np.float32)
    detail -= cv2.GaussianBlur(detail, (0, 0), HEIGHT / 24)
    tone = np.clip(broad + 0.7 * detail, 0, 255)[..., None]
    color = np.array([cos(2 * np.pi * (hue - third / 3)) for third in range(3)])
    tint = 1 + 0.35 * (color - color @ _LUMA)
    return np.clip(tone * tint, 0, 255).astype(np.uint8)


def backlit(place: int, shape: str, hue: float, content: Picture) -> Picture:
    """A dark `figure`, `tree` or `bottle` before a bright window of one hue, at one of 12 places.

    Walls and silhouette are `content` in the dark.
    """
    column, row = place % 4, place // 4
    left, top = 20 + 60 * column, 8 + 20 * row
    wide, high = 96 + 8 * row, 150 - 34 * row
    tint = np.array([0.75 + 0.25 * cos(2 * np.pi * (hue - third / 3)) for third in range(3)])
    picture = content * 0.16
    window = cv2.GaussianBlur(content[top : top + high, left : left + wide], (0, 0), 6)
    picture[top : top + high, left : left + wide] = (0.2 * window + 195) * tint
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    middle, tall = left + wide // 2 + (8 if row % 2 else -8), high * 3 // 4
    head = top + high - tall
    if shape == "figure":
        cv2.ellipse(mask, (middle, head + tall // 8), (tall // 9, tall // 7), 0, 0, 360, 1, -1)
        cv2.ellipse(
            mask, (middle, HEIGHT), (tall // 4, HEIGHT - head - tall // 4), 0, 0, 360, 1, -1
        )
    elif shape == "tree":
        cv2.circle(mask, (middle, head + tall // 4), tall // 4, 1, -1)
        cv2.rectangle(mask, (middle - 9, head + tall // 4), (middle + 9, HEIGHT), 1, -1)
    else:
        cv2.rectangle(mask, (middle - 7, head), (middle + 7, HEIGHT), 1, -1)
        cv2.rectangle(mask, (middle - 19, head + tall // 3), (middle + 19, HEIGHT), 1, -1)
    dark = cv2.GaussianBlur(content, (0, 0), 3) * 0.1
    return np.clip(np.where(mask[..., None] > 0, dark, picture), 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is planted into a picture, in pixels of the screen."""

    kind: str
    """`circle`, `horizon` or `lines`."""
    x: float
    y: float
    size: float
    """Radius of a circle; degrees by which a horizon is tilted, or lines run apart."""


def places(kind: str) -> list[Shape]:
    """Shapes of one kind that an eye tells apart at once."""
    if kind == "circle":
        return [
            Shape(kind, x, y, size)
            for size in (22, 36, 58)
            for x in (80, 160, 240)
            for y in (62, 116)
        ]
    if kind == "horizon":
        return [Shape(kind, 160, y, tilt) for y in (40, 66, 92, 118, 144) for tilt in (-12, 0, 12)]
    return [
        Shape(kind, x, y, apart)
        for x in (60, 130, 190, 260)
        for y in (20, 80)
        for apart in (16, 32)
    ]


def planted(shape: Shape, inside: Picture, around: Picture) -> Picture:
    """`around` with the shape in it, filled with `inside`: they meet at its edge, and contrast."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    if shape.kind == "circle":
        cv2.circle(mask, (round(shape.x), round(shape.y)), round(shape.size), 255, -1, cv2.LINE_AA)
    elif shape.kind == "horizon":
        rise = WIDTH * sin(radians(shape.size)) / cos(radians(shape.size)) / 2
        corners = [(0, shape.y + rise), (WIDTH, shape.y - rise), (WIDTH, HEIGHT), (0, HEIGHT)]
        cv2.fillPoly(mask, [np.array(corners).round().astype(np.int32)], 255, cv2.LINE_AA)
    else:
        # Two edges of a road or a roof, from one point down to the lower border.
        reach = HEIGHT - shape.y
        ends = [reach * sin(radians(side)) / cos(radians(side)) for side in (-shape.size, 12)]
        corners = [(shape.x, shape.y), *((shape.x + end, HEIGHT) for end in ends)]
        cv2.fillPoly(mask, [np.array(corners).round().astype(np.int32)], 255, cv2.LINE_AA)
    cover = mask[..., None] / 255
    return np.clip(_toned(inside, 185) * cover + _toned(around, 80) * (1 - cover), 0, 255).astype(
        np.uint8
    )


def _toned(picture: Picture, brightness: float) -> NDArray[np.float64]:
    """The picture, softer, with this mean and half its contrast."""
    soft = cv2.GaussianBlur(picture, (0, 0), 1).astype(np.float64)
    return np.asarray(brightness + 0.5 * (soft - soft.mean()), np.float64)
