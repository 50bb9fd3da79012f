"""Who is in a passing film, where, and before what: drawn by chance from what can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tests.film.plates import KINDS as PLATES
from tests.film.script import Plate
from tests.passing.poses import POSES
from tests.passing.script import Framing, Gesture, Stance, Way
from tests.passing.stance import covers

Chance = np.random.Generator
_Thing = TypeVar("_Thing")

PEOPLE = (
    "charcoal coat", "red coat", "yellow raincoat", "blue stripes", "green check", "white shirt",
    "lilac", "teal knit", "stone", "bronze",
)  # fmt: skip
"""Looks of figures; the last two are statues."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Kinds that share one outline, each with the looks it may have."""

    dressed: tuple[tuple[str, tuple[str, ...]], ...]
    low: float
    """Least height of the box, share of the picture's height."""
    high: float
    one_sided: bool
    """Whether the outline tells left from right."""
    person: bool = True


FIGURES: tuple[Cast, ...] = tuple(
    Cast(((name, PEOPLE),), 0.55, 0.85, name != "arms raised") for name in POSES
)
"""People who can change their pose."""
STATUES: tuple[Cast, ...] = (
    Cast((("standing", PEOPLE),), 0.6, 0.85, False),
    Cast((("sitting", PEOPLE),), 0.55, 0.8, True),
    Cast((("close-up", PEOPLE),), 0.7, 0.95, False),
    Cast((("close-up long hair", PEOPLE),), 0.7, 0.95, False),
)
"""People who keep their pose."""
THINGS: tuple[Cast, ...] = (
    Cast(
        (("cup", ("coffee",)), ("moon", ("moon",)), ("clock", ("clock",))), 0.4, 0.65, False, False
    ),
    Cast(
        (("bottle", ("green glass", "brown glass")), ("lighthouse", ("lighthouse",))),
        0.6, 0.85, False, False,
    ),
    Cast((("tree", ("oak tree", "blossom")), ("parasol", ("parasol",))), 0.55, 0.8, False, False),
    Cast((("car", ("red saloon", "cream saloon", "taxi")),), 0.24, 0.36, False, False),
)  # fmt: skip

_PALETTES: dict[str, tuple[str, ...]] = {
    "bricks": ("brickred", "slate", "mint", "teal"),
    "city": ("overcast", "winter", "dusk", "night", "teal"),
    "coast": ("golden", "noon", "dusk", "winter"),
    "dunes": ("desert", "rose", "golden"),
    "foliage": ("meadow", "autumn", "teal"),
    "forest": ("autumn", "overcast", "mint"),
    "hall": ("slate", "rose", "oak"),
    "hills": ("noon", "golden", "autumn", "overcast"),
    "lights": ("night", "dusk"),
    "night_sky": ("night", "dusk"),
    "room": ("oak", "rose", "teal"),
    "shelves": ("oak", "slate", "mint"),
    "table": ("oak", "rose"),
}


def one(listed: Sequence[_Thing], chance: Chance) -> _Thing:
    """Any one of them."""
    return listed[int(chance.integers(len(listed)))]


def plates(chance: Chance, blur: tuple[float, float] = (0.8, 2.0)) -> tuple[Plate, Plate]:
    """Two places of different kinds, as far out of focus as is usual behind a subject."""
    kinds = chance.permutation(sorted(PLATES))[:2].tolist()
    first, second = (
        Plate(
            kind, one(_PALETTES[kind], chance), int(chance.integers(1 << 20)),
            round(float(chance.uniform(*blur)), 2),
        )
        for kind in kinds
    )  # fmt: skip
    return first, second


def dressed(cast: Cast, chance: Chance) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two (kind, look) of one outline, never the same look."""
    listed = [(kind, look) for kind, looks in cast.dressed for look in looks]
    first, second = chance.permutation(len(listed))[:2].tolist()
    return listed[first], listed[second]


def stance(kind: str, cast: Cast, chance: Chance, room: float = 0.5) -> Stance:
    """A pose in the picture, within so many widths of its middle as there is `room`."""
    height = float(chance.uniform(cast.low, cast.high))
    if kind.startswith("close-up"):
        y = 0.62 + float(chance.uniform(-0.03, 0.03))
    else:
        spare = max(0.0, (0.94 - height) / 2)
        y = 0.5 + float(chance.uniform(-spare, spare))
    x = 0.5 + float(chance.uniform(-room, room)) * 0.5
    return Stance(kind, round(x, 3), round(y, 3), round(height, 3))


WAYS = ("cross", "rise", "near", "slant", "gesture")


def way(name: str, chance: Chance) -> Way:
    """How a subject moves, of one of `WAYS`."""

    def some(low: float, high: float) -> float:
        return round(float(chance.choice((-1, 1)) * chance.uniform(low, high)), 3)

    match name:
        case "cross":
            return Way(across=some(0.08, 0.18), down=some(0, 0.02))
        case "rise":
            return Way(across=some(0, 0.01), down=some(0.12, 0.25))
        case "near":
            return Way(across=some(0, 0.015), growth=some(0.16, 0.3))
        case "slant":
            return Way(across=some(0.06, 0.12), down=some(0.08, 0.15), growth=some(0, 0.08))
        case _:
            return Way(across=some(0.01, 0.03), down=some(0, 0.02))


def gesture(kind: str, chance: Chance, lively: bool) -> Gesture:
    """Poses before and after, none of them the known one."""
    others = [name for name in POSES if name != kind]
    before, after = chance.permutation(len(others))[:2].tolist()
    low, high = (1.0, 1.6) if lively else (2.0, 3.0)
    return Gesture(others[before], others[after], round(float(chance.uniform(low, high)), 2))


def framing(side: int, parts: frozenset[str], chance: Chance) -> Framing:
    """A reframing that can be done and is worth it, of these parts: see `PARTS`."""
    while True:
        scale = float(chance.uniform(1.05, 1.35)) if "scale" in parts else 1.0
        turn = float(chance.choice((-1, 1)) * chance.uniform(1.5, 4.5))
        rotation = turn if "rotation" in parts else 0.0
        room = (scale - 1) / 2
        right, down = chance.uniform(-room, room, 2) if "shift" in parts else (0.0, 0.0)
        found = Framing(
            "incoming" if side else "outgoing", round(scale, 3), round(rotation, 2),
            round(float(right), 4), round(float(down) * 9 / 16, 4), "flop" in parts,
        )  # fmt: skip
        worth = "shift" not in parts or abs(found.right) > 0.02
        if worth and covers(found):
            return found


PARTS: tuple[frozenset[str], ...] = tuple(
    frozenset(parts.split())
    for parts in (
        "scale", "flop", "scale shift", "scale rotation", "scale shift rotation",
        "scale shift flop", "scale rotation flop", "scale shift rotation flop",
    )
)  # fmt: skip
"""What reframings are made of: without scale there is no room to shift or to turn."""
