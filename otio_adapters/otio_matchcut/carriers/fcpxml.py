"""An event for Final Cut Pro: the films with the ranges that match, and a project that plays them.

FCPXML 1.10, which Final Cut Pro reads from 10.6 on: the newest version whose document type Apple
has published, so that what is written could be held against it. The rules that are kept, and where
each comes from, are in docs/final-cut.md. It was not opened in Final Cut by us.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from otio_matchcut import clock
from otio_matchcut.candidates import clip_name, comment_at_cut
from otio_matchcut.carriers._final_cut import (
    Resources,
    Size,
    add_reframing,
    begin_of,
    plain,
    time_said,
)
from otio_matchcut.carriers._project_frames import Shown, on_frames, project_rate
from otio_matchcut.carriers._xml import add, document
from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.layout import Piece
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.urls import text_of_name

_VERSION = "1.10"
_SOURCE_RATES = {"23.98", "24", "25", "29.97", "30", "47.95", "48", "50", "59.94", "60"}
"""As Apple's document type lists them."""
_SCREEN = (1920, 1080)
"""Of a project whose first film has no known size."""


def write(delivery: Delivery) -> bytes:
    """The document; the project runs at the rate of the first match's outgoing film."""
    layout = delivery.layout
    rate = project_rate(layout.rate)
    root = Element("fcpxml", version=_VERSION)
    resources = Resources(root)
    size = delivery.matches[0].outgoing.size if delivery.matches else None
    screen = size or _SCREEN
    film = resources.format(rate, screen)
    event = add(root, "event", name=plain(f"matchcut {delivery.name}"))
    _add_films(event, resources, layout.pieces)
    _add_collections(event, delivery.matches)
    project = add(event, "project", name=plain(f"{delivery.name} matches"))
    shown = on_frames(layout.pieces, rate)
    drops = rate.denominator == 1001 and any(m.outgoing.drop_frame for m in delivery.matches[:1])
    # An hour of timecode, which is not an hour of time at 23.976.
    origin = clock.frame_of_timecode(f"01:00:00{';' if drops else ':'}00", rate)
    sequence = add(
        project,
        "sequence",
        format=film,
        duration=time_said((shown[-1].end if shown else 0) / rate),
        tcStart=time_said(origin / rate),
        tcFormat="DF" if drops else "NDF",
        audioLayout="stereo",
        audioRate="48k",
    )
    _add_clips(add(sequence, "spine"), resources, shown, rate, origin, screen)
    return document(root, "<!DOCTYPE fcpxml>")


def _add_films(event: Element, resources: Resources, pieces: Sequence[Piece]) -> None:
    """A clip of each whole file, so that editors can trim, with the ranges that are matches."""
    of_film: dict[str, list[Piece]] = {}
    for piece in pieces:
        of_film.setdefault(resources.asset(piece.side), []).append(piece)
    for asset, shown in of_film.items():
        side = shown[0].side
        clip = add(
            event,
            "asset-clip",
            ref=asset,
            name=plain(text_of_name(side.name)),
            start=time_said(begin_of(side)),
            duration=time_said(side.source_frames / side.rate),
            format=resources.format(side.rate, side.size),
            tcFormat=_counting(side),
        )
        ranges = dict.fromkeys(
            (piece.start, piece.end, keyword)
            for piece in shown
            for keyword in (_flavor_keyword(piece.match), _match_keyword(piece.match))
        )
        for start, end, keyword in ranges:
            add(
                clip,
                "keyword",
                start=time_said(begin_of(side) + start / side.rate),
                duration=time_said((end - start) / side.rate),
                value=keyword,
            )


def _add_collections(event: Element, matches: Sequence[Match]) -> None:
    for flavor in dict.fromkeys(_flavor_keyword(match) for match in matches):
        add(event, "keyword-collection", name=flavor)
    if matches:
        folder = add(event, "collection-folder", name="matchcut pairs")
        for keyword in dict.fromkeys(_match_keyword(match) for match in matches):
            add(folder, "keyword-collection", name=keyword)


def _add_clips(
    spine: Element,
    resources: Resources,
    shown: Sequence[Shown],
    rate: Fraction,
    origin: int,
    screen: Size,
) -> None:
    end = 0
    for one in shown:
        if one.offset > end:
            # Its own clock starts at an hour, as in files of Final Cut.
            add(
                spine,
                "gap",
                name="Gap",
                offset=time_said((origin + end) / rate),
                start=time_said(origin / rate),
                duration=time_said((one.offset - end) / rate),
            )
        end = one.end
        side = one.piece.side
        start = begin_of(side) + one.start
        clip = add(
            spine,
            "asset-clip",
            ref=resources.asset(side),
            offset=time_said((origin + one.offset) / rate),
            name=plain(clip_name(one.piece)),
            start=time_said(start),
            duration=time_said(one.length / rate),
            format=resources.format(side.rate, side.size),
            tcFormat=_counting(side),
        )
        if side.rate != rate:
            conform = add(clip, "conform-rate", scaleEnabled="0")
            written = f"{clock.to_float(side.rate):.2f}".removesuffix(".00")
            if written in _SOURCE_RATES:
                conform.set("srcFrameRate", written)
        add_reframing(clip, one.piece, screen)
        if one.piece.which == "incoming":
            add(
                clip,
                "marker",
                start=time_said(start),
                duration=time_said(1 / side.rate),
                value=plain(one.piece.match.label),
                note=plain(comment_at_cut(one.piece.match)),
            )


def _counting(side: MatchSide) -> str:
    return "DF" if side.drop_frame else "NDF"


def _flavor_keyword(match: Match) -> str:
    return _keyword(f"matchcut {match.flavor}")


def _match_keyword(match: Match) -> str:
    return _keyword(match.label)


def _keyword(text: str) -> str:
    # Final Cut takes a comma as the end of a keyword.
    return plain(text).replace(",", ";")


CARRIER = Carrier(
    name="fcpxml",
    suffix=".fcpxml",
    label="an event with the films and their matching ranges, and a project of the matches",
    hosts={
        "fcp": "In Final Cut Pro, File > Import > XML; it asks for the library that gets the event."
    },
    carries=(
        "a keyword range and a keyword collection for each match and flavor, a project of the "
        "matches with a marker at each cut, timecode, mixed rates, a reframing as a transform"
    ),
    loses="marker colours, sound; a flop, and a reframing between sizes, are in the note alone",
    write=write,
)
