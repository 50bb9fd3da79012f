"""From the network's answer and the signals to transitions: one recipe with named constants.

Where each constant comes from: it is the one that `tests/joined` found best on its tuning half;
the benchmark `tests.benchmarks.shots` reports the other half.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matchcut.shots._combined.doubts import DOUBTFUL, is_mistaken
from matchcut.shots._combined.fades import between_pictures, over_plain, plain_stretches
from matchcut.shots._combined.signals import Floats
from matchcut.shots._combined.spikes import spikes
from matchcut.shots._combined.stretch import Run, Stretch
from matchcut.shots._combined.wipes import wipes
from matchcut.types import Transition

REACH = 224
"""Frames before and after a frame that decide what is said of it."""

FAINT = 0.2
"""A run of frames whose `middle` lies above it may be a transition."""
BELONGS = 0.1
"""Frames whose `part` lies above it belong to the transition."""
LIKELY = 0.4
"""A long run of `part` above it is a transition even where `middle` is nowhere high."""
SLOW = 6
"""Frames that such a run must be longer than."""
LONGEST = 48
"""Frames on either side of its middle that a transition is followed."""
SUDDEN = 3
"""A transition of at most so many frames is a cut."""


def decided(
    stretch: Stretch, since_frame: int, *, ended: bool
) -> tuple[int, tuple[Transition, ...]]:
    """What can be said for good.

    Args:
        stretch: All that is known, from at least `REACH` frames before `since_frame` on.
        since_frame: What cuts before it was said earlier.
        ended: Whether the film ends with the stretch.

    Returns:
        The frame up to which all cuts are known now, and the transitions that cut from
        `since_frame` up to there.
    """
    found = transitions(stretch, ended=ended)
    until = stretch.end
    if not ended:
        until = max(since_frame, stretch.end - REACH)
        # What reaches beyond may still grow.
        until = min([until, *(one.start for one in found if one.cut < until <= one.end)])
        until = max(since_frame, until)
    return until, tuple(one for one in found if since_frame <= one.cut < until)


def transitions(stretch: Stretch, *, ended: bool) -> list[Transition]:
    """All transitions of a stretch, by increasing cut; no two overlap.

    Each depends on the frames up to `REACH` away alone, so that a film may be read in pieces.
    `ended` says that the film ends with the stretch: what fades out there gives way to nothing.
    """
    cuts = spikes(stretch)
    found = [Transition(cut, cut, cut) for cut in cuts]
    found += _of_network(stretch, cuts)
    found = _with_wipes(stretch, found, cuts)
    found = over_plain(found, plain_stretches(stretch))
    found = between_pictures(found, stretch, ended=ended)
    return [
        Transition(*(stretch.first + frame for frame in (one.start, one.cut, one.end)))
        for one in _apart(found)
        if stretch.first + one.cut > 0 and one.cut < len(stretch)
    ]


def _of_network(stretch: Stretch, cuts: list[int]) -> list[Transition]:
    """What the network saw, less what is a cut for certain, a flash, a passer-by or mere light."""
    runs = [
        (run, _spread(stretch, run))
        for run in _runs_of(stretch)
        if not any(run.first <= cut <= run.last + 2 for cut in cuts)
    ]
    found: list[Transition] = []
    for run, one in runs:
        stronger = any(
            one.start <= other.middle < one.end
            and wider.start <= run.middle < wider.end
            and (stretch.middle[other.middle], -other.middle)
            > (stretch.middle[run.middle], -run.middle)
            for other, wider in runs
        )
        if not stronger and not is_mistaken(stretch, run, one):
            found.append(one)
    return found


def _runs_of(stretch: Stretch) -> list[Run]:
    """Runs of `middle` above `FAINT`, and long ones of `part` above `LIKELY` without any such."""
    runs = list(_peaks(stretch.middle, stretch.middle > FAINT))
    for slow in _peaks(stretch.part, stretch.part > LIKELY):
        first, last = slow.first, slow.last
        if last - first >= SLOW and stretch.middle[first : last + 1].max() <= FAINT:
            middle = first + int(np.argmax(stretch.middle[first : last + 1]))
            runs.append(Run(first, middle, last))
    return runs


def _peaks(belief: Floats, mask: NDArray[np.bool_]) -> Iterator[Run]:
    """The runs of a mask; a longer one is several, each followed as far as a transition is."""
    before, after = np.roll(belief, 1), np.roll(belief, -1)
    before[0] = after[-1] = -np.inf
    # Only a frame that no neighbour within the run exceeds can be where a run is highest.
    highest = mask & ((belief > before) | ~np.roll(mask, 1)) & (belief >= after)
    for at in np.flatnonzero(highest).tolist():
        first = last = at
        while first > max(0, at - LONGEST) and mask[first - 1]:
            first -= 1
        while last + 1 < min(len(mask), at + LONGEST + 1) and mask[last + 1]:
            last += 1
        if first + int(np.argmax(belief[first : last + 1])) == at:
            yield Run(first, at, last)


def _spread(stretch: Stretch, run: Run) -> Transition:
    """A run of the network as a cut, or as a gradual transition with both ends."""
    cut = run.middle + 1
    start = end = run.middle
    while start > max(0, run.middle - LONGEST) and stretch.part[start - 1] > BELONGS:
        start -= 1
    while end + 1 < min(len(stretch), run.middle + LONGEST) and stretch.part[end + 1] > BELONGS:
        end += 1
    if end - start + 1 <= SUDDEN:
        return Transition(cut, cut, cut)
    return Transition(start, cut, max(end + 1, cut))


def _with_wipes(stretch: Stretch, found: list[Transition], cuts: list[int]) -> list[Transition]:
    """Wipes stand for what the network saw of them; where a cut is certain there is none."""
    swept = [
        one
        for one in wipes(stretch)
        if not any(one.start <= cut <= one.end for cut in cuts)
        and stretch.middle[one.start : one.end].max() < DOUBTFUL
    ]
    return swept + [
        one for one in found if not any(wipe.start <= one.cut <= wipe.end for wipe in swept)
    ]


def _apart(found: list[Transition]) -> list[Transition]:
    """The transitions in order; where two overlap, they meet halfway between their cuts."""
    ordered = sorted({one.cut: one for one in sorted(found)}.values(), key=lambda one: one.cut)
    apart: list[Transition] = []
    for place, one in enumerate(ordered):
        start, end = one.start, one.end
        if place > 0 and ordered[place - 1].end > start:
            start = max(start, _halfway(ordered[place - 1], one))
        if place + 1 < len(ordered) and ordered[place + 1].start < end:
            end = min(end, _halfway(one, ordered[place + 1]))
        apart.append(Transition(min(start, one.cut), one.cut, max(end, one.cut)))
    return apart


def _halfway(one: Transition, other: Transition) -> int:
    return (one.cut + other.cut) // 2
