"""What the rules make of the network's answer and the signals, on films that are mere numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.shots._combined import rules
from matchcut.shots._combined.fades import is_plain, plain_stretches
from matchcut.shots._combined.returns import returns, returns_at_nearest, unlike
from matchcut.shots._combined.signals import TILES, Floats, Signals
from matchcut.shots._combined.spikes import spikes
from matchcut.shots._combined.stretch import Stretch
from matchcut.shots._combined.wipes import wipes
from matchcut.types import Transition

SHAPE = (*TILES, 3)


def _picture(seed: int) -> Floats:
    return np.random.default_rng(seed).uniform(40, 215, SHAPE).astype(np.float32)


def _levels(*runs: tuple[float, int]) -> Floats:
    """(T, 5, 8, 3) of one level each, for so many frames each."""
    return np.concatenate([np.full((frames, *SHAPE), level, np.float32) for level, frames in runs])


def _shots(*runs: tuple[int, int]) -> Floats:
    """(T, 5, 8, 3) of pictures by number, for so many frames each; number 0 is black."""
    return np.concatenate(
        [
            np.repeat(
                (_picture(number) if number else np.zeros(SHAPE, np.float32))[None], frames, 0
            )
            for number, frames in runs
        ]
    )


def _stretch(
    colours: Floats,
    *,
    middle: Mapping[int, float] | None = None,
    part: Mapping[tuple[int, int], float] | None = None,
    change: Mapping[int, float] | None = None,
    first: int = 0,
    usual: float = 0.0,
) -> Stretch:
    """A film: the network's belief at frames, over `[start, end)` frames, and changes."""
    frames = len(colours)
    belief, belonging = np.zeros((2, frames), np.float32)
    changes = np.full(frames, usual, np.float32)
    for at, value in (middle or {}).items():
        belief[at] = value
    for (start, end), value in (part or {}).items():
        belonging[start:end] = value
    for at, value in (change or {}).items():
        changes[at] = value
    swept = np.repeat(changes, TILES[0] * TILES[1]).reshape(frames, *TILES)
    return Stretch(first, belief, belonging, Signals(changes, swept, colours))


def _cut(at: int) -> Transition:
    return Transition(at, at, at)


def _all_of(film: Stretch) -> list[Transition]:
    return rules.transitions(film, ended=True)


# A picture that is back


def test_two_frames_are_as_unlike_as_their_tiles_on_average() -> None:
    colours = _levels((10, 1), (40, 1), (10, 1))
    colours[1, 0, 0] = 10  # one tile of forty is alike
    assert unlike(colours) == pytest.approx(
        np.array([[0, 29.25, 0], [29.25, 0, 29.25], [0, 29.25, 0]])
    )


def _is_back(colours: Floats, first: int = 9, last: int = 9) -> bool:
    return returns(colours, first, last, back=3, ahead=6, factor=2.5, floor=4.0)


@pytest.mark.parametrize(("bright", "is_back"), [(54.0, False), (54.1, True)])
def test_a_flash_is_one_if_it_stands_out(bright: float, is_back: bool) -> None:
    assert _is_back(_levels((50, 10), (bright, 2), (50, 10))) is is_back


@pytest.mark.parametrize(("bright", "is_back"), [(88.9, False), (89.1, True)])
def test_a_flash_is_one_if_what_surrounds_it_differs_less(bright: float, is_back: bool) -> None:
    # 10 between before and after: it takes 2.5 times that and 4 from the nearer of the two.
    assert _is_back(_levels((50, 10), (bright, 2), (60, 10))) is is_back


@pytest.mark.parametrize(("frames", "is_back"), [(1, True), (5, True), (6, False)])
def test_what_stays_longer_than_a_flash_is_a_shot(frames: int, is_back: bool) -> None:
    assert _is_back(_levels((50, 10), (120, frames), (50, 20))) is is_back


@pytest.mark.parametrize(("since", "is_back"), [(7, True), (6, False)])
def test_the_end_of_a_flash_is_known_for_one_too(since: int, is_back: bool) -> None:
    assert _is_back(_levels((50, since), (120, 10 - since), (50, 20))) is is_back


def test_a_cut_is_not_undone() -> None:
    assert not _is_back(_levels((50, 10), (120, 20)))


@pytest.mark.parametrize(("first", "last"), [(0, 0), (4, 4), (0, 4)])
def test_a_change_at_the_film_s_very_edge_is_not_undone(first: int, last: int) -> None:
    assert not _is_back(_levels((50, 1), (120, 4)), first, last)
    assert not returns_at_nearest(
        _levels((50, 1), (120, 4)), first, last, back=10, ahead=22, factor=3, floor=3
    )


def test_before_the_film_there_is_nothing_to_return_to() -> None:
    assert not returns_at_nearest(_levels((50, 9)), -1, 3, back=3, ahead=5, factor=3.5, floor=5)


def _is_back_at_nearest(colours: Floats, first: int, last: int) -> bool:
    return returns_at_nearest(colours, first, last, back=10, ahead=22, factor=3.0, floor=3.0)


@pytest.mark.parametrize(("bright", "is_back"), [(53.0, False), (53.1, True)])
def test_what_passed_the_lens_stood_out(bright: float, is_back: bool) -> None:
    assert _is_back_at_nearest(_levels((50, 10), (bright, 16), (50, 10)), 9, 9) is is_back


@pytest.mark.parametrize(("frames", "is_back"), [(21, True), (22, False)])
def test_what_passed_the_lens_was_gone_within_a_second(frames: int, is_back: bool) -> None:
    assert _is_back_at_nearest(_levels((50, 20), (120, frames), (50, 20)), 19, 19) is is_back


def test_an_answer_shot_like_an_earlier_one_does_not_undo_the_cut_between_them() -> None:
    # The nearest two frames are the ones at the cut: nothing lies between them.
    colours = _levels((50, 10), (52, 10), (90, 4), (60, 20))
    assert not _is_back_at_nearest(colours, 9, 9)


# Cuts that need no network


@pytest.mark.parametrize(("jump", "found"), [(6.0, []), (6.1, [20])])
def test_a_jump_that_stands_alone_is_a_cut_without_the_network(
    jump: float, found: list[int]
) -> None:
    assert spikes(_stretch(_shots((1, 20), (2, 20)), change={20: jump})) == found


@pytest.mark.parametrize(("jump", "found"), [(7.5, []), (7.6, [20])])
def test_where_all_moves_a_jump_must_be_greater(jump: float, found: list[int]) -> None:
    film = _stretch(_shots((1, 20), (2, 20)), change={20: jump}, usual=2)
    assert spikes(film) == found


@pytest.mark.parametrize(
    ("other_at", "jump", "found"),
    [(8, 22.0, []), (32, 22.0, []), (8, 22.1, [20]), (32, 22.1, [20]), (7, 7, [20]), (33, 7, [20])],
)
def test_a_jump_beside_others_is_a_pulse_of_compression(
    other_at: int, jump: float, found: list[int]
) -> None:
    # Another of 10, twelve frames or more away. It is no cut itself: its picture is the same.
    film = _stretch(_shots((1, 20), (2, 30)), change={20: jump, other_at: 10.0 if jump > 7 else 6})
    assert spikes(film) == found


@pytest.mark.parametrize(("tiles", "found"), [(20, []), (21, [20])])
def test_a_caption_changes_too_little_of_the_picture_to_be_a_certain_cut(
    tiles: int, found: list[int]
) -> None:
    film = _stretch(_shots((1, 20), (2, 20)), change={20: 60})
    film.signals.swept[20] = 3.0
    film.signals.swept[20].flat[:tiles] = 3.1
    assert spikes(film) == found


@pytest.mark.parametrize(("belief", "found"), [(0.9, [14]), (0.91, [14, 20])])
def test_a_jump_just_after_a_sure_cut_is_a_cut_though_it_is_smaller(
    belief: float, found: list[int]
) -> None:
    colours = _shots((1, 14), (2, 6), (3, 20))
    film = _stretch(colours, middle={13: belief}, change={14: 60.0, 20: 20.0})
    assert spikes(film) == found


def test_the_first_frame_of_a_film_is_no_cut() -> None:
    assert spikes(_stretch(_shots((1, 30)), change={0: 90})) == []


def test_a_flash_is_no_cut_without_the_network_either() -> None:
    film = _stretch(_shots((1, 20), (2, 2), (1, 20)), change={20: 60})
    assert spikes(film) == []
    assert _all_of(film) == []


def test_a_certain_cut_is_not_reported_again_by_the_network() -> None:
    film = _stretch(_shots((1, 20), (2, 20)), middle={18: 0.5, 19: 0.9}, change={20: 60})
    assert _all_of(film) == [_cut(20)]


# The network's answer


@pytest.mark.parametrize(("belief", "found"), [(0.2, []), (0.21, [_cut(40)])])
def test_a_cut_of_which_the_network_is_unsure_is_found(
    belief: float, found: list[Transition]
) -> None:
    assert _all_of(_stretch(_shots((1, 40), (2, 40)), middle={39: belief})) == found


@pytest.mark.parametrize(
    ("end", "found"), [(42, Transition(40, 40, 40)), (43, Transition(39, 40, 43))]
)
def test_a_transition_over_more_than_three_frames_has_two_ends(end: int, found: Transition) -> None:
    film = _stretch(_shots((1, 40), (2, 40)), middle={39: 0.9}, part={(39, end): 0.3})
    assert _all_of(film) == [found]


@pytest.mark.parametrize(("frames", "count"), [(6, 0), (7, 1)])
def test_a_dissolve_whose_middle_nobody_sees_is_found_by_its_length(
    frames: int, count: int
) -> None:
    film = _stretch(_shots((1, 40), (2, 40)), middle={41: 0.15}, part={(38, 38 + frames): 0.41})
    found = _all_of(film)
    assert len(found) == count
    assert all(one == Transition(38, 42, 38 + frames) for one in found)


def test_two_peaks_of_one_dissolve_are_one_transition() -> None:
    film = _stretch(_shots((1, 40), (2, 40)), middle={36: 0.4, 42: 0.7}, part={(30, 50): 0.5})
    assert _all_of(film) == [Transition(30, 43, 50)]


def test_a_dissolve_is_followed_for_two_seconds_either_way_and_no_further() -> None:
    film = _stretch(_shots((1, 150), (2, 150)), middle={149: 0.9}, part={(50, 250): 0.5})
    assert _all_of(film) == [Transition(101, 150, 197)]


@pytest.mark.parametrize(("belief", "count"), [(0.59, 0), (0.61, 1)])
def test_what_passes_the_lens_slowly_is_no_cut_unless_the_network_is_sure(
    belief: float, count: int
) -> None:
    film = _stretch(_shots((1, 40), (2, 12), (1, 40)), middle={39: belief})
    assert len(_all_of(film)) == count


def test_lightning_that_keeps_the_picture_is_no_cut_however_sure_the_network_is() -> None:
    lit = np.clip(_picture(1) * 1.5 + 40, 0, 255)
    colours = np.concatenate([_shots((1, 40)), np.repeat(lit[None], 12, 0), _shots((1, 40))])
    assert _all_of(_stretch(colours, middle={39: 0.95})) == []


def test_light_that_changes_slowly_is_no_dissolve() -> None:
    gain = np.interp(np.arange(80), (30, 50), (1, 0.4))[:, None, None, None].astype(np.float32)
    film = _stretch(_shots((1, 80)) * gain, middle={39: 0.9}, part={(30, 50): 0.5})
    assert _all_of(film) == []


@pytest.mark.parametrize(("moved", "found"), [(4, []), (3, [_cut(40)])])
def test_a_whip_pan_keeps_its_change_up_where_a_cut_does_not(
    moved: int, found: list[Transition]
) -> None:
    change = {at: 12.0 for at in range(40, 40 + moved)}
    film = _stretch(_shots((1, 40), (2, 40)), middle={39: 0.6}, change=change)
    assert _all_of(film) == found


@pytest.mark.parametrize(
    ("belief", "frames", "count"), [(0.69, 4, 0), (0.71, 4, 1), (0.89, 5, 0), (0.91, 5, 1)]
)
def test_a_cut_inside_a_moving_shot_is_found_where_the_network_is_sure(
    belief: float, frames: int, count: int
) -> None:
    change = {at: 12.0 for at in range(38, 38 + frames)}
    film = _stretch(_shots((1, 40), (2, 40)), middle={39: belief}, change=change)
    assert len(_all_of(film)) == count


def test_the_network_s_belief_in_the_last_frame_is_no_cut_at_the_film_s_end() -> None:
    assert _all_of(_stretch(_shots((1, 40)), middle={39: 0.9})) == []


# Black and white


@pytest.mark.parametrize(
    ("level", "plain"), [(19.9, True), (20.0, False), (235.0, False), (235.1, True)]
)
def test_black_and_white_are_told_from_dark_and_bright(level: float, plain: bool) -> None:
    assert is_plain(_levels((level, 1))).tolist() == [plain]


@pytest.mark.parametrize("level", [0.0, 255.0])
def test_a_lamp_in_the_dark_is_a_picture(level: float) -> None:
    colours = _levels((level, 1))
    colours[0, 2, 3] = 128
    assert is_plain(colours).tolist() == [False]


@pytest.mark.parametrize(("frames", "plain"), [(50, [(20, 70)]), (51, [])])
def test_long_black_is_a_shot_of_its_own(frames: int, plain: list[tuple[int, int]]) -> None:
    assert plain_stretches(_stretch(_shots((1, 20), (0, frames), (2, 20)))) == plain


def test_black_before_the_film_and_after_it_joins_nothing() -> None:
    assert plain_stretches(_stretch(_shots((0, 20), (1, 20), (0, 20)))) == []


def _faded(black: int) -> Stretch:
    """Out over the frames 28 to 39, black from 40 on, in over the twelve frames after it."""
    return _stretch(
        _shots((1, 40), (0, black), (2, 60)),
        middle={34: 0.9, 45 + black: 0.9},
        part={(28, 41): 0.5, (39 + black, 52 + black): 0.5},
    )


def test_a_fade_out_and_in_is_one_transition_that_cuts_in_the_middle_of_the_black() -> None:
    assert _all_of(_faded(black=20)) == [Transition(28, 50, 72)]


def test_fades_to_a_long_black_are_two_transitions() -> None:
    found = _all_of(_faded(black=60))
    assert [(one.start, one.end) for one in found] == [(28, 41), (99, 112)]


def test_a_cut_to_black_and_one_from_it_stay_two_cuts() -> None:
    film = _stretch(_shots((1, 40), (0, 10), (2, 40)), middle={39: 0.9, 49: 0.9})
    assert _all_of(film) == [_cut(40), _cut(50)]


def test_a_cut_to_black_before_a_fade_in_is_where_the_new_shot_begins() -> None:
    film = _stretch(
        _shots((1, 40), (0, 10), (2, 40)),
        middle={39: 0.9, 55: 0.9},
        part={(49, 62): 0.5},
    )
    assert _all_of(film) == [Transition(40, 40, 62)]


def test_a_cut_from_black_after_a_fade_out_is_where_the_new_shot_begins() -> None:
    film = _stretch(
        _shots((1, 40), (0, 10), (2, 40)),
        middle={34: 0.9, 49: 0.9},
        part={(28, 41): 0.5},
    )
    assert _all_of(film) == [Transition(28, 50, 50)]


# Apart


@pytest.mark.parametrize(
    ("found", "apart"),
    [
        ([_cut(20), _cut(10)], [_cut(10), _cut(20)]),
        ([_cut(10), _cut(10)], [_cut(10)]),
        ([Transition(5, 10, 15), _cut(10)], [_cut(10)]),
        (
            [Transition(0, 10, 20), Transition(20, 30, 40)],
            [Transition(0, 10, 20), Transition(20, 30, 40)],
        ),
        (
            [Transition(0, 10, 25), Transition(15, 30, 40)],
            [Transition(0, 10, 20), Transition(20, 30, 40)],
        ),
        (
            [Transition(0, 10, 90), Transition(2, 50, 60)],
            [Transition(0, 10, 30), Transition(30, 50, 60)],
        ),
        ([Transition(0, 10, 30), _cut(11)], [Transition(0, 10, 10), _cut(11)]),
        (
            [Transition(0, 10, 50), _cut(20), Transition(5, 30, 40)],
            [Transition(0, 10, 15), _cut(20), Transition(25, 30, 40)],
        ),
    ],
)
def test_no_frame_belongs_to_two_transitions(
    found: list[Transition], apart: list[Transition]
) -> None:
    assert rules._apart(found) == apart


# What is said for good


def test_what_lies_too_near_the_end_is_kept_back_until_more_is_known() -> None:
    film = _stretch(_shots((1, 100), (2, 400), (3, 100)), middle={99: 0.9, 499: 0.9}, first=1000)
    assert rules.decided(film, 1000, ended=False) == (1600 - rules.REACH, (_cut(1100),))
    assert rules.decided(film, 1000, ended=True) == (1600, (_cut(1100), _cut(1500)))


def test_what_was_said_before_is_not_said_again() -> None:
    film = _stretch(_shots((1, 100), (2, 400), (3, 100)), middle={99: 0.9, 499: 0.9}, first=1000)
    assert rules.decided(film, 1101, ended=True) == (1600, (_cut(1500),))
    # Up to 1100, the cut at 1100 was not said yet.
    assert rules.decided(film, 1100, ended=True) == (1600, (_cut(1100), _cut(1500)))


def test_a_transition_that_may_still_grow_is_kept_back_whole() -> None:
    colours = _shots((1, 270), (2, 230))
    film = _stretch(colours, middle={269: 0.9}, part={(260, 290): 0.5})
    assert 500 - rules.REACH == 276
    assert rules.decided(film, 100, ended=False) == (260, ())
    # Nothing that was decided is taken back.
    assert rules.decided(film, 265, ended=False) == (265, ())


def test_a_film_shorter_than_what_a_decision_needs_is_decided_at_its_end() -> None:
    film = _stretch(_shots((1, 40), (2, 40)), middle={39: 0.9})
    assert rules.decided(film, 0, ended=False) == (0, ())
    assert rules.decided(film, 0, ended=True) == (80, (_cut(40),))


# A film that begins or ends in black


def test_a_fade_in_at_the_film_s_beginning_joins_no_two_shots() -> None:
    colours = _shots((0, 12), (2, 60))
    film = _stretch(colours, middle={16: 0.9}, part={(10, 22): 0.5})
    assert _all_of(film) == []
    # The same black somewhere else in a film was read before, and is.
    later = _stretch(colours, middle={16: 0.9}, part={(10, 22): 0.5}, first=500)
    assert _all_of(later) == [Transition(510, 517, 522)]


def test_a_fade_out_at_the_film_s_end_joins_no_two_shots() -> None:
    film = _stretch(_shots((1, 60), (0, 12)), middle={55: 0.9}, part={(50, 62): 0.5})
    assert rules.transitions(film, ended=True) == []
    assert rules.transitions(film, ended=False) == [Transition(50, 56, 62)]


def test_a_cut_from_a_black_leader_is_a_cut() -> None:
    film = _stretch(_shots((0, 12), (2, 60), (0, 12)), middle={11: 0.9, 71: 0.9})
    assert _all_of(film) == [_cut(12), _cut(72)]


def test_a_long_black_leader_is_a_shot() -> None:
    film = _stretch(_shots((0, 80), (2, 60)), middle={84: 0.9}, part={(78, 90): 0.5})
    assert _all_of(film) == [Transition(78, 85, 90)]


# Wipes

ROW, COLUMN = np.meshgrid(np.linspace(-1, 1, TILES[0]), np.linspace(-1, 1, TILES[1]), indexing="ij")
WAYS: dict[str, NDArray[np.float64]] = {
    "left": (1 - COLUMN) / 2,
    "up": (1 - ROW) / 2,
    "diagonal": (ROW + COLUMN + 2) / 4,
    "iris": np.hypot(ROW, COLUMN) / np.sqrt(2),
    "barn door": np.abs(COLUMN),
    "clock": (np.arctan2(COLUMN, -ROW) / (2 * np.pi)) % 1,
}
OLD, NEW = np.full(SHAPE, 60, np.float32), np.full(SHAPE, 150, np.float32)


def _swept(
    times: NDArray[np.float64],
    old: Floats = OLD,
    new: Floats = NEW,
    *,
    frames: int = 120,
    first: int = 0,
    back: NDArray[np.float64] | None = None,
) -> Stretch:
    """Tiles that show `new` from their time on, until they are `back`."""
    at = np.arange(frames)[:, None, None]
    changed = at >= np.rint(times)
    # The signal compares with the frame two before: an edge is in it twice.
    edge = changed & (at <= np.rint(times) + 1)
    if back is not None:
        edge |= (at >= np.rint(back)) & (at <= np.rint(back) + 1)
        changed &= at < np.rint(back)
    colours = np.where(changed[..., None], new, old).astype(np.float32)
    swept = np.where(edge, 40.0, 0.5).astype(np.float32)
    still = np.zeros(frames, np.float32)
    return Stretch(first, still, still, Signals(still, swept, colours))


@pytest.mark.parametrize("way", WAYS)
def test_a_wipe_of_any_shape_is_found_from_its_first_tile_to_its_last(way: str) -> None:
    times = np.rint(45 + 15 * WAYS[way])
    (found,) = wipes(_swept(times))
    assert abs(found.start - times.min()) <= 1
    assert abs(found.cut - np.median(times)) <= 1
    assert abs(found.end - times.max()) <= 1


@pytest.mark.parametrize("way", WAYS)
def test_a_wipe_is_found_wherever_the_film_was_cut_into_pieces(way: str) -> None:
    times = np.rint(45 + 15 * WAYS[way])
    whole = _swept(times)
    for left_out in (1, 2, 3, 10):
        piece = _swept(times - left_out, frames=120 - left_out, first=left_out)
        moved = [
            Transition(one.start + left_out, one.cut + left_out, one.end + left_out)
            for one in wipes(piece)
        ]
        assert moved == wipes(whole)


def test_a_wipe_is_reported_once_though_many_windows_see_it() -> None:
    assert _all_of(_swept(45 + 15 * WAYS["left"])) == wipes(_swept(45 + 15 * WAYS["left"]))


def test_a_film_shorter_than_a_wipe_may_last_has_none() -> None:
    assert wipes(_swept(5 + 15 * WAYS["left"], frames=35)) == []
    assert len(wipes(_swept(5 + 15 * WAYS["left"], frames=36))) == 1


def test_a_cut_or_a_whip_pan_changes_all_tiles_at_once_and_is_no_wipe() -> None:
    assert wipes(_swept(np.full(TILES, 45.0))) == []
    assert wipes(_swept(45 + 3 * WAYS["left"])) == []


def test_tiles_that_change_in_no_order_are_no_wipe() -> None:
    times = np.random.default_rng(5).uniform(45, 60, TILES)
    assert wipes(_swept(times)) == []


@pytest.mark.parametrize("covered", [6, 12, 24])
def test_what_passes_the_lens_and_is_gone_is_no_wipe(covered: int) -> None:
    times = 45 + 10 * WAYS["left"]
    assert wipes(_swept(times, back=times + covered)) == []


def test_what_moves_within_one_shot_is_no_wipe() -> None:
    """All tiles change in order, but to something rather like it."""
    assert wipes(_swept(45 + 15 * WAYS["left"], new=OLD + 10)) == []


@pytest.mark.parametrize(("differs", "count"), [(6.9, 0), (7.1, 1)])
def test_a_wipe_changes_nearly_all_of_the_picture(differs: float, count: int) -> None:
    new = NEW.copy()
    new[::2, ::2] = OLD[::2, ::2] + differs
    new[1::2] = OLD[1::2] + differs
    new[0::2, 1::2] = 200
    film = _swept(45 + 15 * WAYS["left"], new=new)
    assert len(wipes(film)) == count


def test_where_a_cut_is_certain_there_is_no_wipe() -> None:
    film = _swept(45 + 15 * WAYS["left"])
    film.signals.change[52] = 60
    film.signals.swept[52] = 40
    assert _all_of(film) == [_cut(52)]


@pytest.mark.parametrize(("belief", "wiped"), [(0.59, True), (0.61, False)])
def test_a_wipe_stands_for_what_the_network_saw_of_it(belief: float, wiped: bool) -> None:
    film = _swept(45 + 15 * WAYS["left"])
    film.middle[52] = belief
    assert _all_of(film) == (wipes(film) if wiped else [_cut(53)])
