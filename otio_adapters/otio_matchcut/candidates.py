"""Matches as a timeline to play: for each, the end of the outgoing shot, then the incoming one.

Clips are in the shape that Resolve demands and others accept: the source range in the media's own
timecode, the media's whole range stated (so that editors have handles to trim into), bare native
paths, unique names. A gap of a second, which is black, keeps candidates apart. There is no sound.

The timeline runs at the rate of the first candidate's outgoing source and starts at 01:00:00:00;
clips of other sources keep their own rate. Where rates are mixed, gaps are lengthened so that every
cut falls on a frame of the timeline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Marker, Timeline, Track, TrackKind

from otio_matchcut import clock, reframing
from otio_matchcut.entries import KEY, clip_entry, entry_of
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.urls import target_of, text_of_name

LONGEST = Fraction(2)
"""Seconds shown of each side at most."""
BLACK = Fraction(1)
"""Seconds between two candidates, at least."""


def matches_timeline(
    matches: Sequence[Match], name: str, *, longest: Fraction = LONGEST
) -> Timeline:
    """A timeline of candidates in the order given, a marker at each cut.

    Each side is at most `longest` seconds, at least a frame, and shows clean frames of its shot
    alone: the outgoing one ends with its cut frame, the incoming one begins with its own. The
    marker is on the incoming clip's first frame and holds the whole match under
    `metadata["matchcut"]`; a clip that is to be reframed holds that too, there and in the words of
    each host.

    Args:
        matches: Best first. None gives an empty timeline at 24.
        name: The timeline's.
        longest: Seconds shown of each side.
    """
    rate = matches[0].outgoing.rate if matches else Fraction(24)
    screen = matches[0].outgoing.size if matches else None
    timeline = Timeline(name)
    hour = 3600 * math.floor(rate + Fraction(1, 2))
    timeline.global_start_time = RationalTime(hour, clock.to_float(rate))
    track = Track("Matches", kind=TrackKind.Video)
    timeline.tracks.append(track)
    if screen and any(match.reframing for match in matches):
        reframing.declare(timeline, screen, rate)
    end = Fraction(0)
    for match in matches:
        outgoing, incoming = _outgoing(match, longest), _incoming(match, longest)
        if match.reframing:
            left = match.reframing.side == "outgoing"
            clip, side = (outgoing, match.outgoing) if left else (incoming, match.incoming)
            clip.metadata[KEY] = clip_entry(match.reframing)
            if side.size and screen:
                clip.effects.extend(reframing.effects(match.reframing, side.size, screen, rate))
        length = _frames(outgoing) / match.outgoing.rate
        if end:
            black = _black(end, length, rate)
            track.append(_gap(black, rate))
            end += black / rate
        track.append(outgoing)
        track.append(incoming)
        end += length + _frames(incoming) / match.incoming.rate
    return timeline


def _outgoing(match: Match, longest: Fraction) -> Clip:
    side = match.outgoing
    start = max(side.clean_start_frame, side.cut_frame + 1 - _at_most(longest, side.rate))
    return _clip(f"A #{match.rank}", side, start, side.cut_frame + 1)


def _incoming(match: Match, longest: Fraction) -> Clip:
    side = match.incoming
    end = min(side.clean_end_frame, side.cut_frame + _at_most(longest, side.rate))
    clip = _clip(f"B #{match.rank}", side, side.cut_frame, end)
    marker = Marker(
        name=match.label,
        marked_range=_range(side, side.cut_frame, side.cut_frame + 1),
        color=match.marker_color,
        metadata={KEY: entry_of(match, None)},
    )
    marker.comment = (
        f"Leaves {text_of_name(match.outgoing.name)} after {match.outgoing.timecode}, enters "
        f"{text_of_name(side.name)} at {side.timecode}.{match.said}"
    )
    clip.markers.append(marker)
    return clip


def _clip(prefix: str, side: MatchSide, start: int, end: int) -> Clip:
    name = text_of_name(side.name)
    media = ExternalReference(
        target_url=target_of(side.path), available_range=_range(side, 0, side.source_frames)
    )
    media.name = name
    return Clip(
        name=f"{prefix} {name} shot {side.shot}",
        media_reference=media,
        source_range=_range(side, start, end),
    )


def _range(side: MatchSide, start: int, end: int) -> TimeRange:
    rate = clock.to_float(side.rate)
    return TimeRange(
        RationalTime(side.start_timecode_frame + start, rate), RationalTime(end - start, rate)
    )


def _frames(clip: Clip) -> Fraction:
    return clock.exact_value(clip.source_range.duration.value)


def _at_most(longest: Fraction, rate: Fraction) -> int:
    return max(1, math.floor(longest * rate))


def _black(end: Fraction, length: Fraction, rate: Fraction) -> Fraction:
    """Timeline frames of black after `end`, so that a cut `length` seconds later is on a frame."""
    cut = math.ceil((end + BLACK + length) * rate)
    return cut - (end + length) * rate


def _gap(frames: Fraction, rate: Fraction) -> Gap:
    written = clock.to_float(rate)
    return Gap(
        source_range=TimeRange(
            RationalTime(0, written), RationalTime(clock.to_float(frames), written)
        )
    )
