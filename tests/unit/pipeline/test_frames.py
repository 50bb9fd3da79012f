"""Which frames of a shot are kept while it is read, and which of them a flavor is given."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.pipeline.frames import CAPACITY, EDGE, ShotFrames, window
from matchcut.types import Frame, Span, WindowRequest

TINY = np.zeros((1, 1, 3), np.uint8)
SECOND = Fraction(1, 24)
SMALL = 2 * EDGE + 32
"""A capacity that a test reaches soon."""


def _frame(index: int) -> Frame:
    return Frame(index, index, TINY)


def _kept(length: int, *, start: int = 0, capacity: int = SMALL, latency: int = 0) -> list[int]:
    """Numbers of the frames kept of a shot whose end is known `latency` frames late."""
    frames = ShotFrames(capacity)
    for index in range(start, start + length):
        frames.add(_frame(index))
        frames.thin(index + 1 - latency)
    return [frame.index for frame in frames.close(start + length)]


def test_a_short_shot_keeps_every_frame() -> None:
    assert _kept(SMALL) == list(range(SMALL))


@pytest.mark.parametrize("length", [SMALL + 1, 300, 1000, 5000])
def test_a_long_shot_is_never_held_beyond_the_bound(length: int) -> None:
    frames = ShotFrames(SMALL)
    undecided = 60
    most = 0
    for index in range(length):
        frames.add(_frame(index))
        frames.thin(max(0, index + 1 - undecided))
        most = max(most, len(frames))
    assert most <= SMALL + undecided
    assert len(frames.close(length)) <= SMALL


@pytest.mark.parametrize("length", [SMALL + 1, 1000, 5000])
def test_the_frames_beside_the_cuts_are_all_kept(length: int) -> None:
    kept = _kept(length, start=7)
    assert kept[:EDGE] == list(range(7, 7 + EDGE))
    assert kept[-EDGE:] == list(range(7 + length - EDGE, 7 + length))


@pytest.mark.parametrize("length", [SMALL + 1, 300, 1000, 5000])
def test_the_inside_of_a_long_shot_is_kept_at_one_distance_throughout(length: int) -> None:
    inner = _kept(length)[EDGE:-EDGE]
    distances = set(np.diff(inner).tolist())
    assert len(distances) <= 1
    distance = distances.pop() if distances else 1
    assert distance & (distance - 1) == 0
    # No wider than it needs to be: half the distance would not fit any more.
    assert 2 * EDGE + (length - 2 * EDGE) // (distance // 2 or 1) > SMALL - 1


@given(
    length=st.integers(1, 1200),
    start=st.integers(0, 50),
    latency=st.integers(0, 120),
)
def test_which_frames_are_kept_does_not_depend_on_when_the_end_of_the_shot_was_known(
    length: int, start: int, latency: int
) -> None:
    # A run that knows the cuts from the library and one that finds them must give the same rows.
    expected = [start + index for index in _kept(length)]
    assert _kept(length, start=start, latency=latency) == expected


def test_a_shot_that_is_closed_late_leaves_the_next_one_whole() -> None:
    frames = ShotFrames(SMALL)
    for index in range(400):
        frames.add(_frame(index))
        frames.thin(min(index + 1, 300))
    assert [frame.index for frame in frames.close(300)] == _kept(300)
    assert [frame.index for frame in frames.close(400)] == list(range(300, 400))
    assert len(frames) == 0


def test_a_shot_of_a_minute_is_kept_whole() -> None:
    assert CAPACITY >= 60 * 24
    assert len(_kept(60 * 24, capacity=CAPACITY)) == 60 * 24


def test_a_capacity_that_the_edges_alone_fill_is_refused() -> None:
    with pytest.raises(ValueError, match="leave no room"):
        ShotFrames(2 * EDGE)


def _numbered(pts: list[int]) -> list[Frame]:
    return [
        Frame(index, at, np.full((2, 3, 3), index % 256, np.uint8)) for index, at in enumerate(pts)
    ]


def test_a_window_holds_the_frames_nearest_to_the_instants_oldest_first() -> None:
    frames = _numbered([0, 10, 20, 30, 40])
    made = window(frames, WindowRequest(21, (3, 21, 34)), Span(0, 50, SECOND))
    assert made.pts.tolist() == [0, 20, 30]
    assert made.centre == 1
    assert made.pictures[:, 0, 0, 0].tolist() == [0, 2, 3]
    assert made.time_base == SECOND


def test_two_instants_at_one_frame_give_it_once() -> None:
    frames = _numbered([0, 10, 20])
    made = window(frames, WindowRequest(10, (9, 10, 11)), Span(0, 30, SECOND))
    assert made.pts.tolist() == [10]
    assert made.centre == 0


def test_between_two_frames_the_earlier_one_is_taken() -> None:
    frames = _numbered([0, 10])
    made = window(frames, WindowRequest(5, (5,)), Span(0, 20, SECOND))
    assert made.pts.tolist() == [0]


def test_a_shot_of_one_frame_gives_that_frame() -> None:
    made = window(_numbered([7]), WindowRequest(9, (8, 9)), Span(7, 11, SECOND))
    assert made.pts.tolist() == [7]
    assert made.pictures.shape == (1, 2, 3, 3)
    assert made.seconds.tolist() == [0.0]


@given(
    gaps=st.lists(st.integers(1, 9), min_size=1, max_size=30),
    instants=st.sets(st.integers(0, 300), min_size=1, max_size=8),
    data=st.data(),
)
def test_windows_are_right_at_any_rate_of_frames(
    gaps: list[int], instants: set[int], data: st.DataObject
) -> None:
    pts = np.cumsum(gaps).tolist()
    moment = data.draw(st.sampled_from(sorted(instants)), label="moment")
    request = WindowRequest(moment, tuple(sorted(instants)))
    made = window(_numbered(pts), request, Span(pts[0], pts[-1] + 1, SECOND))

    def nearest(instant: int) -> int:
        return int(min(pts, key=lambda one: (abs(one - instant), one)))

    assert made.pts.tolist() == sorted({nearest(instant) for instant in instants})
    assert made.pts[made.centre] == nearest(moment)
    assert made.pictures[:, 0, 0, 0].tolist() == [pts.index(at) for at in made.pts.tolist()]
    assert 1 <= len(made.pts) <= len(instants)
