"""Timelines named by editorial case, with the frames that an editor expects of each.

`python -m tests.golden.editorial` writes the timelines and their marked forms to
`tests/golden/timelines`; look at the difference before committing it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.locate import ShotInTimeline, locate
from otio_matchcut.marking import mark
from otio_matchcut.matches import Match, MatchReframing, MatchSide
from otio_matchcut.writing import write
from tests.unit.otio_matchcut.build import clip, gap, span, timeline, track

FOLDER = Path(__file__).parent / "timelines"
BASE = Path("/project")
NTSC = Fraction(30000, 1001)


@dataclass(frozen=True)
class Case:
    make: Callable[[], otio.schema.Timeline]
    asked: dict[str, tuple[str, int]]
    """Record timecode: clip and the media frame (from the media's start) seen there."""
    gaps: tuple[str, ...] = ()
    """Timecodes at which no clip can be seen."""
    offline: tuple[str, ...] = ()
    """Timecodes at which the clip has lost its media."""


def _transition(frames: float) -> otio.schema.Transition:
    offset = RationalTime(frames, 24)
    return otio.schema.Transition("", "SMPTE_Dissolve", offset, offset)


def _straight_cuts_24() -> otio.schema.Timeline:
    return timeline(
        track(
            clip("a", span(10, 24), span(0, 500)),
            clip("b", span(100, 48), span(0, 500)),
            clip("c", span(0, 24), span(0, 24)),
        ),
        name="straight_cuts_24",
    )


def _ntsc_2997_drop_frame() -> otio.schema.Timeline:
    rate = 30000 / 1001
    return timeline(
        track(
            clip("a", span(107892, 1798, 29.97), span(107892, 5000, 29.97)),
            clip("b", span(500, 300, 29.97), span(0, 5000, 29.97)),
        ),
        name="ntsc_2997_drop_frame",
        start=RationalTime(107892, rate),
    )


def _pal_25_start_tc_10h() -> otio.schema.Timeline:
    return timeline(
        track(
            clip("a", span(900000, 50, 25), span(900000, 1000, 25)),
            clip("b", span(900100, 50, 25), None),
        ),
        name="pal_25_start_tc_10h",
        start=RationalTime(900000, 25),
    )


def _dissolve_between() -> otio.schema.Timeline:
    return timeline(
        track(
            clip("a", span(10, 24), span(0, 500)),
            _transition(6),
            clip("b", span(100, 24), span(0, 500)),
        ),
        name="dissolve_between",
    )


def _retime_200() -> otio.schema.Timeline:
    return timeline(
        track(
            clip("fast", span(10, 24), span(0, 500), speed=2),
            clip("slow", span(10, 24), span(0, 500), speed=0.5),
        ),
        name="retime_200",
    )


def _freeze_frame() -> otio.schema.Timeline:
    return timeline(
        track(clip("frozen", span(77, 24), span(0, 500), speed=0), clip("b", span(0, 24))),
        name="freeze_frame",
    )


def _reverse() -> otio.schema.Timeline:
    return timeline(
        track(
            clip("back", span(100, 24), span(0, 500), speed=-1),
            clip("fast_back", span(100, 24), span(0, 500), speed=-2),
        ),
        name="reverse",
    )


def _nested_sequence() -> otio.schema.Timeline:
    inner = otio.schema.Stack(
        "scene",
        children=[
            track(clip("low", span(0, 100), span(0, 500))),
            track(gap(20), clip("high", span(50, 30), span(0, 500))),
        ],
        source_range=span(10, 60),
    )
    return timeline(track(clip("a", span(0, 24)), inner), name="nested_sequence")


def _gap_and_audio_only() -> otio.schema.Timeline:
    return timeline(
        track(clip("a", span(0, 24)), gap(24), clip("b", span(0, 24))),
        track(clip("sound", span(0, 480000, 48000)), kind="Audio"),
        name="gap_and_audio_only",
    )


def _two_tracks_disabled_clip() -> otio.schema.Timeline:
    return timeline(
        track(clip("below", span(0, 72), span(0, 500))),
        track(
            clip("off", span(200, 24), span(0, 500), enabled=False),
            clip("on", span(300, 24), span(0, 500)),
        ),
        name="two_tracks_disabled_clip",
    )


def _missing_media() -> otio.schema.Timeline:
    lost = otio.schema.Clip("lost", otio.schema.MissingReference(), span(0, 24))
    return timeline(track(lost, clip("b", span(0, 24))), name="missing_media")


CASES = {
    "straight_cuts_24": Case(
        _straight_cuts_24,
        {
            "00:00:00:00": ("a", 10),
            "00:00:00:23": ("a", 33),
            "00:00:01:00": ("b", 100),
            "00:00:02:23": ("b", 147),
            "00:00:03:23": ("c", 23),
        },
    ),
    "ntsc_2997_drop_frame": Case(
        _ntsc_2997_drop_frame,
        {
            "01:00:00;00": ("a", 0),
            "01:00:59;27": ("a", 1797),
            "01:00:59;28": ("b", 500),
            "01:01:00;02": ("b", 502),
        },
    ),
    "pal_25_start_tc_10h": Case(
        _pal_25_start_tc_10h,
        {"10:00:00:00": ("a", 0), "10:00:01:24": ("a", 49), "10:00:02:00": ("b", 900100)},
    ),
    "dissolve_between": Case(
        _dissolve_between,
        {"00:00:00:20": ("a", 30), "00:00:00:23": ("a", 33), "00:00:01:00": ("b", 100)},
    ),
    "retime_200": Case(
        _retime_200,
        {
            "00:00:00:00": ("fast", 10),
            "00:00:00:23": ("fast", 56),
            "00:00:01:00": ("slow", 10),
            "00:00:01:01": ("slow", 10),
            "00:00:01:23": ("slow", 21),
        },
    ),
    "freeze_frame": Case(
        _freeze_frame,
        {"00:00:00:00": ("frozen", 77), "00:00:00:23": ("frozen", 77), "00:00:01:01": ("b", 1)},
    ),
    "reverse": Case(
        _reverse,
        {
            "00:00:00:00": ("back", 123),
            "00:00:00:23": ("back", 100),
            "00:00:01:00": ("fast_back", 146),
            "00:00:01:23": ("fast_back", 100),
        },
    ),
    "nested_sequence": Case(
        _nested_sequence,
        {
            "00:00:01:00": ("low", 10),
            "00:00:01:09": ("low", 19),
            "00:00:01:10": ("high", 50),
            "00:00:02:15": ("high", 79),
            "00:00:02:16": ("low", 50),
        },
    ),
    "gap_and_audio_only": Case(
        _gap_and_audio_only,
        {"00:00:00:23": ("a", 23), "00:00:02:00": ("b", 0)},
        gaps=("00:00:01:00", "00:00:01:23", "00:00:05:00"),
    ),
    "two_tracks_disabled_clip": Case(
        _two_tracks_disabled_clip,
        {"00:00:00:10": ("below", 10), "00:00:01:00": ("on", 300), "00:00:02:00": ("below", 48)},
    ),
    "missing_media": Case(
        _missing_media, {"00:00:01:00": ("b", 0)}, offline=("00:00:00:00", "00:00:00:23")
    ),
}


def shot_of(case: Case) -> ShotInTimeline:
    """The case's first question, answered."""
    return locate(case.make(), base=BASE, clip=None, at=next(iter(case.asked)))


def matches_for(shot: ShotInTimeline) -> list[Match]:
    """Two matches that leave the shot in its middle and at its end, the first one reframed."""
    rate = shot.source_rate
    first = shot.media_start or 0

    reframing = MatchReframing(
        "incoming",
        scale=1.125,
        rotation=2.0,
        right=0.03125,
        down=-0.0125,
        flop=True,
        before=0.5,
        after=0.75,
    )

    def match(rank: int, cut: int, reframing: MatchReframing | None) -> Match:
        outgoing = MatchSide(
            path=shot.media,
            name=shot.media.name,
            rate=rate,
            start_timecode_frame=first,
            source_frames=shot.source_end + 1000,
            start_frame=0,
            end_frame=shot.source_end + 500,
            clean_start_frame=0,
            clean_end_frame=shot.source_end + 490,
            cut_frame=cut,
            timecode="00:00:01:00",
            shot=0,
            size=(1920, 1080),
        )
        incoming = MatchSide(
            path=Path("/library/sintel.mp4"),
            name="sintel.mp4",
            rate=Fraction(24),
            start_timecode_frame=0,
            source_frames=1253,
            start_frame=300,
            end_frame=330,
            clean_start_frame=304,
            clean_end_frame=324,
            cut_frame=310,
            timecode="00:00:12:22",
            shot=7,
            size=(1280, 544),
        )
        return Match(
            rank=rank,
            score=0.9 - rank / 100,
            flavor="frame",
            at_cut=0.75,
            exact=True,
            outgoing=outgoing,
            incoming=incoming,
            marker_color="GREEN",
            refined=True,
            reframing=reframing,
        )

    middle = (shot.source_start + shot.source_end) // 2
    return [match(1, middle, reframing), match(2, shot.source_end - 1, None)]


def write_all() -> None:
    """Writes every case: the timeline, it with markers, and its candidates."""
    FOLDER.mkdir(exist_ok=True)
    for name, case in CASES.items():
        shot = shot_of(case)
        write(case.make(), FOLDER / f"{name}.otio")
        write(mark(case.make(), shot, matches_for(shot)), FOLDER / f"{name}.marked.otio")
        write(matches_timeline(matches_for(shot), name), FOLDER / f"{name}.matches.otio")


if __name__ == "__main__":
    write_all()
