"""A cut as it plays: which frames of both films, when, where on the screen, and from which file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.engine.preview import Preview, preview
from matchcut.errors import MediaChanged, MediaMissing, SourceNotIndexed
from matchcut.library import Library
from matchcut.media.clip import clip_bytes
from matchcut.types import Candidate, MediaTime, Picture, Reframing, Side
from tests.unit.engine.shelf import DARK, Shelf, numbered, numbers
from tests.unit.media.films import NTSC24, NTSC30
from tests.unit.server.stand_in import CANDIDATE


def pair(leave: Side, enter: Side, reframing: Reframing | None = None) -> Candidate:
    return replace(CANDIDATE, outgoing=leave, incoming=enter, reframing=reframing)


def preview_of(
    shelf: Shelf, leave: Side, enter: Side, reframing: Reframing | None = None
) -> Preview:
    return preview(shelf.library, pair(leave, enter, reframing))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, Library.create(tmp_path / "library"))


def sides(shown: Preview) -> tuple[list[int], list[int]]:
    """The numbers of A's frames, and of B's."""
    return numbers(shown.pictures[: shown.cut]), numbers(shown.pictures[shown.cut :])


@pytest.mark.parametrize("container", ["mov", "mkv"])
@pytest.mark.parametrize("rate", [NTSC24, Fraction(25), NTSC30], ids=str)
def test_no_frame_at_the_cut_is_missing_or_shown_twice(
    rate: Fraction, container: str, shelf: Shelf
) -> None:
    leave = shelf.side(f"a.{container}", 60, rate=rate)
    enter = shelf.side(f"b.{container}", 40, count=90, rate=rate)
    shown = preview_of(shelf, leave, enter)
    second = round(rate)
    assert shown.rate == rate
    assert sides(shown) == (list(range(61 - second, 61)), list(range(40, 40 + second)))


def test_the_clip_holds_the_frames_that_it_was_given(shelf: Shelf) -> None:
    shown = preview_of(
        shelf, shelf.side("a.mov", 60), shelf.side("b.mov", 40, count=90, rate=NTSC30)
    )
    with av.open(io.BytesIO(clip_bytes(shown.pictures, shown.rate)), "r") as container:
        frames = [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in container.decode(video=0)
        ]
        assert container.streams.video[0].average_rate == shown.rate
    assert numbers(frames) == numbers(shown.pictures)


def test_a_film_of_another_rate_plays_at_its_own_speed(shelf: Shelf) -> None:
    leave = shelf.side("a.mov", 60, rate=Fraction(24))
    fast = shelf.side("fast.mov", 20, rate=Fraction(48))
    slow = shelf.side("slow.mov", 20, rate=Fraction(12))
    assert sides(preview_of(shelf, leave, fast))[1] == list(range(20, 68, 2))
    assert sides(preview_of(shelf, leave, slow))[1] == [20 + tick // 2 for tick in range(24)]
    drawn_on_threes = sides(preview_of(shelf, shelf.side("c.mov", 80, rate=Fraction(48)), slow))[1]
    assert drawn_on_threes == [20 + tick // 4 for tick in range(48)]


def test_a_variable_rate_is_played_as_it_varies(shelf: Shelf) -> None:
    # Frame 20 stays for half a second; all others for 40 milliseconds.
    pts = [40 * number + (460 if number > 20 else 0) for number in range(60)]
    side = shelf.side("phone.mkv", 25, count=60, pts=pts)
    steady = shelf.side("b.mov", 40)
    leaving = sides(preview_of(shelf, replace(side, rate=Fraction(25)), steady))[0]
    assert leaving[-6:] == [20, 21, 22, 23, 24, 25]
    assert 12 <= leaving.count(20) <= 13
    assert leaving == sorted(leaving)
    entering = sides(preview_of(shelf, steady, at(side, pts, 19)))[1]
    assert entering[0] == 19
    assert 12 <= entering.count(20) <= 13


def test_the_frames_at_the_cut_are_shown_however_short_they_are(shelf: Shelf) -> None:
    # Frame 30 stays for 5 milliseconds.
    pts = [40 * number - (35 if number > 30 else 0) for number in range(60)]
    side = at(shelf.side("phone.mkv", 30, count=60, pts=pts), pts, 30)
    shown = preview_of(shelf, side, side)
    leaving, entering = sides(shown)
    assert (leaving[-1], leaving.count(30)) == (30, 1)
    assert (entering[0], entering.count(30)) == (30, 1)


def at(side: Side, pts: Sequence[int], cut: int) -> Side:
    return replace(
        side,
        cut_frame=cut,
        cut_time=MediaTime(pts[cut], side.cut_time.time_base),
        rate=Fraction(25),
    )


def test_nothing_outside_of_the_clean_frames_is_shown(shelf: Shelf) -> None:
    leave = shelf.side("a.mov", 60, clean=(50, 80))
    enter = shelf.side("b.mov", 40, count=90, clean=(30, 47))
    assert sides(preview_of(shelf, leave, enter)) == (list(range(50, 61)), list(range(40, 47)))


@pytest.mark.parametrize(
    ("rate", "ticks"), [(Fraction(120), Fraction(60)), (Fraction(5), Fraction(15))], ids=str
)
def test_a_rate_that_no_screen_shows_still_lets_the_other_film_flow(
    rate: Fraction, ticks: Fraction, shelf: Shelf
) -> None:
    leave = shelf.side("a.mov", 122, count=124, rate=rate)
    shown = preview_of(shelf, leave, shelf.side("b.mov", 40, count=90))
    leaving, entering = sides(shown)
    assert shown.rate == ticks
    assert (leaving[-1], entering[0]) == (122, 40)
    assert len(leaving) == len(entering) == ticks


def test_only_the_reframed_side_is_moved(shelf: Shelf) -> None:
    leave, enter = shelf.side("a.mov", 60), shelf.side("b.mov", 40, count=90)
    flop = Reframing("incoming", 1.0, 0.0, 0.0, 0.0, True, 0.5, 0.9)
    leaving, entering = sides(preview_of(shelf, leave, enter, flop))
    assert leaving == list(range(36, 61))
    assert entering == [int(f"{number:08b}"[::-1], 2) for number in range(40, 65)]
    leaving, entering = sides(preview_of(shelf, leave, enter, replace(flop, side="outgoing")))
    assert leaving == [int(f"{number:08b}"[::-1], 2) for number in range(36, 61)]
    assert entering == list(range(40, 65))


def bright(picture: Picture) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last row, and first and last column, that are not black."""
    rows, columns = np.nonzero(picture[..., 1] > DARK // 2)
    return (int(rows.min()), int(rows.max())), (int(columns.min()), int(columns.max()))


def test_two_shapes_lie_on_one_screen_as_a_viewer_sees_them(shelf: Shelf) -> None:
    shown = preview_of(shelf, shelf.side("a.mov", 60), shelf.side("b.mov", 40, size=(120, 90)))
    assert {picture.shape for picture in shown.pictures} == {(360, 640, 3)}
    assert bright(shown.pictures[0]) == ((0, 359), (0, 639))
    assert bright(shown.pictures[-1]) == ((0, 359), (80, 559))
    assert sides(shown) == (list(range(36, 61)), list(range(40, 65)))


@pytest.mark.parametrize(
    ("size", "screen"), [((192, 80), (268, 640, 3)), ((90, 160), (640, 360, 3))], ids=str
)
def test_two_films_of_one_shape_have_no_black_around_them(
    size: tuple[int, int], screen: tuple[int, int, int], shelf: Shelf
) -> None:
    shown = preview_of(
        shelf, shelf.side("a.mov", 60, size=size), shelf.side("b.mov", 40, size=size)
    )
    assert {picture.shape for picture in shown.pictures} == {screen}
    for picture in (shown.pictures[0], shown.pictures[-1]):
        assert bright(picture) == ((0, screen[0] - 1), (0, screen[1] - 1))


def remove(side: Side) -> None:
    side.source.unlink()


def replace_content(side: Side) -> None:
    side.source.write_bytes(b"no film at all" * 100)


@pytest.mark.parametrize("lose", [remove, replace_content])
def test_a_film_that_is_gone_or_changed_plays_from_its_proxy(
    lose: Callable[[Side], None], shelf: Shelf
) -> None:
    leave, enter = shelf.side("a.mov", 60), shelf.side("b.mov", 40, count=90)
    shelf.keep_proxy(enter)
    lose(enter)
    shown = preview_of(shelf, leave, enter)
    assert sides(shown) == (list(range(36, 61)), list(range(40, 65)))
    assert {picture.shape for picture in shown.pictures} == {(360, 640, 3)}


def test_films_that_are_both_gone_play_no_larger_than_their_proxies(shelf: Shelf) -> None:
    leave, enter = shelf.side("a.mov", 60), shelf.side("b.mov", 40, count=90)
    for side in (leave, enter):
        shelf.keep_proxy(side)
        remove(side)
    shown = preview_of(shelf, leave, enter)
    assert {picture.shape for picture in shown.pictures} == {(180, 320, 3)}
    assert sides(shown) == (list(range(36, 61)), list(range(40, 65)))


@pytest.mark.parametrize(
    ("lose", "error"), [(remove, MediaMissing), (replace_content, MediaChanged)]
)
def test_without_a_proxy_it_is_said_why_there_is_no_clip(
    lose: Callable[[Side], None], error: type[Exception], shelf: Shelf
) -> None:
    leave, enter = shelf.side("a.mov", 60), shelf.side("b.mov", 40, count=90)
    lose(enter)
    with pytest.raises(error):
        preview_of(shelf, leave, enter)


def test_a_film_that_the_library_holds_no_more_has_no_clip(shelf: Shelf) -> None:
    leave = shelf.side("a.mov", 60)
    with pytest.raises(SourceNotIndexed):
        preview_of(shelf, leave, replace(leave, digest="f" * 32))


def test_a_number_is_read_as_it_was_drawn() -> None:
    drawn: list[NDArray[np.uint8]] = [numbered(number, 160, 90) for number in range(200)]
    assert numbers(drawn) == list(range(200))
