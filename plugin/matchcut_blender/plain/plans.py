"""Where things go: markers on free frames, strips on free channels, candidates in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from .frames import Played
from .matches import Match


@dataclass(frozen=True, slots=True)
class Taken:
    """What a strip takes up: a channel, and the frames [start, end) of the scene."""

    channel: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A match and the frames [at, at + length) of the scene that it gets."""

    match: Match
    at: int
    length: int


def marker_frames(
    played: Played, matches: Sequence[Match], taken: AbstractSet[int]
) -> list[tuple[Match, int]]:
    """The frame of each match's marker: where the strip shows the last frame before the cut.

    A cut frame outside of what the strip shows gets the nearest frame that it does show. Matches at
    one frame stand side by side from there on, best first, and on no frame that is taken; a strip
    with more of them than frames has several on one.
    """
    used = set(taken)
    frames = []
    for match in matches:
        wanted = played.nearest_showing(match.outgoing.cut)
        places = [*range(wanted, played.end), *range(wanted - 1, played.first - 1, -1)]
        at = next((place for place in places if place not in used), wanted)
        used.add(at)
        frames.append((match, at))
    return frames


def free_channel(
    strips: Iterable[Taken], start: int, end: int, *, lowest: int, highest: int
) -> int | None:
    """The lowest channel from `lowest` on that nothing lies on from `start` to `end`."""
    busy = {one.channel for one in strips if one.start < end and start < one.end}
    return next((channel for channel in range(lowest, highest + 1) if channel not in busy), None)


def in_a_row(matches: Sequence[Match], *, first: int, gap: int) -> list[Placed]:
    """The incoming shots one after another, each from its cut frame to the end of its clean frames.

    Args:
        matches: In this order.
        first: Frame of the scene at which they begin.
        gap: Empty frames between two.
    """
    row, at = [], first
    for match in matches:
        length = stay(match)
        row.append(Placed(match, at, length))
        at += length + gap
    return row


def stay(match: Match) -> int:
    """How many frames the incoming shot can be shown from its cut frame on."""
    return match.incoming.end - match.incoming.cut
