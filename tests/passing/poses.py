"""People in more poses than standing models have, and between any two of them.

All are dressed alike and none sits, so that each can become each other by moving its joints.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from tests.film import figures
from tests.film.figures import Joint, Pose, aspect_of, figure
from tests.film.palette import LOOKS
from tests.film.sprites import Easel
from tests.film.subjects import Sprite

STEPS = 24
"""Pictures between two poses."""

POSES: dict[str, Pose] = {
    "walking": figures.POSES["walking"],
    "arms raised": figures.POSES["arms raised"],
    "reaching": Pose(
        head=(0.03, 0.078, 0.078),
        shoulders=((-0.07, 0.215), (0.085, 0.215)),
        elbows=((-0.12, 0.35), (0.22, 0.25)),
        hands=((-0.10, 0.48), (0.36, 0.22)),
        hips=((-0.04, 0.49), (0.045, 0.49)),
        knees=((-0.06, 0.72), (0.09, 0.71)),
        feet=((-0.10, 0.965), (0.12, 0.965)),
    ),
    "lunging": Pose(
        head=(0.10, 0.20, 0.075),
        shoulders=((0.02, 0.32), (0.16, 0.33)),
        elbows=((-0.10, 0.42), (0.28, 0.40)),
        hands=((-0.22, 0.47), (0.40, 0.38)),
        hips=((-0.03, 0.60), (0.05, 0.60)),
        knees=((-0.17, 0.77), (0.22, 0.70)),
        feet=((-0.34, 0.96), (0.24, 0.965)),
    ),
    "bowing": Pose(
        head=(0.27, 0.31, 0.075),
        shoulders=((0.12, 0.36), (0.20, 0.42)),
        elbows=((0.12, 0.54), (0.26, 0.56)),
        hands=((0.14, 0.68), (0.30, 0.70)),
        hips=((-0.05, 0.52), (0.04, 0.53)),
        knees=((-0.05, 0.74), (0.05, 0.74)),
        feet=((-0.06, 0.965), (0.07, 0.965)),
    ),
    "crouching": Pose(
        head=(0.05, 0.40, 0.078),
        shoulders=((-0.06, 0.53), (0.10, 0.53)),
        elbows=((-0.15, 0.66), (0.22, 0.63)),
        hands=((-0.06, 0.76), (0.27, 0.72)),
        hips=((-0.08, 0.77), (0.02, 0.77)),
        knees=((0.07, 0.70), (0.17, 0.74)),
        feet=((-0.05, 0.965), (0.11, 0.965)),
    ),
    "kicking": Pose(
        head=(-0.07, 0.09, 0.078),
        shoulders=((-0.13, 0.225), (0.02, 0.225)),
        elbows=((-0.24, 0.30), (0.13, 0.31)),
        hands=((-0.33, 0.22), (0.23, 0.26)),
        hips=((-0.05, 0.50), (0.04, 0.50)),
        knees=((-0.05, 0.73), (0.19, 0.57)),
        feet=((-0.06, 0.965), (0.35, 0.62)),
    ),
    "pointing up": Pose(
        head=(0.0, 0.235, 0.07),
        shoulders=((-0.07, 0.345), (0.085, 0.345)),
        elbows=((-0.12, 0.46), (0.17, 0.22)),
        hands=((-0.09, 0.58), (0.26, 0.06)),
        hips=((-0.045, 0.60), (0.045, 0.60)),
        knees=((-0.07, 0.78), (0.08, 0.78)),
        feet=((-0.09, 0.97), (0.13, 0.97)),
    ),
}


def between(one: str, other: str, share: float) -> Pose:
    """The pose at a share of the way from one to another, joint by joint."""
    a, b = POSES[one], POSES[other]

    def part(left: Joint, right: Joint) -> Joint:
        return (
            left[0] + (right[0] - left[0]) * share,
            left[1] + (right[1] - left[1]) * share,
        )

    def parts(name: str) -> tuple[Joint, Joint]:
        (left, right), (there, here) = getattr(a, name), getattr(b, name)
        return part(left, there), part(right, here)

    x, y = part(a.head[:2], b.head[:2])
    return replace(
        a,
        head=(x, y, a.head[2] + (b.head[2] - a.head[2]) * share),
        shoulders=parts("shoulders"),
        elbows=parts("elbows"),
        hands=parts("hands"),
        hips=parts("hips"),
        knees=parts("knees"),
        feet=parts("feet"),
    )


@lru_cache(maxsize=256)
def painted(one: str, other: str, step: int, look: str, scale: float) -> Sprite:
    """A figure `step` of `STEPS` steps from one pose to another, its box `scale` pixels high."""
    pose = between(one, other, step / STEPS)
    easel = Easel(scale, aspect_of(pose), LOOKS[look], np.random.default_rng(len(look)))
    figure(easel, pose)
    x, top = easel.origin
    return Sprite(tuple(easel.layers), (x, top + scale / 2), scale)
