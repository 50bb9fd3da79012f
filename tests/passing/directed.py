"""Plans films of pairs whose movement goes on from one shot to the other, and not the other way.

A moves one way, and for its last `LASTING` seconds another; B begins with the latter and ends with
a third. Two shots that share a movement could be cut either way round within it, since B could be
left, and A entered, while it lasts. What forbids that is stated by `HANDLE`: each shot
must be shown longer than the shared movement lasts. Of subjects, their place forbids it as well:
they are in B where they have come to in A.
"""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np

from matchcut.flavors._movement import effects
from tests.moved.rates import Rates
from tests.passing import casting
from tests.passing.casting import FIGURES, STATUES, Chance
from tests.passing.cutting import LEAST
from tests.passing.draw import mask_of
from tests.passing.script import Film, Pair, Shot, Stance, Way

LASTING = 1.2
"""Seconds of the shared movement, in either shot."""
HANDLE = 2.0
"""Seconds that each shot must be shown, so that the other order is no match."""
APART = 0.3
"""Cosine between two movements that are called different, at most."""


@lru_cache(maxsize=4)
def camera_film(seed: int, pairs: int, rate: Fraction = Fraction(24)) -> Film:
    """A film of shots of 4 to 5.5 seconds without subjects, in which cameras pan, tilt, zoom, roll.

    Every movement is the shared one of some pairs.
    """
    chance = np.random.default_rng([seed, 61])
    shots: list[Shot] = []
    for number in range(pairs):
        shared = _camera(number, chance)
        before, after = _others(shared, chance)
        plates = casting.plates(chance, (0.2, 0.6))
        frames = [round(float(chance.uniform(4, 5.5)) * rate) for _ in "AB"]
        shots += [
            Shot(
                f"{number} A", plates[0], frames[0], frames[0] - 1,
                (Way(camera=before), Way(camera=shared)), (-LASTING,),
            ),
            Shot(
                f"{number} B", plates[1], frames[1], 0,
                (Way(camera=shared), Way(camera=after)), (LASTING,),
            ),
        ]  # fmt: skip
    return _shuffled(f"camera {seed}", "camera", shots, chance, rate)


def _camera(number: int, chance: Chance) -> Rates:
    """One of twelve movements at some speed."""
    share = float(chance.uniform(0.75, 1.25))
    sign = 1 if number % 2 else -1
    match number // 2 % 6:
        case 0:
            return Rates(pan=sign * 0.22 * share)
        case 1:
            return Rates(tilt=sign * 0.16 * share)
        case 2:
            return Rates(zoom=sign * 0.35 * share)
        case 3:
            return Rates(roll=sign * 0.25 * share)
        case 4:
            return Rates(pan=sign * 0.16 * share, tilt=0.12 * share)
        case _:
            return Rates(pan=sign * 0.16 * share, tilt=-0.12 * share)


def _others(shared: Rates, chance: Chance) -> tuple[Rates, Rates]:
    """Two movements unlike the shared one and unlike each other."""
    while True:
        before, after = (_camera(int(chance.integers(12)), chance) for _ in range(2))
        pairs = ((before, shared), (shared, after), (before, after))
        if all(_cosine(one, other) < APART for one, other in pairs):
            return before, after


def _cosine(one: Rates, other: Rates) -> float:
    a, b = effects(one.vector), effects(other.vector)
    return float(a @ b / math.sqrt((a @ a) * (b @ b)))


@lru_cache(maxsize=4)
def action_film(seed: int, pairs: int, rate: Fraction = Fraction(24)) -> Film:
    """A film of shots of 3.2 to 4.2 seconds in which a figure walks before a standing camera.

    In B another figure goes on from where the one in A has come to.
    """
    chance = np.random.default_rng([seed, 62])
    shots: list[Shot] = []
    for number in range(pairs):
        while True:
            drawn = _acted(number, chance, rate)
            if all(_is_seen(shot, rate) for shot in drawn):
                break
        shots += drawn
    return _shuffled(f"action {seed}", "action", shots, chance, rate)


def _acted(number: int, chance: Chance, rate: Fraction) -> tuple[Shot, Shot]:
    angle = number * math.pi / 4 + float(chance.uniform(-0.3, 0.3))
    turned = float(chance.choice((-1, 1)))
    # The three ways lie a third of a turn apart.
    before, shared, after = (
        _going(angle + turned * turn * math.tau / 3, float(chance.uniform(*speed)))
        for turn, speed in ((1, (0.07, 0.12)), (0, (0.16, 0.24)), (2, (0.07, 0.12)))
    )
    plates = casting.plates(chance)
    cast = casting.one([*FIGURES, *STATUES[:2]], chance)
    other = casting.one([*FIGURES, *STATUES[:2]], chance)
    height = round(float(chance.uniform(0.4, 0.6)), 3)
    x, y = (round(0.5 + float(chance.uniform(-0.12, 0.12)), 3) for _ in range(2))
    looks = chance.permutation(casting.PEOPLE)[:2].tolist()
    frames = [round(float(chance.uniform(3.2, 4.2)) * rate) for _ in "AB"]
    leaving = Shot(
        f"{number} A", plates[0], frames[0], frames[0] - 1, (before, shared), (-LASTING,),
        stance=Stance(cast.dressed[0][0], x, y, height), look=looks[0],
    )  # fmt: skip
    entering = Shot(
        f"{number} B", plates[1], frames[1], 0, (shared, after), (LASTING,),
        stance=Stance(other.dressed[0][0], x, y, height), look=looks[1],
    )  # fmt: skip
    return leaving, entering


def _going(angle: float, speed: float) -> Way:
    """A way at so many picture widths a second."""
    velocity = cmath.rect(speed, angle)
    return Way(across=round(velocity.real, 4), down=round(velocity.imag * 16 / 9, 4))


def _is_seen(shot: Shot, rate: Fraction) -> bool:
    """Whether the subject stays in the picture all the time."""
    masks = [
        mask_of(shot, float((frame - shot.at) / rate), 160, 90)
        for frame in (0, shot.frames // 3, shot.frames * 2 // 3, shot.frames - 1)
    ]
    return all(float(mask.mean()) > LEAST for mask in masks)


def _shuffled(name: str, flavor: str, shots: list[Shot], chance: Chance, rate: Fraction) -> Film:
    """The shots in an order of which no pair is next to each other."""
    while True:
        order = [shots[at] for at in chance.permutation(len(shots)).tolist()]
        names = [shot.tag.split()[0] for shot in order]
        if all(one != other for one, other in pairwise(names)):
            break
    planted = tuple(
        Pair("camera" if flavor == "camera" else "action", a.tag, b.tag)
        for a, b in zip(shots[::2], shots[1::2], strict=True)
    )
    return Film(name, tuple(order), planted, rate)
