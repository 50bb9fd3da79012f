"""Candidates as files tell them: the `--json` lines of a search, or markers in a timeline.

They name media by path and shots by frames; here they become what a verdict says, for the library
that they were found in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchcut import flavors
from matchcut.engine.blend import blend, lead_flavor
from matchcut.engine.query import KnownFiles, locate, stored_at
from matchcut.engine.snapshot import frame_shown_at
from matchcut.engine.timelines import timeline_errors
from matchcut.engine.verdicts import in_few_words
from matchcut.errors import TimelineRefused, UsageError
from matchcut.library import Library, StoredSource
from matchcut.types import (
    EPOCH,
    JudgedShot,
    Judgement,
    MediaQuery,
    Reframing,
    Shot,
    Span,
    Verdict,
)

if TYPE_CHECKING:
    from otio_matchcut.judging import SideOfMarker


@dataclass(frozen=True, slots=True)
class ToldSide:
    """One shot of a candidate."""

    media: Path
    digest: str | None
    """Of the source; None where the file does not say."""
    start_frame: int
    end_frame: int
    """First frame after the shot."""
    cut_frame: int


@dataclass(frozen=True, slots=True)
class Told:
    """A candidate as a file tells it."""

    rank: int
    flavor: str
    score: float
    at_cut: float
    scorer: str
    reframing: Reframing | None
    outgoing: ToldSide
    incoming: ToldSide
    by_clock: bool
    """Frames are counted by the clock at the nominal rate, as timelines do; else as decoded."""
    judgement: Judgement | None = None
    """What the editor made of it in the file."""
    why: str = ""


def told_in_lines(text: str, name: str) -> list[Told]:
    """The candidates in the `--json` lines of `matchcut find` or `matchcut scan`.

    Raises:
        UsageError: a line is none.
    """
    found: list[Told] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_told(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"Line {number} of {name} is no candidate ({type(error).__name__}: {error}).",
                "Give the output of `matchcut find --json`, `matchcut scan --json`, or an .otio.",
                line=number,
            ) from error
    return found


def _told(fields: Any) -> Told:
    reframing = fields["reframing"]
    return Told(
        rank=int(fields["rank"]),
        flavor=str(fields["flavor"]),
        score=float(fields["score"]),
        at_cut=float(fields["at_cut"]),
        scorer=str(fields.get("scorer") or ""),
        reframing=None if reframing is None else Reframing(**reframing),
        outgoing=_told_side(fields["outgoing"]),
        incoming=_told_side(fields["incoming"]),
        by_clock=False,
    )


def _told_side(fields: Any) -> ToldSide:
    return ToldSide(
        Path(fields["source"]),
        fields.get("digest"),
        int(fields["start_frame"]),
        int(fields["end_frame"]),
        int(fields["cut_frame"]),
    )


def told_in_timeline(path: Path) -> list[Told]:
    """The candidates of our markers in a timeline, and what the editor made of each marker.

    Raises:
        TimelineRefused: it cannot be read, or holds no marker of ours.
    """
    from otio_matchcut import reading
    from otio_matchcut.judging import judged_markers

    with timeline_errors():
        markers = judged_markers(reading.read(path), path.absolute().parent, _color_of)
    if not markers:
        raise TimelineRefused(
            f"{path} holds no marker of ours.",
            "Give a timeline that -o x.otio wrote, as the editing application exported it; if that "
            "drops what markers hold, say the ranks with --from and the search's --json lines.",
            timeline=path,
            why="NO_MARKER",
        )
    return [
        Told(
            rank=one.rank,
            flavor=one.flavor,
            score=one.score,
            at_cut=one.at_cut,
            scorer=one.scorer,
            reframing=None if one.reframing is None else Reframing(**asdict(one.reframing)),
            outgoing=_marked_side(one.outgoing),
            incoming=_marked_side(one.incoming),
            by_clock=True,
            judgement=one.judgement,
            why=one.why,
        )
        for one in markers
    ]


def _marked_side(side: SideOfMarker) -> ToldSide:
    return ToldSide(side.path, side.digest, side.start_frame, side.end_frame, side.cut_frame)


def _color_of(flavor: str) -> str | None:
    known = flavors.flavors().get(lead_flavor(flavor))
    return None if known is None else known.marker_color


def verdicts_on(told: Iterable[tuple[Told, Judgement, str]], library: Library) -> list[Verdict]:
    """Verdicts on candidates that files tell of, with what is said and why, of no time yet.

    Raises:
        MediaMissing, SourceNotIndexed, MediaChanged: a film is none that the library holds.
        UsageError: a candidate names frames that its film does not have.
    """
    files = KnownFiles.of(library)
    return [
        Verdict(
            judgement=judgement,
            outgoing=_judged(one.outgoing, one.by_clock, files),
            incoming=_judged(one.incoming, one.by_clock, files),
            flavor=one.flavor,
            score=one.score,
            at_cut=one.at_cut,
            reframing=one.reframing,
            scorer=one.scorer,
            why=in_few_words(why),
            when=EPOCH,
        )
        for one, judgement, why in told
    ]


def verdict_on_places(
    outgoing: MediaQuery,
    incoming: MediaQuery,
    flavor: str,
    judgement: Judgement,
    why: str,
    library: Library,
) -> Verdict:
    """A verdict on two shots that no search had found, of no time yet.

    Args:
        outgoing: The last frame shown of A.
        incoming: The first frame shown of B.
        flavor: In which they match, or do not.
        judgement: What is said.
        why: In a word or a few.
        library: Holds both.

    Raises:
        FlavorUnknown, BlendWrong: there is no such flavor.
        As `query.locate`: a film or a time is none of the library's.
    """
    files = KnownFiles.of(library)
    sides: list[JudgedShot] = []
    for query in (outgoing, incoming):
        place = locate(query, files)
        shot = _shot_at(library, place.stored, place.frame)
        pts = int(library.frame_pts(shot.source)[place.frame])
        sides.append(JudgedShot(shot.source, shot.span, place.frame, pts))
    return Verdict(
        judgement=judgement,
        outgoing=sides[0],
        incoming=sides[1],
        flavor=blend(flavor).name,
        score=None,
        at_cut=None,
        reframing=None,
        scorer="",
        why=in_few_words(why),
        when=EPOCH,
    )


def _shot_at(library: Library, stored: StoredSource, frame: int) -> Shot:
    shots = library.shots(stored.source.digest, stored.detector)
    return next(shot for shot in shots if shot.start_frame <= frame < shot.end_frame)


def _judged(side: ToldSide, by_clock: bool, files: KnownFiles) -> JudgedShot:
    stored = files.stored.get(side.digest) if side.digest else None
    stored = stored or stored_at(side.media, files)
    source, pts = stored.source, files.library.frame_pts(stored.source.digest)
    frames = [side.start_frame, side.cut_frame, side.end_frame - 1]
    if by_clock:
        shown = [frame_shown_at(source, pts, frame) for frame in frames]
    else:
        shown = [frame if 0 <= frame < stored.frames else None for frame in frames]
    start, cut, last = shown
    if start is None or cut is None or last is None or not start <= cut <= last:
        raise UsageError(
            f"{side.media.name} has {stored.frames} frames, and not the shot from {frames[0]} to "
            f"{frames[2]}, cut at {frames[1]}.",
            "Search again: the file was found in another library, or was changed.",
            media=side.media,
        )
    span = Span(int(pts[start]), int(pts[last + 1]), source.time_base)
    return JudgedShot(source.digest, span, cut, int(pts[cut]))
