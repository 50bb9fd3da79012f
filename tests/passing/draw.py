"""Draws any frame of a passing film, and the true silhouette in it, from the plan alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.film import plates, subjects
from tests.film.camera import Matrix, view
from tests.film.draw import covered, seen, swayed
from tests.film.script import Camera, Subject
from tests.film.sprites import Layer
from tests.film.subjects import Sprite
from tests.moved.rates import Similarity
from tests.passing import poses
from tests.passing.script import Film, Shot
from tests.passing.stance import carried, place


def frame_at(film: Film, frame: int) -> NDArray[np.uint8]:
    """The picture of the film's `frame`: (height, width, 3) uint8 RGB.

    Raises:
        IndexError: the film has no such frame.
    """
    number, within = film.located(frame)
    shot, width, height = film.shots[number], film.width, film.height
    seconds = film.seconds(number, within)
    canvas = plates.painted(shot.plate, width, height)
    camera = _camera(shot, film, number, seconds)
    return seen(canvas, camera, _layers(shot, seconds, width, height), frame, width, height)


def mask_at(film: Film, frame: int) -> NDArray[np.bool_]:
    """The true silhouette in the film's `frame`: where the subject covers half a pixel or more.

    Returns:
        (height, width) bool; all False where the shot has no subject.

    Raises:
        IndexError: the film has no such frame.
    """
    number, within = film.located(frame)
    return mask_of(film.shots[number], film.seconds(number, within), film.width, film.height)


def mask_of(shot: Shot, seconds: float, width: int, height: int) -> NDArray[np.bool_]:
    """The same of one shot, at seconds from its known instant, in a picture of any size."""
    return np.asarray(
        covered(_layers(shot, seconds, width, height), width, height) >= 128, np.bool_
    )


def _camera(shot: Shot, film: Film, number: int, seconds: float) -> Matrix:
    """From plate to picture: at the middle of the shot its centre lies in the picture's centre."""
    middle = film.seconds(number, shot.frames // 2)
    path = carried(shot, seconds).after(carried(shot, middle).inverse())
    unrest = view(Camera(shake=shot.shake), seconds, shot.plate.seed, film.width, film.height)
    return np.asarray(_pixels(path, film.width, film.height) @ unrest, np.float64)


def _pixels(path: Similarity, width: int, height: int) -> Matrix:
    """A map of the picture's plane, in widths from its middle, as one of pixels."""
    plane = np.array([[width, 0.0, width / 2], [0.0, width, height / 2], [0.0, 0.0, 1.0]])
    within = np.vstack([path.matrix(), [0.0, 0.0, 1.0]])
    return np.asarray(plane @ within @ np.linalg.inv(plane), np.float64)


def _layers(shot: Shot, seconds: float, width: int, height: int) -> list[tuple[Layer, Matrix]]:
    """The subject's layers, back to front, each with its map from sprite to picture."""
    if shot.stance is None:
        return []
    sprite = _sprite(shot, seconds, height)
    x, y = sprite.centre
    box = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, sprite.scale]]) / sprite.scale
    stands = place(shot, seconds, width, height) @ box
    clock = seconds * shot.pace
    return [
        (layer, stands @ swayed(layer, clock, shot.motion, sprite.scale)) for layer in sprite.layers
    ]


def _sprite(shot: Shot, seconds: float, height: int) -> Sprite:
    stance = shot.stance
    assert stance is not None, "a shot without a subject has no sprite"
    if stance.kind not in poses.POSES:
        subject = Subject(stance.kind, shot.look, stance.x, stance.y, stance.height)
        return subjects.painted(subject, height)
    other, step = stance.kind, 0
    if shot.gesture is not None:
        other = shot.gesture.before if seconds < 0 else shot.gesture.after
        share = min(abs(seconds) / shot.gesture.seconds, 1.0)
        step = round(share * poses.STEPS)
    return poses.painted(stance.kind, other, step, shot.look, stance.height * height)
