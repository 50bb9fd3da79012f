"""The frame flavor on drawn shots whose subject is known."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from matchcut.flavors._silhouette import canvas, fuse
from matchcut.flavors.frame import FLAVOR
from matchcut.types import Evidence, Span, Window

RATE = Fraction(1, 24)
SUBJECTS = Path(__file__).parents[4] / "shared" / "assets"


def backdrop(height: int, width: int) -> np.ndarray:
    """A soft, textured plate of dull colours, the same every time."""
    noise = np.random.default_rng(7).normal(size=(height, width + 80, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3.0)
    return np.clip(110 + 120 * soft * np.array([1, 0.9, 0.8]), 0, 255).astype(np.uint8)


def walker(height: int, width: int, share: float, frames: int = 13, pan: float = 0.0) -> Window:
    """A red figure at `share` of the width, that moves a little before a panning plate."""
    plate = backdrop(height, width)
    pictures = []
    for step in range(frames):
        away = step - frames // 2
        left = 40 + round(pan * away)
        picture = plate[:, left : left + width].copy()
        x = round(share * width + 2 * away)
        cv2.ellipse(
            picture,
            (x, round(height * 0.75)),
            (height // 6, round(height * 0.4)),
            0,
            0,
            360,
            (200, 40, 30),
            -1,
        )
        cv2.circle(picture, (x, round(height * 0.28)), height // 9, (230, 170, 140), -1)
        pictures.append(picture)
    pts = np.arange(frames, dtype=np.int64) * 2
    return Window(np.stack(pictures), pts, RATE, frames // 2)


def drawn(height: int, width: int, share: float) -> np.ndarray:
    figure = np.zeros((height, width), np.uint8)
    x = round(share * width)
    cv2.ellipse(
        figure, (x, round(height * 0.75)), (height // 6, round(height * 0.4)), 0, 0, 360, 1, -1
    )
    cv2.circle(figure, (x, round(height * 0.28)), height // 9, 1, -1)
    rows, columns = canvas.placed(height, width)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    whole = np.zeros((canvas.ROWS, canvas.COLUMNS), bool)
    whole[rows, columns] = cv2.resize(figure.astype(np.float32), size, interpolation=3) > 0.5
    return whole


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / max((a | b).sum(), 1))


def row_of(window: Window) -> np.ndarray:
    return FLAVOR.representation.compute([window])


@pytest.mark.parametrize("size", [(180, 320), (134, 320), (180, 240), (180, 101)])
def test_a_walking_figure_is_found_where_it_is_in_a_picture_of_any_shape(size):
    row = row_of(walker(*size, 0.5, pan=1.5))
    assert overlap(canvas.unpacked(row["mask"][0]), drawn(*size, 0.5)) > 0.7
    assert row["confidence"][0] > 0.5


def test_a_figure_in_a_single_frame_is_found():
    row = row_of(walker(180, 320, 0.6, frames=1))
    assert overlap(canvas.unpacked(row["mask"][0]), drawn(180, 320, 0.6)) > 0.7


def test_a_figure_in_a_frozen_shot_is_found():
    still = walker(180, 320, 0.6, frames=1)
    frozen = Window(np.repeat(still.pictures, 5, axis=0), np.arange(5, dtype=np.int64), RATE, 2)
    assert row_of(frozen)["mask"].tobytes() == row_of(still)["mask"].tobytes()


def test_the_same_place_in_the_frame_scores_higher_than_another():
    here, near, there = (row_of(walker(180, 320, share)) for share in (0.4, 0.43, 0.7))
    score = FLAVOR.similarity.pairwise
    assert score(here, near)[0, 0] > 0.6
    assert score(here, there)[0, 0] < 0.2


@pytest.mark.parametrize("level", [0, 16, 255])
def test_a_frame_of_one_colour_has_no_subject(level):
    flat = Window(np.full((5, 180, 320, 3), level, np.uint8), np.arange(5), RATE, 2)
    row = row_of(flat)
    assert not row["mask"].any()
    assert row["confidence"][0] == 0.0


def test_a_black_frame_with_compression_noise_has_no_subject():
    noise = np.random.default_rng(1).integers(0, 4, (5, 180, 320, 3), dtype=np.uint8)
    assert row_of(Window(noise, np.arange(5), RATE, 2))["confidence"][0] == 0.0


def test_texture_without_a_subject_is_not_trusted():
    plate = backdrop(180, 320)
    panned = np.stack([plate[:, 2 * step : 2 * step + 320] for step in range(13)])
    assert row_of(Window(panned, np.arange(13), RATE, 6))["confidence"][0] < 0.5


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (180, 2), (17, 31), (18, 320)])
def test_a_picture_of_any_size_gives_a_row(size):
    pictures = np.random.default_rng(2).integers(0, 256, (3, *size, 3), dtype=np.uint8)
    row = row_of(Window(pictures, np.arange(3), RATE, 1))
    assert np.isfinite(row["confidence"]).all()
    assert 0 <= row["confidence"][0] <= 1


def test_batch_size_order_and_what_ran_before_do_not_change_a_row():
    windows = [walker(180, 240, 0.4, 5), walker(134, 320, 0.6, 3), walker(180, 320, 0.5, 1)]
    together = FLAVOR.representation.compute(windows)
    cv2.setRNGSeed(12345)
    apart = np.concatenate([row_of(window) for window in reversed(windows)])[::-1]
    assert together.tobytes() == apart.tobytes()


def test_the_window_is_in_the_middle_of_the_shot_and_reaches_a_second_to_either_side():
    (request,) = FLAVOR.representation.windows(Span(1000, 1000 + 240 * 512, Fraction(1, 12288)))
    assert request.moment == 1000 + 120 * 512
    assert len(request.instants) == 13
    assert request.instants[0] == request.moment - 12288
    assert request.instants[-1] == request.moment + 12288
    assert list(request.instants) == sorted(set(request.instants))


@pytest.mark.parametrize("length", [1, 2, 3, 30])
def test_the_window_of_a_short_shot_never_crosses_a_cut(length):
    (request,) = FLAVOR.representation.windows(Span(50, 50 + length, Fraction(1, 25)))
    assert all(50 <= instant < 50 + length for instant in request.instants)
    assert request.moment in request.instants
    assert list(request.instants) == sorted(set(request.instants))


def test_a_row_has_the_dtype_and_shape_the_spec_states():
    spec = FLAVOR.representation.spec
    rows = FLAVOR.representation.compute([])
    assert rows.dtype == spec.dtype
    assert rows.shape == (0, *spec.shape)
    assert spec.weights == fuse.digest()


def test_refitted_coefficients_change_the_identity(monkeypatch):
    before = FLAVOR.representation.spec.identity
    changed = json.loads(json.dumps(dict(fuse.weights())))
    changed["moving"]["bias"] += 0.1
    monkeypatch.setattr(fuse, "weights", lambda: changed)
    assert FLAVOR.representation.spec.identity != before


def test_every_feature_has_a_finite_coefficient_and_no_other_has():
    maps = np.zeros((len(fuse.FLOORS), canvas.ROWS, canvas.COLUMNS), np.float32)
    for name, moves in (("moving", True), ("still", False)):
        coefficients = fuse.weights()[name]
        assert set(coefficients) == {"bias", *fuse.features(maps, moves)}
        assert np.isfinite(list(coefficients.values())).all()


def test_packing_a_mask_and_unpacking_it_gives_it_back():
    mask = np.random.default_rng(5).random((canvas.ROWS, canvas.COLUMNS)) > 0.5
    assert np.array_equal(canvas.unpacked(canvas.packed(mask)), mask)


def test_a_wide_picture_leaves_bars_above_and_below_that_hold_no_silhouette():
    rows, columns = canvas.placed(134, 320)
    assert (rows.start, rows.stop, columns.start, columns.stop) == (4, 31, 0, 64)
    mask = canvas.unpacked(row_of(walker(134, 320, 0.5))["mask"][0])
    assert not mask[:4].any()
    assert not mask[31:].any()


@pytest.mark.parametrize("size", [(360, 640), (180, 320), (134, 320), (640, 360)])
def test_the_reason_shows_both_silhouettes_in_their_colours(size):
    side = row_of(walker(180, 320, 0.45)), row_of(walker(180, 320, 0.55))
    picture = np.full((*size, 3), 90, np.uint8)
    reason = FLAVOR.draw_reason(Evidence(picture, side[0]), Evidence(picture, side[1]))
    assert reason.shape == picture.shape
    assert reason.dtype == np.uint8
    warm = (reason[..., 0].astype(int) - reason[..., 2]) > 100
    cool = (reason[..., 2].astype(int) - reason[..., 0]) > 100
    assert warm.sum() > 50
    assert cool.sum() > 50


def test_the_reason_is_drawn_where_nothing_was_found():
    empty = np.zeros(1, canvas.ROW)
    picture = np.full((180, 320, 3), 90, np.uint8)
    assert FLAVOR.draw_reason(Evidence(picture, empty), Evidence(picture, empty)).shape == (
        180,
        320,
        3,
    )


def test_a_signer_on_real_footage_is_found():
    from tests.benchmarks.subjects import annotated_in

    if not SUBJECTS.is_dir():
        pytest.skip("the real test footage (../shared/assets) is not here")
    (subject,) = annotated_in(SUBJECTS, "video/people/intel_asl_walk.mkv", 80)
    row = row_of(subject.window)
    assert overlap(canvas.unpacked(row["mask"][0]), subject.truth()) > 0.85
    assert row["confidence"][0] > 0.7


def test_a_strip_of_ground_from_side_to_side_is_not_trusted_as_a_subject() -> None:
    """A horizon would match every other horizon; the same thing standing free is a subject."""
    earth = np.random.default_rng(1).integers(20, 120, (60, 320, 3)).astype(np.uint8)
    trust = []
    for width in (320, 160):
        picture = np.full((180, 320, 3), (150, 180, 220), np.uint8)
        left = (320 - width) // 2
        picture[120:, left : left + width] = cv2.GaussianBlur(earth[:, :width], (0, 0), 1.5)
        [row] = FLAVOR.representation.compute([Window(picture[None], np.array([0]), RATE, 0)])
        trust.append(float(row["confidence"]))
    across, free = trust
    assert across < 0.3 < 0.6 < free
