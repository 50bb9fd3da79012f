"""Sketches never say that vectors point less the same way than they do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchcut.similarity import Cosine
from matchcut.similarity.decay import decay_at_most
from matchcut.similarity.sketch import NUMBERS, SLACK, cosines_at_most, sketched
from matchcut.similarity.whole import multiplied


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 90), st.integers(1, 80))
def test_no_cosine_is_more_than_sketches_tell(seed: int, count: int, numbers: int) -> None:
    rng = np.random.default_rng(seed)
    # Some are nothing, some the same, some opposite, and they lie more along some ways than others.
    vectors = rng.normal(0, 1, (count, numbers)) * rng.exponential(1, numbers)
    vectors *= rng.choice([-1, 0, 1e-3, 500], (count, 1))
    vectors[count // 2 :] = vectors[: count - count // 2]
    sketch, every = sketched(vectors.astype(np.float32)), np.arange(count)
    most = cosines_at_most(sketch.along, sketch.rest, every, every)
    cosines = Cosine().pairwise(vectors.astype(np.float32), vectors.astype(np.float32))
    assert (most >= cosines).all()
    if numbers <= NUMBERS:
        assert (most <= cosines + 3 * SLACK).all()


@given(st.floats(0, 1e6))
def test_nothing_falls_less_with_a_distance_than_is_told(away: float) -> None:
    assert decay_at_most(away) >= np.exp(-away) * (1 - 1e-12)
    if away <= 1:
        assert decay_at_most(away) <= np.exp(-away) * 1.001


@pytest.mark.parametrize("count", [100, 3000])
def test_vectors_that_lie_along_few_ways_are_told_by_sketches_alone(count: int) -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(0, 1, (count, 5)) @ rng.normal(0, 1, (5, 700))
    sketch, some = sketched(vectors), np.arange(50)
    most = cosines_at_most(sketch.along, sketch.rest, some, some)
    np.testing.assert_allclose(most, Cosine().pairwise(vectors[:50], vectors[:50]), atol=2e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 1200))
def test_products_of_whole_numbers_are_exact_however_large(seed: int, numbers: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-(2**15), 2**15, (9, numbers)).astype(np.int16)
    expected = vectors.astype(object) @ vectors.astype(object).T
    every = np.arange(9)
    products = multiplied(vectors, every[:, None], every[None])
    np.testing.assert_array_equal(products, expected.astype(np.float64))
    one, other = np.divmod(np.arange(81), 9)
    np.testing.assert_array_equal(multiplied(vectors, one, other), products.ravel())
