"""Silhouettes without downloaded weights, on drawn shots whose subject is known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from matchcut.silhouettes import canvas
from matchcut.silhouettes.cues import network
from matchcut.silhouettes.rows import ROW
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Rows, Span, Window
from tests.unit.silhouettes.drawn import RATE, backdrop, figure, overlap, walker


def row_of(window: Window) -> Rows:
    """(1,) the row of a moment, of which nothing is filled but the subject."""
    row = WEIGHT_FREE.compute([window])
    assert not row["people"].tobytes().strip(b"\0"), "it does not know what a person is"
    assert row["count"][0] == bool(row["subject"]["mask"].any())
    assert row["instances"]["label"].max() == 0
    assert np.array_equal(row["instances"]["mask"][:, 0], row["subject"]["mask"])
    return row


def subject_of(window: Window) -> np.ndarray:
    """(36, 64) the subject."""
    return canvas.unpacked(row_of(window)["subject"]["mask"][0])


def trust_in(window: Window) -> float:
    """The confidence of the subject."""
    return float(row_of(window)["subject"]["confidence"][0])


@pytest.mark.parametrize("size", [(180, 320), (134, 320), (180, 240), (180, 101)])
def test_a_walking_figure_is_found_where_it_is_in_a_picture_of_any_shape(size):
    window = walker(*size, 0.5, pan=1.5)
    assert overlap(subject_of(window), figure(*size, 0.5)) > 0.7
    assert trust_in(window) > 0.5


def test_a_figure_in_a_single_frame_is_found():
    assert overlap(subject_of(walker(180, 320, 0.6, frames=1)), figure(180, 320, 0.6)) > 0.7


def test_a_figure_in_a_frozen_shot_is_found():
    still = walker(180, 320, 0.6, frames=1)
    frozen = Window(np.repeat(still.pictures, 5, axis=0), np.arange(5, dtype=np.int64), RATE, 2)
    assert row_of(frozen).tobytes() == row_of(still).tobytes()


@pytest.mark.parametrize("level", [0, 16, 255])
def test_a_frame_of_one_colour_has_no_subject(level):
    flat = Window(np.full((5, 180, 320, 3), level, np.uint8), np.arange(5), RATE, 2)
    assert row_of(flat).tobytes() == bytes(ROW.itemsize)


def test_a_black_frame_with_compression_noise_has_no_subject():
    noise = np.random.default_rng(1).integers(0, 4, (5, 180, 320, 3), dtype=np.uint8)
    assert trust_in(Window(noise, np.arange(5), RATE, 2)) == 0


def test_texture_without_a_subject_is_not_trusted():
    plate = backdrop(180, 320)
    panned = np.stack([plate[:, 2 * step : 2 * step + 320] for step in range(13)])
    assert trust_in(Window(panned, np.arange(13), RATE, 6)) < 0.5


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (180, 2), (17, 31), (18, 320)])
def test_a_picture_of_any_size_gives_a_row(size):
    pictures = np.random.default_rng(2).integers(0, 256, (3, *size, 3), dtype=np.uint8)
    trust = trust_in(Window(pictures, np.arange(3), RATE, 1))
    assert np.isfinite(trust)
    assert 0 <= trust <= 1


def test_batch_size_order_and_what_ran_before_do_not_change_a_row():
    windows = [walker(180, 240, 0.4, 5), walker(134, 320, 0.6, 3), walker(180, 320, 0.5, 1)]
    together = WEIGHT_FREE.compute(windows)
    cv2.setRNGSeed(12345)
    apart = np.concatenate([row_of(window) for window in reversed(windows)])[::-1]
    assert together.tobytes() == apart.tobytes()


def test_the_window_reaches_a_second_to_either_side_of_its_moment():
    request = WEIGHT_FREE.window(Span(1000, 1000 + 240 * 512, RATE / 512), 1000 + 100 * 512)
    assert request.moment == 1000 + 100 * 512
    assert len(request.instants) == 13
    assert request.instants[0] == request.moment - 12288
    assert request.instants[-1] == request.moment + 12288
    assert list(request.instants) == sorted(set(request.instants))


@pytest.mark.parametrize("length", [1, 2, 3, 30, 100])
def test_no_window_crosses_a_cut(length):
    span = Span(50, 50 + length, RATE)
    for moment in WEIGHT_FREE.moments(span):
        request = WEIGHT_FREE.window(span, moment)
        assert all(50 <= instant < 50 + length for instant in request.instants)
        assert request.moment == moment
        assert moment in request.instants
        assert list(request.instants) == sorted(set(request.instants))


def test_a_row_has_the_dtype_and_shape_the_spec_states():
    spec = WEIGHT_FREE.spec
    rows = WEIGHT_FREE.compute([])
    assert (rows.dtype, spec.dtype) == (ROW, ROW)
    assert rows.shape == (0, *spec.shape)
    assert spec.provider == "weight-free"


def test_numbers_that_were_trained_anew_change_the_identity(monkeypatch):
    before = WEIGHT_FREE.spec.identity
    assert WEIGHT_FREE.spec.weights == network.digest()
    name, value = next(iter(network.numbers().items()))
    changed = {**network.numbers(), name: value + np.float32(0.1)}
    monkeypatch.setattr(network, "numbers", lambda: changed)
    assert WEIGHT_FREE.spec.identity != before


def test_every_trained_number_is_finite():
    assert all(np.isfinite(value).all() for value in network.numbers().values())


def test_packing_a_mask_and_unpacking_it_gives_it_back():
    mask = np.random.default_rng(5).random((canvas.ROWS, canvas.COLUMNS)) > 0.5
    assert np.array_equal(canvas.unpacked(canvas.packed(mask)), mask)


def test_a_wide_picture_leaves_bars_above_and_below_that_hold_no_silhouette():
    rows, columns = canvas.placed(134, 320)
    assert (rows.start, rows.stop, columns.start, columns.stop) == (4, 31, 0, 64)
    mask = subject_of(walker(134, 320, 0.5))
    assert not mask[:4].any()
    assert not mask[31:].any()


def test_a_signer_on_real_footage_is_found(shared: Path):
    from tests.subjects.frames import annotated_in

    (subject,) = annotated_in(shared / "assets", "video/people/intel_asl_walk.mkv", 80)
    assert overlap(subject_of(subject.window), subject.truth()) > 0.85
    assert trust_in(subject.window) > 0.7


def test_a_strip_of_ground_from_side_to_side_is_not_trusted_as_a_subject():
    """A horizon would match every other horizon; the same thing standing free is a subject."""
    earth = np.random.default_rng(1).integers(20, 120, (60, 320, 3)).astype(np.uint8)
    trust = []
    for width in (320, 160):
        picture = np.full((180, 320, 3), (150, 180, 220), np.uint8)
        left = (320 - width) // 2
        picture[120:, left : left + width] = cv2.GaussianBlur(earth[:, :width], (0, 0), 1.5)
        trust.append(trust_in(Window(picture[None], np.array([0]), RATE, 0)))
    across, free = trust
    assert across < 0.3 < 0.6 < free
