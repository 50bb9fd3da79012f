"""Things: discs, a bottle that is also a lighthouse, a tree that is also a parasol, a car.

Things that share an outline under different looks are what match cuts are made of.
"""

from __future__ import annotations

import numpy as np

from tests.film.paint import hull, oval, smooth
from tests.film.sprites import Easel, Sway, tint


def disc(easel: Easel, dressing: str) -> None:
    """A disc that fills its box: a cup from above, a moon, a clock."""
    look, rng = easel.look, easel.rng
    if dressing == "cup":
        easel.shadow([oval(0.04, 0.55, 0.49, 0.49)], 0.55, 0.03)
        easel.shape(oval(0, 0.5, 0.5, 0.5), look.second, round_off=0.05, rough=0.05)
        easel.shape(oval(0, 0.5, 0.40, 0.40), tint(look.second, 0.82), round_off=0.06, rough=0.05)
        easel.shape(oval(0.01, 0.515, 0.365, 0.365), tint(look.second, 0.55), rough=0.05)
        easel.shape(oval(0, 0.5, 0.345, 0.345), look.main, rough=0.15)
        easel.finish()
        for radius, turn in ((0.22, 0.0), (0.13, 2.1), (0.29, 3.6)):
            arc = [
                (r * np.cos(a + turn), 0.5 + r * np.sin(a + turn))
                for r, angles in (
                    (radius, np.linspace(0, 2.2, 20)),
                    (radius - 0.03, np.linspace(2.2, 0, 20)),
                )
                for a in angles
            ]
            easel.shape(arc, look.skin, rough=0.2, strength=0.8)
        easel.shape(oval(-0.13, 0.34, 0.07, 0.025, -40), "fff4e0", rough=0, strength=0.5)
        easel.finish((0.0, 0.5), Sway(degrees=16, hertz=0.25))
        return
    if dressing == "moon":
        easel.shape(oval(0, 0.5, 0.5, 0.5), look.main, round_off=0.16)
        for _ in range(70):
            angle, reach = rng.uniform(0, 2 * np.pi), 0.44 * np.sqrt(rng.uniform())
            x, y = reach * np.cos(angle), 0.5 + reach * np.sin(angle)
            r = min(0.47 - reach, rng.uniform(0.008, 0.05))
            easel.shape(oval(x, y, r, r), tint(look.main, 1.1), strength=0.6)
            easel.shape(oval(x + r * 0.15, y + r * 0.15, r * 0.8, r * 0.8), look.skin, strength=0.5)
        for x, y, rx, ry in (
            (-0.14, 0.33, 0.17, 0.12),
            (0.15, 0.42, 0.12, 0.16),
            (-0.05, 0.62, 0.2, 0.1),
        ):
            easel.shape(smooth(oval(x, y, rx, ry)[::9]), look.hair, strength=0.5)
        easel.finish((0.0, 0.5), Sway(lift=0.004, hertz=0.2))
        return
    easel.shape(oval(0, 0.5, 0.5, 0.5), look.second, round_off=0.05)
    easel.shape(oval(0, 0.5, 0.42, 0.42), look.main, round_off=0.03)
    for hour in range(12):
        a = hour * np.pi / 6
        x, y = np.sin(a), -np.cos(a)
        r = 0.018 if hour % 3 == 0 else 0.009
        easel.shape(hull((0.37 * x, 0.5 + 0.37 * y, r), (0.32 * x, 0.5 + 0.32 * y, r)), look.hair)
    easel.shape(hull((0, 0.53, 0.016), (-0.19, 0.40, 0.01)), look.skin)
    easel.finish((0.0, 0.5))
    easel.shape(hull((0, 0.56, 0.012), (0, 0.19, 0.007)), look.skin)
    easel.shape(oval(0, 0.5, 0.03, 0.03), look.second)
    easel.finish((0.0, 0.5), Sway(degrees=25, hertz=0.3, turn=0.3))


def bottle(easel: Easel, dressing: str) -> None:
    """A bottle's outline: as glass with a label, or as a lighthouse with bands and a lamp."""
    look = easel.look
    body = [
        (-0.12, 0.985),
        (-0.165, 0.98),
        (-0.165, 0.94),
        (-0.165, 0.44),
        (-0.15, 0.36),
        (-0.068, 0.275),
        (-0.06, 0.11),
        (-0.072, 0.1),
        (-0.072, 0.015),
        (0.072, 0.015),
        (0.072, 0.1),
        (0.06, 0.11),
        (0.068, 0.275),
        (0.15, 0.36),
        (0.165, 0.44),
        (0.165, 0.94),
        (0.165, 0.98),
        (0.12, 0.985),
    ]
    easel.shadow([oval(0.09, 0.98, 0.26, 0.025)], 0.55)
    easel.shape(smooth(body, 2), look.main, round_off=0.1)
    if dressing == "lighthouse":
        for top in (0.52, 0.76):
            easel.shape(
                [(-0.163, top), (0.163, top), (0.163, top + 0.12), (-0.163, top + 0.12)],
                look.second,
                round_off=0.08,
            )
        easel.shape([(-0.149, 0.375), (0.149, 0.375), (0.163, 0.43), (-0.163, 0.43)], look.second)
        easel.shape(
            [(-0.06, 0.11), (0.06, 0.11), (0.064, 0.22), (-0.064, 0.22)], look.skin, rough=0
        )
        for x in (-0.03, 0.0, 0.03):
            easel.shape(hull((x, 0.115, 0.003), (x, 0.215, 0.003)), look.hair)
        easel.shape(
            [(-0.07, 0.02), (0.07, 0.02), (0.07, 0.1), (-0.07, 0.1)], look.hair, round_off=0.04
        )
        easel.shape([(-0.03, 0.9), (0.03, 0.9), (0.03, 0.98), (-0.03, 0.98)], look.hair)
        for y in (0.47, 0.7):
            easel.shape([(-0.018, y), (0.018, y), (0.018, y + 0.04), (-0.018, y + 0.04)], look.hair)
    else:
        easel.shape(
            hull((-0.09, 0.47, 0.018), (-0.09, 0.93, 0.018)), look.skin, strength=0.8, rough=0
        )
        easel.shape(
            hull((-0.028, 0.13, 0.009), (-0.03, 0.27, 0.009)), look.skin, strength=0.8, rough=0
        )
        easel.shape(
            hull((0.115, 0.5, 0.012), (0.115, 0.93, 0.012)), tint(look.skin, 0.7), strength=0.5
        )
        easel.shape(
            [(-0.155, 0.56), (0.155, 0.56), (0.155, 0.83), (-0.155, 0.83)],
            look.second,
            round_off=0.08,
        )
        for y, w in ((0.61, 0.1), (0.66, 0.07), (0.74, 0.11), (0.78, 0.08)):
            easel.shape(hull((-w, y, 0.008), (w, y, 0.008)), look.hair, strength=0.8)
        easel.shape(
            [(-0.07, 0.02), (0.07, 0.02), (0.07, 0.12), (-0.07, 0.12)], look.second, round_off=0.04
        )
    easel.finish((0.0, 0.98), Sway(degrees=0.15, hertz=0.4))


def tree(easel: Easel, dressing: str) -> None:
    """A round crown on a trunk: as leaves, or as a parasol on its pole."""
    look, rng = easel.look, easel.rng
    easel.shadow([oval(0.1, 0.98, 0.34, 0.022)], 0.5)
    trunk = smooth(
        [(-0.06, 0.985), (-0.032, 0.8), (-0.026, 0.5), (0.026, 0.5), (0.032, 0.8), (0.06, 0.985)], 2
    )
    easel.shape(trunk, look.second, round_off=0.025)
    easel.finish((0.0, 0.98))
    around = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    bulge = 1 + 0.035 * np.abs(np.sin(3.5 * around + 0.4)) + 0.02 * np.sin(7 * around)
    crown = np.stack(
        [
            0.415 * bulge * np.sign(np.cos(around)) * np.abs(np.cos(around)) ** 0.85,
            0.275 + 0.255 * bulge * np.sin(around),
        ],
        axis=1,
    )
    if dressing == "leaves":
        easel.shape(crown, tint(look.hair, 0.8), round_off=0.12)
        for depth in np.sort(rng.uniform(0, 1, 420)):
            angle, reach = rng.uniform(0, 2 * np.pi), np.sqrt(rng.uniform())
            x, y = 0.385 * reach * np.cos(angle), 0.28 + 0.235 * reach * np.sin(angle)
            lit = 0.55 + 0.3 * depth - 0.45 * (x * 0.8 + (y - 0.28) * 1.6)
            tone = look.skin if lit > 0.85 else look.main if lit > 0.6 else look.hair
            r = rng.uniform(0.016, 0.034)
            easel.shape(
                oval(x, y, r, r * 0.65, rng.uniform(0, 180)),
                tint(tone, rng.uniform(0.7, 1.15)),
                rough=0,
            )
        easel.finish((0.0, 0.9), Sway(degrees=1.1, hertz=0.45))
        return
    easel.shape(crown, look.main, round_off=0.14)
    for k in range(-3, 4, 2):
        a, b = (k - 0.5) * 0.135, (k + 0.5) * 0.135
        gore = [
            (a * 1.0, 0.49 - 0.25 * a * a),
            (b * 1.0, 0.49 - 0.25 * b * b),
            (b * 0.85, 0.25),
            (b * 0.1, 0.02),
            (a * 0.1, 0.02),
            (a * 0.85, 0.25),
        ]
        easel.shape(smooth(gore, 2), look.skin, round_off=0.06, strength=0.92)
    easel.finish((0.0, 0.9), Sway(degrees=0.9, hertz=0.45))


def car(easel: Easel) -> None:
    """A saloon from the side, wheels on the ground; it idles."""
    look = easel.look
    easel.shadow([oval(0.0, 0.965, 1.3, 0.05)], 0.65, 0.025)
    body = [
        (-1.28, 0.80),
        (-1.30, 0.60),
        (-1.18, 0.46),
        (-0.80, 0.40),
        (-0.48, 0.10),
        (-0.30, 0.03),
        (0.32, 0.03),
        (0.52, 0.10),
        (0.86, 0.38),
        (1.18, 0.44),
        (1.29, 0.56),
        (1.30, 0.80),
        (1.2, 0.86),
        (-1.2, 0.86),
    ]
    easel.shape(smooth(body, 2), look.main, round_off=0.14)
    easel.shape(
        [(-1.27, 0.68), (1.28, 0.68), (1.28, 0.83), (-1.26, 0.83)], look.second, round_off=0.08
    )
    panes = (
        [(-0.66, 0.39), (-0.40, 0.13), (-0.06, 0.11), (-0.06, 0.39)],
        [(0.02, 0.11), (0.36, 0.11), (0.68, 0.39), (0.02, 0.39)],
    )
    for pane in panes:
        easel.shape(smooth(pane, 1), look.skin, rough=0.1)
    for x in (-0.5, 0.1):
        easel.shape(
            hull((x, 0.14, 0.012), (x + 0.14, 0.36, 0.012)), "ffffff", strength=0.25, rough=0
        )
    for x in (-0.02, -0.68, 0.66):
        easel.shape(hull((x, 0.42, 0.006), (x, 0.8, 0.006)), tint(look.main, 0.45), rough=0)
    for x in (-0.14, 0.5):
        easel.shape(hull((x, 0.5, 0.013), (x + 0.1, 0.5, 0.013)), "d8d4cc", rough=0)
    easel.shape(oval(-1.22, 0.56, 0.06, 0.055), "fff0c0", rough=0)
    easel.shape(oval(1.24, 0.56, 0.04, 0.06), "b01c14", rough=0)
    easel.shape(hull((-1.26, 0.8, 0.025), (1.26, 0.8, 0.025)), "8c8a86", round_off=0.03)
    easel.finish((0.0, 0.8), Sway(lift=0.005, degrees=0.12, hertz=1.7))
    for x in (-0.78, 0.80):
        easel.shape(oval(x, 0.785, 0.205, 0.205), look.hair, round_off=0.05)
        easel.shape(oval(x, 0.785, 0.125, 0.125), "a8a49c", round_off=0.04)
        for spoke in range(5):
            a = spoke * 2 * np.pi / 5
            tip = (x + 0.09 * np.cos(a), 0.785 + 0.09 * np.sin(a), 0.018)
            easel.shape(hull((x, 0.785, 0.02), tip), "55524e", rough=0)
    easel.finish((0.0, 0.785))
