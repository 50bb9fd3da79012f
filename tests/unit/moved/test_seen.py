"""Which moments of a take are judged."""

from __future__ import annotations

import numpy as np

from tests.moved.grounds import drawn, figure
from tests.moved.rates import Rates
from tests.moved.seen import lit, seen, shown
from tests.moved.takes import Actor, Plan, taken

GROUND = drawn(1).stills[0]


def test_what_ends_black_is_not_asked_about_its_tail() -> None:
    take = taken(Plan("black", GROUND, Rates(pan=0.1), black=(0.75, 1.0)))
    assert lit(take).tolist() == [True, True, False]


def test_a_flash_of_black_between_the_moments_takes_none_of_them_away() -> None:
    take = taken(Plan("black", GROUND, Rates(pan=0.1), black=(0.3, 0.36)))
    assert (~take.lit).sum() == 2
    assert lit(take).all()


def test_a_subject_that_has_left_the_picture_is_not_asked_for() -> None:
    actor = Actor(figure(), 1.8, 0, 0.2)
    take = taken(Plan("leaves", GROUND, Rates(), seconds=1.5, actor=actor))
    assert shown(take).tolist() == [False, True, False]


def test_both_ways_are_asked_about_the_same_frames() -> None:
    take = taken(Plan("pan", GROUND, Rates(pan=0.2), seconds=1.2))
    one = seen(take, np.ones(3, np.bool_))
    assert one.cameras.shape == (3, 4)
    assert one.flow.shape == (3, 9, 16, 2)
    assert np.abs(one.naive[:, 0] - 0.2).max() < 0.05
    assert one.milliseconds > 0
