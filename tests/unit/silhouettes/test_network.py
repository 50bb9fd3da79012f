"""The trained numbers of the weight-free silhouettes: what they compute, what identifies them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from matchcut.silhouettes.canvas import COLUMNS, ROWS
from matchcut.silhouettes.cues import colours, features, fuse, maps, network, refine, trust
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Window
from tests.textures import moving


def window(frames: int = 5) -> Window:
    pictures = np.stack(moving(3, frames, across=2))
    return Window(pictures, np.arange(frames), Fraction(1, 24), frames // 2)


def test_what_was_trained_in_torch_is_what_the_product_computes_in_numpy():
    import torch

    from tests.subjects import training

    torch.manual_seed(4)
    seen = features.COUNT + colours.COUNT
    head = training._Head(seen)
    for number in head.parameters():
        torch.nn.init.normal_(number, std=0.2)
    head.mean.copy_(torch.randn(seen))
    head.spread.copy_(torch.rand(seen) + 0.5)
    frame = torch.randn(1, seen, ROWS, COLUMNS)
    with torch.inference_mode():
        goal = torch.sigmoid(head.eval()(frame))[0].numpy()
    numbers = {f"net0.{name}": value for name, value in training._exported(head).items()}
    assert network.networks(numbers) == ("net0",)
    found = network.convolved(numbers, "net0", frame[0].numpy())
    np.testing.assert_allclose(found, goal, atol=2e-5)


def test_the_shipped_numbers_fit_the_features_they_are_for():
    numbers = network.numbers()
    seen = features.COUNT + colours.COUNT
    assert numbers["regression.weight"].shape == (features.SIMPLE,)
    assert numbers["confidence"].shape == (len(trust.SIGNS) + 1,)
    assert len(network.networks(numbers)) >= 1
    for one in network.networks(numbers):
        assert numbers[f"{one}.mean"].shape == (seen,)
        assert numbers[f"{one}.enter"].shape[1] == seen + 1
    assert all(np.isfinite(value).all() for value in numbers.values())


def test_the_shipped_numbers_stay_small_enough_to_be_shipped():
    assert network._FILE.stat().st_size < 150_000


def test_other_numbers_are_another_identity(monkeypatch: pytest.MonkeyPatch):
    before = WEIGHT_FREE.spec.identity
    changed = dict(network.numbers())
    changed["regression.bias"] = changed["regression.bias"] + 0.1
    monkeypatch.setattr(network, "numbers", lambda: changed)
    assert WEIGHT_FREE.spec.identity != before


def test_a_frame_alone_says_nothing_of_movement():
    one = maps.found(window(1))
    found = features.features(one)
    assert found.shape == (features.COUNT, ROWS, COLUMNS)
    names = list(features.FLOORS)
    for name in features.MOVING:
        place = 2 * names.index(name)
        assert not found[place].any()
        assert (found[place + 1] == 0.5).all()
    assert not found[-1].any()


def test_features_do_not_change_when_a_picture_gets_twice_the_contrast_of_a_map():
    """Values are taken over the frame's median, and as ranks: they compare across films."""
    seen = maps.found(window())
    louder = maps.Cues(seen.picture, seen.planes * 2, seen.moves)
    once, twice = features.features(seen), features.features(louder)
    ranks = [2 * place + 1 for place in range(len(features.FLOORS))]
    np.testing.assert_allclose(once[ranks], twice[ranks], atol=1e-6)


def test_the_second_look_finds_the_colour_of_the_guess_elsewhere_too():
    picture = np.full((90, 160, 3), (40, 90, 40), np.uint8)
    picture[30:60, 20:50] = picture[30:60, 110:140] = (210, 60, 40)
    guess = np.full((ROWS, COLUMNS), 0.05, np.float32)
    guess[12:24, 8:20] = 0.9
    ratio = colours.second_look(picture, guess)[2]
    assert ratio[18, 50] > 0.5 > -0.2 > ratio[5, 32]


def test_both_parts_have_their_share_in_the_answer():
    first = np.full((ROWS, COLUMNS), 0.2, np.float32)
    second = np.full((ROWS, COLUMNS), 1.0, np.float32)
    likely = fuse.Fused(first, second[None]).likely
    assert likely[0, 0] == pytest.approx(network.SHARE + (1 - network.SHARE) * 0.2)


def test_signs_are_finite_for_masks_of_every_kind():
    seen = maps.found(window())
    parts = fuse.fused(network.numbers(), features.features(seen), seen.picture)
    height, width = seen.picture.shape[:2]
    for make in (np.s_[:, :], np.s_[:1, :1], np.s_[40:50, :], np.s_[10:60, 30:31]):
        mask = np.zeros((height, width), np.bool_)
        mask[make] = True
        found = trust.signs(mask, parts, seen.picture)
        assert found.shape == (len(trust.SIGNS),)
        assert np.isfinite(found).all()
        assert 0 <= trust.trusted(network.numbers(), found) <= 1


def test_a_probability_below_the_least_gives_no_mask():
    picture = np.zeros((90, 160, 3), np.uint8)
    assert not refine.refined(picture, np.full((ROWS, COLUMNS), 0.05, np.float32)).any()
