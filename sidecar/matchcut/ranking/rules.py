"""Which pairs of shots may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
"""(N,) shot numbers."""


@dataclass(frozen=True)
class ShotTable:
    """What the rules need to know of every shot, in the library's order."""

    source: NDArray[np.int32]
    """(N,) number of the source."""
    start: NDArray[np.int64]
    """(N,) start in ticks of a clock common to all sources."""
    end: NDArray[np.int64]
    """(N,) end in the same ticks, exclusive."""
    group: NDArray[np.int32]
    """(N,) number of the duplicate group."""
    earliest: NDArray[np.bool_]
    """(N,) whether the shot is the one kept of its group."""

    def __len__(self) -> int:
        return len(self.source)

    @cached_property
    def kept(self) -> int:
        """How many shots are kept of all groups."""
        return int(self.earliest.sum())

    @cached_property
    def _by_source(self) -> tuple[Numbers, NDArray[np.int32]]:
        """The shots by source, and the source of each of them."""
        order = np.argsort(self.source, kind="stable")
        return order, self.source[order]

    def of_source(self, source: int) -> Numbers:
        """The shots of one source."""
        order, sources = self._by_source
        first, last = np.searchsorted(sources, (source, source + 1)).tolist()
        return order[first:last]


@dataclass(frozen=True, slots=True)
class Rules:
    """Which pairs may be shown."""

    across: bool
    """Only pairs of different sources."""
    min_gap: int
    """Ticks between the end of one shot and the start of the other, within one source."""
    per_shot: int | None
    """At most this many pairs a shot; None for no limit."""


def allowed(
    shots: ShotTable, rules: Rules, outgoing: tuple[int, int], incoming: tuple[int, int]
) -> NDArray[np.bool_]:
    """(N, M) which pairs of a block the rules allow, whatever their score.

    Never a shot with itself, never two shots of one duplicate group, never two shots of one source
    closer than `rules.min_gap`.
    """
    a, b = np.arange(*outgoing), np.arange(*incoming)
    return allowed_pairs(shots, rules, a[:, None], b[None])


def allowed_pairs(
    shots: ShotTable, rules: Rules, outgoing: Numbers, incoming: Numbers
) -> NDArray[np.bool_]:
    """Which pairs the rules allow, as `allowed`; the two are broadcast against each other."""
    same_source = shots.source[outgoing] == shots.source[incoming]
    other_group = shots.group[outgoing] != shots.group[incoming]
    if rules.across:
        return np.asarray(other_group & ~same_source)
    gap = np.maximum(
        shots.start[incoming] - shots.end[outgoing], shots.start[outgoing] - shots.end[incoming]
    )
    return np.asarray(other_group & (~same_source | (gap >= rules.min_gap)))


def count_allowed(shots: ShotTable, rules: Rules) -> int:
    """How many undirected pairs of kept shots the rules allow, without looking at each.

    `rules.min_gap` is at least 0, and no shot is empty. Cost: sorts the shots of each source.
    """
    kept = np.flatnonzero(shots.earliest)
    found = len(kept) * (len(kept) - 1) // 2
    order = kept[np.argsort(shots.source[kept], kind="stable")]
    for inside in np.split(order, np.flatnonzero(np.diff(shots.source[order])) + 1):
        found -= len(inside) * (len(inside) - 1) // 2
        if not rules.across:
            starts = np.sort(shots.start[inside])
            found += int(
                (len(inside) - np.searchsorted(starts, shots.end[inside] + rules.min_gap)).sum()
            )
    return found


def count_allowed_for(shots: ShotTable, rules: Rules, query: int) -> int:
    """How many kept shots the rules let one shot meet, without looking at those of other films."""
    same = shots.of_source(int(shots.source[query]))
    meets = allowed_pairs(shots, rules, np.full(len(same), query), same) & shots.earliest[same]
    group = np.flatnonzero(shots.group == shots.group[query])
    elsewhere = shots.earliest[group] & (shots.source[group] != shots.source[query])
    return int(meets.sum() + shots.kept - shots.earliest[same].sum() - elsewhere.sum())


def barred(shots: ShotTable, rules: Rules) -> NDArray[np.int64]:
    """(N, 2) a half-open range of shots that each may not meet, itself among them.

    All of those, where the shots of a source lie together in the order of time, as in a library.
    """
    own = np.stack([np.arange(len(shots)), np.arange(len(shots)) + 1], axis=1)
    if not len(shots):
        return own
    edges = np.flatnonzero(np.diff(shots.source)) + 1
    for inside in np.split(np.arange(len(shots)), edges):
        starts, ends = shots.start[inside], shots.end[inside]
        if rules.across:
            own[inside] = inside[0], inside[-1] + 1
        elif (np.diff(starts) >= 0).all() and (np.diff(ends) >= 0).all():
            first = np.searchsorted(ends, starts - rules.min_gap, side="right")
            last = np.searchsorted(starts, ends + rules.min_gap, side="left")
            own[inside, 0] = inside[0] + np.minimum(first, inside - inside[0])
            own[inside, 1] = inside[0] + np.maximum(last, inside - inside[0] + 1)
    return own
