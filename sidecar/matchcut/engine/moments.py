"""What stored rows stand for, and at which moments and frames a shot may be left and entered.

A shot is left at a clean frame on which there is something to see, after it has been on screen for
a handle, and entered at one from which on it stays for a handle. Handles are counted in clean
frames, the cut frame included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.engine.snapshot import Snapshot
from matchcut.scoring import Moments
from matchcut.types import MOMENT

Frames = tuple[int, int]
"""First and last frame, both included."""


@dataclass(frozen=True, slots=True, eq=False)
class ShotMoments:
    """What each row of a representation stands for, over all shots of a snapshot."""

    frame: NDArray[np.int64]
    """(R,) the frame of its source."""
    pts: NDArray[np.int64]
    """(R,) of that frame."""
    firsts: NDArray[np.int64]
    """(shots + 1,) number of the first row of each shot, then of all rows."""

    def nearest_row(self, shot: int, frame: int) -> int:
        """The number of the moment of a shot that is nearest to a frame, the earlier of two."""
        first, last = self.firsts[shot : shot + 2].tolist()
        return int(first + np.abs(self.frame[first:last] - frame).argmin())

    def nearest(self, others: ShotMoments) -> NDArray[np.int64]:
        """For each of these moments, the row of the same shot in `others` that is nearest in time.

        Increasing; the earlier of two equally near ones.
        """
        found = np.empty(len(self.frame), np.int64)
        for start, stop, first, last in zip(
            self.firsts[:-1].tolist(),
            self.firsts[1:].tolist(),
            others.firsts[:-1].tolist(),
            others.firsts[1:].tolist(),
            strict=True,
        ):
            apart = np.abs(self.pts[start:stop, None] - others.pts[None, first:last])
            found[start:stop] = first + apart.argmin(axis=1)
        return found


PlainMoments = tuple[NDArray[np.int64], NDArray[np.int64]]
"""(shots,) each: the moment of every shot that is left, and entered, unless others are better."""


def middles(at: ShotMoments) -> PlainMoments:
    """The middles of all shots."""
    middle = (at.firsts[:-1] + at.firsts[1:]) // 2
    return middle, middle


def ends(at: ShotMoments) -> PlainMoments:
    """The last moment of what is left, and the first of what is entered."""
    return at.firsts[1:] - 1, at.firsts[:-1]


def moments_of(snapshot: Snapshot, identity: str) -> ShotMoments:
    """What the rows of a representation stand for.

    Cost: opens one array a source.
    """
    stored = [
        np.array(snapshot.library.moments(one.source.digest, one.detector, identity))
        for one in snapshot.sources
    ]
    counts = [
        np.bincount(one["shot"], minlength=shots)
        for one, shots in zip(stored, snapshot.shot_counts, strict=True)
    ]
    joined = np.concatenate([np.zeros(0, MOMENT), *stored])
    firsts = np.concatenate([[0], *counts]).cumsum().astype(np.int64)
    return ShotMoments(joined["frame"].astype(np.int64), joined["pts"].astype(np.int64), firsts)


@dataclass(frozen=True, slots=True)
class Handles:
    """Where the shots of a snapshot may be left and entered."""

    snapshot: Snapshot
    least: int
    """Frames that a shot must be on screen before it is left, and after it is entered."""

    def leaving(self, shot: int) -> Frames | None:
        """The frames that may be the last one shown of a shot; None where there are none."""
        start, end = self._clean(shot)
        first, last = self.snapshot.seen_frames(shot)
        return _frames(max(start + self.least - 1, first), min(end - 1, last))

    def entering(self, shot: int) -> Frames | None:
        """The frames that may be the first one shown of a shot; None where there are none."""
        start, end = self._clean(shot)
        first, last = self.snapshot.seen_frames(shot)
        return _frames(max(start, first), min(end - self.least, last))

    def _clean(self, shot: int) -> Frames:
        one = self.snapshot.shots[shot]
        return one.clean_start_frame, one.clean_end_frame

    def moments(self, at: ShotMoments, plain: PlainMoments) -> tuple[Moments, Moments]:
        """Those of some moments at which each shot may be left, and at which it may be entered.

        Of a shot that may be left, but at none of them, the nearest one stands for the frames at
        which it may be. `plain`: those that are compared plainly.
        """
        shots = self.snapshot.shots
        of = np.repeat(np.arange(len(shots)), np.diff(at.firsts))
        start = np.array([one.clean_start_frame for one in shots], np.int64)[of]
        end = np.array([one.clean_end_frame for one in shots], np.int64)[of]
        seen = self.snapshot.visible[of]
        visible = (seen["enter"] <= at.pts) & (at.pts <= seen["leave"])
        leaves = visible & (at.frame >= start + self.least - 1)
        enters = visible & (at.frame <= end - self.least)
        for flags, frames in ((leaves, self.leaving), (enters, self.entering)):
            without = np.flatnonzero(~_any(flags, at.firsts))
            for shot in without.tolist():
                if (allowed := frames(shot)) is not None:
                    inside = slice(at.firsts[shot], at.firsts[shot + 1])
                    away = np.abs(at.frame[inside] - np.clip(at.frame[inside], *allowed))
                    flags[at.firsts[shot] + int(away.argmin())] = True
        return _chosen(leaves, at.firsts, plain[0]), _chosen(enters, at.firsts, plain[1])

    def shots(self, at: ShotMoments) -> Moments:
        """All moments of the shots that are long enough: for what compares them as a whole."""
        long = [
            one.clean_end_frame - one.clean_start_frame >= self.least for one in self.snapshot.shots
        ]
        every = np.repeat(np.array(long, np.bool_), np.diff(at.firsts))
        return _chosen(every, at.firsts, at.firsts[:-1])


def _frames(first: int, last: int) -> Frames | None:
    return (first, last) if first <= last else None


def _any(flags: NDArray[np.bool_], firsts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(shots,) whether any of each one's moments is flagged."""
    counted = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(counted[firsts[1:]] > counted[firsts[:-1]])


def _chosen(
    flags: NDArray[np.bool_], firsts: NDArray[np.int64], plain: NDArray[np.int64]
) -> Moments:
    counted = np.concatenate([[0], np.cumsum(flags)]).astype(np.int64)
    return Moments(
        numbers=np.flatnonzero(flags).astype(np.int64),
        firsts=counted[firsts],
        plain=np.where(flags[plain], counted[plain], -1),
    )
