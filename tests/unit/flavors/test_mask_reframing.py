"""Silhouettes are brought over each other by the reframing that was planted, or left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.flavors._aligned import AlignedIoU, reachable
from matchcut.flavors._mask_reframing import find, moved
from matchcut.flavors._parts import SilhouetteIoU
from matchcut.flavors._simplex import climbed
from matchcut.flavors.frame import FLAVOR
from matchcut.reframing import SCREEN, Move, admissible, covers, worthwhile
from matchcut.reframing import moved as picture_moved
from matchcut.silhouettes.canvas import COLUMNS, ROWS, on_canvas, unpacked
from matchcut.silhouettes.labels import LABELS, PERSON
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.similarity import MaskIoU
from matchcut.types import Reframing, Rows

DOG = LABELS.index("dog")
Mask = NDArray[np.bool_]
Side: TypeAlias = Literal["outgoing", "incoming"]


def _figure(x: float, y: float, tall: float, width: int = 1280, height: int = 720) -> Mask:
    """Somebody who holds out one arm; (x, y) the middle and `tall` in heights of the picture."""
    canvas = np.zeros((height, width), np.uint8)
    size = tall * height

    def at(right: float, down: float) -> tuple[int, int]:
        return round(x * height + right * size), round(y * height + down * size)

    cv2.circle(canvas, at(0, -0.4), round(0.1 * size), 255, -1)
    cv2.ellipse(canvas, at(0, -0.05), (round(0.14 * size), round(0.27 * size)), 0, 0, 360, 255, -1)
    cv2.line(canvas, at(0, -0.2), at(0.34, -0.3), 255, round(0.08 * size))
    cv2.line(canvas, at(-0.05, 0.1), at(-0.12, 0.5), 255, round(0.1 * size))
    cv2.line(canvas, at(0.05, 0.1), at(0.14, 0.5), 255, round(0.1 * size))
    return np.asarray(canvas > 127)


def _row(mask: Mask, label: int = PERSON) -> Rows:
    return row([Instance(label, 0.9, on_canvas(mask, *mask.shape))])[None]


def _moved(mask: Mask, reframing: Reframing) -> Mask:
    picture = np.repeat(mask[..., None], 3, axis=2).astype(np.uint8) * 255
    return np.asarray(picture_moved(picture, reframing)[..., 0] > 127)


def _truth(side: Side, wish: Move, flop: bool, aspect: float = SCREEN) -> Reframing:
    return Reframing(side, *admissible(*wish, aspect), flop, 0.0, 1.0)


PLANTED: list[tuple[Side, Move, bool]] = [
    ("incoming", (1.25, 3.0, 0.08, -0.03), False),
    ("outgoing", (1.25, -3.0, -0.08, 0.04), False),
    ("incoming", (1.1, 0.0, -0.04, 0.0), True),
    ("outgoing", (1.38, 4.0, 0.1, 0.06), True),
    ("incoming", (1.15, 2.0, 0.05, 0.02), False),
    ("outgoing", (1.0, 0.0, 0.0, 0.0), True),
]


@pytest.mark.parametrize(("side", "wish", "flop"), PLANTED)
def test_a_planted_reframing_is_found(side: Side, wish: Move, flop: bool) -> None:
    here = _figure(0.75, 0.52, 0.7)
    truth = _truth(side, wish, flop)
    there = _moved(here, truth)
    pair = (there, here) if side == "incoming" else (here, there)
    found = find("people", _row(pair[0]), _row(pair[1]), (SCREEN, SCREEN))
    assert found is not None
    if wish[0] > 1:
        assert found.side == side
    else:
        assert found.side == "incoming", "of two as good, the incoming side is moved"
    assert found.flop == flop
    assert found.scale == pytest.approx(truth.scale, rel=0.03)
    assert found.rotation == pytest.approx(truth.rotation, abs=1)
    if wish[0] > 1:
        assert np.hypot(found.right - truth.right, found.down - truth.down) < 0.02
    assert found.after > 0.85 > found.before


def test_the_scores_before_and_after_are_those_of_the_flavor() -> None:
    here, there = _row(_figure(0.6, 0.5, 0.6)), _row(_figure(0.8, 0.5, 0.7))
    found = find("people", here, there, (SCREEN, SCREEN))
    assert found is not None
    score = SilhouetteIoU("people").pairwise
    assert found.before == score(here, there)[0, 0]
    assert found.side == "outgoing", "the smaller one is pushed in"
    assert found.after == score(moved(here, SCREEN, found), there)[0, 0]
    assert worthwhile(found)


def test_the_same_reframing_is_found_on_every_run() -> None:
    here, there = _row(_figure(0.6, 0.5, 0.6)), _row(_figure(0.8, 0.5, 0.7))
    first = find("people", here, there, (SCREEN, SCREEN))
    cv2.setRNGSeed(7)
    assert find("people", here, there, (SCREEN, SCREEN)) == first


def test_a_match_that_is_as_good_as_it_is_stays_as_it_is() -> None:
    here = _row(_figure(0.75, 0.5, 0.7))
    assert find("people", here, here, (SCREEN, SCREEN)) is None
    assert find("people", here, _row(_figure(0.755, 0.5, 0.7)), (SCREEN, SCREEN)) is None


def test_where_nobody_is_nothing_is_reframed() -> None:
    here, nobody = _row(_figure(0.75, 0.5, 0.7)), np.zeros(1, ROW)
    assert find("people", here, nobody, (SCREEN, SCREEN)) is None
    assert find("people", nobody, here, (SCREEN, SCREEN)) is None
    assert find("dog", here, here, (SCREEN, SCREEN)) is None
    assert find("people", here, _row(_figure(0.9, 0.5, 0.7), DOG), (SCREEN, SCREEN)) is None


@pytest.mark.parametrize(("width", "height"), [(1280, 536), (404, 720), (960, 720)])
def test_pictures_of_other_shapes_are_moved_within_their_own_place(width: int, height: int) -> None:
    aspect = width / height
    here = _figure(aspect / 2, 0.5, 0.6, width, height)
    truth = _truth("incoming", (1.3, 2.0, 0.03, 0.02), False, aspect)
    there = _moved(here, truth)
    found = find("people", _row(there), _row(here), (aspect, aspect))
    assert found is not None
    assert covers(found, aspect)
    assert found.scale == pytest.approx(truth.scale, rel=0.05)
    after = moved(_row(here), aspect, found)
    assert MaskIoU().pairwise(after["people"], _row(there)["people"])[0, 0] > 0.8
    outside = unpacked(_row(np.ones((height, width), bool))["people"]["mask"])[0]
    assert not (unpacked(after["people"]["mask"])[0] & ~outside).any()


def test_a_moved_row_is_that_of_the_moved_picture() -> None:
    here = _figure(0.75, 0.52, 0.7)
    for side, wish, flop in PLANTED:
        truth = _truth(side, wish, flop)
        after, expected = moved(_row(here), SCREEN, truth), _row(_moved(here, truth))
        for part in ("people", "subject"):
            assert MaskIoU().pairwise(after[part], expected[part])[0, 0] > 0.85
        assert after["count"] == 1
        box, wanted = after["instances"]["box"][0, 0], expected["instances"]["box"][0, 0]
        assert box == pytest.approx(wanted, abs=1.1 / ROWS)
        assert after["people"]["confidence"] == pytest.approx(expected["people"]["confidence"])


def test_what_is_moved_out_of_the_picture_is_gone() -> None:
    left = np.zeros((ROWS, COLUMNS), bool)
    left[10:30, :5] = True
    middle = np.zeros((ROWS, COLUMNS), bool)
    middle[10:30, 30:40] = True
    both = row([Instance(PERSON, 0.9, left), Instance(DOG, 0.8, middle)])[None]
    pushed = Reframing("incoming", 1.4, 0.0, -0.19, 0.0, False, 0.1, 0.9)
    after = moved(both, SCREEN, pushed)
    assert after["count"] == 1
    assert after["instances"]["label"][0].tolist() == [DOG, *[0] * 7]
    assert not after["people"]["mask"].any()
    assert after["people"]["confidence"] == 0
    assert after["subject"]["mask"].any()


def test_a_flop_of_a_row_is_exact() -> None:
    here = _row(_figure(0.6, 0.4, 0.6))
    flop = Reframing("incoming", 1.0, 0.0, 0.0, 0.0, True, 0.1, 0.9)
    once = moved(here, SCREEN, flop)
    mask = unpacked(here["people"]["mask"])[0]
    smooth = unpacked(moved(here, SCREEN, replace(flop, flop=False))["people"]["mask"])[0]
    assert np.array_equal(unpacked(once["people"]["mask"])[0], smooth[:, ::-1])
    assert (mask ^ smooth).sum() <= 0.05 * mask.sum()


# Roughly, for all pairs


def _many() -> Rows:
    return np.concatenate(
        [
            np.zeros(1, ROW),
            *(_row(_figure(x, 0.5, tall)) for x in (0.6, 0.9, 1.2) for tall in (0.5, 0.65, 0.9)),
            _row(_figure(0.6, 0.5, 0.5)[:, ::-1]),
            _row(np.ones((90, 160), bool)),
            _row(_figure(0.9, 0.5, 0.6), DOG),
        ]
    )


def test_reframing_never_lowers_a_score_and_helps_who_could_be_brought_together() -> None:
    rows = _many()
    assert FLAVOR.reframe is not None
    plain, either = FLAVOR.similarity.pairwise(rows, rows), FLAVOR.reframe.similarity
    scores = either.pairwise(rows, rows)
    assert (scores >= plain).all()
    assert scores.max() <= either.highest
    assert np.array_equal(scores, scores.T)
    assert scores[1, 10] > plain[1, 10] + 0.5, "the same on the other side: flopped"
    assert scores[0].max() == 0
    assert scores[1, -1] == 0, "somebody and a dog"


def test_the_score_with_reframing_is_less_than_that_of_a_match_without() -> None:
    here, there = (_row(_figure(x, 0.5, 0.6))["people"] for x in (0.6, 1280 / 720 - 0.6))
    score = AlignedIoU().pairwise
    assert score(here, here)[0, 0] == 1
    assert 0.3 < score(here, there)[0, 0] <= 1 - AlignedIoU().penalty


def test_what_no_reframing_can_reach_is_not_promised() -> None:
    small, large = _figure(0.9, 0.5, 0.3), _figure(0.9, 0.5, 0.9)
    far = _figure(1.5, 0.5, 0.55)
    masks = np.concatenate([_row(one)["people"]["mask"] for one in (small, large, far)])
    reached = reachable(masks, masks)
    assert reached[0, 1] < 0.12, "three times as large"
    assert reached[0, 2] == 0, "too far to the right"


def test_a_rough_score_does_not_depend_on_what_is_compared_with_it() -> None:
    rows = _many()["people"]
    whole = AlignedIoU().pairwise(rows, rows)
    for one in range(len(rows)):
        part = AlignedIoU().pairwise(rows[one : one + 1], rows[3:9])
        assert np.array_equal(part, whole[one : one + 1, 3:9])
    assert AlignedIoU().pairwise(rows[:0], rows).shape == (0, len(rows))
    assert AlignedIoU().pairwise(rows, rows[:0]).shape == (len(rows), 0)


def test_the_simplex_finds_the_top_of_a_slanted_ridge() -> None:
    top = np.array([0.3, -1.2, 2.0])

    def value(at: NDArray[np.float64]) -> float:
        off = at - top
        return -float(off @ np.array([[4, 1, 0], [1, 2, 0.5], [0, 0.5, 1]]) @ off)

    found = climbed(value, np.zeros(3), np.full(3, 0.5), np.full(3, 1e-5), 500)
    assert found == pytest.approx(top, abs=1e-3)
