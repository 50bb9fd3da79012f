"""Rows of many sources are one table, and a block of it scores as the whole does."""

from __future__ import annotations

import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.scoring import PairScores, RowTable, row_table
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
    start = data.draw(st.integers(0, len(joined) - 1), label="start")
    stop = data.draw(st.integers(start + 1, len(joined)), label="stop")
    taken = rows.take(start, stop)
    assert taken.dtype == joined.dtype
    assert taken.tobytes() == joined[start:stop].tobytes()


def test_sources_without_shots_take_no_place_in_the_table() -> None:
    parts = [np.zeros((0, 2)), np.ones((2, 2)), np.zeros((0, 2)), np.full((1, 2), 7.0)]
    rows = _table(parts)
    assert len(rows) == 3
    assert rows.take(1, 3).tolist() == [[1.0, 1.0], [7.0, 7.0]]


def test_a_library_without_shots_has_an_empty_table() -> None:
    assert len(_table([])) == 0
    assert len(_table([np.zeros((0, 2))])) == 0


def test_rows_of_one_source_are_not_copied() -> None:
    stored = np.arange(20.0).reshape(10, 2)
    rows = _table([np.zeros((3, 2)), stored])
    assert np.shares_memory(rows.take(4, 9), stored)


class _Difference:
    """Directed: what B has more than A."""

    name = "difference"
    symmetric = False
    lowest, highest = -100.0, 100.0

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        return (b[None, :, 0] - a[:, None, 0]).astype(np.float32)


def test_a_block_of_scores_is_that_block_of_all_scores_outgoing_by_incoming() -> None:
    parts = [np.array([[1.0], [2.0]]), np.array([[10.0]]), np.array([[4.0], [0.0]])]
    scores = PairScores(_table(parts), _Difference())
    whole = scores.block((0, 5), (0, 5))
    assert whole[0].tolist() == [0.0, 1.0, 9.0, 3.0, -1.0]
    assert scores.block((1, 4), (2, 5)).tolist() == whole[1:4, 2:5].tolist()


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
    assert rows.take(0, 100).shape == (100, 2)
    assert len(opened) == 50
    assert max(open_at_once) <= 2
