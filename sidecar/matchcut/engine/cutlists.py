"""From cut lists (shot lists and timelines) to the transitions of a film."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matchcut.engine.shotlist import transitions_in
from matchcut.engine.snapshot import SourceFrames, drops_frames, start_timecode_frame
from matchcut.engine.timelines import path_maps
from matchcut.errors import CutListRefused, MediaError, NotFoundError, TimecodeInvalid
from matchcut.media.digest import content_digest
from matchcut.media.state import is_online
from matchcut.pipeline import GivenCuts
from matchcut.timecode import frames_a_day, timecode_to_frame
from matchcut.types import CutList, Source, Transition

if TYPE_CHECKING:
    from otio_matchcut.cuts import Edit

SHOT_LIST, EDL = ".json", ".edl"


def given_cuts(cut_list: CutList) -> GivenCuts:
    """What the pipeline asks a cut list for, once it knows the film."""
    return GivenCuts(cut_list.name, partial(transitions_of, cut_list))


def transitions_of(
    cut_list: CutList, source: Source, frame_pts: SourceFrames
) -> tuple[Transition, ...]:
    """Where a film cuts, as its cut list says, in decoded frames.

    Args:
        cut_list: The list.
        source: The film.
        frame_pts: (frames + 1,) as the library stores it.

    Raises:
        CutListRefused: the list cannot be read, or does not fit the film.
    """
    suffix = Path(cut_list.name).suffix.lower()
    if suffix == SHOT_LIST:
        return transitions_in(
            cut_list.text,
            cut_list.name,
            cut_list.media,
            len(frame_pts) - 1,
            partial(_frame_at, source, frame_pts),
        )
    return _whole(_edits(cut_list, suffix, source, frame_pts), source, frame_pts)


def _edits(
    cut_list: CutList, suffix: str, source: Source, frame_pts: SourceFrames
) -> tuple[Edit, ...]:
    from otio_matchcut import cuts, edl, reading
    from otio_matchcut.errors import TimelineError

    duration = (int(frame_pts[-1]) - int(frame_pts[0])) * source.time_base
    film = cuts.Film(
        path=cut_list.media,
        rate=source.rate,
        start_timecode_frame=(
            None if source.start_timecode is None else start_timecode_frame(source)
        ),
        frames=round(duration * source.rate),
        is_at=partial(_is_film, cut_list.media, source),
    )
    try:
        timeline = (
            edl.parse(cut_list.text, cut_list.name, source.rate)
            if suffix == EDL
            else reading.parse(cut_list.text, cut_list.name)
        )
        return cuts.cuts_of(timeline, film, base=cut_list.base, maps=path_maps(cut_list.maps))
    except TimelineError as error:
        facts = {**error.facts, "list": cut_list.name, "why": error.reason}
        raise CutListRefused(error.sentence, error.next_step, **facts) from error


def _is_film(film: Path, source: Source, path: Path) -> bool:
    """Whether a path that a timeline names is the film; one that is offline, by its name alone."""
    if path.name == film.name and (not is_online(path) or path.resolve() == film.resolve()):
        return True
    try:
        return (
            path.is_file()
            and path.stat().st_size == film.stat().st_size
            and content_digest(path) == source.digest
        )
    except (OSError, ValueError, MediaError, NotFoundError):
        return False  # It cannot be looked at, and so it is not the film, which can.


def _whole(
    edits: Sequence[Edit], source: Source, frame_pts: SourceFrames
) -> tuple[Transition, ...]:
    """The edits as transitions between decoded frames: ordered, apart, inside the film."""
    frames = len(frame_pts) - 1
    places = [
        tuple(_shown_from(at, source, frame_pts) for at in (edit.start, edit.cut, edit.end))
        for edit in edits
    ]
    # Two cuts can fall on one frame: what lies between is never shown.
    by_cut = {cut: (start, end) for start, cut, end in places if 0 < cut < frames}
    cuts = sorted(by_cut)
    transitions: list[Transition] = []
    for cut, following in zip(cuts, [*cuts[1:], frames], strict=True):
        start, end = by_cut[cut]
        before = transitions[-1].end if transitions else 0
        transitions.append(Transition(max(start, before), cut, min(end, following)))
    return tuple(transitions)


def _shown_from(nominal: Fraction, source: Source, frame_pts: SourceFrames) -> int:
    """The first frame that is not shown before the `nominal`-th frame of the clock.

    Half a nominal frame is granted, since clocks are written rounded.
    """
    seconds = (nominal - Fraction(1, 2)) / source.rate
    pts = ceil(int(frame_pts[0]) + seconds / source.time_base)
    return int(np.searchsorted(frame_pts[:-1], pts))


def _frame_at(source: Source, frame_pts: SourceFrames, timecode: str) -> int:
    """The frame at which a timecode of the source begins; the number of frames at its end."""
    drop_frame = drops_frames(source)
    try:
        at = timecode_to_frame(timecode, source.rate, drop_frame=drop_frame or None)
    except TimecodeInvalid as error:
        raise ValueError(error.facts.get("why", "it is none at this rate")) from error
    nominal = at - start_timecode_frame(source)
    if nominal < 0:
        nominal += frames_a_day(source.rate, drop_frame=drop_frame)
    return _shown_from(Fraction(nominal), source, frame_pts)
