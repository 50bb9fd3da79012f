"""What a frozen network is shown of a shot, and what is kept of its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torchvision.models import EfficientNet_B7_Weights
from torchvision.models.video import R2Plus1D_18_Weights

from matchcut.embeddings.pretrained import efficientnet_b7, pretrained, r2plus1d_18
from matchcut.embeddings.pretrained._frozen import TOGETHER
from matchcut.pipeline.frames import window
from matchcut.types import Representation, Span, Window
from tests.random_weights import written
from tests.textures import as_frames, flat

LENGTH = 3


class Strict(nn.Module):
    """Says of each row of a batch (N, LENGTH) just that, and remembers how large batches were."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.head = nn.Linear(LENGTH, 7)
        self.most = most
        self.sizes: list[int] = []

    def forward(self, batch: Tensor) -> Tensor:
        assert torch.is_inference_mode_enabled()
        assert not self.training
        self.sizes.append(len(batch))
        if len(batch) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        answer: Tensor = self.head(batch)
        return answer


def centre_colour(seen: Window) -> Tensor:
    """(LENGTH,) float32 the colour of the window's centre frame."""
    return torch.from_numpy(seen.pictures[seen.centre, 0, 0].astype(np.float32))


def colours(
    folder: Path, device: str, most: int = 99
) -> tuple[Representation, Callable[[], list[int]]]:
    """A representation whose rows are the directions of colours, and the sizes of its batches."""
    networks: list[Strict] = []

    def build() -> Strict:
        networks.append(Strict(most))
        return networks[-1]

    model, path = written(replace(efficientnet_b7.PRETRAINED.model, build=build), folder)
    frozen = replace(
        efficientnet_b7.PRETRAINED,
        model=model,
        length=LENGTH,
        head="head",
        given=centre_colour,
    )
    return frozen.representation(path, device), lambda: networks[-1].sizes


def coloured(red: int, green: int, blue: int) -> Window:
    return Window(flat(red, green, blue, 4, 2)[None], np.zeros(1, np.int64), Fraction(1, 24), 0)


COLOURS = [(3, 4, 0), (0, 0, 9), (0, 0, 0), (255, 255, 255), (1, 2, 2), (5, 0, 12)]
EXPECTED = np.array(
    [
        (3 / 5, 4 / 5, 0),
        (0, 0, 1),
        (0, 0, 0),
        (3**-0.5, 3**-0.5, 3**-0.5),
        (1 / 3, 2 / 3, 2 / 3),
        (5 / 13, 0, 12 / 13),
    ]
).astype(np.float16)
NOT_THE_CPU = "cpu:0"
"""Computed by the processor, but in batches as a GPU would be."""


@pytest.mark.parametrize(
    ("device", "most", "sizes"),
    [
        ("cpu", 99, [1, 1, 1, 1, 1, 1]),
        (NOT_THE_CPU, 99, [TOGETHER, TOGETHER]),
        (NOT_THE_CPU, TOGETHER // 2, [TOGETHER, *[TOGETHER // 2] * 3]),
        (NOT_THE_CPU, 1, [TOGETHER, TOGETHER // 2, 1, 1, 1, 1, 1, 1]),
    ],
    ids=["row by row", "full batches", "halves where memory runs out", "ones at last"],
)
def test_rows_are_the_directions_of_what_the_network_says_before_its_head(
    device, most, sizes, tmp_path
):
    representation, batches = colours(tmp_path, device, most)
    rows = representation.compute([coloured(*one) for one in COLOURS])
    assert rows.dtype == np.float16
    assert np.array_equal(rows, EXPECTED)
    assert batches() == sizes


@pytest.mark.parametrize("device", ["cpu", NOT_THE_CPU])
@pytest.mark.parametrize("count", range(len(COLOURS) + 1))
def test_any_number_of_shots_gives_as_many_rows(device, count, tmp_path):
    representation, _ = colours(tmp_path, device)
    rows = representation.compute([coloured(*one) for one in COLOURS[:count]])
    assert np.array_equal(rows, EXPECTED[:count])


def test_memory_that_a_single_row_does_not_fit_into_is_not_passed_over_in_silence(tmp_path):
    representation, _ = colours(tmp_path, NOT_THE_CPU, most=0)
    with pytest.raises(torch.OutOfMemoryError):
        representation.compute([coloured(1, 2, 3)])


@given(st.integers(0, 2**32 - 1))
def test_what_is_kept_of_a_vector_changes_no_cosine_by_more_than_a_thousandth(seed):
    draw = np.random.default_rng(seed)
    one = draw.normal(size=2560)
    other = one + draw.normal(size=2560) * draw.uniform(0, 2)
    exact = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    kept = [(each / np.linalg.norm(each)).astype(np.float16) for each in (one, other)]
    assert abs(kept[0].astype(np.float64) @ kept[1].astype(np.float64) - exact) < 0.001


@pytest.mark.parametrize(
    ("embedding", "weights"),
    [
        (efficientnet_b7.PRETRAINED, EfficientNet_B7_Weights.IMAGENET1K_V1),
        (r2plus1d_18.PRETRAINED, R2Plus1D_18_Weights.KINETICS400_V1),
    ],
    ids=["efficientnet-b7", "r2plus1d-18"],
)
def test_pictures_are_prepared_as_for_the_weights_that_are_loaded(embedding, weights):
    assert embedding.model.published.weights == str(weights)


def test_the_whole_number_of_pixels_that_the_network_was_trained_on_is_stated():
    published = EfficientNet_B7_Weights.IMAGENET1K_V1.transforms()
    side = [efficientnet_b7.SIDE]
    assert (published.resize_size, published.crop_size) == (side, side)
    moving = R2Plus1D_18_Weights.KINETICS400_V1.transforms()
    assert tuple(moving.resize_size) == r2plus1d_18.RESIZED
    assert tuple(moving.crop_size) == r2plus1d_18.CROP


@pytest.mark.parametrize(("width", "height"), [(320, 180), (100, 180), (7, 5)])
def test_a_still_is_shown_as_a_square_of_its_middle_in_the_colours_of_the_training(width, height):
    pictures = np.stack([flat(0, 0, 0, width, height), flat(255, 0, 51, width, height)])
    seen = Window(pictures, np.array([0, 1]), Fraction(1, 24), centre=1)
    shown = efficientnet_b7.given(seen)
    assert shown.shape == (3, 600, 600)
    colour = (np.array([1, 0, 0.2]) - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    assert np.allclose(shown.flatten(1).T, colour, atol=1e-5)


def shown_frames(rate: int, frames: int) -> list[int]:
    """Which frames of a shot the moving network is shown, as their numbers in the shot."""
    span = Span(0, frames, Fraction(1, rate))
    shot = as_frames([flat(number, 0, 0, 8, 6) for number in range(frames)])
    clip = r2plus1d_18.given(window(shot, r2plus1d_18.second(span, span.at(Fraction(1, 2))), span))
    assert clip.shape == (3, 16, 112, 112)
    red = clip[0].flatten(1)
    assert (red == red[:, :1]).all()
    return [round(255 * (float(level) * 0.22803 + 0.43216)) for level in red[:, 0]]


def test_sixteen_frames_of_the_second_around_the_middle_are_shown():
    assert shown_frames(rate=30, frames=60) == list(range(14, 46, 2))


def test_at_film_rate_the_nearest_frames_are_shown():
    # 24 frames a second against 15: 1.6 frames a step, 8 steps before frame 24 and 7 after it.
    assert shown_frames(rate=24, frames=48) == [
        24 + step for step in (-13, -11, -10, -8, -6, -5, -3, -2, 0, 2, 3, 5, 6, 8, 10, 11)
    ]


def test_a_shot_of_few_frames_repeats_the_nearest():
    # Frames 0, 1, 2 lie 0, 0.04, 0.08 s from the first; the middle is frame 1.
    assert shown_frames(rate=25, frames=3) == [0] * 8 + [1] + [2] * 7
    assert shown_frames(rate=25, frames=1) == [0] * 16


def test_only_pictures_tell_repeats():
    known = {one.name: one.repeats for one in pretrained()}
    assert known["r2plus1d-18"] is None
    assert 0.9 < known["efficientnet-b7"] < 1
    assert pretrained()[0].name == "efficientnet-b7"
