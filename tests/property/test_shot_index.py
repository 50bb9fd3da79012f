"""Exact search is what numpy says, whatever the rows, the filters and the size of blocks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from matchcut import index
from matchcut.index import ShotIndex, SourceRows, _products
from matchcut.index._products import Best, kept, products

finite = st.floats(-4, 4, width=16)
few = st.sampled_from([0.0, 1.0, -1.0])
"""Numbers of which many rows are made alike."""


def rows(count: st.SearchStrategy[int]) -> st.SearchStrategy[NDArray[np.float32]]:
    shape = st.tuples(count, st.just(5))
    return st.one_of(arrays.arrays(np.float32, shape, elements=one) for one in (finite, few))


films = st.lists(rows(st.integers(0, 12)), min_size=1, max_size=5)
some = st.sets(st.sampled_from("abcde"))


def _right(
    batches: list[SourceRows], query: NDArray[np.float16], top: int, names: set[str]
) -> tuple[list[int], list[float]]:
    ids = [one.ids for one in batches if one.source in names]
    if not ids:
        return [], []
    vectors = np.concatenate([kept(one.vectors) for one in batches if one.source in names])
    scores = np.float32(vectors.astype(np.float64) @ query.astype(np.float64))
    numbers = np.concatenate(ids)
    order = np.lexsort((numbers, -scores))[:top]
    return numbers[order].tolist(), scores[order].tolist()


@settings(deadline=None, max_examples=60)
@given(
    films, rows(st.just(2)), st.integers(1, 8), st.none() | some, some, st.sampled_from([1, 3, 64])
)
def test_exact_search_is_the_full_sort(
    films: list[NDArray[np.float32]],
    queries: NDArray[np.float32],
    top: int,
    only: set[str] | None,
    without: set[str],
    block: int,
) -> None:
    numbers = np.random.default_rng(5).permutation(sum(map(len, films)))
    firsts = np.cumsum([0, *map(len, films)])
    batches = [
        SourceRows(name, numbers[first : first + len(film)], film)
        for name, film, first in zip("abcde", films, firsts, strict=False)
    ]
    with TemporaryDirectory() as folder, patch.object(_products, "BLOCK", block):
        by = index.engine("exact")
        built = ShotIndex.build(Path(folder), "frame", "1", batches, by=by)
        found = built.search(queries, top, only=only, without=without)
        names = (set("abcde") if only is None else only) - without
        for query, ids, scores in zip(kept(queries), found.ids, found.scores, strict=True):
            right = _right(batches, query, top, names)
            assert (ids[ids >= 0].tolist(), scores[ids >= 0].tolist()) == right


@given(rows(st.integers(0, 6)))
def test_what_is_kept_stays_as_it_is(vectors: NDArray[np.float32]) -> None:
    once = kept(vectors)
    np.testing.assert_array_equal(kept(once), once)
    length = np.linalg.norm(once.astype(np.float64), axis=1)
    assert np.all((np.abs(length - 1) < 3e-3) | ~vectors.any(axis=1))


@given(rows(st.just(4)), st.permutations(range(5)))
def test_sums_do_not_depend_on_their_order(vectors: NDArray[np.float32], order: list[int]) -> None:
    all_of = np.arange(len(vectors))
    one, other = kept(vectors), kept(vectors)[:, order]
    np.testing.assert_array_equal(products(one, all_of, one), products(other, all_of, other))
    right = np.float32(one.astype(np.float64) @ one.astype(np.float64).T)
    np.testing.assert_array_equal(products(one, all_of, one), right)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5]), st.integers(0, 5)), max_size=30))
def test_the_best_do_not_depend_on_how_they_are_offered(offers: list[tuple[float, int]]) -> None:
    scores = np.array([score for score, _ in offers], np.float32)
    ids = np.arange(len(offers))
    kept_best = Best(1, 4)
    for at in np.random.default_rng(len(offers)).permutation(len(offers)):
        kept_best.offer(0, scores[at : at + 1], ids[at : at + 1])
    at_once = Best(1, 4)
    at_once.offer(0, scores, ids)
    np.testing.assert_array_equal(kept_best.ids, at_once.ids)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=8),
    st.sampled_from([1, 4, 100]),
)
def test_blocks_hold_every_row_of_every_stretch_once(
    gaps: list[tuple[int, int]], block: int
) -> None:
    edges = np.cumsum(np.array(gaps, np.int64).reshape(-1, 2).ravel()).reshape(-1, 2)
    with patch.object(_products, "BLOCK", block):
        found = [numbers.tolist() for numbers in _products.blocks(edges)]
    assert [at for numbers in found for at in numbers] == [
        at for first, end in edges for at in range(first, end)
    ]
    assert all(len(numbers) == block for numbers in found[:-1])
