"""The strip that a question was about, found again, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import bpy

from . import strips
from .plain import entries
from .plain.frames import Played
from .plain.matches import Match
from .plain.told import Query


class CannotApply(Exception):
    """A project cannot be changed as wished, and is as it was: one sentence and the next step."""


@dataclass(frozen=True, slots=True)
class Target:
    """A movie strip as it is now."""

    scene: Any
    strip: Any
    played: Played

    @property
    def doubts(self) -> list[str]:
        """What Blender does not tell of it, as sentences."""
        if not self.played.doubtful:
            return []
        return [
            f"Blender does not tell whether {self.strip.name} plays at its own rate or at the "
            "scene's: the cut may be a frame off."
        ]


def target_of(scene: Any, strip: Any) -> Target:
    """A movie strip and how it is played.

    Raises:
        CannotApply: it is none, or it is retimed.
    """
    if strip.type != "MOVIE":
        raise CannotApply(
            f"{strip.name} is no movie strip. Select one; inside of a meta strip, open that first."
        )
    played = strips.played(scene, strip)
    if played is None:
        raise CannotApply(
            f"{strip.name} is retimed, and Blender does not tell which of its frames are shown. "
            "Ask at a strip that plays at normal speed."
        )
    return Target(scene, strip, played)


def asked_about(query: Query) -> Target:
    """The strip that a question was about.

    Raises:
        CannotApply: it is not there any more, shows another film, or is retimed.
    """
    scene = bpy.data.scenes.get(query.scene)
    strip = None if scene is None else strips.named(scene, query.strip)
    if strip is None or strip.type != "MOVIE" or strips.media(strip) != query.media:
        raise CannotApply(
            f"The strip {query.strip} is not in the scene {query.scene} any more. Ask again."
        )
    return target_of(scene, strip)


def entry(owner: Any) -> entries.Entry:
    """What a scene or a strip holds of ours; empty where it is not ours."""
    return entries.read(owner.get(entries.KEY))


def rates_said(scene: Any, matches: Iterable[Match]) -> list[str]:
    """Which films run at another rate than the scene, as sentences."""
    own = strips.rate(scene)
    others = {one.incoming.rate for one in matches if one.incoming.rate != own}
    if not others:
        return []
    stated = ", ".join(f"{float(rate):.6g}" for rate in sorted(others))
    return [
        f"Films of {stated} frames a second are shown frame for frame at the scene's "
        f"{float(own):.6g}, so they run at another speed."
    ]
