"""From transitions to shots and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Boundaries, Picture, Shot, Source, Span, Transition


def shot_between(
    into: Transition,
    out_of: Transition,
    pts: Sequence[int],
    *,
    source: Source,
    number: int,
    detector: str,
) -> Shot:
    """The shot from the cut of one transition to the cut of the next.

    It is clean from the end of `into` to the start of `out_of`. A shot that lies wholly inside of
    transitions is given one clean frame: the first one at or after the end of `into`, or the
    shot's last frame where `into` ends with the shot.

    Args:
        into: The transition it begins with; (0, 0, 0) at the film's start.
        out_of: The one it ends with; all three are the number of frames at the film's end.
        pts: Presentation times of the film's frames, as far as the cut of `out_of`.
        source: The film.
        number: 0-based place of the shot in it.
        detector: Identity of what found it.
    """
    start, end = into.cut, out_of.cut
    clean_start = min(into.end, end - 1)
    clean_end = max(out_of.start, clean_start + 1)
    return Shot(
        source.digest,
        number,
        start,
        end,
        Span(pts[start], pts[end], source.time_base),
        detector,
        clean_start,
        clean_end,
        Span(pts[clean_start], pts[clean_end], source.time_base),
    )


def shots_between(
    transitions: Sequence[Transition], frame_pts: NDArray[np.int64], source: Source, detector: str
) -> tuple[Shot, ...]:
    """The shots of a whole film, from its transitions and the times of all its frames."""
    pts: list[int] = frame_pts.tolist()
    frames = len(pts) - 1
    edges = [Transition(0, 0, 0), *transitions, Transition(frames, frames, frames)]
    return tuple(
        shot_between(into, out_of, pts, source=source, number=number, detector=detector)
        for number, (into, out_of) in enumerate(pairwise(edges))
    )


def transitions_between(shots: Sequence[Shot]) -> tuple[Transition, ...]:
    """The transitions that `shot_between` makes these very shots from again."""
    return tuple(
        Transition(before.clean_end_frame, after.start_frame, after.clean_start_frame)
        for before, after in pairwise(shots)
    )


class KnownTransitions:
    """A reading whose answer is known: from an earlier run, or from the editor."""

    def __init__(self, transitions: Sequence[Transition]) -> None:
        self._by_cut = {transition.cut: transition for transition in transitions}
        self._pushed = 0

    def push(self, picture: Picture, /) -> Boundaries:
        """Answers with the transition that has its cut at this frame, if there is one."""
        found = self._by_cut.get(self._pushed)
        self._pushed += 1
        return Boundaries(self._pushed, () if found is None else (found,))

    def finish(self) -> Boundaries:
        """All has been said."""
        return Boundaries(self._pushed, ())
