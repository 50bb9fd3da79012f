"""Where markers, strips and bins go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matchcut_blender.plain.plans import Taken, free_channel, in_a_row, marker_frames
from tests.unit.matchcut_blender.examples import match, played


def test_a_marker_stands_where_the_strip_shows_the_cut_frame() -> None:
    [(_, at)] = marker_frames(played(), [match(cut=150)], set())
    assert at == 51


def test_markers_at_one_cut_stand_side_by_side_and_on_no_foreign_one() -> None:
    matches = [match(rank, cut=150) for rank in (1, 2, 3)]
    assert [at for _, at in marker_frames(played(), matches, {52})] == [51, 53, 54]


def test_at_the_end_of_a_strip_markers_go_backwards() -> None:
    matches = [match(rank, cut=199) for rank in (1, 2)]
    assert [at for _, at in marker_frames(played(), matches, set())] == [100, 99]


def test_a_strip_with_more_markers_than_frames_has_several_on_one() -> None:
    matches = [match(rank, cut=150) for rank in (1, 2, 3)]
    short = played(1, 3, source=149)
    assert sorted(at for _, at in marker_frames(short, matches, set())) == [1, 2, 2]


taken = st.lists(
    st.builds(
        lambda channel, start, length: Taken(channel, start, start + length),
        st.integers(1, 5),
        st.integers(0, 50),
        st.integers(1, 20),
    ),
    max_size=12,
)


@given(strips=taken, start=st.integers(0, 50), length=st.integers(1, 30), low=st.integers(1, 4))
def test_a_strip_gets_the_lowest_channel_on_which_it_lies_on_nothing(
    strips: list[Taken], start: int, length: int, low: int
) -> None:
    end = start + length
    found = free_channel(strips, start, end, lowest=low, highest=6)

    def free(channel: int) -> bool:
        frames = set(range(start, end))
        return not any(
            frames & set(range(one.start, one.end)) for one in strips if one.channel == channel
        )

    wanted = [channel for channel in range(low, 7) if free(channel)]
    assert found == (wanted[0] if wanted else None)


def test_no_channel_is_said_so() -> None:
    assert free_channel([Taken(1, 0, 10)], 5, 6, lowest=1, highest=1) is None


def test_a_bin_shows_each_shot_from_its_cut_to_its_end_with_room_between() -> None:
    row = in_a_row([match(1, into=20), match(2, into=50)], first=1, gap=25)
    assert [(one.at, one.length) for one in row] == [(1, 40), (66, 10)]
