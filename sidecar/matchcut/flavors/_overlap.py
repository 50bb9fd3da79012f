"""How alike the end of one sound and the start of another are, at every lag at which they overlap.

At each lag the tail's last n frames lie on the head's first n. Compared are the onsets and how
envelopes change. Sounds that hardly change (wind, a hum, an empty room) say nothing that way; they
are of one kind as far as their mean envelopes have one shape.

All sums are of whole numbers small enough to be exact, so no blocking of the matrix products
changes a digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._spectrum import AUDIBLE, BANDS, FRAMES, HOP, LARGEST, WIDTH
from matchcut.types import SOUND_RATE, Rows

SHORTEST = 40
"""Frames of the shortest overlap compared: 0.4 s. Shorter ones are alike by chance."""
LEVEL = 0.5
"""Weight of changes that all bands share. In full it would make any two strokes, or syllables, of
one length alike."""
HEARD = 0.1
"""Share of an overlap that can be heard in either sound, at least."""
ONSETS = 4
"""Weight of onsets: a rise by 1 dB counts as much as one band that changes by so many."""
CHANCE = 0.2
"""Correlation of unrelated sounds that overlap for a second, at the best of all lags; for n seconds
it is this divided by the root of n, and scores 0."""
STEADY, LIVELY = 2.0, 4.0
"""dB, root mean square, by which bands change: up to the first a sound is steady, from the second
on its mean envelope says nothing."""
APART = 8.0
"""dB, root mean square, between mean envelopes from which on sounds are of different kinds."""
KIND = 0.3
"""The score of steady sounds of the very same kind that are not the same sound."""
EIGHTHS = 8
"""Mean envelopes are compared in whole eighths of a dB."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The same edge of many shots, ready to be compared."""

    changes: NDArray[np.float32]
    """(N, frames * dimensions) whole numbers, frames in the order of time."""
    weight: NDArray[np.float32]
    """(frames, N) one over the length of the changes in an overlap of n + 1 frames; 0 where so long
    an overlap does not lie in the sound, or too little of it is heard."""
    shape: NDArray[np.float64]
    """(N, BANDS) mean envelope, whole eighths of a dB; its mean is near 0."""
    steady: NDArray[np.float32]
    """(N,) 0 to 1, how far the mean envelope is all there is."""


def edge(rows: Rows, *, tail: bool, pool: int) -> Edge:
    """The edges in (N,) rows of `SIDE`, `pool` frames of 10 ms (1 or 2) taken together as one."""
    frames = FRAMES // pool

    def pooled(values: Rows) -> NDArray[np.float32]:
        grouped = values.reshape(len(rows), frames, pool, prod(values.shape[2:]))
        return np.asarray(grouped.sum(axis=2, dtype=np.float32))

    onset = np.minimum(rows["onset"].astype(np.int16) * ONSETS, LARGEST)
    shared = rows["changes"].sum(axis=2, dtype=np.int16) * np.float32((1 - LEVEL) / BANDS)
    bands = rows["changes"] - np.rint(shared).astype(np.int16)[..., None]
    bands = np.clip(bands, -LARGEST, LARGEST)
    changes = np.concatenate([pooled(bands), pooled(onset)], axis=2)
    heard = pooled(rows["loud"] >= AUDIBLE)[..., 0]
    back = slice(None, None, -1 if tail else 1)
    energy = np.cumsum(np.square(changes).sum(axis=2)[:, back], axis=1)
    length = np.arange(1, frames + 1) * pool
    long = length <= rows["frames"][:, None]
    usable = long & (np.cumsum(heard[:, back], axis=1) >= HEARD * length) & (energy > 0)
    weight = np.divide(1, np.sqrt(energy), out=np.zeros_like(energy), where=usable)
    steady = np.clip((LIVELY - rows["lively"]) / (LIVELY - STEADY), 0, 1)
    return Edge(
        changes.reshape(len(rows), prod(changes.shape[1:])),
        np.ascontiguousarray(weight.T),
        np.rint(rows["envelope"].astype(np.float64) * EIGHTHS),
        np.asarray(steady * (rows["frames"] >= SHORTEST), np.float32),
    )


def overlaps(tail: Edge, head: Edge, *, pool: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Each overlap in frames of `pool`, with what it scores.

    Yields:
        The number n of frames, increasing, and (N, M) float32 up to 1: how far the correlation of
        the changes lies above what chance gives over n frames, 0 where that is all.
    """
    frames = len(tail.weight)
    dimensions = tail.changes.shape[1] // frames
    for number in range(SHORTEST // pool, frames + 1):
        ending = tail.changes[:, (frames - number) * dimensions :]
        starting = head.changes[:, : number * dimensions]
        score = ending @ starting.T
        score *= tail.weight[number - 1][:, None]
        score *= head.weight[number - 1][None]
        likely = chance(number * pool)
        score -= likely
        score /= 1 - likely
        yield number, np.maximum(score, 0, out=score)


def chance(frames: int) -> np.float32:
    """The correlation of unrelated sounds that overlap for so many frames of 10 ms."""
    return np.float32(CHANCE / (samples(frames) / SOUND_RATE) ** 0.5)


def same_kind(tail: Edge, head: Edge) -> NDArray[np.float32]:
    """(N, M) 0 to `KIND`: how far steady sounds are of one kind, whatever their lag."""
    squares = (np.square(one.shape).sum(axis=1) for one in (tail, head))
    square = np.add.outer(*squares) - 2 * (tail.shape @ head.shape.T)
    apart = np.sqrt(square / BANDS) / EIGHTHS
    kind = np.maximum(1 - apart / APART, 0) * np.minimum.outer(tail.steady, head.steady)
    return np.asarray(KIND * kind, np.float32)


def samples(frames: float) -> float:
    """Samples that so many frames of 10 ms cover."""
    return WIDTH + (frames - 1) * HOP
