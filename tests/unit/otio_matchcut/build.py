"""Small timelines and matches for the tests of otio_matchcut, built by code."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from otio_matchcut.matches import Match, MatchReframing, MatchSide

NTSC_FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)


def span(start: float, duration: float, rate: float = 24) -> TimeRange:
    return TimeRange(RationalTime(start, rate), RationalTime(duration, rate))


def clip(
    name: str,
    used: TimeRange | None,
    media: TimeRange | None = None,
    *,
    url: str | None = None,
    speed: float | None = None,
    enabled: bool = True,
) -> otio.schema.Clip:
    """A clip of `<name>.mov`; its media states no range unless given."""
    reference = otio.schema.ExternalReference(
        target_url=f"{name}.mov" if url is None else url, available_range=media
    )
    made = otio.schema.Clip(name, reference, used)
    made.enabled = enabled
    if speed == 0:
        made.effects.append(otio.schema.FreezeFrame())
    elif speed is not None:
        made.effects.append(otio.schema.LinearTimeWarp(time_scalar=speed))
    return made


def gap(duration: float, rate: float = 24) -> otio.schema.Gap:
    return otio.schema.Gap(source_range=span(0, duration, rate))


def track(
    *children: otio.core.Composable, name: str = "", kind: str = "Video"
) -> otio.schema.Track:
    return otio.schema.Track(name, children=list(children), kind=kind)


def timeline(
    *tracks: otio.core.Composable, name: str = "reel", start: RationalTime | None = None
) -> otio.schema.Timeline:
    made = otio.schema.Timeline(name, global_start_time=start)
    made.tracks.extend(tracks)
    return made


def side(
    path: str = "/media/a.mov",
    *,
    rate: Fraction = Fraction(24),
    first: int = 0,
    frames: int = 1000,
    shot: tuple[int, int] = (0, 1000),
    clean: tuple[int, int] | None = None,
    cut: int = 50,
    size: tuple[int, int] | None = (1920, 1080),
) -> MatchSide:
    where = Path(path)
    clean = clean or shot
    return MatchSide(
        path=where,
        name=where.name,
        rate=rate,
        start_timecode_frame=first,
        source_frames=frames,
        start_frame=shot[0],
        end_frame=shot[1],
        clean_start_frame=clean[0],
        clean_end_frame=clean[1],
        cut_frame=cut,
        timecode="00:00:02:02",
        shot=3,
        repeats=("a.mov #7",),
        size=size,
    )


def reframe(
    side: Literal["outgoing", "incoming"] = "incoming",
    *,
    scale: float = 1.25,
    rotation: float = 2.0,
    right: float = 0.05,
    down: float = -0.02,
    flop: bool = True,
) -> MatchReframing:
    return MatchReframing(side, scale, rotation, right, down, flop, before=0.5, after=0.75)


def match(
    rank: int = 1,
    *,
    score: float = 0.873,
    flavor: str = "frame",
    color: str = "GREEN",
    outgoing: MatchSide | None = None,
    incoming: MatchSide | None = None,
    reframing: MatchReframing | None = None,
) -> Match:
    return Match(
        rank=rank,
        score=score,
        flavor=flavor,
        at_cut=0.75,
        exact=True,
        outgoing=outgoing or side(),
        incoming=incoming or side("/media/b é.mov", shot=(200, 400), cut=300),
        marker_color=color,
        pairs_compared=999,
        refined=reframing is not None,
        reframing=reframing,
    )
