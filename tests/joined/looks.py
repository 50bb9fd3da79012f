"""The kinds of film that are joined: how they cut, what troubles them, how they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from tests.joined.cadence import CADENCES, Cadence
from tests.joined.script import Kind, TroubleKind

Mix: TypeAlias = tuple[tuple[Kind, float], ...]
"""Kinds and their weights."""

_MIX: Mix = (
    ("cut", 0.45), ("jump", 0.12), ("dissolve", 0.2), ("fade", 0.1), ("fade white", 0.02),
    ("wipe", 0.11),
)  # fmt: skip
_PULLED_DOWN = Fraction(30000, 1001)


@dataclass(frozen=True, slots=True)
class Look:
    """One kind of film."""

    name: str
    films: int = 1
    """How many of it each half has."""
    minutes: float = 1.25
    """Of each."""
    mix: Mix = _MIX
    seconds: tuple[float, float] = (1.0, 6.0)
    """Shortest and longest time that a shot is seen alone."""
    troubled: float = 0.25
    """Share of the shots long enough that are troubled."""
    troubles: tuple[TroubleKind, ...] = (
        "flash", "lightning", "strobe", "whip", "pass", "exposure", "caption",
    )  # fmt: skip
    bars: Literal["none", "letterbox", "pillarbox", "changing"] = "none"
    dark: float = 0.0
    """Share of the shots at a fifth of their light."""
    grey: bool = False
    grain: float = 0.0
    """Standard deviation of noise, of 255."""
    cadence_name: str = "straight"
    pictures_a_second: int = 24
    rate: Fraction = Fraction(24)
    crf: int = 21
    flagged: bool = False
    """Coded as interlaced, top field first, and marked so."""

    @property
    def cadence(self) -> Cadence:
        return CADENCES[self.cadence_name]


LOOKS = (
    Look("plain", films=3, minutes=2),
    Look("cuts", minutes=1.5, mix=(("cut", 0.7), ("jump", 0.3))),
    Look(
        "fast", minutes=1, seconds=(0.34, 1.25),
        mix=(("cut", 0.85), ("jump", 0.1), ("dissolve", 0.05)),
    ),
    Look(
        "gradual", films=2, minutes=1.5,
        mix=(("dissolve", 0.5), ("fade", 0.2), ("fade white", 0.05), ("wipe", 0.25)),
    ),
    Look("troubles", films=2, minutes=1.75, troubled=0.95, seconds=(2.5, 6.0)),
    Look("letterbox", bars="letterbox"),
    Look("pillarbox", bars="pillarbox"),
    Look("changing bars", bars="changing", troubled=0.8, troubles=("bars", "flash", "pass")),
    Look("black and white", grey=True),
    Look("dark", dark=1.0),
    Look("dark stretches", dark=0.4),
    Look("12 fps", pictures_a_second=12, rate=Fraction(12)),
    Look("doubled", pictures_a_second=12, cadence_name="doubled"),
    Look("repeated", cadence_name="repeated", rate=_PULLED_DOWN),
    Look("telecine", cadence_name="telecine", rate=_PULLED_DOWN),
    Look("interlaced", pictures_a_second=48, cadence_name="top field first", flagged=True),
    Look("unflagged fields", pictures_a_second=48, cadence_name="bottom field first"),
    Look("grain", minutes=1, grain=10.0),
    Look("crf 40", crf=40),
    Look("long takes", minutes=2.5, seconds=(8.0, 20.0), troubled=0.8),
)  # fmt: skip
