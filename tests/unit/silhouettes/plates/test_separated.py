"""Who crosses a picture is told from what stands behind, whatever the known silhouette lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.silhouettes import canvas
from matchcut.silhouettes.plates import SIDES, Soft, separated

Masks = NDArray[np.bool_]
FRAMES, AT, RATE = 25, 12, 12.0


def _cloth(seed: int, height: int, width: int, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(size=(height, width, 3)).astype(np.float32)
    return np.clip(np.array(colour) + 130 * cv2.GaussianBlur(noise, (0, 0), 3.0), 0, 255).astype(
        np.uint8
    )


def _figure(height: int, width: int, x: float, y: float) -> Masks:
    """Somebody who holds out one arm, at x of the width and moved down by so many pixels."""
    drawn = np.zeros((height, width), np.uint8)

    def at(right: float, down: float) -> tuple[int, int]:
        return round(x * width + right * height), round(down * height + y)

    cv2.circle(drawn, at(0, 0.4), height // 12, 1, -1)
    cv2.ellipse(drawn, at(0, 0.68), (height // 11, round(0.22 * height)), 0, 0, 360, 1, -1)
    cv2.line(drawn, at(0, 0.56), at(0.17, 0.48), 1, height // 16)
    return np.asarray(drawn > 0)


@dataclass(frozen=True)
class _Shot:
    pictures: NDArray[np.uint8]
    figures: Masks

    def told(self, *masks: Masks, at: tuple[int, ...] = (AT,), rate: float = RATE) -> Soft | None:
        known = np.stack(masks or [_spoilt(self.figures[frame]) for frame in at])
        trust = np.full(len(at), 0.8, np.float32)
        found = separated(known, trust, self.pictures, at, np.arange(len(self.pictures)) / rate)
        return None if found is None else found[0]

    def overlaps(self, soft: Soft | None) -> list[float]:
        """How well each silhouette is met, on the canvas."""
        assert soft is not None
        assert (soft.shape, soft.dtype) == ((len(self.pictures), *SIDES), np.uint8)
        pairs = [(one > 127, _fine(figure)) for one, figure in zip(soft, self.figures, strict=True)]
        return [float((a & b).sum() / (a | b).sum()) for a, b in pairs]


def _shot(
    way: tuple[float, float] = (0.3, 0.7),
    *,
    frames: int = FRAMES,
    size: tuple[int, int] = (180, 320),
    shake: float = 0.0,
    pan: float = 0.0,
    shadow: float = 0.0,
) -> _Shot:
    height, width = size
    edge = 80
    plate = _cloth(7, height + 2 * edge, width + 2 * edge, (110, 110, 110))
    coat = _cloth(8, height + edge, width, (180, 60, 40))
    pictures, figures = [], []
    for frame, x in enumerate(np.linspace(*way, frames)):
        right = round(shake * math.sin(1.3 * frame) + pan * (frame - frames // 2))
        down = round(0.7 * shake * math.cos(0.9 * frame))
        picture = plate[edge + down :, edge + right :][:height, :width].astype(np.float32)
        figure = _figure(height, width, x - right / width, -down)
        cast = np.roll(figure, height // 8, axis=1)
        cast[: round(0.75 * height)] = False
        picture *= 1 - shadow * cv2.GaussianBlur(cast.astype(np.float32), (0, 0), 3)[..., None]
        worn = np.roll(coat, (round(x * width) - right, -down), axis=(1, 0))
        picture[figure] = worn[:height][figure]
        pictures.append(picture.astype(np.uint8))
        figures.append(figure)
    return _Shot(np.stack(pictures), np.stack(figures))


def _fine(figure: Masks) -> Masks:
    rows, columns = canvas.placed(*figure.shape)
    whole = np.zeros(SIDES, np.bool_)
    size = 3 * (columns.stop - columns.start), 3 * (rows.stop - rows.start)
    share = cv2.resize(figure.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    whole[3 * rows.start : 3 * rows.stop, 3 * columns.start : 3 * columns.stop] = share > 0.5
    return whole


def _cells(figure: Masks) -> Masks:
    return canvas.on_canvas(figure, *figure.shape)


def _spoilt(figure: Masks) -> Masks:
    """(36, 64) without the head, and with a part of what is behind."""
    wrong = figure.copy()
    rows, columns = np.nonzero(figure)
    high = int(rows.max() - rows.min())
    wrong[: rows.min() + high // 4] = False
    wrong[rows.max() - high // 2 : rows.max(), columns.min() - high // 4 : columns.min()] = True
    return _cells(wrong)


def _agreed(one: Masks, other: Masks) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("size", [(180, 320), (134, 320), (180, 240), (101, 180)])
@pytest.mark.parametrize("at", [(AT,), (4, 20)])
def test_who_crosses_is_found_whole_although_the_known_silhouette_is_wrong(
    size: tuple[int, int], at: tuple[int, ...]
) -> None:
    shot = _shot(size=size)
    assert _agreed(_spoilt(shot.figures[AT]), _cells(shot.figures[AT])) < 0.7
    assert min(shot.overlaps(shot.told(at=at))) > 0.85


def test_in_an_upright_picture_nothing_is_told_outside_of_it() -> None:
    shot = _shot(size=(180, 101))
    soft = shot.told(_cells(shot.figures[AT]))
    assert min(shot.overlaps(soft)) > 0.85
    assert soft is not None
    _, columns = canvas.placed(180, 101)
    assert not soft[:, :, : 3 * columns.start].any()
    assert not soft[:, :, 3 * columns.stop :].any()


@pytest.mark.parametrize("pan", [0.0, 0.5])
def test_a_camera_that_shakes_in_a_hand_is_held_still(pan: float) -> None:
    shot = _shot((0.4, 0.6), shake=3.0, pan=pan)
    assert min(shot.overlaps(shot.told())) > 0.85


def test_a_camera_that_pans_far_leaves_no_plate() -> None:
    assert _shot(pan=6.0).told() is None


@pytest.mark.parametrize("to", [0.5, 0.505])
def test_who_never_leaves_their_place_is_not_told_by_a_plate(to: float) -> None:
    shot = _shot((0.5, to))
    assert shot.told(_cells(shot.figures[AT])) is None


def test_two_frames_are_too_few_for_a_plate_and_three_are_enough() -> None:
    assert _shot(frames=2).told(at=(0,)) is None
    shot = _shot(frames=3)
    assert min(shot.overlaps(shot.told(at=(1,)))) > 0.85


def test_the_plate_decides_where_the_subject_has_moved_away() -> None:
    shot = _shot()
    found = separated(
        _cells(shot.figures[AT])[None], np.ones(1, np.float32), shot.pictures, [AT],
        np.arange(FRAMES) / RATE,
    )  # fmt: skip
    assert found is not None
    assert 0.9 < found[1] <= 1


def test_frames_that_show_nothing_have_no_silhouette_and_those_around_them_have() -> None:
    shot = _shot(frames=48)
    shot.pictures[20:25] = 0
    soft = shot.told(at=(30,), rate=24.0)
    assert soft is not None
    assert not soft[20:25].any()
    overlaps = shot.overlaps(soft)
    assert min(overlaps[:20] + overlaps[25:]) > 0.8


def test_a_black_stretch_and_a_silhouette_of_a_black_frame_tell_nothing() -> None:
    shot = _shot()
    shot.pictures[AT] = 0
    soft = shot.told()
    assert soft is not None
    assert not soft.any()
    black = _Shot(np.zeros_like(shot.pictures), shot.figures).told()
    assert black is not None
    assert not black.any()


def test_frames_between_those_told_lie_on_the_way() -> None:
    shot = _shot(frames=48)
    soft = shot.told(at=(24,), rate=24.0)
    assert soft is not None
    between = (soft[:-2:2].astype(float) + soft[2::2]) / 2
    assert np.abs(soft[1:-1:2] - between)[:-1].max() <= 1.5
    assert min(shot.overlaps(soft)) > 0.8


def test_a_soft_shadow_that_goes_along_is_mostly_left_out() -> None:
    shot = _shot(shadow=0.2)
    soft = shot.told(_cells(shot.figures[AT]))
    assert min(shot.overlaps(soft)) > 0.8
    assert soft is not None
    changed = np.abs(shot.pictures.astype(int) - _shot().pictures).sum(axis=3) > 15
    cast = np.stack([_fine(one) for one in changed & ~shot.figures])
    assert cast.sum() > 0.05 * (soft > 127).sum()
    assert (soft[cast] > 127).mean() < 0.3


@pytest.mark.parametrize("first", [0.5, 1.0])
def test_who_crosses_during_a_change_of_exposure_is_found(first: float) -> None:
    shot = _shot()
    light = np.linspace(first, 0.6, FRAMES)[:, None, None, None]
    darker = _Shot(np.rint(shot.pictures * light).astype(np.uint8), shot.figures)
    assert min(darker.overlaps(darker.told())) > 0.85


def test_neither_threads_nor_what_ran_before_change_a_bit() -> None:
    shot = _shot((0.4, 0.6), shake=3.0)
    threads = cv2.getNumThreads()
    once = shot.told()
    try:
        cv2.setNumThreads(1)
        cv2.setRNGSeed(99)
        _shot(frames=5).told(at=(2,))
        again = shot.told()
    finally:
        cv2.setNumThreads(threads)
    assert once is not None
    assert again is not None
    assert once.tobytes() == again.tobytes()


def test_neither_the_pictures_nor_the_known_silhouettes_are_changed() -> None:
    shot = _shot()
    mask = _spoilt(shot.figures[AT])
    before = shot.pictures.copy(), mask.copy()
    shot.told(mask)
    assert np.array_equal(shot.pictures, before[0])
    assert np.array_equal(mask, before[1])


@pytest.mark.parametrize("size", [(320, 20), (20, 320), (320, 2), (2, 2), (48, 48)])
def test_pictures_of_any_shape_can_be_told(size: tuple[int, int]) -> None:
    pictures = np.random.default_rng(3).integers(0, 256, (4, *size, 3), np.uint8)
    pictures[:2] = pictures[0]
    mask = np.zeros((1, canvas.ROWS, canvas.COLUMNS), np.bool_)
    mask[0][canvas.placed(*size)] = True
    found = separated(mask, np.ones(1, np.float32), pictures, [1], np.arange(4) / RATE)
    assert found is None or (found[0].shape == (4, *SIDES) and 0 <= found[1] <= 1)
