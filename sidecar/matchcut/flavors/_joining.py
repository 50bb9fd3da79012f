"""Where two sounds join: the lag of their best overlap, and the instant in it at which to cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from matchcut.flavors._overlap import SHORTEST, Edge, edge, samples
from matchcut.flavors._spectrum import AUDIBLE, FRAMES, HOP, LARGEST, SIDE, WIDTH
from matchcut.types import SOUND_RATE, Rows

NEAR = 4
"""Frames on either side over which likeness is averaged: an ear hears no single frame."""
BEFORE = 3
"""Frames before an onset in which a cut is hidden by it."""
HIDES = 0.5
"""dB of difference that an onset of 1 dB in both sounds makes up for."""


@dataclass(frozen=True, slots=True)
class Join:
    """How the end of one sound lies over the start of another, and where to cut."""

    overlap: Fraction
    """Seconds from B's start to A's end."""
    enter: Fraction
    """Seconds from B's start to the cut, at most `overlap`."""

    @property
    def leave(self) -> Fraction:
        """Seconds from the cut to A's end."""
        return self.overlap - self.enter


def joined(outgoing: Rows, incoming: Rows) -> Join | None:
    """The best join of the (1,) `SIDE` rows of a tail and a head; None where none beats chance."""
    # Numba takes half a second to load: not before sounds are joined.
    from matchcut.flavors._lags import chances, compare

    tail, head = _edge(outgoing.tobytes(), tail=True), _edge(incoming.tobytes(), tail=False)
    ending, starting = (side.changes[0].astype(np.int16) for side in (tail, head))
    ours, theirs = (side.weight[:, 0].copy() for side in (tail, head))
    found = np.zeros(FRAMES + 1, np.float32)
    compare(ending, starting, ours, theirs, chances(1), found)
    numbers = range(SHORTEST, FRAMES + 1)
    scores = found[SHORTEST:].tolist()
    best = int(np.argmax(scores))
    if scores[best] <= 0:
        return None
    number = numbers[best]
    overlap = round(samples(number + _peak(scores, best)))
    enter = min(WIDTH // 2 + HOP * _instant(outgoing[0], incoming[0], number), overlap)
    return Join(Fraction(overlap, SOUND_RATE), Fraction(enter, SOUND_RATE))


@lru_cache(maxsize=64)
def _edge(row: bytes, *, tail: bool) -> Edge:
    """The edge in a row: one shot is joined with many others, one after the other."""
    return edge(np.frombuffer(row, SIDE), tail=tail, pool=1)


def _peak(scores: list[float], best: int) -> float:
    """Where between its neighbours the best score has its peak: -0.5 to 0.5, by a parabola."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    before, here, after = scores[best - 1 : best + 2]
    bend = 2 * here - before - after
    return 0.5 * (after - before) / bend if before > 0 and after > 0 and bend > 0 else 0.0


def _instant(outgoing: Rows, incoming: Rows, number: int) -> int:
    """The frame of an overlap of `number` frames at which changing over is heard least."""
    late, early = slice(FRAMES - number, None), slice(number)
    ending, starting = outgoing["changes"][late], incoming["changes"][early]
    difference = np.sqrt(np.square(np.subtract(ending, starting, dtype=np.float64)).mean(axis=1))
    # Where one of the two has fallen silent, the change is heard.
    audible = (side["loud"][at] >= AUDIBLE for side, at in ((outgoing, late), (incoming, early)))
    difference += LARGEST * np.not_equal(*audible)
    kernel = np.ones(2 * NEAR + 1)
    inside = np.convolve(np.ones(number), kernel, "same")
    heard = np.convolve(difference, kernel, "same") / inside
    onset = np.minimum(outgoing["onset"][late], incoming["onset"][early]).astype(np.float64)
    coming = np.pad(onset, (0, BEFORE))[1:]
    hidden = np.max([coming[step : step + number] for step in range(BEFORE)], axis=0)
    return int(np.argmin(heard - HIDES * hidden))
