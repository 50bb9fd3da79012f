"""Whatever is ranked: measures do not depend on the order in which pairs are given."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from matchcut.learn.measures import average_precision, precision_at, recall_at

SCORED = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=30).filter(
    lambda some: any(match for match, _ in some)
)


@given(SCORED, st.randoms(use_true_random=False), st.integers(1, 30))
def test_the_order_in_which_pairs_are_given_changes_nothing(some, random, k) -> None:
    match, scores = np.array([m for m, _ in some]), np.array([s for _, s in some], float)
    order = list(range(len(some)))
    random.shuffle(order)
    for measure in (
        average_precision,
        lambda m, s: precision_at(m, s, k),
        lambda m, s: recall_at(m, s, k),
    ):
        np.testing.assert_allclose(measure(match, scores), measure(match[order], scores[order]))


@given(SCORED)
def test_average_precision_is_scikit_learns_and_a_scale_changes_nothing(some) -> None:
    match, scores = np.array([m for m, _ in some]), np.array([s for _, s in some], float)
    value = average_precision(match, scores)
    assert 0 < value <= 1
    np.testing.assert_allclose(value, average_precision_score(match, scores))
    np.testing.assert_allclose(value, average_precision(match, 3 * scores - 7))


@given(SCORED, st.integers(1, 30))
def test_recall_grows_with_k_and_ends_at_one(some, k) -> None:
    match, scores = np.array([m for m, _ in some]), np.array([s for _, s in some], float)
    assert recall_at(match, scores, k) <= recall_at(match, scores, k + 1) + 1e-12
    np.testing.assert_allclose(recall_at(match, scores, len(some)), 1)
