"""Where things are at any instant of a shot: maps onto the picture, exact for any instant.

Maps are (3, 3) affine, of homogeneous columns, in pixels of the picture: x to the right, y down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tests.film.camera import Matrix
from tests.moved.rates import Similarity
from tests.passing.script import Shot, Way


class Moved(Protocol):
    """A reframing: of `script.Framing`, or of the product."""

    @property
    def side(self) -> str: ...

    @property
    def scale(self) -> float: ...

    @property
    def rotation(self) -> float: ...

    @property
    def right(self) -> float: ...

    @property
    def down(self) -> float: ...

    @property
    def flop(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Along:
    """How far a subject has come since the known instant."""

    across: float
    """Picture widths."""
    down: float
    """Picture heights."""
    scale: float
    """Its magnification."""


def stretches(shot: Shot, seconds: float) -> list[tuple[Way, float]]:
    """The ways from the known instant to another, nearest first, with how long each is followed.

    Backwards in time the lengths are negative.
    """
    ends = (-math.inf, *shot.turns, math.inf)
    found = []
    for way, start, end in zip(shot.ways, ends, ends[1:], strict=False):
        low, high = max(start, min(0.0, seconds)), min(end, max(0.0, seconds))
        if high > low:
            found.append((way, high - low if seconds > 0 else low - high))
    return found if seconds > 0 else found[::-1]


def along(shot: Shot, seconds: float) -> Along:
    """Where a shot's subject has come to in its own picture, before any framing."""
    parts = stretches(shot, seconds)
    return Along(
        sum(way.across * lasting for way, lasting in parts),
        sum(way.down * lasting for way, lasting in parts),
        math.exp(sum(way.growth * lasting for way, lasting in parts)),
    )


def carried(shot: Shot, seconds: float) -> Similarity:
    """Where the camera has carried each point of the plate since the known instant, in widths."""
    whole = Similarity()
    for way, lasting in stretches(shot, seconds):
        whole = way.camera.carried(lasting).after(whole)
    return whole


def place(shot: Shot, seconds: float, width: int, height: int) -> Matrix:
    """From the subject's box (its height 1, its middle 0, 0) to the picture as it is drawn."""
    stance = shot.stance
    assert stance is not None, "a shot without a subject has no place for it"
    now = along(shot, seconds)
    scale = stance.height * height * now.scale
    x, y = (stance.x + now.across) * width, (stance.y + now.down) * height
    stands = np.array([[scale, 0.0, x], [0.0, scale, y], [0.0, 0.0, 1.0]])
    if shot.framing is None:
        return stands
    return np.asarray(np.linalg.inv(moved(shot.framing, width, height)) @ stands, np.float64)


def moved(framing: Moved, width: int, height: int) -> Matrix:
    """What a reframing does to a 16:9 picture, in its pixels."""
    x, y = width / 2, height / 2
    angle = math.radians(framing.rotation)
    cos, sin = framing.scale * math.cos(angle), framing.scale * math.sin(angle)
    side = -1.0 if framing.flop else 1.0
    turned = np.array([[cos * side, -sin, 0.0], [sin * side, cos, 0.0], [0.0, 0.0, 1.0]])
    back = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, 1.0]])
    there = np.array(
        [[1.0, 0.0, x + framing.right * width], [0.0, 1.0, y + framing.down * width], [0, 0, 1]]
    )
    return np.asarray(there @ turned @ back, np.float64)


def covers(framing: Moved, width: int = 16, height: int = 9) -> bool:
    """Whether the moved picture still covers all of the screen."""
    corners = np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]], np.float64)
    x, y, _ = np.linalg.inv(moved(framing, width, height)) @ corners
    least = -1e-9
    return bool(
        (x >= least).all()
        and (x <= width - least).all()
        and (y >= least).all()
        and (y <= height - least).all()
    )


def onto(framing: Moved | None, width: int, height: int) -> Matrix:
    """What brings the incoming picture onto the outgoing one, whichever side is reframed."""
    if framing is None:
        return np.eye(3)
    matrix = moved(framing, width, height)
    return matrix if framing.side == "incoming" else np.asarray(np.linalg.inv(matrix), np.float64)
