"""The frame flavor: what it compares of the silhouettes, and the picture that says why."""

from __future__ import annotations

import re

import numpy as np
import pytest

from matchcut import flavors
from matchcut.flavors.frame import FLAVOR
from matchcut.silhouettes import canvas
from matchcut.silhouettes.labels import LABELS, PERSON
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.types import Evidence, Rows
from tests.unit.silhouettes.drawn import walker

DOG, HOT_DOG = LABELS.index("dog"), LABELS.index("hot dog")


def _walking(share: float) -> Rows:
    return FLAVOR.representation.compute([walker(180, 320, share)])


def _standing(label: int, left: int) -> Rows:
    """(1,) the row of a moment in which one thing stands `left` cells from the left."""
    mask = np.zeros((canvas.ROWS, canvas.COLUMNS), bool)
    mask[8:30, left : left + 12] = True
    return np.stack([row([Instance(label, 0.9, mask)])])


def test_the_same_place_in_the_frame_scores_higher_than_another() -> None:
    here, near, there = (_walking(share) for share in (0.4, 0.43, 0.7))
    score = FLAVOR.similarity.pairwise
    assert score(here, near)[0, 0] > 0.6
    assert score(here, there)[0, 0] < 0.2


def test_people_come_first_and_where_there_are_none_the_subject_is_compared() -> None:
    score = FLAVOR.similarity.pairwise
    person, dog = _standing(PERSON, 20), _standing(DOG, 20)
    assert score(person, person)[0, 0] == score(dog, dog)[0, 0] == 1
    assert score(person, dog)[0, 0] == 0


def test_a_variant_takes_the_rows_of_the_flavor_and_compares_other_parts_of_them() -> None:
    person, dog = _standing(PERSON, 20), _standing(DOG, 20)
    subject = flavors.flavor("frame/subject").similarity.pairwise
    assert subject(person, dog)[0, 0] == 1
    dogs = flavors.flavor("frame/dog").similarity.pairwise
    assert dogs(dog, dog)[0, 0] == 1
    assert dogs(person, person)[0, 0] == dogs(person, dog)[0, 0] == 0
    assert flavors.flavor("frame/hot-dog").similarity.pairwise(dog, dog)[0, 0] == 0
    hot_dog = _standing(HOT_DOG, 20)
    assert flavors.flavor("frame/hot-dog").similarity.pairwise(hot_dog, hot_dog)[0, 0] == 1


def test_every_class_but_people_and_the_unknown_is_a_variant() -> None:
    names = [one.name for one in FLAVOR.variants]
    assert names == ["frame/subject", *(f"frame/{one.replace(' ', '-')}" for one in LABELS[2:])]
    assert all(re.fullmatch(r"frame/[a-z-]+", name) for name in names)


@pytest.mark.parametrize("size", [(360, 640), (180, 320), (134, 320), (640, 360)])
def test_the_reason_shows_both_silhouettes_in_their_colours(size: tuple[int, int]) -> None:
    side = _walking(0.45), _walking(0.55)
    picture = np.full((*size, 3), 90, np.uint8)
    reason = FLAVOR.draw_reason(Evidence(picture, side[0]), Evidence(picture, side[1]))
    assert reason.shape == picture.shape
    assert reason.dtype == np.uint8
    warm = (reason[..., 0].astype(int) - reason[..., 2]) > 100
    cool = (reason[..., 2].astype(int) - reason[..., 0]) > 100
    assert warm.sum() > 50
    assert cool.sum() > 50


def test_the_reason_of_a_variant_shows_the_part_that_it_compared() -> None:
    picture = np.full((360, 640, 3), 90, np.uint8)
    dog, person = Evidence(picture, _standing(DOG, 10)), Evidence(picture, _standing(PERSON, 40))

    def coloured(name: str) -> list[bool]:
        """Whether there is colour in the left half, and in the right one."""
        drawn = flavors.flavor(name).draw_reason(dog, person)
        half = np.ptp(drawn.astype(int), axis=-1) > 100
        return [bool(half[:, :320].any()), bool(half[:, 320:].any())]

    assert coloured("frame/subject") == [True, True]
    assert coloured("frame/dog") == [True, False]
    assert coloured("frame") == [False, True], "the people alone"


@pytest.mark.parametrize("name", ["frame", "frame/subject", "frame/dog"])
def test_the_reason_is_drawn_where_nothing_was_found(name: str) -> None:
    empty = np.zeros(1, ROW)
    picture = np.full((180, 320, 3), 90, np.uint8)
    drawn = flavors.flavor(name).draw_reason(Evidence(picture, empty), Evidence(picture, empty))
    assert drawn.shape == (180, 320, 3)
