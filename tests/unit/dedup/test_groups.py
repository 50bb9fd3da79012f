"""Which shots count as repeats of one set-up."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.dedup import duplicate_groups
from matchcut.embeddings.appearance import REPEATS


def _at(*degrees: float) -> NDArray[np.float32]:
    """Embeddings on a circle: the cosine of two is that of the angle between them."""
    radians = np.deg2rad(np.array(degrees))
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def test_no_shots_make_no_groups() -> None:
    groups = duplicate_groups(np.zeros((0, 4), np.float32), REPEATS)
    assert groups.shape == (0,)
    assert groups.dtype == np.int32


def test_unlike_shots_stay_apart() -> None:
    assert duplicate_groups(_at(0, 90, 180, 270), REPEATS).tolist() == [0, 1, 2, 3]


def test_a_set_up_that_returns_is_the_group_of_its_first_shot() -> None:
    assert duplicate_groups(_at(0, 90, 1, 91, 2), REPEATS).tolist() == [0, 1, 0, 1, 0]


def test_a_chain_of_likenesses_is_one_group() -> None:
    # 20 degrees apart are repeats (cosine 0.94), 40 are not (0.77): the middle one joins both.
    assert duplicate_groups(_at(0, 40), REPEATS).tolist() == [0, 1]
    assert duplicate_groups(_at(0, 40, 20), REPEATS).tolist() == [0, 0, 0]


def test_chains_that_meet_late_are_one_group() -> None:
    assert duplicate_groups(_at(0, 20, 80, 60, 40), REPEATS).tolist() == [0, 0, 0, 0, 0]


def test_a_pair_exactly_at_the_threshold_is_a_repeat() -> None:
    edge = float(np.float32(REPEATS))
    pair = np.array([[1.0, 0.0], [edge, np.sqrt(1 - edge**2)]], np.float32)
    assert duplicate_groups(pair, REPEATS).tolist() == [0, 0]
    assert duplicate_groups(pair, threshold=0.9001).tolist() == [0, 1]


def test_grouping_the_kept_shots_again_changes_nothing() -> None:
    embeddings = _at(0, 5, 90, 20, 95, 180, 40)
    groups = duplicate_groups(embeddings, REPEATS)
    kept = np.unique(groups)
    assert duplicate_groups(embeddings[kept], REPEATS).tolist() == list(range(len(kept)))


@pytest.mark.parametrize("seed", range(8))
def test_a_block_of_one_row_does_not_change_who_repeats_whom(seed: int) -> None:
    # The last digit of a float32 product depends on the shape of the block. The threshold here is
    # the highest cosine of all: a wrong last digit would part the only two that are alike.
    draw = np.random.default_rng(seed)
    embeddings = draw.normal(size=(40, 671)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    cosines = embeddings.astype(np.float64) @ embeddings.astype(np.float64).T
    threshold = float(np.triu(cosines, 1).max().astype(np.float32))
    for block in (1, 7, 39, 2048):
        groups = duplicate_groups(embeddings, threshold, block)
        assert len(set(groups.tolist())) == 39
