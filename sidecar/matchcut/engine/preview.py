"""The pictures of a cut as it plays: a second of A up to its last frame, and a second of B after.

They play at one rate, A's, whatever the rates of both films: at every tick the frame is shown that
its film shows then. The two frames at the cut meet, each with a tick of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.places import best_place, holds
from matchcut.errors import MediaChanged, MediaError, MediaMissing, SourceNotIndexed
from matchcut.library import Library, StoredSource
from matchcut.media.proxy import PROXY, proxy_frames
from matchcut.media.state import is_online
from matchcut.media.stretch import stretch
from matchcut.reframing import extent, moved
from matchcut.timecode import nominal_rate
from matchcut.types import Candidate, Picture, Side

LONGEST_SIDE = 640
"""Pixels of the longer side, at most."""
_SLOWEST, _FASTEST = 12, 60
"""Ticks a second: a slower film would make the other one jerk, a faster one only costs space."""


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A cut as it plays."""

    pictures: tuple[Picture, ...]
    """Of one size: what both sides cover together of the 16:9 screen, black where one does not."""
    rate: Fraction
    """Pictures a second: A's rate, or a whole part or multiple of it."""
    cut: int
    """Number of the first picture of B; the one before it is A's last."""


def preview(library: Library, candidate: Candidate) -> Preview:
    """The second before a candidate's cut and the second after it, the reframed side moved.

    Either may be shorter: no frame from outside of the clean ones is shown. Pictures come from the
    film itself, and from its proxy where it is offline or cannot be used.

    Cost: decodes up to two seconds of film, from the keyframes before; memory: 120 pictures of
    0.7 MB at most, and those read.

    Raises:
        SourceNotIndexed: the library holds one of the films no more.
        MediaMissing: a film is offline and has no proxy.
        MediaChanged: a film has other content than when it was indexed, and no proxy.
        MediaUnreadable, FrameMissing: it cannot be decoded any more, and has no proxy.
    """
    rate = _ticks(candidate.outgoing.rate)
    leaving = _played(library, candidate.outgoing, rate, -1)[::-1]
    entering = _played(library, candidate.incoming, rate, 1)
    if candidate.reframing is not None:
        reframed = leaving if candidate.reframing.side == "outgoing" else entering
        reframed[:] = [moved(picture, candidate.reframing) for picture in reframed]
    return Preview(_on_one_screen(leaving, entering), rate, len(leaving))


def _ticks(rate: Fraction) -> Fraction:
    return rate / ceil(rate / _FASTEST) if rate > _FASTEST else rate * ceil(_SLOWEST / rate)


def _played(library: Library, side: Side, rate: Fraction, way: Literal[-1, 1]) -> list[Picture]:
    """The pictures at each tick of a second that starts, or ends, with the cut frame.

    Args:
        library: Holds the source.
        side: Of the candidate.
        rate: Ticks a second.
        way: 1 to go on from the cut frame, -1 to go back from it.
    """
    stored = library.find_digest(side.digest)
    if stored is None:
        raise SourceNotIndexed(side.source, library.folder)
    pts = library.frame_pts(side.digest)
    shown = _shown(pts, side, rate, way)
    first = min(shown)
    pictures = _read(library, stored, pts, first, max(shown) + 1)
    return [pictures[frame - first] for frame in shown]


def _shown(pts: NDArray[np.int64], side: Side, rate: Fraction, way: Literal[-1, 1]) -> list[int]:
    """The clean frame shown at each tick, from the cut frame on.

    A film is looked at half a frame after each tick, so that times that were rounded, and those
    of a phone, which waver, neither leave out a frame nor show one twice.
    """
    tick = 1 / (rate * side.cut_time.time_base)
    later = min(tick, 1 / (side.rate * side.cut_time.time_base)) / 2
    found = [side.cut_frame]
    for number in range(1, nominal_rate(rate)):
        instant = side.cut_time.pts + floor(way * number * tick + later)
        frame = int(np.searchsorted(pts, instant, "right")) - 1
        if not side.clean_start_frame <= frame < side.clean_end_frame:
            break
        found.append(frame)
    return found


def _read(
    library: Library, stored: StoredSource, pts: NDArray[np.int64], first: int, end: int
) -> NDArray[np.uint8]:
    """(T, H, W, 3) the pictures of the frames `[first, end)`."""
    digest = stored.source.digest
    seen = library.seen()
    path, proxy = best_place(seen, stored), library.proxy(digest, PROXY)
    try:
        if is_online(path) and not holds(seen, path, digest):
            raise MediaChanged(path)
        return stretch(path, stored.source, pts, first, end, (LONGEST_SIDE, LONGEST_SIDE))
    except (MediaError, MediaMissing):
        if not is_online(proxy):
            raise
    return proxy_frames(proxy, first, end)


def _on_one_screen(leaving: list[Picture], entering: list[Picture]) -> tuple[Picture, ...]:
    """All as they lie on one 16:9 screen, as large as the sharper of both sides."""
    sizes = [side[0].shape[:2] for side in (leaving, entering)]
    halves = [extent(width / height) for height, width in sizes]
    wide, high = (2 * max(one) for one in zip(*halves, strict=True))
    unit = max(width / (2 * half[0]) for (_, width), half in zip(sizes, halves, strict=True))
    unit = min(unit, LONGEST_SIDE / max(wide, high))
    screen = _even(high * unit), _even(wide * unit)
    return tuple(
        _placed(picture, (2 * half[1] * unit, 2 * half[0] * unit), screen)
        for side, half in zip((leaving, entering), halves, strict=True)
        for picture in side
    )


def _even(pixels: float) -> int:
    """The even number next to it, as films in 4:2:0 need it."""
    return max(2, 2 * round(pixels / 2))


def _placed(picture: Picture, size: tuple[float, float], screen: tuple[int, int]) -> Picture:
    """A picture scaled to a height and width, in the middle of a black screen."""
    import cv2

    height, width = (
        # A pixel of black at a border would only be there because of rounding.
        whole if abs(side - whole) < 2 else round(side)
        for side, whole in zip(size, screen, strict=True)
    )
    if picture.shape[:2] != (height, width):
        way = cv2.INTER_AREA if picture.shape[1] > width else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)
    top, left = (screen[0] - height) // 2, (screen[1] - width) // 2
    shown = np.zeros((*screen, 3), np.uint8)
    shown[top : top + height, left : left + width] = picture
    return shown
