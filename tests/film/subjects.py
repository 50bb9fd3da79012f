"""Subjects by name, painted once and kept as sprites at the size they have in the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from tests.film.figures import POSES, aspect_of, close_up, figure
from tests.film.palette import LOOKS
from tests.film.script import Subject
from tests.film.sprites import Easel, Layer
from tests.film.things import bottle, car, disc, tree

KINDS: dict[str, tuple[float, Callable[[Easel], None]]] = {
    **{name: (aspect_of(pose), partial(figure, pose=pose)) for name, pose in POSES.items()},
    "close-up": (1.12, partial(close_up, hair="short", facing=0.0)),
    "close-up long hair": (1.12, partial(close_up, hair="long", facing=0.0)),
    "cup": (1.0, partial(disc, dressing="cup")),
    "moon": (1.0, partial(disc, dressing="moon")),
    "clock": (1.0, partial(disc, dressing="clock")),
    "bottle": (0.42, partial(bottle, dressing="glass")),
    "lighthouse": (0.42, partial(bottle, dressing="lighthouse")),
    "tree": (0.90, partial(tree, dressing="leaves")),
    "parasol": (0.90, partial(tree, dressing="parasol")),
    "car": (2.64, car),
}
"""Width over height of the box, and how it is painted."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A subject's layers, back to front, all of one size."""

    layers: tuple[Layer, ...]
    centre: tuple[float, float]
    """Pixel (x, y) of the middle of the subject's box."""
    scale: float
    """Pixels of the box's height."""


@lru_cache(maxsize=8)
def painted(subject: Subject, height: int) -> Sprite:
    """The sprite of a subject in a picture of `height` lines."""
    aspect, paint = KINDS[subject.kind]
    scale = subject.height * height
    seed = [int(subject.height * 1000), sum(map(ord, subject.kind + subject.look))]
    easel = Easel(scale, aspect, LOOKS[subject.look], np.random.default_rng(seed))
    paint(easel)
    x, top = easel.origin
    return Sprite(tuple(easel.layers), (x, top + scale / 2), scale)
