"""The truth of a film's frames under every cadence, read off frames made of numbered pictures."""

from __future__ import annotations

import numpy as np
import pytest

from matchcut.types import Picture, Transition
from tests.joined.cadence import CADENCES, woven
from tests.joined.script import Marked, Trouble


def numbered(count: int) -> list[Picture]:
    return [np.full((4, 4, 3), number, np.uint8) for number in range(count)]


@pytest.mark.parametrize("name", CADENCES)
@pytest.mark.parametrize(("start", "cut", "end"), [(20, 20, 20), (21, 26, 33), (38, 40, 41)])
def test_the_truth_of_frames_is_what_their_lines_show(
    name: str, start: int, cut: int, end: int
) -> None:
    cadence = CADENCES[name]
    true = cadence.transition(Transition(start, cut, end))
    for number, frame in enumerate(woven(cadence, iter(numbered(60)))):
        old_alone, new_alone = frame.max() < start, frame.min() >= end
        assert old_alone == (number < true.start)
        assert new_alone == (number >= true.end)


@pytest.mark.parametrize("name", CADENCES)
@pytest.mark.parametrize("pictures", [7, 40, 61])
def test_a_film_has_as_many_frames_as_it_says(name: str, pictures: int) -> None:
    cadence = CADENCES[name]
    assert len(list(woven(cadence, iter(numbered(pictures))))) == cadence.frames(pictures)


def test_a_frame_that_mixes_fields_of_two_shots_is_part_of_a_hard_cut() -> None:
    telecine = CADENCES["telecine"]
    assert telecine.transition(Transition(2, 2, 2)) == Transition(2, 3, 3)
    assert telecine.transition(Transition(4, 4, 4)) == Transition(5, 5, 5)
    assert [frame[:2, 0, 0].tolist() for frame in woven(telecine, iter(numbered(4)))] == [
        [0, 0], [1, 1], [1, 2], [2, 3], [3, 3],
    ]  # fmt: skip


def test_the_field_that_comes_first_holds_the_earlier_picture() -> None:
    top = next(woven(CADENCES["top field first"], iter(numbered(2))))
    bottom = next(woven(CADENCES["bottom field first"], iter(numbered(2))))
    assert (top[0, 0, 0], top[1, 0, 0]) == (0, 1)
    assert (bottom[0, 0, 0], bottom[1, 0, 0]) == (1, 0)


def test_kinds_and_troubles_are_kept() -> None:
    doubled = CADENCES["doubled"]
    marked = doubled.marked([Marked("jump", Transition(10, 10, 10))])
    assert marked == (Marked("jump", Transition(20, 20, 20)),)
    assert doubled.troubles([Trouble("flash", 3, 5, 1)]) == (Trouble("flash", 6, 10, 1),)
