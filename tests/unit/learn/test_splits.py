"""Titles are divided, never pairs."""

from __future__ import annotations

import numpy as np
import pytest

from matchcut.errors import LabelsTooFew, UsageError
from matchcut.learn.choosing import divided_pairs
from matchcut.learn.pairs import LabelledSet, Pairs
from matchcut.learn.splits import SPLITS, divided, pairs_of


def labelled(pairs: Pairs) -> LabelledSet:
    splits = {
        "train": frozenset({"a", "b"}),
        "validation": frozenset({"c"}),
        "test": frozenset({"d"}),
    }
    return LabelledSet("set", {"frame": pairs}, splits, {})


def test_no_title_is_in_two_splits_and_none_is_lost() -> None:
    titles = {f"film {number}" for number in range(500)}
    found = divided(titles)
    assert frozenset().union(*found.values()) == titles
    assert sum(map(len, found.values())) == len(titles)
    assert len(found["train"]) == pytest.approx(300, abs=40)


def test_a_title_stays_where_it_is_when_others_come() -> None:
    few, many = divided({"a", "b", "c"}), divided({"a", "b", "c", "d", "e"})
    assert all(few[split] <= many[split] for split in SPLITS)


def test_a_pair_of_two_films_counts_only_where_both_are() -> None:
    pairs = Pairs((("a", 1), ("a", 1), ("c", 1)), (("b", 2), ("c", 2), ("c", 2)), np.ones(3, bool))
    found = {split: len(pairs_of(labelled(pairs), "frame", split)) for split in (*SPLITS, "all")}
    assert found == {"train": 1, "validation": 1, "test": 0, "all": 3}


def test_a_split_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="no split named 'valid'"):
        pairs_of(labelled(Pairs((), (), np.zeros(0, bool))), "frame", "valid")


def test_nothing_is_learned_from_pairs_of_one_kind() -> None:
    pairs = Pairs((("a", 1), ("c", 1)), (("a", 2), ("c", 2)), np.ones(2, bool))
    with pytest.raises(LabelsTooFew, match="of 1 pairs 1 match"):
        divided_pairs(labelled(pairs), "frame")
