"""People: whole figures in several poses, and head and shoulders.

A pose is a set of joints in the figure's box; what the look changes is colour and cloth alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.film.paint import hull, oval, smooth
from tests.film.sprites import Easel, Sway, tint

Joint = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """Joints of a figure, left and right as seen in the picture; y grows downwards."""

    head: tuple[float, float, float]
    """x, y, and half the head's height."""
    shoulders: tuple[Joint, Joint]
    elbows: tuple[Joint, Joint]
    hands: tuple[Joint, Joint]
    hips: tuple[Joint, Joint]
    knees: tuple[Joint, Joint]
    feet: tuple[Joint, Joint]
    moving: int = 1
    """Which arm moves: 0 the left one, 1 the right one."""
    arm_swing: float = 6.0
    """Degrees."""
    coat: bool = False
    """A coat down to the knees."""
    stool: bool = False
    """Sits on a block."""


POSES: dict[str, Pose] = {
    "standing": Pose(
        head=(0.0, 0.078, 0.078),
        shoulders=((-0.088, 0.215), (0.088, 0.215)),
        elbows=((-0.135, 0.355), (0.142, 0.35)),
        hands=((-0.125, 0.49), (0.118, 0.475)),
        hips=((-0.05, 0.50), (0.05, 0.50)),
        knees=((-0.064, 0.73), (0.062, 0.73)),
        feet=((-0.075, 0.965), (0.082, 0.965)),
        coat=True,
    ),
    "arms raised": Pose(
        head=(0.0, 0.235, 0.07),
        shoulders=((-0.082, 0.345), (0.082, 0.345)),
        elbows=((-0.19, 0.235), (0.185, 0.23)),
        hands=((-0.225, 0.06), (0.23, 0.055)),
        hips=((-0.047, 0.60), (0.047, 0.60)),
        knees=((-0.088, 0.78), (0.084, 0.78)),
        feet=((-0.125, 0.97), (0.125, 0.97)),
        arm_swing=5.0,
    ),
    "sitting": Pose(
        head=(-0.12, 0.105, 0.1),
        shoulders=((-0.205, 0.285), (-0.035, 0.285)),
        elbows=((-0.25, 0.47), (0.055, 0.46)),
        hands=((-0.10, 0.585), (0.185, 0.555)),
        hips=((-0.175, 0.635), (-0.085, 0.64)),
        knees=((0.13, 0.62), (0.20, 0.64)),
        feet=((0.12, 0.95), (0.24, 0.955)),
        stool=True,
    ),
    "walking": Pose(
        head=(0.02, 0.078, 0.078),
        shoulders=((-0.07, 0.215), (0.085, 0.215)),
        elbows=((-0.155, 0.34), (0.155, 0.345)),
        hands=((-0.19, 0.465), (0.235, 0.435)),
        hips=((-0.04, 0.49), (0.045, 0.49)),
        knees=((-0.095, 0.72), (0.12, 0.70)),
        feet=((-0.215, 0.95), (0.155, 0.965)),
        arm_swing=9.0,
    ),
}


def _limb(
    easel: Easel, a: Joint, b: Joint, ra: float, rb: float, tone: str, pattern: bool = False
) -> None:
    easel.shape(hull((*a, ra), (*b, rb)), tone, round_off=0.03, pattern=pattern)


def _arm(easel: Easel, pose: Pose, side: int, tone: str) -> None:
    r = pose.head[2]
    shoulder, elbow, hand = pose.shoulders[side], pose.elbows[side], pose.hands[side]
    x, y = hand
    easel.shape(oval(x, y + 0.015, r * 0.34, r * 0.42), easel.look.skin, round_off=0.02)
    _limb(easel, shoulder, elbow, r * 0.52, r * 0.42, tone, pattern=True)
    _limb(
        easel,
        elbow,
        (0.88 * x + 0.12 * elbow[0], 0.88 * y + 0.12 * elbow[1]),
        r * 0.42,
        r * 0.32,
        tone,
        pattern=True,
    )


def _head(easel: Easel, x: float, y: float, r: float, *, hair: str) -> None:
    """A head; `hair` is `short`, `long` or `hood`, and long hair is painted before the body."""
    look = easel.look
    w = r * 0.77
    easel.shape(
        hull((x, y + r * 0.5, r * 0.36), (x, y + r * 1.35, r * 0.42)),
        tint(look.skin, 0.8),
        round_off=0.03,
        rough=look.grain * 0.4,
    )
    for side in (-1, 1):
        easel.shape(
            oval(x + side * w * 0.98, y + r * 0.1, r * 0.13, r * 0.2), tint(look.skin, 0.85)
        )
    face = smooth(
        [
            (x - w, y - r * 0.35),
            (x - w * 0.6, y - r),
            (x + w * 0.6, y - r),
            (x + w, y - r * 0.35),
            (x + w * 0.98, y + r * 0.35),
            (x + w * 0.5, y + r * 1.02),
            (x - w * 0.5, y + r * 1.02),
            (x - w * 0.98, y + r * 0.35),
        ]
    )
    easel.shape(
        face, look.skin, round_off=r * 0.55, rough=look.grain * (0.2 if look.details else 0.7)
    )
    cap = [
        (x - w * 1.1, y + r * 0.1),
        (x - w * 1.12, y - r * 0.6),
        (x - w * 0.5, y - r * 1.12),
        (x + w * 0.55, y - r * 1.12),
        (x + w * 1.12, y - r * 0.6),
        (x + w * 1.1, y + r * 0.1),
        (x + w * 0.9, y - r * 0.28),
        (x + w * 0.35, y - r * 0.55),
        (x - w * 0.45, y - r * 0.5),
        (x - w * 0.88, y - r * 0.22),
    ]
    easel.shape(smooth(cap), look.hair, round_off=r * 0.3, rough=max(0.5, look.grain))
    if hair == "long":
        for side in (-1, 1):
            lock = [
                (x + side * w * 0.72, y - r * 0.5),
                (x + side * w * 1.16, y - r * 0.3),
                (x + side * w * 1.28, y + r * 0.6),
                (x + side * w * 1.12, y + r * 1.3),
                (x + side * w * 0.82, y + r * 1.1),
                (x + side * w * 0.9, y + r * 0.3),
            ]
            easel.shape(smooth(lock), look.hair, round_off=r * 0.2, rough=max(0.5, look.grain))
    if r * easel.scale > 22:
        _features(easel, x, y, r, w)


def _features(easel: Easel, x: float, y: float, r: float, w: float) -> None:
    look = easel.look
    deep = tint(look.skin, 0.55)
    for side in (-1, 1):
        ex, ey = x + side * w * 0.42, y - r * 0.02
        easel.shape(oval(ex, ey, r * 0.19, r * 0.12), deep, strength=0.3, rough=0)
        white = "eee8e0" if look.details else tint(look.skin, 1.05)
        easel.shape(oval(ex, ey + r * 0.01, r * 0.13, r * 0.065), white, rough=0)
        iris = "2a201a" if look.details else tint(look.skin, 0.9)
        easel.shape(oval(ex + r * 0.02, ey + r * 0.01, r * 0.062, r * 0.066), iris, rough=0)
        brow = [
            (ex - r * 0.2, ey - r * 0.17),
            (ex, ey - r * 0.25),
            (ex + r * 0.2, ey - r * 0.17),
            (ex, ey - r * 0.2),
        ]
        easel.shape(smooth(brow, 2), look.hair if look.details else deep, rough=0)
        cheek = oval(x + side * w * 0.52, y + r * 0.38, r * 0.2, r * 0.16)
        easel.shape(cheek, tint(look.skin, 0.9), strength=0.15, rough=0)
    nose = [
        (x - r * 0.03, y),
        (x + r * 0.05, y),
        (x + r * 0.14, y + r * 0.38),
        (x - r * 0.1, y + r * 0.4),
    ]
    easel.shape(smooth(nose, 2), tint(look.skin, 0.78), strength=0.6, rough=0)
    lips = "9a4a44" if look.details else deep
    mouth = [
        (x - r * 0.26, y + r * 0.62),
        (x, y + r * 0.57),
        (x + r * 0.26, y + r * 0.62),
        (x, y + r * 0.72),
    ]
    easel.shape(smooth(mouth, 2), lips, strength=0.85, rough=0)
    easel.shape(
        oval(x, y + r * 0.86, r * 0.2, r * 0.06), tint(look.skin, 0.8), strength=0.25, rough=0
    )


def figure(easel: Easel, pose: Pose) -> None:
    """A whole person: shadow, body, head and one arm, each a layer of its own."""
    look = easel.look
    r = pose.head[2]
    easel.shadow(
        [
            oval((a + b) / 2 + 0.05, 0.985, abs(b - a) / 2 + 0.14, 0.024)
            for a, b in [(pose.feet[0][0], pose.feet[1][0])]
        ]
    )
    if pose.stool:
        block = hull(
            (-0.28, 0.68, 0.02), (0.0, 0.68, 0.02), (-0.02, 0.965, 0.02), (-0.26, 0.965, 0.02)
        )
        easel.shape(block, tint(look.second, 0.6), round_off=0.03, rough=0.2)
    for side in (0, 1):
        hip, knee, foot = pose.hips[side], pose.knees[side], pose.feet[side]
        toe = 0.05 if pose.stool or side == 1 else -0.03
        easel.shape(
            hull((foot[0], foot[1], r * 0.32), (foot[0] + toe, foot[1] + 0.008, r * 0.26)),
            look.hair,
            round_off=0.015,
        )
        tone = tint(look.second, 0.85 if side == 0 else 1.0)
        _limb(easel, hip, knee, r * 0.72, r * 0.5, tone)
        _limb(easel, knee, (foot[0], foot[1] - 0.02), r * 0.5, r * 0.34, tone)
    (ax, ay), (bx, by) = pose.shoulders
    (cx, cy), (dx, dy) = pose.hips
    _arm(easel, pose, 1 - pose.moving, tint(look.main, 0.82))
    torso = [(ax, ay, r * 0.55), (bx, by, r * 0.55), (cx, cy, r * 0.66), (dx, dy, r * 0.66)]
    easel.shape(hull(*torso), look.main, round_off=0.055, pattern=True)
    if pose.coat:
        skirt = [
            (cx - 0.05, cy - 0.12),
            (dx + 0.05, dy - 0.12),
            (dx + 0.085, dy + 0.21),
            (cx - 0.085, cy + 0.21),
        ]
        easel.shape(smooth(skirt, 2), look.main, round_off=0.05, pattern=True)
        easel.shape(hull((0.0, ay + 0.02, 0.004), (0.0, cy + 0.2, 0.004)), tint(look.main, 0.5))
    collar = [
        ((ax + bx) / 2 - r * 0.5, ay - r * 0.45),
        ((ax + bx) / 2 + r * 0.5, ay - r * 0.45),
        ((ax + bx) / 2, ay + r * 0.6),
    ]
    easel.shape(collar, tint(look.second, 1.5))
    easel.finish((0.0, 0.97), Sway(stretch=0.005, degrees=0.35, hertz=0.33))
    x, y, _ = pose.head
    _head(easel, x, y, r, hair="short")
    easel.finish((x, y + r * 1.3), Sway(degrees=3.0, hertz=0.47, turn=1.0))
    _arm(easel, pose, pose.moving, look.main)
    easel.finish(pose.shoulders[pose.moving], Sway(degrees=pose.arm_swing, hertz=0.6, turn=0.4))


def close_up(easel: Easel, *, hair: str, facing: float) -> None:
    """Head and shoulders; the box ends at the breast, so it is placed to leave the picture below.

    Args:
        easel: Where it is painted.
        hair: `short` or `long`.
        facing: Shift of the head over the shoulders, share of the box's height.
    """
    look = easel.look
    r, x, y = 0.255, facing, 0.30
    if hair == "long":
        back = [
            (x - r * 0.85, y - r * 0.7),
            (x + r * 0.85, y - r * 0.7),
            (x + r * 1.12, y + r * 0.6),
            (x + r * 1.2, y + r * 1.7),
            (x, y + r * 1.9),
            (x - r * 1.2, y + r * 1.7),
            (x - r * 1.12, y + r * 0.6),
        ]
        easel.shape(smooth(back), tint(look.hair, 0.75), round_off=0.05, rough=max(0.5, look.grain))
    shoulders = [
        (-0.56, 1.06),
        (-0.55, 0.86),
        (-0.46, 0.74),
        (-0.26, 0.665),
        (-0.11, 0.60),
        (0.11, 0.60),
        (0.26, 0.665),
        (0.46, 0.74),
        (0.55, 0.86),
        (0.56, 1.06),
    ]
    neck = hull((x, y + r * 0.7, r * 0.42), (x * 0.4, 0.64, r * 0.52))
    skin_rough = look.grain * (0.3 if look.details else 0.8)
    easel.shape(neck, tint(look.skin, 0.72), round_off=0.07, rough=skin_rough)
    easel.shape(smooth(shoulders), look.main, round_off=0.16, pattern=True)
    opening = [(-0.105, 0.59), (0.105, 0.59), (0.0, 0.80)]
    easel.shape(smooth(opening, 1), tint(look.skin, 0.85), round_off=0.05, rough=skin_rough)
    for side in (-1, 1):
        lapel = [(side * 0.1, 0.585), (side * 0.19, 0.64), (side * 0.02, 0.93), (0.0, 0.80)]
        easel.shape(lapel, tint(look.main, 0.72 if side > 0 else 1.2), pattern=True)
    easel.finish((0.0, 1.3), Sway(stretch=0.010, degrees=0.9, hertz=0.35))
    _head(easel, x, y, r, hair=hair)
    easel.finish((x, y + r * 1.2), Sway(degrees=2.2, lift=0.006, hertz=0.55, turn=0.8))


def aspect_of(pose: Pose) -> float:
    """Width over height of the smallest box, centred on x = 0, that holds the pose."""
    joints = np.array([*pose.elbows, *pose.hands, *pose.knees, *pose.feet, *pose.shoulders])
    return float(2 * np.abs(joints[:, 0]).max() + 0.16)
