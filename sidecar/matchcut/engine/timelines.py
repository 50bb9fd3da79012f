"""The border to OpenTimelineIO: queries out of timelines, candidates into them.

The adapters in `otio_matchcut` do the work on plain values of their own; here their words are
turned into ours and back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.errors import DiskFull, OutputUnwritable, TimelineQueryWrong, TimelineRefused
from matchcut.types import Candidate, MatchSet, PathMap, Reframing, Side, TimelineQuery

if TYPE_CHECKING:
    from opentimelineio.schema import Timeline

    from matchcut.types import Source
    from otio_matchcut.locate import MediaFrames, ShotInTimeline
    from otio_matchcut.mapping import FolderMap
    from otio_matchcut.matches import Match, MatchReframing, MatchSide

WRONG_QUERIES = {"QUERY_INVALID", "TIMECODE_INVALID", "TIME_OUTSIDE", "HOST_UNKNOWN"}
"""Reasons that lie in the question rather than in the timeline."""


@contextmanager
def timeline_errors() -> Iterator[None]:
    """Raises errors of the adapters as ours, with their sentence and next step."""
    from otio_matchcut.errors import TimelineError

    try:
        yield
    except TimelineError as error:
        if error.reason == "DISK_FULL":
            raise DiskFull(error.facts["path"]) from error
        if error.reason == "TIMELINE_UNWRITABLE":
            raise OutputUnwritable(error.sentence, error.next_step, **error.facts) from error
        ours = TimelineQueryWrong if error.reason in WRONG_QUERIES else TimelineRefused
        facts = {**error.facts, "why": error.reason}
        raise ours(error.sentence, error.next_step, **facts) from error


def read_text(path: Path, *, rate: Fraction | None = None, sequence: str | None = None) -> str:
    """A timeline file of any format as the text that a query carries: OTIO JSON.

    Args:
        path: The file.
        rate: Frames a second, for formats that do not say (EDL).
        sequence: Name of the timeline, where a file holds several.

    Raises:
        TimelineRefused: it is missing, or no timeline.
        TimelineQueryWrong: it leaves the rate or the sequence open.
    """
    from otio_matchcut import reading, writing

    with timeline_errors():
        return writing.text_of(reading.read(path, reading.Wanted(rate, sequence)))


def path_maps(maps: Sequence[PathMap]) -> tuple[FolderMap, ...]:
    """The maps as the adapters take them.

    Raises:
        TimelineQueryWrong: one maps a folder whose path is not absolute.
    """
    from otio_matchcut import mapping

    with timeline_errors():
        return tuple(mapping.FolderMap(mapping.folder_of(one.old), one.new) for one in maps)


def shot_in_timeline(query: TimelineQuery) -> ShotInTimeline:
    """The clip that a query means, and the media frames it uses.

    Raises:
        TimelineRefused: the timeline cannot be read, has no such clip, or its media is no file.
        TimelineQueryWrong: the time lies outside of it, or cannot be read.
    """
    from otio_matchcut import locate, reading

    with timeline_errors():
        timeline = reading.parse(query.timeline, query.name)
        return locate.locate(
            timeline,
            base=query.base,
            clip=query.clip,
            at=query.at,
            maps=path_maps(query.maps),
        )


def media_frames(
    shot: ShotInTimeline, source: Source, start_timecode_frame: int, frames: int
) -> MediaFrames:
    """The same in frames of the file, counted from 0 at its nominal rate.

    Raises:
        TimelineQueryWrong: the timeline uses a frame that the file does not have.
    """
    from otio_matchcut import locate

    with timeline_errors():
        return locate.settle(
            shot, rate=source.rate, start_timecode_frame=start_timecode_frame, frames=frames
        )


def write_timeline(timeline: Timeline, output: Path) -> None:
    """Writes a timeline as it was read. Raises as `mark_timeline`."""
    from otio_matchcut import writing

    with timeline_errors():
        writing.write(timeline, output)


def mark_timeline(query: TimelineQuery, found: MatchSet, color: str, output: Path) -> None:
    """Writes the query's timeline with a marker for each candidate, and nothing else changed.

    Raises:
        OutputUnwritable: the file cannot be written.
        DiskFull: there is no room for it.
    """
    from otio_matchcut import reading, writing

    shot = shot_in_timeline(query)
    with timeline_errors():
        timeline = reading.parse(query.timeline, query.name)
        writing.write(writing.mark(timeline, shot, matches_of(found, color)), output)


def write_matches(found: MatchSet, color: str, output: Path) -> None:
    """Writes a timeline of the candidates, trimmed at the cut. Raises as `mark_timeline`."""
    from otio_matchcut import writing

    with timeline_errors():
        timeline = writing.matches_timeline(matches_of(found, color), output.stem)
        writing.write(timeline, output)


def write_table(found: MatchSet, color: str, output: Path) -> None:
    """Writes the candidates as CSV, in decoded frames. Raises as `mark_timeline`."""
    from otio_matchcut import spreadsheet

    with timeline_errors():
        matches = [
            _match(candidate, color, found.pairs_compared, _decoded_side)
            for candidate in found.candidates
        ]
        spreadsheet.write_csv(matches, output)


def matches_of(found: MatchSet, color: str) -> list[Match]:
    """The candidates as the adapters know them, in the frames that timelines count."""
    return [
        _match(candidate, color, found.pairs_compared, _timed_side)
        for candidate in found.candidates
    ]


def _match(
    candidate: Candidate, color: str, pairs_compared: int, side: Callable[[Side], MatchSide]
) -> Match:
    from otio_matchcut.matches import Match, MatchPart

    return Match(
        rank=candidate.rank,
        score=candidate.score,
        flavor=candidate.flavor,
        at_cut=candidate.at_cut,
        exact=candidate.exact,
        outgoing=side(candidate.outgoing),
        incoming=side(candidate.incoming),
        marker_color=color,
        pairs_compared=pairs_compared,
        parts=tuple(
            MatchPart(part.flavor, part.weight, part.score, part.rarity) for part in candidate.parts
        ),
        refined=candidate.refined,
        reframing=_reframing(candidate.reframing),
    )


def _reframing(reframing: Reframing | None) -> MatchReframing | None:
    from otio_matchcut.matches import MatchReframing

    if reframing is None:
        return None
    return MatchReframing(
        side=reframing.side,
        scale=reframing.scale,
        rotation=reframing.rotation,
        right=reframing.right,
        down=reframing.down,
        flop=reframing.flop,
        before=reframing.before,
        after=reframing.after,
    )


def _timed_side(side: Side) -> MatchSide:
    """A side in the frames that a timeline counts: by the clock, at the source's nominal rate.

    At a constant rate they are the decoded frames. At a variable one they are not, and hosts place
    media by time.
    """

    def counted(pts: int) -> int:
        since = (pts - side.source_span.start) * side.source_span.time_base
        return round(since * side.rate)

    cut = counted(side.cut_time.pts)
    start = min(counted(side.span.start), cut)
    end = max(counted(side.span.end), cut + 1)
    return replace(
        _decoded_side(side),
        start_frame=start,
        end_frame=end,
        clean_start_frame=min(max(counted(side.clean.start), start), cut),
        clean_end_frame=max(min(counted(side.clean.end), end), cut + 1),
        cut_frame=cut,
        source_frames=max(counted(side.source_span.end), end),
    )


def _decoded_side(side: Side) -> MatchSide:
    """A side in decoded frames, counted from 0."""
    from otio_matchcut.matches import MatchSide

    return MatchSide(
        path=side.source,
        name=side.source.name,
        rate=side.rate,
        start_timecode_frame=side.start_timecode_frame,
        source_frames=side.source_frames,
        start_frame=side.start_frame,
        end_frame=side.end_frame,
        clean_start_frame=side.clean_start_frame,
        clean_end_frame=side.clean_end_frame,
        size=side.size,
        cut_frame=side.cut_frame,
        timecode=side.timecode,
        shot=side.shot,
        repeats=side.repeats,
        digest=side.digest,
    )
