"""What is stored of a moment, and how it is compared, against arithmetic done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from matchcut.flavors._parts import SilhouetteIoU, compared
from matchcut.silhouettes.canvas import COLUMNS, ROWS, packed, unpacked
from matchcut.silhouettes.labels import LABELS, PERSON, numbers
from matchcut.silhouettes.rows import KEPT, ROW, Instance, of_class, row
from matchcut.similarity import mask_iou
from matchcut.types import Rows

DOG, CAT = LABELS.index("dog"), LABELS.index("cat")
CELLS = ROWS * COLUMNS

masks = arrays(np.bool_, (ROWS, COLUMNS), elements=st.booleans(), fill=st.booleans())


def box(left: int, top: int, width: int, height: int) -> NDArray[np.bool_]:
    """A filled rectangle of cells."""
    mask = np.zeros((ROWS, COLUMNS), np.bool_)
    mask[top : top + height, left : left + width] = True
    return mask


NOTHING = box(0, 0, 0, 0)


def rows(*moments: list[Instance]) -> Rows:
    return np.stack([row(instances) for instances in moments])


def test_a_rectangle_has_its_own_edges_as_box_and_its_cells_as_area():
    one = Instance(DOG, 0.8, box(16, 9, 16, 9))
    assert one.area == 144
    assert one.box == (0.25, 0.25, 0.5, 0.5)


def test_a_thing_is_prominent_by_its_confidence_its_share_and_its_nearness_to_the_middle():
    # 144 of 2304 cells are 1/16; the box is centred on 3/8, an eighth of the canvas off its middle.
    one = Instance(DOG, 0.8, box(16, 9, 16, 9))
    assert one.prominence == pytest.approx(0.8 / 16 * 7 / 8)
    assert Instance(DOG, 0.8, NOTHING).prominence == 0


def test_two_people_make_one_union_trusted_as_its_cells_are():
    # Four cells each, two shared: four cells of 0.9 and two of 0.6.
    found = row(
        [Instance(PERSON, 0.6, box(12, 10, 4, 1)), Instance(PERSON, 0.9, box(10, 10, 4, 1))]
    )
    assert np.array_equal(unpacked(found["people"]["mask"]), box(10, 10, 6, 1))
    assert found["people"]["confidence"] == pytest.approx((4 * 0.9 + 2 * 0.6) / 6)


def test_a_doubtful_person_behind_a_certain_one_takes_no_trust_away():
    certain, doubtful = box(20, 5, 10, 20), box(22, 6, 4, 4)
    found = row([Instance(PERSON, 0.9, certain), Instance(PERSON, 0.5, doubtful)])
    assert found["people"]["confidence"] == pytest.approx(0.9)


def test_the_most_prominent_thing_of_any_class_is_the_subject_beside_the_people():
    dog, person = box(24, 8, 16, 20), box(0, 0, 6, 10)
    found = row([Instance(PERSON, 1.0, person), Instance(DOG, 0.7, dog)])
    assert np.array_equal(unpacked(found["subject"]["mask"]), dog)
    assert found["subject"]["confidence"] == np.float32(0.7)
    assert np.array_equal(unpacked(found["people"]["mask"]), person)
    assert found["instances"]["label"][:2].tolist() == [DOG, PERSON]


def test_of_two_equally_prominent_things_the_one_named_first_is_the_subject():
    left, right = box(0, 9, 8, 8), box(COLUMNS - 8, 9, 8, 8)
    assert Instance(DOG, 0.5, left).prominence == Instance(CAT, 0.5, right).prominence
    for first, second in ((left, right), (right, left)):
        found = row([Instance(DOG, 0.5, first), Instance(CAT, 0.5, second)])
        assert np.array_equal(unpacked(found["subject"]["mask"]), first)


@pytest.mark.parametrize(
    "instances", [[], [Instance(PERSON, 0.9, NOTHING), Instance(DOG, 0.9, NOTHING)]]
)
def test_a_moment_without_a_cell_of_anything_is_all_zero(instances):
    assert row(instances).tobytes() == bytes(ROW.itemsize)


def test_a_row_keeps_the_most_prominent_things_and_the_union_of_all_people():
    crowd = [Instance(PERSON, 0.9, box(5 * at, 0, 3, at + 1)) for at in range(KEPT + 2)]
    found = row(crowd)
    assert found["count"] == KEPT
    most = sorted(crowd, key=lambda one: -one.prominence)[:KEPT]
    stored = found["instances"]
    assert np.array_equal(unpacked(stored["mask"]), [one.mask for one in most])
    assert np.array_equal(stored["box"], np.array([one.box for one in most], np.float32))
    everyone = np.any([one.mask for one in crowd], axis=0)
    assert np.array_equal(unpacked(found["people"]["mask"]), everyone)


def test_the_order_in_which_things_are_found_changes_nothing_but_ties():
    things = [Instance(1 + at, 0.5, box(3 * at, at, 4 + at, 6)) for at in range(KEPT + 2)]
    assert row(things) == row(things[::-1])


def test_things_of_one_class_are_joined_and_trusted_as_the_best_of_them():
    some = rows(
        [Instance(DOG, 0.6, box(0, 0, 4, 4)), Instance(DOG, 0.8, box(8, 0, 2, 2))],
        [Instance(CAT, 0.9, box(0, 0, 9, 9))],
        [],
    )
    dogs = of_class(some, DOG)
    assert np.array_equal(unpacked(dogs["mask"][0]), box(0, 0, 4, 4) | box(8, 0, 2, 2))
    assert dogs["confidence"].tolist() == [np.float32(0.8), 0, 0]
    assert not dogs["mask"][1:].any()
    assert of_class(some[:0], DOG).shape == (0,)


@pytest.mark.parametrize("label", [0, -1, len(LABELS)])
def test_a_number_of_no_class_is_refused(label):
    with pytest.raises(ValueError, match="no class"):
        of_class(rows([]), label)


def test_categories_of_both_data_sets_are_known_by_coco_s_names():
    voc = ("__background__", "aeroplane", "person", "tvmonitor", "N/A", "pottedplant", "sofa")
    named = [None if one is None else LABELS[one] for one in numbers(voc)]
    assert named == [None, "airplane", "person", "tv", None, "potted plant", "couch"]


def test_the_unknown_thing_is_no_category_of_a_network():
    assert numbers(("unknown",)) == (None,)


def test_rectangles_that_share_a_third_have_an_overlap_of_a_third():
    # 192 cells each, 96 shared, 288 in all.
    one, other = packed(box(0, 0, 16, 12)), packed(box(8, 0, 16, 12))
    assert mask_iou(one[None], other[None]) == np.float32(1 / 3)
    assert mask_iou(one[None], one[None]) == 1
    assert mask_iou(packed(NOTHING)[None], packed(NOTHING)[None]) == 0


@given(masks, masks)
def test_packed_overlap_is_the_dense_one_to_the_last_bit(one, other):
    common, either = int((one & other).sum()), int((one | other).sum())
    dense = np.float32(common) / np.float32(either) if either else np.float32(0)
    assert mask_iou(packed(one)[None], packed(other)[None])[0, 0] == dense


@given(masks)
def test_what_is_packed_comes_out_as_it_went_in(mask):
    assert np.array_equal(unpacked(packed(mask)), mask)


HERE, THERE = box(0, 0, 16, 12), box(8, 0, 16, 12)
"""Of a size that counts fully, and alike by a third."""
SEEN = rows(
    [Instance(PERSON, 0.9, HERE)],
    [Instance(PERSON, 0.9, THERE), Instance(DOG, 1.0, box(20, 12, 24, 20))],
    [Instance(DOG, 0.9, HERE)],
    [Instance(CAT, 0.9, THERE)],
    [],
)


def test_people_meet_people_subjects_meet_subjects_and_the_two_never_meet():
    third = np.float32(1 / 3)
    scores = SilhouetteIoU("people").pairwise(SEEN, SEEN)
    assert scores.dtype == np.float32
    assert scores.tolist() == [
        [1, third, 0, 0, 0],
        [third, 1, 0, 0, 0],
        [0, 0, 1, third, 0],
        [0, 0, third, 1, 0],
        [0, 0, 0, 0, 0],
    ]


def test_the_main_subject_is_compared_whatever_it_is():
    scores = SilhouetteIoU("subject").pairwise(SEEN, SEEN)
    assert scores[0].tolist() == [1, 0, 1, np.float32(1 / 3), 0]
    assert scores[1, 1] == 1
    assert scores[4].tolist() == [0] * 5


def test_dogs_are_compared_with_dogs_alone():
    scores = SilhouetteIoU("dog").pairwise(SEEN, SEEN)
    assert np.flatnonzero(scores.any(axis=0)).tolist() == [1, 2]
    assert scores[1, 2] == 0
    assert scores[1, 1] == scores[2, 2] == 1


def test_a_tiny_figure_scores_less_than_a_large_one_of_the_same_likeness():
    tiny = rows([Instance(PERSON, 0.9, box(30, 15, 3, 4))])
    assert SilhouetteIoU("people").pairwise(tiny, tiny) == pytest.approx(12 / CELLS / 0.015)


def test_a_doubtful_mask_scores_less_than_a_certain_one_of_the_same_likeness():
    doubtful = rows([Instance(PERSON, 0.25, HERE)])
    assert SilhouetteIoU("people").pairwise(doubtful, SEEN[:1]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("part", "one", "other", "masks"),
    [
        ("people", 0, 1, (HERE, THERE)),
        ("people", 0, 2, (HERE, NOTHING)),
        ("people", 2, 3, (HERE, THERE)),
        ("subject", 0, 3, (HERE, THERE)),
        ("dog", 2, 3, (HERE, NOTHING)),
    ],
)
def test_the_masks_that_are_shown_are_those_that_were_compared(part, one, other, masks):
    shown = compared(part, SEEN[one : one + 1], SEEN[other : other + 1])
    assert all(np.array_equal(unpacked(a), b) for a, b in zip(shown, masks, strict=True))
