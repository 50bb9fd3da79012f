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
from matchcut.types import Flavor, Frame, Representation, Rows, Side

REACH = Fraction(1)
"""Seconds that are looked through on either side of a moment."""

Pictures = NDArray[np.uint8]


@dataclass(eq=False)
class Neighbours:
    """The clean frames of a shot within a second of one moment. May be used by many threads."""

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
    rows: list[_FrameRows] = field(default_factory=list)
    """For each flavor."""

    @cached_property
    def pictures(self) -> Pictures:
        """(S, H, W, 3) what all frames of `shown` show.

        Raises:
            MediaMissing: there is no proxy, and the film is offline.
            MediaChanged: there is no proxy, and the film has other content than when indexed.
        """
        stored = self.snapshot.sources[int(self.snapshot.source_numbers[self.shot])]
        library, digest = self.snapshot.library, stored.source.digest
        first, end = self.shown.start, self.shown.stop
        proxy = library.proxy(digest, PROXY)
        if is_online(proxy):
            try:
                return proxy_frames(proxy, first, end)
            except MediaUnreadable:
                pass  # A proxy that is damaged is as good as none: the film has the same frames.
        path = best_place(library, stored)
        if is_online(path) and not holds(library, path, digest):
            raise MediaChanged(path)
        return stretch(path, stored.source, library.frame_pts(digest), first, end)

    @property
    def aspect(self) -> float:
        """Width of the picture over its height."""
        height, width = self.pictures.shape[1:3]
        return float(width / height)

    @cached_property
    def pts(self) -> NDArray[np.int64]:
        """(S,) of each frame of `shown`."""
        all_pts = self.snapshot.library.frame_pts(self.snapshot.shots[self.shot].source)
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
class _FrameRows:
    """The rows of one flavor for the frames around a moment, each had once, when first needed."""

    around: Neighbours
    flavor: Flavor
    stored: Rows
    """(1,) the stored row that is nearest to the moment: that of the moment itself, unless the
    flavor has moments of its own."""
    anchor: int | None
    """Which of the frames it stands for; None where it is none of them."""
    _known: dict[int, Rows] = field(default_factory=dict)
    _having: threading.Lock = field(default_factory=threading.Lock)

    def of(self, places: Sequence[int]) -> Rows:
        """(N,) the rows of some of the frames; a stored one is as it is stored."""
        if self.flavor.find_join is not None:
            return np.concatenate([self.stored] * len(places))
        with self._having:
            missing = [place for place in places if place not in self._known]
            if missing:
                self._known |= self._had(missing)
            return np.concatenate([self._known[place] for place in places])

    def _had(self, places: Sequence[int]) -> dict[int, Rows]:
        around, flavor, anchor = self.around, self.flavor, self.anchor
        if anchor is not None and list(places) == [anchor]:
            return {anchor: self.stored}
        if flavor.follow is not None and anchor is not None:
            stretch = slice(None)
            if not flavor.follow_context:
                stretch = slice(around.before, around.before + len(around.frames))
            at = around.before + anchor - (stretch.start or 0)
            rows = flavor.follow(self.stored, around.pictures[stretch], at, around.seconds[stretch])
            first = at - anchor
            return {n: rows[first + n : first + n + 1] for n in range(len(around.frames))}
        rows = _computed(flavor.representation, around, places)
        found = {place: rows[n : n + 1] for n, place in enumerate(places)}
        return found if anchor is None else found | {anchor: self.stored}


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
    pts = snapshot.library.frame_pts(of.source)
    moment = int(at.frame[row])

    def within(seconds: Fraction) -> range:
        away = of.span.offset(seconds)
        first, end = np.searchsorted(pts, (pts[moment] - away, pts[moment] + away + 1)).tolist()
        return range(max(first, of.clean_start_frame), min(end, of.clean_end_frame))

    frames = within(REACH)
    shown = within(REACH + max(flavor.follow_context for flavor in flavors))
    found = Neighbours(snapshot, shot, row, frames, shown, frames.index(moment))
    for flavor, identity in zip(flavors, snapshot.identities, strict=True):
        stored, frame = stored_row(snapshot, identity, shot, int(at.pts[row]))
        anchor = frames.index(frame) if frame in frames else None
        found.rows.append(_FrameRows(found, flavor, stored, anchor))
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


def stored_row(snapshot: Snapshot, identity: str, shot: int, pts: int) -> tuple[Rows, int]:
    """The (1,) stored row of a shot that is nearest to a time, and the frame it stands for."""
    of = snapshot.shots[shot]
    moments = snapshot.library.moments(of.source, of.detector, identity)
    first, last = np.searchsorted(moments["shot"], (of.index, of.index + 1)).tolist()
    nearest = first + int(np.abs(moments["pts"][first:last] - pts).argmin())
    rows = snapshot.library.rows(of.source, of.detector, identity)
    return np.array(rows[nearest : nearest + 1]), int(moments["frame"][nearest])
