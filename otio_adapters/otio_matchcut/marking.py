"""Matches as markers on the queried clip of the editor's own timeline.

Where: on the clip, in its source time, which is where Resolve writes and reads clip markers; at the
last frame shown of the outgoing shot, as the clip plays it. A cut frame outside of what the clip
uses gets the nearest frame that it does use. Since hosts show one marker a frame (Resolve keeps no
more), matches at one cut frame stand side by side from there on, best first, and never on a frame
that holds somebody else's marker. The comment says both; the exact frame is in the metadata.

What is ours: a marker with a dictionary under `metadata["matchcut"]`. Marking again replaces our
markers of the same flavor on the same clip, wherever a host has moved them to; those of other
flavors and other clips stay, and so does everything that is not ours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, Marker, Timeline

from otio_matchcut import clock
from otio_matchcut.entries import KEY, digest, entry_of, our_entry
from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import ShotInTimeline
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.placing import item_at, stated_range
from otio_matchcut.sources import frames_of_file, place_in_file, source_clock
from otio_matchcut.urls import text_of_name


def mark(timeline: Timeline, shot: ShotInTimeline, matches: Sequence[Match]) -> Timeline:
    """A copy of the timeline with a marker for each match on the queried clip.

    The timeline given is untouched. Marking with the same matches twice gives the same as once.
    With no match nothing is removed either: which flavor was asked for is not known then.

    Args:
        timeline: As read; the one that `locate` was asked about.
        shot: From `locate`.
        matches: The matches of this shot, it being the outgoing side.

    Raises:
        TimelineError: CLIP_NOT_FOUND, the timeline does not hold the clip any more; TIME_OUTSIDE,
            the clip uses frames that the media of the matches does not have.
    """
    marked = timeline.deepcopy()
    clip = _queried(marked, shot)
    query = query_id(clip, shot)
    flavors = {match.flavor for match in matches}
    for item in _items(marked):
        for index in reversed(range(len(item.markers))):
            entry = our_entry(item.markers[index])
            if entry is None or entry.get("flavor") not in flavors:
                continue
            if item is clip or entry.get("query") == query:
                del item.markers[index]
    if matches:
        frames = _frames_of(clip, shot, matches[0].outgoing)
        taken = {frames.index_of(marker.marked_range.start_time) for marker in clip.markers}
        for match in matches:
            clip.markers.append(_marker(frames, taken, match, query))
    return marked


def unmark(timeline: Timeline) -> Timeline:
    """A copy of the timeline without any marker of ours; everything else is equivalent."""
    cleaned = timeline.deepcopy()
    for item in _items(cleaned):
        for index in reversed(range(len(item.markers))):
            if our_entry(item.markers[index]) is not None:
                del item.markers[index]
    return cleaned


def query_id(clip: Clip, shot: ShotInTimeline) -> str:
    """Tells one clip of a timeline from another: name, media, used range and record place."""
    span = stated_range(clip)
    return digest(
        shot.clip_name,
        str(shot.media),
        str(span and (span.start_time.value, span.duration.value, span.start_time.rate)),
        str(shot.record_start),
    )


@dataclass(frozen=True, slots=True)
class _ClipFrames:
    """The frames of a clip as it plays, counted from 0, and the media frame that each shows.

    A clip frame is one of the rate that the clip is written in; of the media's, where the clip is
    written in ticks of a clock.
    """

    first: Fraction
    """Value of the clip's own start."""
    rate: float
    """Rate that the start is written in."""
    ticks: Fraction
    """Units of `rate` a frame."""
    count: int
    media_start: Fraction
    """The file's frame at which the used media begins."""
    step: Fraction
    """File frames that pass in a clip frame, whatever the direction."""
    speed: Fraction

    def showing(self, media_frame: int) -> int:
        """The last frame at which `media_frame` is shown, or the nearest to it that is played."""
        if self.speed > 0:
            index = math.ceil((media_frame + 1 - self.media_start) / self.step) - 1
        elif self.speed < 0:
            index = self.count - 1 - math.ceil((media_frame - self.media_start) / self.step)
        else:
            index = 0
        return min(max(index, 0), self.count - 1)

    def media_frame(self, index: int) -> int:
        """The file's frame that is shown at a frame of the clip."""
        forward = index if self.speed >= 0 else self.count - 1 - index
        return math.floor(self.media_start + forward * self.step)

    def range_of(self, index: int) -> TimeRange:
        """One frame, in the clip's own time."""
        value = self.first + math.ceil(index * self.ticks)
        return TimeRange(
            RationalTime(clock.to_float(value), self.rate),
            RationalTime(max(1, round(self.ticks)), self.rate),
        )

    def index_of(self, time: RationalTime) -> int:
        """The frame that a time of the clip falls on; outside of it, a number that is none."""
        value = clock.exact_value(time.rescaled_to(self.rate).value)
        return math.floor((value - self.first) / self.ticks)


def _frames_of(clip: Clip, shot: ShotInTimeline, side: MatchSide) -> _ClipFrames:
    source = source_clock(clip)
    place = place_in_file(
        Fraction(shot.source_timecode_frame),
        source.media_start,
        source.rate,
        rate=side.rate,
        start_timecode_frame=side.start_timecode_frame,
        frames=side.source_frames,
        name=side.name,
    )
    ratio = frames_of_file(source.rate, side.rate)
    span = stated_range(clip)
    assert span is not None, "source_clock has refused a clip without a range"
    own = clock.nominal_rate(clock.range_rate(span))
    grid = own if clock.is_frame_rate(own) else side.rate
    return _ClipFrames(
        first=clock.exact_value(span.start_time.value),
        rate=clock.range_rate(span),
        ticks=own / grid,
        count=max(1, math.ceil(source.length * grid)),
        media_start=place - (shot.source_timecode_frame - source.start) * ratio,
        step=abs(source.speed) * source.rate * ratio / grid,
        speed=source.speed,
    )


def _marker(frames: _ClipFrames, taken: set[int], match: Match, query: str) -> Marker:
    """The marker of a match; notes in `taken` the clip frame that it stands on."""
    side = match.outgoing
    comment = (
        f"Cut from {text_of_name(side.name)} at {side.timecode} to "
        f"{text_of_name(match.incoming.name)} at "
        f"{match.incoming.timecode} (frame {match.incoming.cut_frame}).{match.said}"
    )
    wanted = frames.showing(side.cut_frame)
    shown = frames.media_frame(wanted)
    if shown != side.cut_frame:
        comment += (
            f" The clip does not show frame {side.cut_frame} of {text_of_name(side.name)}; the "
            f"nearest one that it does is {shown}."
        )
    place = _free(wanted, frames.count, taken)
    taken.add(place)
    if place != wanted:
        side_of_cut = "after" if place > wanted else "before"
        comment += (
            f" The marker stands {abs(place - wanted)} frame(s) {side_of_cut} the cut, beside "
            "others at the same frame."
        )
    marker = Marker(
        name=match.label,
        marked_range=frames.range_of(place),
        color=match.marker_color,
        metadata={KEY: entry_of(match, query)},
    )
    marker.comment = comment
    return marker


def _free(wanted: int, count: int, taken: set[int]) -> int:
    """The first clip frame without a marker from `wanted` on, else the nearest one before it.

    A clip with more markers than frames has several on one.
    """
    places = [*range(wanted, count), *range(wanted - 1, -1, -1)]
    return next((place for place in places if place not in taken), wanted)


def _queried(timeline: Timeline, shot: ShotInTimeline) -> Clip:
    found = item_at(timeline, shot.address)
    if isinstance(found, Clip) and found.name == shot.clip_name:
        return found
    raise TimelineError(
        "CLIP_NOT_FOUND",
        f"The timeline does not hold the clip '{shot.clip_name}' where it was.",
        "Ask again with the timeline as it is now.",
        clip=shot.clip_name,
    )


def _items(timeline: Timeline) -> Iterator[otio.core.Item]:
    yield timeline.tracks
    yield from timeline.tracks.find_children(descended_from_type=otio.core.Item)
