"""Matches as the plug-in keeps them, for its tests."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from matchcut_blender.plain.frames import Played
from matchcut_blender.plain.matches import Match, Reframing, Side


def side(
    name: str = "a.mov",
    *,
    shot: tuple[int, int] = (100, 200),
    cut: int = 150,
    rate: Fraction = Fraction(25),
    size: tuple[int, int] = (1920, 1080),
) -> Side:
    return Side(
        path=Path("/films") / name,
        digest="0" * 32,
        shot=3,
        rate=rate,
        frames=1000,
        start=shot[0],
        end=shot[1],
        cut=cut,
        decoded_cut=cut,
        timecode="10:00:06:00",
        size=size,
    )


def match(
    rank: int = 1,
    *,
    cut: int = 150,
    into: int = 20,
    flavor: str = "frame",
    reframing: Reframing | None = None,
) -> Match:
    return Match(
        rank=rank,
        score=0.873,
        flavor=flavor,
        at_cut=0.9,
        exact=True,
        refined=True,
        outgoing=side(cut=cut),
        incoming=side("b.mp4", shot=(10, 60), cut=into),
        reframing=reframing,
    )


def played(first: int = 1, end: int = 101, *, source: int = 100) -> Played:
    """A strip of a film and a scene at one rate, trimmed to begin at frame `source`."""
    return Played(
        begin=Fraction(first - source),
        first=first,
        end=end,
        media_first=0,
        media_count=1000,
        step=Fraction(1),
    )
