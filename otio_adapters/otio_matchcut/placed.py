"""Matches that nobody asked a timeline about, put where an editor's timeline shows their cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from opentimelineio.schema import ExternalReference, Timeline

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import ShotInTimeline, settle, shot_of
from otio_matchcut.marking import mark
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.placing import Placement, placements
from otio_matchcut.urls import path_of


def marked_where_shown(timeline: Timeline, matches: Sequence[Match], *, base: Path) -> Timeline:
    """A copy of the timeline with a marker wherever a clip shows the cut frame of an outgoing side.

    A clip shows a file where its media has the file's path, or its name.

    Args:
        timeline: As read.
        matches: Best first.
        base: Folder that relative media paths start from.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, a time is no number.
    """
    marked = timeline
    for place in placements(timeline):
        media = _media(place, base)
        if media is None or not place.enabled:
            continue
        shot = shot_of(timeline, place, media, None)
        shown = [match for match in matches if _shows(shot, match.outgoing)]
        if shown:
            marked = mark(marked, shot, shown)
    return marked


def no_candidates(name: str) -> TimelineError:
    """What is said of a timeline without a marker of ours."""
    return TimelineError(
        "TIMELINE_UNREADABLE",
        f"{name} holds no candidate of ours.",
        "Give an .otio file that `matchcut find -o` or `matchcut scan -o` wrote.",
        timeline=name,
        why="it holds no marker of ours",
    )


def _media(place: Placement, base: Path) -> Path | None:
    reference = place.clip.media_reference
    if not isinstance(reference, ExternalReference) or not reference.target_url.strip():
        return None
    try:
        return path_of(reference.target_url, base)
    except TimelineError:
        # A web address is no file that was searched.
        return None


def _shows(shot: ShotInTimeline, side: MatchSide) -> bool:
    if shot.media != side.path and shot.media.name != side.name:
        return False
    try:
        used = settle(
            shot,
            rate=side.rate,
            start_timecode_frame=side.start_timecode_frame,
            frames=side.source_frames,
        )
    except TimelineError:
        # Another file of that name: the clip uses frames that this one does not have.
        return False
    return used.start <= side.cut_frame < used.end
