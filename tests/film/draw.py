"""Draws any frame of a plan, and the true silhouette in it, from the plan alone.

The same plan and frame give the same pixels, in any order of calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film import plates, subjects
from tests.film.camera import Matrix, seconds_from_middle, view
from tests.film.script import FilmPlan, ShotPlan
from tests.film.sprites import Layer

GRAIN = 2.2
"""Standard deviation of the film grain, in levels of 255."""
_GRAINS = 5


def frame_at(plan: FilmPlan, frame: int) -> NDArray[np.uint8]:
    """The picture of the film's `frame`.

    Returns:
        (height, width, 3) uint8 RGB, black bars included where the plan has them.

    Raises:
        IndexError: the film has no such frame.
    """
    shot, within = _locate(plan, frame)
    width, height = plan.width, plan.active_height
    seconds = seconds_from_middle(shot, within, plan.rate)
    camera = view(shot.camera, seconds, shot.plate.seed, width, height)
    canvas = plates.painted(shot.plate, width, height)
    layers = _layers(plan, shot, seconds, camera)
    return _barred(plan, seen(canvas, camera, layers, frame, width, height))


def mask_at(plan: FilmPlan, frame: int) -> NDArray[np.bool_]:
    """The true silhouette in the film's `frame`: where the subject covers half a pixel or more.

    Shadows are not part of it.

    Returns:
        (height, width) bool; all False where the shot has no subject, and in black bars.

    Raises:
        IndexError: the film has no such frame.
    """
    shot, within = _locate(plan, frame)
    width, height = plan.width, plan.active_height
    seconds = seconds_from_middle(shot, within, plan.rate)
    camera = view(shot.camera, seconds, shot.plate.seed, width, height)
    cover = covered(_layers(plan, shot, seconds, camera), width, height)
    return np.asarray(_barred(plan, cover) >= 128, np.bool_)


def seen(
    canvas: NDArray[np.uint8],
    camera: Matrix,
    layers: Sequence[tuple[Layer, Matrix]],
    frame: int,
    width: int,
    height: int,
) -> NDArray[np.uint8]:
    """A plate through a camera, layers of sprites before it, the lens and the grain.

    Args:
        canvas: The plate, as `plates.painted`.
        camera: From plate to picture, as `camera.view`.
        layers: Back to front, each with its map from sprite to picture.
        frame: Chooses the grain.
        width: Of the picture.
        height: Of the picture.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    to_centre = np.array(
        [[1, 0, -(canvas.shape[1] - 1) / 2], [0, 1, -(canvas.shape[0] - 1) / 2], [0, 0, 1]]
    )
    picture = np.asarray(
        cv2.warpAffine(
            canvas, (camera @ to_centre)[:2], (width, height), borderMode=cv2.BORDER_REFLECT
        ),
        np.uint8,
    )
    for layer, place in layers:
        _put(picture, layer.picture, place)
    lighter, darker = _grain(width, height)
    shaded = cv2.multiply(picture, _vignette(width, height), scale=1 / 255)
    shaded = cv2.subtract(cv2.add(shaded, lighter[frame % _GRAINS]), darker[frame % _GRAINS])
    return np.asarray(shaded, np.uint8)


def covered(layers: Sequence[tuple[Layer, Matrix]], width: int, height: int) -> NDArray[np.uint8]:
    """(height, width) how much of each pixel the solid layers cover, 0 to 255."""
    cover = np.zeros((height, width), np.uint8)
    for layer, place in layers:
        if layer.solid:
            alpha = cv2.extractChannel(layer.picture, 3)
            cover = np.maximum(cover, cv2.warpAffine(alpha, place[:2], (width, height)))
    return cover


def swayed(layer: Layer, clock: float, strength: float, scale: float) -> Matrix:
    """How a layer moves by itself at a time: a map of the sprite's pixels onto themselves.

    `strength` is that of the subject's motion, `scale` the pixels of its box's height.
    """
    sway = layer.sway
    wave = strength * float(np.sin(2 * np.pi * sway.hertz * clock + sway.turn))
    angle = np.deg2rad(sway.degrees * wave)
    cos, sin, tall = np.cos(angle), np.sin(angle), 1 + sway.stretch * wave
    x, y = layer.pivot
    turn = np.array([[cos, -sin * tall, 0.0], [sin, cos * tall, 0.0], [0.0, 0.0, 1.0]])
    back = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, 1.0]])
    there = np.array([[1.0, 0.0, x], [0.0, 1.0, y - sway.lift * wave * scale], [0.0, 0.0, 1.0]])
    return np.asarray(there @ turn @ back, np.float64)


def _locate(plan: FilmPlan, frame: int) -> tuple[ShotPlan, int]:
    starts = plan.starts
    if not 0 <= frame < starts[-1]:
        raise IndexError(f"the film has {starts[-1]} frames, not a frame {frame}")
    index = int(np.searchsorted(starts, frame, side="right")) - 1
    return plan.shots[index], frame - starts[index]


def _layers(
    plan: FilmPlan, shot: ShotPlan, seconds: float, camera: Matrix
) -> list[tuple[Layer, Matrix]]:
    """The subject's layers, back to front, each with its map from sprite to picture."""
    subject = shot.subject
    if subject is None:
        return []
    width, height = plan.width, plan.active_height
    sprite = subjects.painted(subject, height)
    x, y = subject.x * width - sprite.centre[0], subject.y * height - sprite.centre[1]
    stand = np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
    if not subject.follow:
        # The reference framing puts the plate's centre into the picture's centre.
        reference = view(shot.camera, 0.0, shot.plate.seed, width, height)
        stand = camera @ np.linalg.inv(reference) @ stand
    clock = seconds + shot.phase
    return [
        (layer, stand @ swayed(layer, clock, subject.motion, sprite.scale))
        for layer in sprite.layers
    ]


def _put(picture: NDArray[np.uint8], sprite: NDArray[np.uint8], place: Matrix) -> None:
    """Lays a sprite over the picture, in place, inside the box that it covers."""
    h, w = sprite.shape[:2]
    corners = (place @ np.array([[0, w, 0, w], [0, 0, h, h], [1, 1, 1, 1]]))[:2]
    height, width = picture.shape[:2]
    left, top = np.maximum(np.floor(corners.min(axis=1)).astype(int) - 1, 0)
    right, low = np.minimum(np.ceil(corners.max(axis=1)).astype(int) + 1, (width, height))
    if left >= right or top >= low:
        return
    shift = np.array([[1.0, 0.0, -left], [0.0, 1.0, -top], [0.0, 0.0, 1.0]])
    laid = cv2.warpAffine(
        sprite, (shift @ place)[:2], (int(right - left), int(low - top)), flags=cv2.INTER_LINEAR
    )
    box = picture[top:low, left:right]
    through = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(laid, 3)), cv2.COLOR_GRAY2RGB)
    picture[top:low, left:right] = cv2.add(
        cv2.multiply(box, through, scale=1 / 255), cv2.cvtColor(laid, cv2.COLOR_RGBA2RGB)
    )


def _barred(plan: FilmPlan, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    spare = plan.height - picture.shape[0]
    if spare == 0:
        return picture
    above = spare // 2
    sides = [(above, spare - above)] + [(0, 0)] * (picture.ndim - 1)
    return np.pad(picture, sides)


@lru_cache(maxsize=2)
def _vignette(width: int, height: int) -> NDArray[np.uint8]:
    ys, xs = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    fall = 1 - 0.30 * np.clip((xs**2 + ys**2) / 2, 0, 1) ** 1.3
    return np.repeat((255 * fall).astype(np.uint8)[..., None], 3, axis=2)


@lru_cache(maxsize=2)
def _grain(width: int, height: int) -> tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]]]:
    """What the grain adds to each picture of its cycle, and what it takes away."""
    noise = np.random.default_rng(1895).normal(0, GRAIN * 2.1, (_GRAINS, height, width))
    levels = [cv2.GaussianBlur(n, (0, 0), 0.6).round().astype(np.int16) for n in noise]
    rgb = [np.repeat(level[..., None], 3, axis=2) for level in levels]
    return (
        [np.maximum(level, 0).astype(np.uint8) for level in rgb],
        [np.maximum(-level, 0).astype(np.uint8) for level in rgb],
    )
