"""Groups of repeats depend on the shots alone: not on their order, nor on how they are read."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.dedup import duplicate_groups
from matchcut.embeddings.appearance import REPEATS

STEP = 5
"""Degrees; with the threshold of 0.9, shots up to five steps apart are repeats."""

directions = st.lists(st.integers(0, 71), max_size=24)


def _embeddings(steps: list[int]) -> NDArray[np.float32]:
    radians = np.deg2rad(np.array(steps, np.float64) * STEP)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def _partition(shots: list[int], groups: NDArray[np.int32]) -> set[frozenset[int]]:
    return {
        frozenset(shot for shot, group in zip(shots, groups.tolist(), strict=True) if group == one)
        for one in groups.tolist()
    }


@given(directions, st.randoms(use_true_random=False))
def test_the_order_of_the_shots_does_not_change_the_groups(
    steps: list[int], shuffle: Random
) -> None:
    shots = list(range(len(steps)))
    shuffled = shots.copy()
    shuffle.shuffle(shuffled)
    one = duplicate_groups(_embeddings(steps), REPEATS)
    other = duplicate_groups(_embeddings([steps[shot] for shot in shuffled]), REPEATS)
    assert _partition(shots, one) == _partition(shuffled, other)


@given(directions, st.integers(1, 30))
def test_the_size_of_a_block_does_not_change_the_groups(steps: list[int], block: int) -> None:
    embeddings = _embeddings(steps)
    whole = duplicate_groups(embeddings, REPEATS)
    assert duplicate_groups(embeddings, REPEATS, block=block).tolist() == whole.tolist()


@given(directions)
def test_a_group_is_named_by_its_first_shot_and_the_first_shots_are_all_apart(
    steps: list[int],
) -> None:
    embeddings = _embeddings(steps)
    groups = duplicate_groups(embeddings, REPEATS)
    for shot, first in enumerate(groups.tolist()):
        assert first == min(np.flatnonzero(groups == groups[shot]).tolist())
    kept = sorted(set(groups.tolist()))
    assert duplicate_groups(embeddings[kept], REPEATS).tolist() == list(range(len(kept)))


@given(directions)
def test_two_shots_are_of_one_group_just_when_a_chain_of_repeats_joins_them(
    steps: list[int],
) -> None:
    groups = duplicate_groups(_embeddings(steps), REPEATS)
    reached = [{shot} for shot in range(len(steps))]
    for _ in steps:
        for a, one in enumerate(steps):
            for b, other in enumerate(steps):
                apart = min((one - other) % 72, (other - one) % 72)
                if apart <= 5:
                    reached[a] |= reached[b]
    for shot, chain in enumerate(reached):
        assert groups[shot] == min(chain)
