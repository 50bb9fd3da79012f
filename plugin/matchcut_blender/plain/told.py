"""What the asking thread tells the main thread, and what it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from .matches import Match


@dataclass(frozen=True, slots=True)
class Library:
    """Which library, and how its sidecar is started where none runs."""

    folder: Path
    program: Path | None
    """The `matchcut` program; None for the one along PATH."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which shot matches are wanted for, and of what kind."""

    scene: str
    """Name of the scene that was asked in."""
    strip: str
    """Name of the strip that shows the shot."""
    media: Path
    frame: int
    """Frame of the media, counted from 0, that lies in the shot."""
    flavor: str
    top: int
    """How many candidates at most."""
    min_handle: int
    """Frames that A must have been on screen, and that B must stay."""
    reframe: bool
    """Whether one picture may be moved for a better match."""


@dataclass(frozen=True, slots=True)
class Flavor:
    """A line of the flavor menu."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Working:
    """What is being done now."""

    sentence: str
    share: float | None = None
    """How much of it is done, 0 to 1, where that is known."""


@dataclass(frozen=True, slots=True)
class Flavors:
    """All flavors, in the order of the menu."""

    flavors: tuple[Flavor, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query, roughly cut."""

    matches: tuple[Match, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refined:
    """One match with its best cut."""

    place: int
    """Which of `Found.matches` it takes the place of."""
    match: Match
    note: str
    """Why it could not be refined; else empty."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture of a frame."""

    digest: str
    frame: int
    """Counted in decoded frames."""
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """A sentence that the user should read; the work goes on."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The question has no answer."""

    reason: str
    """The machine's word, as the sidecar or the client gives it."""
    sentence: str
    """What went wrong, for people."""
    next_step: str
    """What the user can do now."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more will be told; `stopped` where the user wished so."""

    stopped: bool


Told: TypeAlias = Working | Flavors | Found | Refined | Picture | Noted | Failed | Ended
