"""The convention by which reports are held against the truth."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from matchcut.types import Transition
from tests.joined.looked_at import LOOKED_AT
from tests.joined.score import Tally, fits, overlap, scored
from tests.joined.script import Marked, Trouble


def cut(at: int) -> Transition:
    return Transition(at, at, at)


def test_a_cut_one_frame_off_is_found_and_two_frames_off_is_not() -> None:
    true = Marked("cut", cut(50))
    assert [fits(true, cut(at)) for at in (48, 49, 50, 51, 52)] == [False, True, True, True, False]


def test_a_cut_inside_of_a_gradual_report_is_found() -> None:
    true = Marked("jump", cut(50))
    assert fits(true, Transition(40, 45, 55))
    assert not fits(true, Transition(52, 54, 60))


def test_a_frame_that_mixes_both_shots_widens_a_cut() -> None:
    true = Marked("cut", Transition(50, 51, 51))
    assert [fits(true, cut(at)) for at in (48, 49, 52, 53)] == [False, True, True, False]


def test_a_gradual_transition_is_found_by_what_overlaps_it_and_cuts_near_it() -> None:
    true = Marked("dissolve", Transition(50, 60, 70))
    assert fits(true, cut(49))
    assert fits(true, cut(71))
    assert not fits(true, cut(48))
    assert not fits(true, cut(72))
    assert fits(true, Transition(40, 47, 52))
    assert not fits(true, Transition(40, 46, 52)), "its cut lies far outside"


def test_two_reports_in_one_fade_are_one_found_and_one_false() -> None:
    true = (Marked("fade", Transition(50, 65, 80)),)
    result = scored(true, [cut(55), cut(66)])
    assert result.pairs == ((true[0], cut(66)),)
    assert result.false == (cut(55),)
    assert result.causes(true, ()) == Counter({"second at fade": 1})


def test_one_report_is_never_counted_for_two_cuts() -> None:
    true = [Marked("cut", cut(50)), Marked("cut", cut(52))]
    result = scored(true, [cut(51)])
    assert result.tally == Tally(found=1, false=0, missed=1)


def test_nothing_reported_of_nothing_true_is_perfect() -> None:
    assert (Tally().precision, Tally().recall, Tally().f1) == (1, 1, 1)


def test_ratios_come_from_counts_that_were_added_up() -> None:
    total = Tally(found=3, false=1, missed=0) + Tally(found=3, false=1, missed=6)
    assert (total.precision, total.recall) == (0.75, 0.5)
    assert total.f1 == pytest.approx(0.6)


def test_false_alarms_are_put_down_to_what_lies_near() -> None:
    result = scored([], [cut(100), cut(300)])
    assert result.causes([], [Trouble("flash", 105, 107)]) == Counter({"flash": 1, "nothing": 1})


def test_extents_are_compared_by_their_common_frames() -> None:
    assert overlap(Transition(0, 5, 10), Transition(5, 8, 15)) == pytest.approx(1 / 3)
    assert overlap(Transition(0, 5, 10), cut(5)) == 0


def test_reports_in_stretches_left_out_are_not_counted() -> None:
    trailer = next(film for film in LOOKED_AT if film.left_out)
    start, end, _ = trailer.left_out[0]
    assert trailer.counted((cut(start), cut(end))) == (cut(end),)


def test_what_was_seen_in_real_films_is_in_order_and_outside_of_what_was_left_out() -> None:
    for film in LOOKED_AT:
        seen = [marked.transition for marked in film.marked]
        assert all(one.end <= next_one.start for one, next_one in pairwise(seen))
        assert film.counted(tuple(seen)) == tuple(seen)
