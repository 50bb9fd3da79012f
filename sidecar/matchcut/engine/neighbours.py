"""The frames around a moment, and the rows of each: what refinement looks through.

They are read from the proxy of a film where there is one, else from the film itself.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.moments import ShotMoments
from matchcut.engine.places import best_place, holds
from matchcut.engine.snapshot import Snapshot
from matchcut.errors import MediaChanged, MediaUnreadable, UsageError
from matchcut.media.proxy import PROXY, proxy_frames
from matchcut.media.state import is_online
from matchcut.media.stretch import stretch
from matchcut.pipeline.analysis import computed
from matchcut.pipeline.frames import window
from matchcut.types import Flavor, FollowRows, Frame, Representation, Rows, Side

REACH = Fraction(1)
"""Seconds that are looked through on either side of a moment, in shots that are not looked through
whole."""

Pictures = NDArray[np.uint8]


@dataclass(eq=False)
class Neighbours:
    """The clean frames of a shot around one moment. May be used by many threads."""

    snapshot: Snapshot
    shot: int
    """Number of the shot in the snapshot."""
    row: int
    """Number of the moment."""
    frames: range
    """Of the source."""
    shown: range
    """These frames, and those beside them that a flavor must see to know their rows."""
    at: int
    """Which of `frames` is the moment's."""
    rows: list[FrameRows] = field(default_factory=list)
    """For each flavor."""

    _pictures: Pictures | None = None
    _reading: threading.Lock = field(default_factory=threading.Lock)

    @property
    def pictures(self) -> Pictures:
        """(S, H, W, 3) what all frames of `shown` show, read once, when first asked for.

        Raises:
            MediaMissing: there is no proxy, and the film is offline.
            MediaChanged: there is no proxy, and the film has other content than when indexed.
        """
        # Not a cached_property: in Python 3.11 that has one lock for all instances.
        with self._reading:
            if self._pictures is None:
                self._pictures = self._read()
            return self._pictures

    def _read(self) -> Pictures:
        stored = self.snapshot.sources[int(self.snapshot.source_numbers[self.shot])]
        library, digest = self.snapshot.library, stored.source.digest
        first, end = self.shown.start, self.shown.stop
        proxy = library.proxy(digest, PROXY)
        if is_online(proxy):
            try:
                return proxy_frames(proxy, first, end)
            except MediaUnreadable:
                pass  # A proxy that is damaged is as good as none: the film has the same frames.
        path = best_place(self.snapshot.seen, stored)
        if is_online(path) and not holds(self.snapshot.seen, path, digest):
            raise MediaChanged(path)
        return stretch(path, stored.source, self.snapshot.frame_pts(self.shot), first, end)

    @property
    def aspect(self) -> float:
        """Width of the picture over its height."""
        height, width = self.pictures.shape[1:3]
        return float(width / height)

    @cached_property
    def pts(self) -> NDArray[np.int64]:
        """(S,) of each frame of `shown`."""
        all_pts = self.snapshot.frame_pts(self.shot)
        return np.array(all_pts[self.shown.start : self.shown.stop])

    @property
    def seconds(self) -> NDArray[np.float64]:
        """(S,) when each frame of `shown` is shown."""
        time_base = self.snapshot.shots[self.shot].span.time_base
        return np.asarray((self.pts - self.pts[0]) * float(time_base), np.float64)

    @property
    def before(self) -> int:
        """How many frames of `shown` come before `frames`."""
        return self.frames.start - self.shown.start


@dataclass(eq=False)
class FrameRows:
    """The rows of one flavor for the frames around a moment, each had once, when first needed."""

    around: Neighbours
    flavor: Flavor
    stored: Rows
    """(1,) the stored row that is nearest to the moment: that of the moment itself, unless the
    flavor has moments of its own."""
    known: dict[int, Rows]
    """By place among the frames: (1,) those that are stored."""
    _had: dict[int, Rows] = field(default_factory=dict)
    _fine: Rows | None = None
    _having: threading.Lock = field(default_factory=threading.Lock)

    def of(self, places: Sequence[int]) -> Rows:
        """(N,) the rows of some of the frames; a stored one is as it is stored."""
        if self.flavor.find_join is not None:
            return np.concatenate([self.stored] * len(places))
        with self._having:
            self._have(places)
            return np.concatenate([self._had[place] for place in places])

    def finely(self, places: Sequence[int]) -> Rows | None:
        """(N, ...) what is known finer of some of the frames; None where nothing is."""
        if self.flavor.finer is None:
            return None
        with self._having:
            self._have(range(len(self.around.frames)))
            return None if self._fine is None else self._fine[list(places)]

    def _have(self, places: Sequence[int]) -> None:
        self._had |= {place: row for place, row in self.known.items() if place not in self._had}
        missing = [place for place in places if place not in self._had]
        if missing and self.flavor.follow is not None and self.known:
            self._follow(self.flavor.follow)
        elif missing:
            rows = _computed(self.flavor.representation, self.around, missing)
            self._had |= {place: rows[n : n + 1] for n, place in enumerate(missing)}

    def _follow(self, follow: FollowRows) -> None:
        around, context = self.around, bool(self.flavor.follow_context)
        stretch = slice(None)
        if not context:
            stretch = slice(around.before, around.before + len(around.frames))
        first = around.before if context else 0
        places = sorted(self.known)
        told = follow(
            np.concatenate([self.known[place] for place in places]),
            around.pictures[stretch],
            [first + place for place in places],
            around.seconds[stretch],
        )
        wanted = range(first, first + len(around.frames))
        self._had = {n: told.rows[at : at + 1] for n, at in enumerate(wanted)}
        self._fine = None if told.fine is None else told.fine[first : wanted.stop]


def _computed(representation: Representation, around: Neighbours, places: Sequence[int]) -> Rows:
    span = around.snapshot.shots[around.shot].clean
    frames = [
        Frame(index, pts, picture)
        for index, pts, picture in zip(
            around.shown, around.pts.tolist(), around.pictures, strict=True
        )
    ]
    wanted = [frames[around.before + place].pts for place in places]
    requests = [representation.window(span, pts) for pts in wanted]
    return computed(representation, [window(frames, request, span) for request in requests])


def neighbours(
    snapshot: Snapshot, flavors: Sequence[Flavor], at: ShotMoments, shot: int, row: int
) -> Neighbours:
    """The frames around one moment of a shot; nothing is read yet.

    Args:
        snapshot: Of the flavors.
        flavors: Whose rows are wanted.
        at: What is compared.
        shot: Number of the shot.
        row: Number of its moment in `at`.
    """
    of = snapshot.shots[shot]
    pts = snapshot.frame_pts(shot)
    moment = int(at.frame[row])

    def within(seconds: Fraction) -> range:
        away = of.span.offset(seconds)
        first, end = np.searchsorted(pts, (pts[moment] - away, pts[moment] + away + 1)).tolist()
        return range(max(first, of.clean_start_frame), min(end, of.clean_end_frame))

    whole = min(flavor.follow_whole for flavor in flavors)
    reach = whole if of.clean.seconds <= whole else max(REACH, whole / 2)
    frames = within(reach)
    shown = within(reach + max(flavor.follow_context for flavor in flavors))
    found = Neighbours(snapshot, shot, row, frames, shown, frames.index(moment))
    for flavor, identity in zip(flavors, snapshot.identities, strict=True):
        rows, at_frames = stored_rows(snapshot, identity, shot)
        nearest = int(np.abs(at_frames - moment).argmin())
        known = {
            frames.index(frame): rows[number : number + 1]
            for number, frame in enumerate(at_frames.tolist())
            if frame in frames
        }
        found.rows.append(FrameRows(found, flavor, rows[nearest : nearest + 1], known))
    return found


def shot_of(snapshot: Snapshot, side: Side) -> int:
    """The number of the shot that a side of a candidate is.

    Raises:
        UsageError: it is none of this library's.
    """
    first = snapshot.first_numbers.get(side.digest)
    shot = -1 if first is None or side.shot < 0 else first + side.shot
    known = snapshot.shots[shot] if 0 <= shot < len(snapshot.shots) else None
    if (
        known is None
        or known.source != side.digest
        or not known.start_frame <= side.cut_frame < known.end_frame
    ):
        raise UsageError(
            f"The library has no shot {side.shot} of {side.source.name} with the frame "
            f"{side.cut_frame}, as it was analysed.",
            "Search again: what a candidate names may have been indexed anew since.",
            media=side.source,
        )
    return shot


def cut_rows(
    snapshot: Snapshot, flavors: Sequence[Flavor], at: ShotMoments, side: Side
) -> list[Rows]:
    """For each flavor, the (1,) row of the frame at which a side is cut.

    Raises:
        UsageError: the side is none of this library's.
        MediaMissing, MediaChanged: the row is not stored, and the frame cannot be had.
    """
    shot = shot_of(snapshot, side)
    row = at.nearest_row(shot, side.cut_frame)
    around = neighbours(snapshot, flavors, at, shot, row)
    if side.cut_frame not in around.frames:
        return [rows.stored for rows in around.rows]
    return [rows.of([around.frames.index(side.cut_frame)]) for rows in around.rows]


def stored_rows(snapshot: Snapshot, identity: str, shot: int) -> tuple[Rows, NDArray[np.int64]]:
    """(K,) the stored rows of a shot, and the frames they stand for."""
    of = snapshot.shots[shot]
    moments = snapshot.library.moments(of.source, of.detector, identity)
    first, last = np.searchsorted(moments["shot"], (of.index, of.index + 1)).tolist()
    rows = snapshot.library.rows(of.source, of.detector, identity)
    return np.array(rows[first:last]), np.array(moments["frame"][first:last], np.int64)
