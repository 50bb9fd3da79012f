"""Change, tiles and gain: what the rules are told of frames."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.shots._combined import signals, stretch
from matchcut.shots._combined.graph import HEIGHT, WIDTH

Frames = NDArray[np.uint8]


def _noise(frames: int, seed: int = 1) -> Frames:
    chance = np.random.default_rng(seed)
    return chance.integers(0, 256, (frames, HEIGHT, WIDTH, 3), np.uint8)


def _cloud(seed: int) -> Frames:
    """A picture wider than a frame, without sharp edges, (27, 60, 3)."""
    coarse = np.random.default_rng(seed).uniform(40, 200, (4, 8, 3))
    rows = np.linspace(0, 3, HEIGHT)
    columns = np.linspace(0, 7, 60)
    top, left = np.minimum(rows.astype(int), 2), np.minimum(columns.astype(int), 6)
    down, right = (rows - top)[:, None, None], (columns - left)[None, :, None]
    upper = coarse[top][:, left] * (1 - right) + coarse[top][:, left + 1] * right
    lower = coarse[top + 1][:, left] * (1 - right) + coarse[top + 1][:, left + 1] * right
    return np.asarray(upper * (1 - down) + lower * down, np.uint8)


def _same(one: signals.Signals, other: signals.Signals) -> bool:
    return (
        np.array_equal(one.change, other.change)
        and np.array_equal(one.swept, other.swept)
        and np.array_equal(one.colours, other.colours)
    )


@pytest.mark.parametrize("split", [1, 2, 3, 17, 29])
def test_a_film_whose_windows_end_elsewhere_has_the_same_signals(split: int) -> None:
    frames = _noise(30)
    whole = signals.signals_of(frames, 0)
    before = min(signals.STRIDE, split)
    parts = [
        signals.signals_of(frames[:split], 0),
        signals.signals_of(frames[split - before :], before),
    ]
    chances = np.zeros((30, 2), np.float32)
    one = stretch.stretch_of(0, chances[:split], parts[0])
    other = stretch.stretch_of(split, chances[split:], parts[1])
    assert _same(stretch.joined(one, other).signals, whole)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_film_of_a_frame_or_two_has_as_many_signals(frames: int) -> None:
    seen = signals.signals_of(_noise(frames), 0)
    assert len(seen) == frames
    assert seen.swept.shape == (frames, *signals.TILES)
    assert seen.colours.shape == (frames, *signals.TILES, 3)
    assert seen.change[0] == 0
    assert (seen.swept[0] == 0).all()


def test_the_network_s_own_frames_divide_into_the_tiles_that_the_rules_expect() -> None:
    assert signals.TILES == (5, 8)


def test_a_camera_that_drifts_by_a_pixel_is_no_change() -> None:
    wide = _cloud(3)
    frames = np.stack([wide[:, left : left + WIDTH] for left in (4, 5, 6)])
    seen = signals.signals_of(frames, 0)
    # What comes into the picture at its edge has nothing to be like.
    assert seen.change.max() < 1
    assert seen.swept[2, :, 1:-1].max() == 0


def test_a_camera_that_jumps_by_six_pixels_is_a_change() -> None:
    wide = _cloud(3)
    frames = np.stack([wide[:, left : left + WIDTH] for left in (0, 6)])
    drift = signals.signals_of(np.stack([wide[:, :WIDTH], wide[:, 1 : WIDTH + 1]]), 0)
    assert signals.signals_of(frames, 0).change[1] > 5 * drift.change[1]


def test_a_cut_is_a_change_of_its_first_frame_alone() -> None:
    one, other = _cloud(3)[:, :WIDTH], 255 - _cloud(4)[:, :WIDTH]
    change = signals.signals_of(np.stack([one] * 5 + [other] * 5), 0).change
    assert np.flatnonzero(change).tolist() == [5]


def test_what_a_wipe_has_not_reached_yet_has_not_changed() -> None:
    frames = np.full((6, HEIGHT, WIDTH, 3), 40, np.uint8)
    frames[3:, :, : WIDTH // 2] = 200
    swept = signals.signals_of(frames, 0).swept
    assert np.flatnonzero(swept.max(axis=(1, 2))).tolist() == [3, 4]
    np.testing.assert_allclose(swept[3, :, :3], 160, rtol=1e-6)
    assert (swept[3, :, 5:] == 0).all()


def test_colours_are_the_means_of_tiles_and_leave_the_two_lowest_lines_out() -> None:
    frames = np.zeros((1, HEIGHT, WIDTH, 3), np.uint8)
    frames[0, 5:10, 6:12] = (30, 60, 90)
    frames[0, 25:] = 255
    colours = signals.signals_of(frames, 0).colours[0]
    np.testing.assert_allclose(colours[1, 1], (30, 60, 90), rtol=1e-6)
    assert np.count_nonzero(colours) == 3


def _film_of_brightness(level: int, frames: int = 4) -> Frames:
    film = np.zeros((frames, HEIGHT, WIDTH, 3), np.uint8)
    film[:, :, ::2] = level
    return film


def test_a_film_of_ordinary_light_is_read_as_it_is() -> None:
    assert signals.gain_of(_film_of_brightness(230)) == 1
    # 230 / 144 lies just below the smallest gain that is worth it, 230 / 143 just above.
    assert signals.gain_of(_film_of_brightness(144)) == 1
    assert signals.gain_of(_film_of_brightness(143)) == pytest.approx(230 / 143)


def test_a_dark_film_is_brought_up_but_never_more_than_eightfold() -> None:
    assert signals.gain_of(_film_of_brightness(46)) == pytest.approx(5)
    assert signals.gain_of(_film_of_brightness(3)) == 8
    assert signals.gain_of(_film_of_brightness(0)) == 8


def test_one_lamp_in_the_picture_does_not_make_a_dark_film_bright() -> None:
    film = _film_of_brightness(40)
    film[:, 3:5, 3:6] = 255  # six pixels of 1296
    assert signals.gain_of(film) == pytest.approx(230 / 40)
    film[:, 3:6, 3:6] = 255  # nine: more than half a percent
    assert signals.gain_of(film) == 1


def test_any_channel_counts_as_light() -> None:
    film = np.zeros((2, HEIGHT, WIDTH, 3), np.uint8)
    film[..., 2] = 230
    assert signals.gain_of(film) == 1


def test_brightened_pixels_stop_at_white() -> None:
    film = _film_of_brightness(50)
    assert (signals.brightened(film, 3.0)[:, :, ::2] == 150).all()
    assert (signals.brightened(film, 8.0)[:, :, ::2] == 255).all()
    assert (signals.brightened(film, 1.0) == film).all()


def _stretch(first: int, frames: int) -> stretch.Stretch:
    chances = np.random.default_rng(first).random((frames, 2)).astype(np.float32)
    return stretch.stretch_of(first, chances, signals.signals_of(_noise(frames, first), 0))


def test_stretches_that_follow_each_other_are_one() -> None:
    one, other = _stretch(10, 5), _stretch(15, 7)
    both = stretch.joined(one, other)
    assert (both.first, len(both), both.end) == (10, 12, 22)
    assert both.middle.tolist() == [*one.middle, *other.middle]
    assert both.part.tolist() == [*one.part, *other.part]
    assert len(both.signals) == 12


@pytest.mark.parametrize(
    ("frame", "first", "length"), [(3, 10, 5), (10, 10, 5), (12, 12, 3), (15, 15, 0)]
)
def test_what_is_no_longer_needed_of_a_stretch_is_let_go(
    frame: int, first: int, length: int
) -> None:
    known = _stretch(10, 5)
    left = stretch.since(known, frame)
    assert (left.first, len(left), left.end) == (first, length, 15)
    assert left.middle.tolist() == known.middle[5 - length :].tolist()
    assert len(left.signals) == length
