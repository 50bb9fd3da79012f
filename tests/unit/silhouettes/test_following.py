"""Silhouettes that are carried from one frame to those around it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.silhouettes import canvas
from matchcut.silhouettes.following import follow as follow_rows
from matchcut.silhouettes.labels import LABELS, PERSON
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.types import Rows
from tests.unit.silhouettes.drawn import backdrop, figure, overlap, walker

DOG = LABELS.index("dog")
AT = 12


def follow(row: Rows, pictures: NDArray[np.uint8], at: int, seconds: NDArray[np.float64]) -> Rows:
    """The rows of all frames, given that of one."""
    return follow_rows(row, pictures, [at], seconds).rows


def row_of(*masks: NDArray[np.bool_], label: int = PERSON, confidence: float = 0.9) -> Rows:
    """The (1,) row of instances with these masks."""
    return row([Instance(label, confidence, mask) for mask in masks]).reshape(1)


def seconds(frames: int, rate: float = 24.0) -> NDArray[np.float64]:
    """When each of so many frames is shown."""
    return np.arange(frames) / rate


def subjects(rows: Rows) -> NDArray[np.bool_]:
    """(T, 36, 64) the subject in each frame."""
    return canvas.unpacked(rows["subject"]["mask"])


def passing(height: int, width: int, frames: int, start: float, step: float) -> NDArray[np.uint8]:
    """(T, H, W, 3) the figure of `walker`, that walks `step` of the width a frame."""
    return np.concatenate(
        [walker(height, width, start + step * frame, 1).pictures for frame in range(frames)]
    )


@pytest.mark.parametrize("size", [(180, 320), (134, 320), (180, 101), (180, 240)])
@pytest.mark.parametrize("pan", [0.0, 2.0])
def test_a_figure_that_walks_is_found_in_every_frame(size: tuple[int, int], pan: float) -> None:
    shot = walker(*size, 0.5, 2 * AT + 1, pan)
    known = row_of(figure(*size, 0.5))
    found = subjects(follow(known, shot.pictures, AT, seconds(2 * AT + 1)))
    for away in (-12, -6, -1, 1, 6, 12):
        truth = figure(*size, 0.5 + 2 * away / size[1])
        assert overlap(found[AT + away], truth) > 0.8


def test_the_known_row_is_given_back_bit_for_bit() -> None:
    shot = walker(180, 320, 0.5, 5)
    known = row_of(figure(180, 320, 0.5), figure(180, 320, 0.2), confidence=0.123)
    for at in range(5):
        assert follow(known, shot.pictures, at, seconds(5))[at].tobytes() == known[0].tobytes()


def test_one_frame_alone_has_the_row_it_has() -> None:
    known = row_of(figure(180, 320, 0.5))
    found = follow(known, walker(180, 320, 0.5, 1).pictures, 0, seconds(1))
    assert found.tobytes() == known.tobytes()


def test_where_nothing_was_seen_nothing_is_found() -> None:
    found = follow(np.zeros(1, ROW), walker(180, 320, 0.5, 5).pictures, 2, seconds(5))
    assert found.shape == (5,)
    assert not found.view(np.uint8).any()


def test_who_leaves_the_picture_is_no_longer_in_it() -> None:
    pictures = passing(180, 320, 25, 0.5, 0.03)
    found = follow(row_of(figure(180, 320, 0.5)), pictures, 0, seconds(25))
    assert overlap(subjects(found)[8], figure(180, 320, 0.74)) > 0.75
    assert (found["count"][-1], found["subject"]["confidence"][-1]) == (0, 0)
    assert not found[-1:].view(np.uint8).any()


def test_frames_that_show_nothing_have_no_silhouette_and_those_after_them_have() -> None:
    pictures = walker(180, 320, 0.5, 2 * AT + 1).pictures.copy()
    pictures[AT + 3 : AT + 5] = 0
    found = follow(row_of(figure(180, 320, 0.5)), pictures, AT, seconds(2 * AT + 1))
    assert not found[AT + 3 : AT + 5].view(np.uint8).any()
    assert overlap(subjects(found)[AT + 8], figure(180, 320, 0.55)) > 0.8


def test_nothing_is_followed_from_a_black_frame() -> None:
    pictures = walker(180, 320, 0.5, 5).pictures.copy()
    pictures[2] = 0
    found = follow(row_of(figure(180, 320, 0.5)), pictures, 2, seconds(5))
    assert found["count"].tolist() == [0, 0, 1, 0, 0]


@pytest.mark.parametrize("darkest", [0.5, 0.2])
def test_a_figure_is_followed_through_a_fade(darkest: float) -> None:
    shot = walker(180, 320, 0.5, 2 * AT + 1)
    light = np.linspace(1, darkest, AT + 1)
    faded = shot.pictures.copy()
    for away, level in enumerate(light):
        faded[AT + away] = np.round(shot.pictures[AT + away] * level)
    found = subjects(follow(row_of(figure(180, 320, 0.5)), faded, AT, seconds(2 * AT + 1)))
    assert overlap(found[-1], figure(180, 320, 0.5 + 24 / 320)) > 0.8


def test_no_silhouette_lies_outside_of_an_upright_picture() -> None:
    pictures = passing(180, 101, 13, 0.5, 0.03)
    found = subjects(follow(row_of(figure(180, 101, 0.5)), pictures, 6, seconds(13)))
    _, columns = canvas.placed(180, 101)
    found[:, :, columns] = False
    assert not found.any()


def test_a_silhouette_outside_of_the_picture_is_not_followed() -> None:
    beside = np.zeros((canvas.ROWS, canvas.COLUMNS), bool)
    beside[:, :10] = True
    found = follow(row_of(beside), passing(180, 101, 3, 0.5, 0.01), 0, seconds(3))
    assert found["count"].tolist() == [1, 0, 0]


def test_everyone_keeps_who_they_are() -> None:
    height, width = 180, 320
    plate = backdrop(height, width)
    boxes = [(40, 60), (200, 120)]
    pictures, masks = [], []
    for frame in range(13):
        picture, drawn = plate[:, :width].copy(), []
        for number, (left, top) in enumerate(boxes):
            at = left + (3 if number else 2) * (frame - 6)
            corners = ((at, top), (at + 60, top + 50))
            cv2.rectangle(picture, *corners, ((220, 30, 30), (30, 60, 220))[number], -1)
            alone = np.zeros((height, width), np.uint8)
            cv2.rectangle(alone, *corners, 1, -1)
            drawn.append(canvas.on_canvas(alone.astype(bool), height, width))
        pictures.append(picture)
        masks.append(drawn)
    person, dog = Instance(PERSON, 0.9, masks[6][0]), Instance(DOG, 0.6, masks[6][1])
    known = row([person, dog]).reshape(1)
    found = follow(known, np.stack(pictures), 6, seconds(13))
    assert (found["count"] == 2).all()
    assert (found["instances"]["label"] == known["instances"]["label"]).all()
    for frame in (0, 12):
        union = canvas.unpacked(found["people"]["mask"][frame])
        assert overlap(union, masks[frame][0]) > 0.8
        for one in found["instances"][frame, :2]:
            there = Instance(int(one["label"]), 1.0, canvas.unpacked(one["mask"]))
            assert overlap(there.mask, masks[frame][int(one["label"] == DOG)]) > 0.8
            assert np.allclose(one["box"], there.box)


def test_the_further_away_the_less_a_silhouette_is_trusted() -> None:
    pictures = np.repeat(walker(180, 320, 0.5, 1).pictures, 25, axis=0)
    found = follow(row_of(figure(180, 320, 0.5)), pictures, 12, seconds(25))
    for name in ("people", "subject"):
        trust = found[name]["confidence"]
        assert (np.diff(trust[12:]) < 0).all()
        assert (np.diff(trust[:13]) > 0).all()
        assert trust.min() > 0.7


def test_what_is_left_where_a_figure_has_vanished_is_hardly_trusted() -> None:
    pictures = walker(180, 320, 0.5, 7).pictures.copy()
    pictures[4:] = backdrop(180, 320)[:, 40:360]
    trust = follow(row_of(figure(180, 320, 0.5)), pictures, 2, seconds(7))["subject"]["confidence"]
    assert trust[1] > 0.7
    assert trust[4:].max() < 0.2


@pytest.mark.parametrize("rate", [12, 30, 50, 60])
def test_a_figure_is_followed_at_any_rate(rate: int) -> None:
    frames = rate // 2 + 1
    pictures = passing(180, 320, frames, 0.4, 0.3 / rate)
    found = subjects(follow(row_of(figure(180, 320, 0.4)), pictures, 0, seconds(frames, rate)))
    for frame in range(1, frames):
        assert overlap(found[frame], figure(180, 320, 0.4 + 0.3 * frame / rate)) > 0.75


@pytest.mark.parametrize("size", [(320, 20), (20, 320), (320, 2), (2, 2), (90, 160), (48, 48)])
def test_pictures_of_any_shape_can_be_followed(size: tuple[int, int]) -> None:
    pictures = np.random.default_rng(3).integers(0, 256, (4, *size, 3), np.uint8)
    mask = np.zeros((canvas.ROWS, canvas.COLUMNS), bool)
    mask[canvas.placed(*size)] = True
    found = follow(row_of(mask), pictures, 1, seconds(4))
    assert found.shape == (4,)
    assert all(np.isfinite(found[name]["confidence"]).all() for name in ("people", "subject"))


def test_neither_threads_nor_what_ran_before_change_a_bit() -> None:
    shot = walker(180, 320, 0.5, 7, 3.0)
    known = row_of(figure(180, 320, 0.5))
    threads = cv2.getNumThreads()
    once = follow(known, shot.pictures, 3, seconds(7))
    try:
        cv2.setNumThreads(1)
        cv2.setRNGSeed(99)
        again = follow(known, shot.pictures, 3, seconds(7))
    finally:
        cv2.setNumThreads(threads)
    assert once.tobytes() == again.tobytes()


def test_neither_the_pictures_nor_the_row_are_changed() -> None:
    shot = walker(180, 320, 0.5, 5)
    known = row_of(figure(180, 320, 0.5))
    pictures, before = shot.pictures.copy(), known.copy()
    follow(known, pictures, 2, seconds(5))
    assert pictures.tobytes() == shot.pictures.tobytes()
    assert known.tobytes() == before.tobytes()
