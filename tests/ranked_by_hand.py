"""The ranking's rules once more, in plain Python over all pairs: what streaming must come to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchcut.ranking import NO_MATCH, BlockScores, Ranked, Rules, ShotTable

Pair = tuple[int, int, float]
"""Outgoing shot, incoming shot, score."""


@dataclass(frozen=True)
class Library:
    """Shots and the score of every pair."""

    shots: ShotTable
    scores: NDArray[np.float32]

    def block(self) -> BlockScores:
        def scores(outgoing: tuple[int, int], incoming: tuple[int, int]) -> NDArray[np.float32]:
            return self.scores[slice(*outgoing), slice(*incoming)]

        return scores


def table(spans: list[tuple[int, int, int]], groups: list[int] | None = None) -> ShotTable:
    """Shots as (source, start, end); `groups` names the duplicate group of each.

    Without them each shot is a group of its own. A group's first shot is the one kept of it.
    """
    named = list(range(len(spans))) if groups is None else groups
    return ShotTable(
        source=np.array([source for source, _, _ in spans], np.int32),
        start=np.array([start for _, start, _ in spans], np.int64),
        end=np.array([end for _, _, end in spans], np.int64),
        group=np.array(named, np.int32),
        earliest=np.array([named.index(one) == at for at, one in enumerate(named)], np.bool_),
    )


def may_meet(shots: ShotTable, rules: Rules, a: int, b: int) -> bool:
    """Whether the rules let shot `a` be followed by shot `b`."""
    if shots.group[a] == shots.group[b]:
        return False
    if shots.source[a] != shots.source[b]:
        return True
    if rules.across:
        return False
    if shots.start[a] < shots.start[b]:
        return bool(shots.start[b] - shots.end[a] >= rules.min_gap)
    return bool(shots.start[a] - shots.end[b] >= rules.min_gap)


def all_pairs(library: Library, rules: Rules, *, symmetric: bool) -> list[Pair]:
    """Every pair that may be shown, best first, ties in the library's order."""
    shots = library.shots
    kept = [shot for shot in range(len(shots)) if shots.earliest[shot]]
    pairs = [
        (a, b, float(library.scores[a, b]))
        for a in kept
        for b in kept
        if may_meet(shots, rules, a, b) and (a < b or not symmetric)
    ]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def limited(pairs: list[Pair], per_shot: int | None, top: int) -> list[Pair]:
    """From the best pair down, without those that show a shot more than `per_shot` times."""
    shown: dict[int, int] = {}
    taken: list[Pair] = []
    for a, b, score in pairs:
        if len(taken) == top or score <= NO_MATCH:
            break
        if per_shot is not None and max(shown.get(a, 0), shown.get(b, 0)) >= per_shot:
            continue
        taken.append((a, b, score))
        shown[a] = shown.get(a, 0) + 1
        shown[b] = shown.get(b, 0) + 1
    return taken


def as_pairs(ranked: Ranked) -> list[Pair]:
    """What the ranking gave, as plain tuples."""
    return list(
        zip(ranked.outgoing.tolist(), ranked.incoming.tolist(), ranked.scores.tolist(), strict=True)
    )
