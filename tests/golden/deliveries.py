"""What carriers are given, by editorial case.

`python -m tests.golden.deliveries` writes what each carrier makes of them to
`tests/golden/carried`; look at the difference before committing it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime

from otio_matchcut.carriers import carriers
from otio_matchcut.clock import timecode_of_frame, to_float
from otio_matchcut.delivery import Delivery, Edited
from otio_matchcut.locate import locate
from otio_matchcut.marking import mark
from otio_matchcut.marks import edited
from otio_matchcut.matches import Match, MatchPart, MatchReframing, MatchSide
from tests.unit.otio_matchcut.build import clip, gap, span, timeline, track

FOLDER = Path(__file__).parent / "carried"
BASE = Path("/project")
FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)
NTSC_TWICE = Fraction(60000, 1001)
FLOPPED = MatchReframing("incoming", 1.125, 2.0, 0.03125, -0.0125, True, before=0.5, after=0.75)


def side(
    path: str,
    rate: Fraction,
    shot: tuple[int, int],
    cut: int,
    *,
    first: int = 0,
    frames: int = 2000,
    drop_frame: bool = False,
    size: tuple[int, int] | None = (1920, 1080),
    clean: tuple[int, int] | None = None,
) -> MatchSide:
    clean = clean or (shot[0] + 4, shot[1] - 6)
    return MatchSide(
        path=Path(path),
        name=Path(path).name,
        rate=rate,
        start_timecode_frame=first,
        source_frames=frames,
        start_frame=shot[0],
        end_frame=shot[1],
        clean_start_frame=clean[0],
        clean_end_frame=clean[1],
        cut_frame=cut,
        timecode=timecode_of_frame(first + cut, rate, drop_frame=drop_frame),
        shot=3,
        size=size,
        digest="b3:0123",
    )


def match(
    rank: int,
    outgoing: MatchSide,
    incoming: MatchSide,
    *,
    color: str = "GREEN",
    flavor: str = "frame",
    reframing: MatchReframing | None = None,
    parts: tuple[MatchPart, ...] = (),
) -> Match:
    return Match(
        rank=rank,
        score=0.9 - rank / 100,
        flavor=flavor,
        at_cut=0.75,
        exact=True,
        outgoing=outgoing,
        incoming=incoming,
        marker_color=color,
        pairs_compared=4950,
        parts=parts,
        refined=True,
        reframing=reframing,
    )


def one_rate(
    name: str, rate: Fraction, *, first: int, start: int, drop_frame: bool = False
) -> Delivery:
    """Two matches out of the second clip of a timeline, all at one rate.

    `first` is the media's first frame in its timecode, `start` the timeline's.
    """
    out = "/media/a.mov"
    matches = (
        match(
            1,
            side(out, rate, (100, 400), 200, first=first, drop_frame=drop_frame),
            side("/media/b.mov", rate, (300, 330), 310, first=first, drop_frame=drop_frame),
            reframing=FLOPPED,
        ),
        match(
            2,
            side(out, rate, (100, 400), 220, first=first, drop_frame=drop_frame),
            side("/media/c.mov", rate, (0, 500), 60, drop_frame=drop_frame),
        ),
    )
    written = to_float(rate)
    made = timeline(
        track(
            clip("title", span(0, 50, written), span(0, 1000, written)),
            clip("a", span(first + 150, 120, written), span(first, 2000, written), url=out),
        ),
        track(gap(300, written), kind="Audio"),
        name=name,
        start=RationalTime(start, written),
    )
    return Delivery(name, matches, _asked(made, matches, "a"))


def _asked(made: otio.schema.Timeline, matches: tuple[Match, ...], clip_name: str) -> Edited:
    shot = locate(made, base=BASE, clip=clip_name, at=None)
    return edited(mark(made, shot, matches))


def _mixed_rates() -> Delivery:
    pal = side("/media/pal.mov", Fraction(25), (100, 400), 200, first=900_000)
    film = side("/media/film.mov", FILM, (100, 400), 130, first=86_400)
    video = side("/media/video.mov", NTSC, (10, 300), 101, first=107_892, drop_frame=True)
    small = side("/media/small.mp4", NTSC_TWICE, (10, 900), 500, size=(1280, 544))
    return Delivery(
        "mixed_rates",
        (
            match(1, pal, film, parts=(MatchPart("frame", 1, 0.9, 3.1),), color="BLUE"),
            match(2, pal, video, reframing=FLOPPED),
            match(3, film, small, color="MAGENTA"),
        ),
    )


def _awkward_names() -> Delivery:
    rate = Fraction(25)
    out = "/media/50% & <more>\t#1 |é|.mov"
    left = side(out, rate, (100, 400), 200)
    matches = (
        match(1, left, side('/media/"two"\nlines; a|b.mov', rate, (100, 400), 130)),
        match(2, left, side("/Ünits/\udcff.mov", rate, (100, 400), 130)),
        match(3, left, side("D:/Rushes 100%/tag #2.mov", rate, (100, 400), 140)),
    )
    made = timeline(
        track(clip("a\tb|c\nd <&>", span(150, 120, 25), span(0, 2000, 25), url=out)),
        name="awkward",
        start=RationalTime(90_000, 25),
    )
    return Delivery("awkward_names", matches, _asked(made, matches, "a\tb|c\nd <&>"))


DELIVERIES: dict[str, Callable[[], Delivery]] = {
    "pal_25_start_tc_10h": lambda: one_rate(
        "pal_25_start_tc_10h", Fraction(25), first=900_000, start=90_000
    ),
    "film_23976": lambda: one_rate("film_23976", FILM, first=86_400, start=86_400),
    "ntsc_2997_drop_frame": lambda: one_rate(
        "ntsc_2997_drop_frame", NTSC, first=107_892, start=107_892, drop_frame=True
    ),
    "ntsc_5994_drop_frame": lambda: one_rate(
        "ntsc_5994_drop_frame", NTSC_TWICE, first=215_784, start=215_784, drop_frame=True
    ),
    "over_midnight": lambda: one_rate(
        "over_midnight", Fraction(25), first=2_160_000 - 210, start=2_160_000 - 80
    ),
    "mixed_rates": _mixed_rates,
    "awkward_names": _awkward_names,
    "nothing": lambda: Delivery("nothing", ()),
}


def carried() -> dict[str, bytes]:
    """By file name, what each carrier of a text format makes of each case.

    Those of OpenTimelineIO are not among them: its goldens are in `timelines`.
    """
    return {
        f"{name}{carrier.suffix}": carrier.write(delivery)
        for name, make in DELIVERIES.items()
        for delivery in [make()]
        for carrier in carriers().values()
        if not carrier.suffix.endswith(".otio")
        and (delivery.edited is not None or not carrier.needs_timeline)
    }


def write_all() -> None:
    """Writes all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in carried().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    write_all()
