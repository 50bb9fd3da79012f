"""Where a film cuts, read from a timeline: as its edit, or as what uses it.

Two readings, chosen by what the timeline holds. Where a visible clip has the film as its media, the
ends of the media ranges that such clips use are cuts of the film. Else the timeline is the edit of
which the film is the render: its picture is flattened (the topmost visible clip, as `locate` sees
it: gaps, disabled clips and generators let the track below through), and where one picture gives
way to another the film cuts. Black is a picture too. A through edit, which goes on with the next
frame of the same media, is no cut; unless there is nothing else, since then the timeline is what an
application's own scene detection has made of one film. A transition on the track lasts from where
it begins to where it ends; inside of a nested sequence that runs backwards it counts as a hard cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from opentimelineio.schema import (
    Clip,
    ExternalReference,
    GeneratorReference,
    ImageSequenceReference,
    Timeline,
)

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import first_frame, record_to_media, settle, shot_of
from otio_matchcut.mapping import FolderMap
from otio_matchcut.placing import Crossing, Placement, crossings, placements, record_rate
from otio_matchcut.sources import frames_of_file, source_clock
from otio_matchcut.urls import path_of

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Film:
    """What must be known of a film to find its cuts in a timeline."""

    path: Path
    rate: Fraction
    """Nominal, exact."""
    start_timecode_frame: int | None
    """Frame number of its first frame in its own timecode; None where it has none."""
    frames: int
    """How many it has, counted by the clock at `rate`."""
    is_at: Callable[[Path], bool]
    """Whether a path that a timeline names is this film."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Where one shot of a film gives way to the next, in frames counted from the film's first.

    Frames are those of the clock at the film's nominal rate, exact and not always whole.
    """

    start: Fraction
    """Where the transition begins; equal to `cut` at a hard cut, as `end` is."""
    cut: Fraction
    """Where the new shot takes over."""
    end: Fraction
    """Where the transition ends."""


def cuts_of(
    timeline: Timeline, film: Film, *, base: Path, maps: Sequence[FolderMap] = ()
) -> tuple[Edit, ...]:
    """The cuts of a film inside of it, in order, each place once.

    Args:
        timeline: As `reading` or `edl` gives it.
        film: The film.
        base: Folder that relative media paths start from.
        maps: Folders that lie elsewhere on this machine.

    Raises:
        TimelineError: CLIP_NOT_FOUND, there is no picture; TIME_OUTSIDE, it cuts or uses the film
            where the film has no frame; TIMELINE_UNREADABLE.
    """
    seen = [place for place in placements(timeline) if place.enabled]
    if not seen:
        raise TimelineError(
            "CLIP_NOT_FOUND",
            f"There is no video clip to be seen in the timeline '{timeline.name}'.",
            "Give a timeline that shows video clips.",
            timeline=timeline.name,
        )
    using = [place for place in seen if _uses(place.clip, film, base, maps)]
    if using:
        return _ends_of_used(timeline, using, film)
    return _record_cuts(timeline, seen, film, base)


def _uses(clip: Clip, film: Film, base: Path, maps: Sequence[FolderMap]) -> bool:
    """Whether the film is the clip's media; a clip without an address is known by its name."""
    reference = clip.media_reference
    if isinstance(reference, ExternalReference) and reference.target_url.strip():
        try:
            return film.is_at(path_of(reference.target_url, base, maps))
        except TimelineError:
            return False  # A web address.
    if isinstance(reference, GeneratorReference | ImageSequenceReference):
        return False
    return clip.name in (film.path.name, film.path.stem)


def _ends_of_used(timeline: Timeline, using: Sequence[Placement], film: Film) -> tuple[Edit, ...]:
    ends: set[int] = set()
    for place in using:
        used = settle(
            shot_of(timeline, place, film.path, place.start),
            rate=film.rate,
            start_timecode_frame=film.start_timecode_frame or 0,
            frames=film.frames,
        )
        ends |= {used.start, used.end}
    return tuple(
        Edit(Fraction(end), Fraction(end), Fraction(end)) for end in sorted(ends - {0, film.frames})
    )


def _record_cuts(
    timeline: Timeline, seen: Sequence[Placement], film: Film, base: Path
) -> tuple[Edit, ...]:
    rate = record_rate(timeline)
    frames = rate * frames_of_file(rate, film.rate)
    pictures = list(_flattened(seen))
    origin = _origin(timeline, film, pictures[-1][0] * frames)
    by_cut: dict[Fraction, list[Crossing]] = defaultdict(list)
    for crossing in crossings(timeline):
        by_cut[crossing.cut].append(crossing)
    meetings = [(old, at, new) for (_, old), (at, new) in pairwise(pictures)]
    changes = [one for one in meetings if not _goes_on(*one, base)]
    if all(old is None or new is None for old, _, new in changes):
        changes = meetings
    edits = []
    for old, at, new in changes:
        crossed = [one for one in by_cut[at] if _joins(one, old, new)]
        before = crossed[0].before if crossed else 0
        after = crossed[0].after if crossed else 0
        edits.append(
            Edit(
                origin + (at - before) * frames,
                origin + at * frames,
                origin + (at + after) * frames,
            )
        )
    # What the film shows before and after the timeline is none of its clips.
    if pictures[0][1] is not None:
        edits.insert(0, Edit(origin, origin, origin))
    last = edits[-1].cut if edits else origin
    if last > film.frames + 1:
        raise TimelineError(
            "TIME_OUTSIDE",
            f"The timeline '{timeline.name}' cuts at frame {int(last)} of {film.path.name}, which "
            f"has {film.frames} frames.",
            "Give the timeline of which this film is the render.",
            at=int(last),
            what=film.path.name,
            start=0,
            end=film.frames - 1,
        )
    return tuple(edit for edit in edits if 0 < edit.cut < film.frames)


def _flattened(seen: Sequence[Placement]) -> Iterator[tuple[Fraction, Placement | None]]:
    """The picture from each record second on; None for black. The last one is black."""
    begins: dict[Fraction, list[int]] = defaultdict(list)
    ends: dict[Fraction, list[int]] = defaultdict(list)
    for number, one in enumerate(seen):
        begins[one.start].append(number)
        ends[one.end].append(number)
    shown: set[int] = set()
    last: Placement | None = None
    first = True
    for at in sorted({Fraction(0), *begins, *ends}):
        shown = (shown - set(ends[at])) | set(begins[at])
        top = max(shown, key=lambda number: (not _generated(seen[number]), number), default=None)
        place: Placement | None = None
        if top is not None and not _is_black(seen[top]):
            place = seen[top]
        if first or place is not last:
            yield at, place
        first, last = False, place


def _generated(place: Placement) -> bool:
    return isinstance(place.clip.media_reference, GeneratorReference)


def _is_black(place: Placement) -> bool:
    reference = place.clip.media_reference
    return isinstance(reference, GeneratorReference) and reference.generator_kind == "black"


def _origin(timeline: Timeline, film: Film, length: Fraction) -> Fraction:
    """The frame of the film at which the timeline begins.

    By the film's own timecode where the whole timeline lies inside the film by it, else the first.
    """
    if film.start_timecode_frame is not None:
        first = first_frame(timeline) * frames_of_file(record_rate(timeline), film.rate)
        place = first - film.start_timecode_frame
        if place >= 0 and place + length <= film.frames:
            return place
    return Fraction(0)


def _goes_on(old: Placement | None, at: Fraction, new: Placement | None, base: Path) -> bool:
    """Whether a cut is a through edit: the same media, at the same speed, with its next frame."""
    if old is None or new is None:
        return False
    media = _media(old.clip, base)
    if media is None or media != _media(new.clip, base):
        return False
    clocks = [source_clock(place.clip) for place in (old, new)]
    (slope, offset), (new_slope, new_offset) = (
        record_to_media(source, place) for source, place in zip(clocks, (old, new), strict=True)
    )
    if clocks[0].rate != clocks[1].rate or slope != new_slope:
        return False
    return abs(slope * at + offset - new_slope * at - new_offset) < _HALF


def _media(clip: Clip, base: Path) -> object:
    """What two clips of one media have in common; None where that cannot be known."""
    reference = clip.media_reference
    if isinstance(reference, ExternalReference) and reference.target_url.strip():
        try:
            return path_of(reference.target_url, base)
        except TimelineError:
            return reference.target_url
    if isinstance(reference, ImageSequenceReference):
        return (reference.target_url_base, reference.name_prefix, reference.name_suffix)
    if isinstance(reference, GeneratorReference) or not clip.name:
        return None
    cmx = clip.metadata.get("cmx_3600", {})
    return (clip.name, cmx.get("reel") if hasattr(cmx, "get") else None)


def _joins(crossing: Crossing, old: Placement | None, new: Placement | None) -> bool:
    """Whether a transition lies between two pictures rather than on a track that is not seen."""
    *track, index = crossing.address
    return _lies_at(old, (*track, index - 1)) or _lies_at(new, (*track, index + 1))


def _lies_at(place: Placement | None, address: tuple[int, ...]) -> bool:
    return place is not None and place.address[: len(address)] == address
