"""What an editor made of our markers in the editing application: kept or rejected.

A marker says so by its name, which then begins with `keep` or `reject` (in any case; what follows
is the reason), or else by its colour, where it was turned green or red. A flavor whose own markers
are green or red is told by name, or by the other colour, alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import opentimelineio as otio
from opentimelineio.schema import Marker, Timeline

from otio_matchcut.entries import our_entry
from otio_matchcut.errors import TimelineError
from otio_matchcut.matches import MatchReframing
from otio_matchcut.urls import path_of

Judged: TypeAlias = Literal["keep", "reject"]
COLORS: Mapping[str, Judged] = {"GREEN": "keep", "RED": "reject"}
"""What a colour says that the editor gave to a marker."""

_SAID = re.compile(r"\s*(keep|reject)(?:ed)?\b[\s:,.;-]*(.*)", re.IGNORECASE | re.DOTALL)
_OURS = re.compile(r"#\d+ -?\d+\.\d+ \S+")
"""The name that we give to markers: rank, score, flavor."""


@dataclass(frozen=True, slots=True)
class SideOfMarker:
    """One shot of a match, in frames as timelines count them: by the clock, at the nominal rate."""

    path: Path
    digest: str | None
    """Of the media's content; None where the marker does not say."""
    start_frame: int
    end_frame: int
    """First frame after the shot."""
    cut_frame: int


@dataclass(frozen=True, slots=True)
class JudgedMarker:
    """A marker of ours as the editor left it."""

    judgement: Judged | None
    """None where nothing was made of it."""
    why: str
    """What the editor wrote behind the word; empty where nothing."""
    rank: int
    flavor: str
    score: float
    at_cut: float
    scorer: str
    reframing: MatchReframing | None
    outgoing: SideOfMarker
    incoming: SideOfMarker


def judged_markers(
    timeline: Timeline, base: Path, color_of: Callable[[str], str | None]
) -> list[JudgedMarker]:
    """Every marker of ours in a timeline, in the order in which they stand there.

    Args:
        timeline: Of candidates, or one that was marked.
        base: Folder that relative media paths start from.
        color_of: The colour that we give to markers of a flavor; None where it is not known.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a marker of ours is not whole any more.
    """
    found: list[JudgedMarker] = []
    for marker in _markers(timeline):
        entry = our_entry(marker)
        if entry is not None and "outgoing" in entry:
            found.append(_judged(marker, entry, base, color_of))
    return found


def said_by(name: str, color: str, own_color: str | None) -> tuple[Judged | None, str]:
    """What a marker's name or colour says, and why.

    Args:
        name: The marker's, as it is now.
        color: The same.
        own_color: That in which we wrote it.
    """
    said = _SAID.match(name)
    if said:
        word: Judged = "keep" if said[1].lower() == "keep" else "reject"
        return word, " ".join(_OURS.sub("", said[2]).split())
    return (COLORS.get(color) if color != own_color else None), ""


def _markers(timeline: Timeline) -> Iterator[Marker]:
    yield from timeline.tracks.markers
    for child in timeline.find_children():
        if isinstance(child, otio.core.Item):
            yield from child.markers


def _judged(
    marker: Marker,
    entry: Mapping[str, Any],
    base: Path,
    color_of: Callable[[str], str | None],
) -> JudgedMarker:
    try:
        flavor = str(entry["flavor"])
        judgement, why = said_by(marker.name, marker.color, color_of(flavor))
        reframing = entry.get("reframing")
        return JudgedMarker(
            judgement,
            why,
            rank=int(entry["rank"]),
            flavor=flavor,
            score=float(entry["score"]),
            at_cut=float(entry.get("at_cut", entry["score"])),
            scorer=str(entry.get("scorer", "")),
            reframing=None if reframing is None else MatchReframing(**reframing),
            outgoing=_side(entry["outgoing"], base),
            incoming=_side(entry["incoming"], base),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TimelineError(
            "TIMELINE_UNREADABLE",
            f"The marker '{marker.name}' does not hold a whole match any more ({error}).",
            "Say which candidates are meant by rank, from the --json lines of the search.",
            why=str(error),
        ) from error


def _side(entry: Mapping[str, Any], base: Path) -> SideOfMarker:
    digest = entry.get("digest")
    return SideOfMarker(
        path_of(str(entry["path"]), base),
        None if not digest else str(digest),
        int(entry["start_frame"]),
        int(entry["end_frame"]),
        int(entry["cut_frame"]),
    )
