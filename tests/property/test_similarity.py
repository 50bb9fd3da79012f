"""Properties of the similarities that hold for any rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matchcut.similarity import Cosine, MaskIoU, mask_iou


def masks(bytes_a_mask: int) -> st.SearchStrategy[np.ndarray]:
    return st.integers(0, 6).flatmap(
        lambda count: arrays.arrays(np.uint8, (count, bytes_a_mask), elements=st.integers(0, 255))
    )


def rows(packed: np.ndarray, trust: float) -> np.ndarray:
    made = np.zeros(
        len(packed), np.dtype([("mask", "u1", (packed.shape[1],)), ("confidence", "<f4")])
    )
    made["mask"], made["confidence"] = packed, trust
    return made


@settings(deadline=None)
@given(st.sampled_from([1, 7, 8, 288]).flatmap(lambda size: st.tuples(masks(size), masks(size))))
def test_overlap_of_packed_masks_is_exactly_that_of_the_cells(pair):
    a, b = pair
    cells_a, cells_b = (np.unpackbits(each, axis=1).astype(bool) for each in (a, b))
    both = (cells_a[:, None] & cells_b[None]).sum(axis=-1)
    either = (cells_a[:, None] | cells_b[None]).sum(axis=-1)
    dense = np.where(either > 0, both / np.maximum(either, 1), 0).astype(np.float32)
    assert np.array_equal(mask_iou(a, b), dense)


@settings(deadline=None)
@given(masks(288), masks(288), st.floats(0, 1, width=32), st.floats(0, 1, width=32))
def test_the_score_of_masks_is_bounded_and_the_same_both_ways(a, b, trust_a, trust_b):
    left, right = rows(a, trust_a), rows(b, trust_b)
    forth, back = MaskIoU().pairwise(left, right), MaskIoU().pairwise(right, left)
    assert forth.dtype == np.float32
    assert forth.shape == (len(a), len(b))
    assert ((forth >= 0) & (forth <= 1)).all()
    assert np.array_equal(forth, back.T)


@settings(deadline=None)
@given(
    arrays.arrays(
        np.float32, (4, 5), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)
    ),
    arrays.arrays(
        np.float32, (3, 5), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)
    ),
)
def test_cosine_is_bounded_the_same_both_ways_and_never_nan(a, b):
    forth, back = Cosine().pairwise(a, b), Cosine().pairwise(b, a)
    assert ((forth >= -1) & (forth <= 1)).all()
    assert np.allclose(forth, back.T, atol=1e-6)
