"""Rows of many sources are one table, and a block of it scores as the whole does."""

from __future__ import annotations

import weakref
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.scoring import RowScores, RowTable, row_table
from matchcut.types import Rows

FIELDS = np.dtype([("mask", np.uint8, (3,)), ("area", np.float32)])


def _table(parts: list[Rows]) -> RowTable:
    return row_table([(len(part), lambda part=part: part) for part in parts])


def _parts(lengths: list[int], dtype: np.dtype[np.void] | type[np.float32]) -> list[Rows]:
    count = sum(lengths)
    rows = np.zeros((count, 2) if dtype is np.float32 else count, dtype)
    if dtype is np.float32:
        rows[:] = np.arange(count * 2).reshape(count, 2)
    else:
        rows["mask"] = np.arange(count * 3).reshape(count, 3) % 251
        rows["area"] = np.arange(count)
    return np.split(rows, np.cumsum(lengths)[:-1])


@pytest.mark.parametrize("dtype", [np.float32, FIELDS], ids=["plain", "fields"])
@given(lengths=st.lists(st.integers(0, 4), min_size=1, max_size=6), data=st.data())
def test_rows_taken_over_the_borders_of_sources_are_the_joined_rows(
    dtype: np.dtype[np.void] | type[np.float32], lengths: list[int], data: st.DataObject
) -> None:
    parts = _parts(lengths, dtype)
    joined = np.concatenate(parts)
    rows = _table(parts)
    assert len(rows) == len(joined)
    if not len(joined):
        return
    some = st.lists(st.integers(0, len(joined) - 1), min_size=1, max_size=8)
    numbers = np.sort(np.array(data.draw(some, label="numbers"), np.int64))
    taken = rows.some(numbers)
    assert taken.dtype == joined.dtype
    assert taken.tobytes() == joined[numbers].tobytes()


def test_sources_without_shots_take_no_place_in_the_table() -> None:
    parts = [np.zeros((0, 2)), np.ones((2, 2)), np.zeros((0, 2)), np.full((1, 2), 7.0)]
    rows = _table(parts)
    assert len(rows) == 3
    assert rows.some(np.arange(1, 3)).tolist() == [[1.0, 1.0], [7.0, 7.0]]


def test_a_library_without_shots_has_an_empty_table() -> None:
    assert len(_table([])) == 0
    assert len(_table([np.zeros((0, 2))])) == 0


def test_rows_of_one_source_are_not_copied() -> None:
    stored = np.arange(20.0).reshape(10, 2)
    rows = _table([np.zeros((3, 2)), stored])
    assert np.shares_memory(rows.some(np.arange(4, 9)), stored)


class _Difference:
    """Directed: what B has more than A."""

    name = "difference"
    symmetric = False
    lowest, highest, fluke = -100.0, 100.0, 1.0

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        return (b[None, :, 0] - a[:, None, 0]).astype(np.float32)


def test_scores_of_some_rows_are_those_of_all_outgoing_by_incoming() -> None:
    parts = [np.array([[1.0], [2.0]]), np.array([[10.0]]), np.array([[4.0], [0.0]])]
    scores = RowScores(_table(parts), _Difference())
    everyone = np.arange(5)
    whole = scores(everyone, everyone)
    assert whole[0].tolist() == [0.0, 1.0, 9.0, 3.0, -1.0]
    assert scores(np.array([1, 3]), np.array([2, 4])).tolist() == whole[1::2, 2::2].tolist()


def test_a_block_over_many_sources_keeps_none_of_their_files_open() -> None:
    """A library of a thousand sources would otherwise run out of open files."""
    opened: list[weakref.ref[Rows]] = []
    open_at_once: list[int] = []

    def opens() -> Rows:
        rows = np.ones((2, 2))
        opened.append(weakref.ref(rows))
        open_at_once.append(sum(one() is not None for one in opened))
        return rows

    rows = row_table([(2, opens)] * 50)
    assert rows.some(np.arange(100)).shape == (100, 2)
    assert len(opened) == 50
    assert max(open_at_once) <= 2


def test_sources_between_those_of_the_rows_that_are_wanted_are_not_opened() -> None:
    opened: list[int] = []

    def opens(source: int) -> Rows:
        opened.append(source)
        return np.full((2, 1), source, np.float32)

    rows = row_table([(2, partial(opens, source)) for source in range(50)])
    assert rows.some(np.array([4, 5, 91])).tolist() == [[2], [2], [45]]
    assert opened == [2, 45]
