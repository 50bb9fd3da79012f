"""Lists of takes: every movement of a camera with every trouble, and subjects that act."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from tests.moved.grounds import Footage
from tests.moved.rates import Rates
from tests.moved.takes import CLOCKS, Actor, Plan, Take, taken

SPEEDS = (0.0625, 0.125, 0.25, 0.5, 1.0)
"""Widths a second of pans, tilts and diagonals: an octave apart, so that each is a class."""
TURNS = (0.1, 0.2, 0.4, 0.8)
"""Rates of zooms (1 a second) and rolls (radians a second)."""
_VARIED = 0.1
"""Each rate is changed by up to this share, so that no two takes of a class are the same."""
_Thing = TypeVar("_Thing")
STATIC = 8
"""Static takes with each trouble."""
TROUBLES = ("none", "subject", "followed", "shake", "grain", "flicker", "black", "alive", "all")
"""`subject`: one crosses on its own way; `followed`: the camera follows one, which hardly moves in
the picture; `alive`: the ground is a clip in which things move; `all`: a subject, shake, grain and
flicker at once; the others as in `Plan`."""


@dataclass(frozen=True, slots=True)
class CameraTake:
    """A take of which the camera's movement is asked for."""

    take: Take
    kind: str
    """static, pan, tilt, diagonal, zoom or roll."""
    movement: str
    """Kind, direction and speed before it was varied: takes of one movement match each other."""
    trouble: str


@dataclass(frozen=True, slots=True)
class _Recipe:
    kind: str
    movement: str
    rates: Rates


def _recipes() -> list[_Recipe]:
    found = [_Recipe("static", "static", Rates()) for _ in range(STATIC)]
    for speed in SPEEDS:
        for sign, across, down in ((1, "right", "up"), (-1, "left", "down")):
            way = sign * speed
            found.append(_Recipe("pan", f"pan {across} {speed}", Rates(pan=way)))
            found.append(_Recipe("tilt", f"tilt {down} {speed}", Rates(tilt=way)))
    for speed in SPEEDS[::2]:
        for quarter in range(4):
            slant = cmath.rect(speed, math.pi / 4 + quarter * math.pi / 2)
            name = f"diagonal {quarter} {speed}"
            found.append(_Recipe("diagonal", name, Rates(pan=slant.real, tilt=slant.imag)))
    for turn in TURNS:
        for way in (turn, -turn):
            found.append(_Recipe("zoom", f"zoom {way}", Rates(zoom=way)))
            found.append(_Recipe("roll", f"roll {way}", Rates(roll=way)))
    return found


def takes(footage: Footage, seed: int, every: int = 1) -> Iterator[CameraTake]:
    """Every movement with every trouble, one at a time, made as it is asked for.

    Args:
        footage: what the takes are made of.
        seed: of all that is random.
        every: only one of so many, drawn by the seed, for a quick look.
    """
    wanted = [(trouble, recipe) for trouble in TROUBLES for recipe in _recipes()]
    order = np.random.default_rng(seed).permutation(len(wanted))
    for number in sorted(order[: len(wanted) // every].tolist()):
        trouble, recipe = wanted[number]
        rng = np.random.default_rng([seed, number])
        plan = _troubled(_plan(footage, recipe, rng, number), trouble, footage, rng)
        yield CameraTake(taken(plan), recipe.kind, recipe.movement, trouble)


def acted(footage: Footage, seed: int, count: int) -> Iterator[Take]:
    """Subjects on their own way, before cameras that move independently of them.

    Takes 2n and 2n + 1 match: the subject of the second begins where the first one's ends, and goes
    on the same way at nearly the same speed, but it is another one, elsewhere, before a camera that
    does something else.
    """
    for number in range(0, count, 2):
        rng = np.random.default_rng([seed, 1_000_000 + number])
        first, second = (_staged(footage, number + more, rng) for more in (0, 1))
        actor, follower = _actor(footage, rng), _actor(footage, rng)
        half = first.seconds / 2
        ends = first.rates.carried(half, actor.own)(actor.at)
        own = actor.own * rng.uniform(0.9, 1.1)
        begins = second.rates.carried(-half, own).inverse()(ends)
        yield taken(replace(first, actor=actor))
        yield taken(replace(second, actor=replace(follower, own=own, at=begins)))


def _staged(footage: Footage, number: int, rng: np.random.Generator) -> Plan:
    return Plan(
        name=f"action {number}",
        ground=_one(footage.stills, rng),
        rates=_camera(number, rng),
        seed=int(rng.integers(2**31)),
        clock=CLOCKS[number % 4],
        seconds=1.2,
        shake=rng.random() < 0.3,
    )


def _camera(number: int, rng: np.random.Generator) -> Rates:
    """Of each seven: one stands, four move any way across, two zoom."""
    if number % 7 == 0:
        return Rates()
    if number % 7 in (3, 5):
        return Rates(zoom=float(rng.choice([-1, 1]) * rng.uniform(0.1, 0.5)))
    way = cmath.rect(rng.uniform(0.05, 0.3), rng.uniform(0, 2 * math.pi))
    return Rates(pan=way.real, tilt=way.imag)


def _plan(footage: Footage, recipe: _Recipe, rng: np.random.Generator, number: int) -> Plan:
    varied = rng.uniform(1 - _VARIED, 1 + _VARIED)
    pan, tilt, zoom, roll = (float(rate) * varied for rate in recipe.rates.vector)
    return Plan(
        name=recipe.movement,
        ground=_one(footage.stills, rng),
        rates=Rates(pan, tilt, zoom, roll),
        seed=int(rng.integers(2**31)),
        # Sixty frames a second are slow to make: one take in eleven.
        clock=CLOCKS[-1] if number % 11 == 0 else CLOCKS[number % (len(CLOCKS) - 1)],
    )


def _troubled(plan: Plan, trouble: str, footage: Footage, rng: np.random.Generator) -> Plan:
    plan = replace(plan, name=f"{plan.name}, {trouble}")
    match trouble:
        case "subject":
            return replace(plan, actor=_actor(footage, rng))
        case "followed":
            along = -plan.rates.flow(0) + cmath.rect(0.03, rng.uniform(0, 2 * math.pi))
            return replace(plan, actor=replace(_actor(footage, rng), own=along))
        case "shake":
            return replace(plan, shake=True)
        case "grain":
            return replace(plan, grain=True)
        case "flicker":
            return replace(plan, flicker=True)
        case "black":
            return replace(plan, black=(0.75, 1.0) if rng.random() < 0.5 else (0.3, 0.36))
        case "all":
            return replace(plan, actor=_actor(footage, rng), shake=True, grain=True, flicker=True)
        case "alive":
            return replace(plan, ground=_one(footage.clips, rng))
    return plan


def _one(listed: Sequence[_Thing], rng: np.random.Generator) -> _Thing:
    return listed[int(rng.integers(len(listed)))]


def _actor(footage: Footage, rng: np.random.Generator) -> Actor:
    return Actor(
        cutout=_one(footage.cutouts, rng),
        own=cmath.rect(rng.uniform(0.12, 0.45), rng.uniform(0, 2 * math.pi)),
        at=complex(rng.uniform(-0.12, 0.12), rng.uniform(-0.05, 0.05)),
        share=float(rng.uniform(0.06, 0.28)),
    )
