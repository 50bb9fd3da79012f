"""Matches as a timeline to play: for each, the end of the outgoing shot, then the incoming one.

Clips are in the shape that Resolve demands and others accept: the source range in the media's own
timecode, the media's whole range stated (so that editors have handles to trim into), bare native
paths, unique names. A gap of a second, which is black, keeps candidates apart. There is no sound.

The timeline runs at the rate of the first candidate's outgoing source and starts at 01:00:00:00;
clips of other sources keep their own rate. Where rates are mixed, gaps are lengthened so that every
cut falls on a frame of the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Marker, Timeline, Track, TrackKind

from otio_matchcut import clock, reframing
from otio_matchcut.entries import KEY, clip_entry, entry_of
from otio_matchcut.layout import LONGEST, Piece, laid_out
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.urls import target_of, text_of_name


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
    layout = laid_out(matches, longest=longest)
    rate = layout.rate
    screen = matches[0].outgoing.size if matches else None
    timeline = Timeline(name)
    timeline.global_start_time = RationalTime(layout.first_frame, clock.to_float(rate))
    track = Track("Matches", kind=TrackKind.Video)
    timeline.tracks.append(track)
    if screen and any(match.reframing for match in matches):
        reframing.declare(timeline, screen, rate)
    end = Fraction(0)
    for piece in layout.pieces:
        if piece.record_start > end:
            track.append(_gap((piece.record_start - end) * rate, rate))
        clip = _clip(piece)
        moved = piece.match.reframing
        if moved and moved.side == piece.which:
            clip.metadata[KEY] = clip_entry(moved)
            if piece.side.size and screen:
                clip.effects.extend(reframing.effects(moved, piece.side.size, screen, rate))
        if piece.which == "incoming":
            clip.markers.append(_marker(piece))
        track.append(clip)
        end = piece.record_end
    return timeline


def comment_at_cut(match: Match) -> str:
    """What the marker at a match's cut says, as sentences."""
    left, right = match.outgoing, match.incoming
    return (
        f"Leaves {text_of_name(left.name)} after {left.timecode}, enters "
        f"{text_of_name(right.name)} at {right.timecode}.{match.said}"
    )


def clip_name(piece: Piece) -> str:
    """What a clip of the sequence is called: `A #1 film.mov shot 3`."""
    return f"{piece.name} {text_of_name(piece.side.name)} shot {piece.side.shot}"


def _marker(piece: Piece) -> Marker:
    marker = Marker(
        name=piece.match.label,
        marked_range=_range(piece.side, piece.start, piece.start + 1),
        color=piece.match.marker_color,
        metadata={KEY: entry_of(piece.match, None)},
    )
    marker.comment = comment_at_cut(piece.match)
    return marker


def _clip(piece: Piece) -> Clip:
    side = piece.side
    media = ExternalReference(
        target_url=target_of(side.path), available_range=_range(side, 0, side.source_frames)
    )
    media.name = text_of_name(side.name)
    return Clip(
        name=clip_name(piece),
        media_reference=media,
        source_range=_range(side, piece.start, piece.end),
    )


def _range(side: MatchSide, start: int, end: int) -> TimeRange:
    rate = clock.to_float(side.rate)
    return TimeRange(
        RationalTime(side.start_timecode_frame + start, rate), RationalTime(end - start, rate)
    )


def _gap(frames: Fraction, rate: Fraction) -> Gap:
    written = clock.to_float(rate)
    return Gap(
        source_range=TimeRange(
            RationalTime(0, written), RationalTime(clock.to_float(frames), written)
        )
    )
