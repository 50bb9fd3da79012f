"""Shots that the editor gave: from a cut list, instead of a detector."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import Cancelled
from matchcut.media.decode import read_frames
from matchcut.pipeline.cutting import KnownTransitions, transitions_between
from matchcut.types import Monitor, Progress, Shot, Source, Transition

PREFIX = "given-"
"""Begins the identity of all shots that a cut list gave."""
REPORT_EVERY = 16
"""Frames between two looks at the monitor."""

Resolve: TypeAlias = Callable[[Source, NDArray[np.int64]], tuple[Transition, ...]]
"""A film and the pts of its frames, and of the end of the last one, to where it cuts."""


@dataclass(frozen=True, slots=True)
class GivenCuts:
    """What a cut list says of one film."""

    name: str
    """File name of the list."""
    resolve: Resolve
    """Raises CutListRefused where the list does not fit the film."""


@dataclass(slots=True)
class GivenShots:
    """A detector that knows the answer."""

    identity: str
    transitions: tuple[Transition, ...]
    name: str = "given"
    label: str = "The shots that a cut list gives"

    def begin(self) -> KnownTransitions:
        """Starts reading the film whose cuts these are."""
        return KnownTransitions(self.transitions)


def given_shots(transitions: tuple[Transition, ...]) -> GivenShots:
    """The detector whose answer these transitions are, named by a digest of them."""
    text = repr([(one.start, one.cut, one.end) for one in transitions])
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return GivenShots(PREFIX + digest, transitions)


def kept_shots(shots: Sequence[Shot]) -> GivenShots:
    """The detector of shots that an earlier run was given."""
    return GivenShots(shots[0].detector, transitions_between(shots))


def is_given(detector: str) -> bool:
    """Whether a cut list gave the shots of this detector's identity."""
    return detector.startswith(PREFIX)


def timed_frames(path: Path, source: Source, monitor: Monitor) -> NDArray[np.int64]:
    """(frames + 1,) pts of every frame of a film, then the end of the last one.

    Cost: one decode.

    Raises:
        MediaUnreadable: no frame can be decoded.
        Cancelled: the monitor asked to stop.
    """
    pts = array("q")
    with closing(read_frames(path, source)) as frames:
        for frame in frames:
            if frame.index % REPORT_EVERY == 0:
                if monitor.cancelled():
                    raise Cancelled
                monitor.report(Progress("counting", path.name, frame.index, None, "frames"))
            pts.append(frame.pts)
    pts.append(pts[-1] + last_frame_duration(pts, source))
    return np.array(pts, np.int64)


def last_frame_duration(pts: Sequence[int], source: Source) -> int:
    """How long the last frame is shown: as long as the one before, or one nominal frame."""
    nominal = max(1, round(1 / (source.rate * source.time_base)))
    return pts[-1] - pts[-2] if len(pts) > 1 else nominal
