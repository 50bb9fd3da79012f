"""The loss is that of pytorch-metric-learning, and what was planted is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from pytorch_metric_learning import distances, losses, miners

from matchcut.embeddings.projection import NAMES, Projection
from matchcut.errors import Cancelled
from matchcut.learn.choosing import Divided
from matchcut.learn.features import ShotFeatures
from matchcut.learn.measures import average_precision
from matchcut.learn.metric import PRESETS, MetricRecipe, nt_xent, projected, similarity, train

SMALL = MetricRecipe(
    temperature=0.05, hidden=32, length=16, rate=3e-3, weight_decay=1e-4, epochs=40, batch=16
)


def never() -> bool:
    return False


def vectors(pairs: int, alike: float, seed: int = 0) -> torch.Tensor:
    """In double precision: in single, the reference loses losses of more than 87."""
    random = torch.Generator().manual_seed(seed)
    one, other = torch.randn(2, pairs, 8, generator=random, dtype=torch.float64)
    other = alike * one + other
    return torch.stack([one, other], 1).flatten(0, 1).requires_grad_()


@pytest.mark.parametrize("alike", [0.0, 0.7, 1.2])
@pytest.mark.parametrize("temperature", [0.0134, 0.2])
def test_loss_and_gradient_are_those_of_the_reference(alike: float, temperature: float) -> None:
    given = vectors(12, alike)
    distance = distances.CosineSimilarity()
    label = torch.arange(12).repeat_interleave(2)
    mined = miners.TripletMarginMiner(distance=distance, type_of_triplets="hard")(given, label)
    loss = losses.NTXentLoss(temperature=temperature, distance=distance)
    theirs = loss(given, label, mined)
    (their_slope,) = torch.autograd.grad(theirs, given)
    unit = torch.nn.functional.normalize(given, dim=1)
    ours = nt_xent(unit, torch.zeros(24, 24, dtype=torch.bool), temperature)
    (our_slope,) = torch.autograd.grad(ours, given)
    assert len(mined[0]) > 0
    torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(our_slope, their_slope, rtol=1e-7, atol=1e-9)


def test_the_loss_is_that_of_arithmetic_by_hand() -> None:
    # Two pairs in a plane: (0, 60) and (30, 90) degrees. Only negatives nearer than the match
    # count: for 0 the one at 30; for 60 those at 30 and 90; for 30 those at 0 and 60; for 90 the
    # one at 60. Each is at 30 degrees, each match at 60.
    angles = torch.deg2rad(torch.tensor([0.0, 60, 30, 90]))
    unit = torch.stack([angles.cos(), angles.sin()], 1)
    near, match = np.cos(np.pi / 6), 0.5
    one, two = (np.log(1 + n * np.exp((near - match) / 0.5)) for n in (1, 2))
    found = nt_xent(unit, torch.zeros(4, 4, dtype=torch.bool), 0.5)
    assert float(found) == pytest.approx((one + 2 * two + 2 * two + one) / 6, rel=1e-5)


def test_what_is_known_to_match_is_no_negative() -> None:
    given = torch.nn.functional.normalize(vectors(6, 0.0).detach(), dim=1)
    known = torch.zeros(12, 12, dtype=torch.bool)
    known[0, 2:] = True
    hard = (given @ given.T)[0, 2:] >= (given @ given.T)[0, 1]
    assert hard.any(), "there is something to leave out"
    loss = nt_xent(given, ~torch.eye(12, dtype=torch.bool), 0.1)
    assert float(loss) == 0, "no negative is left"
    assert float(nt_xent(given, known, 0.1)) != pytest.approx(
        float(nt_xent(given, torch.zeros_like(known), 0.1))
    )


def test_without_a_hard_negative_the_loss_is_zero_and_has_a_slope() -> None:
    given = torch.eye(4)[[0, 0, 1, 1]].requires_grad_()
    loss = nt_xent(given, torch.zeros(4, 4, dtype=torch.bool), 0.01)
    assert loss.item() == 0
    assert torch.autograd.grad(loss, given)[0].abs().max() == 0


def test_a_projection_computes_what_pytorch_does() -> None:
    random = np.random.default_rng(0)
    shapes = dict(zip(NAMES, ((5,), (5,), (5, 4), (4,), (4, 3), (3,)), strict=True))
    tensors = {
        name: random.uniform(0.5, 1.5, shape).astype(np.float32) - ("weight" in name)
        for name, shape in shapes.items()
    }
    rows = random.normal(size=(7, 5)).astype(np.float32)
    network = torch.nn.Sequential(
        torch.nn.Linear(5, 4), torch.nn.LeakyReLU(), torch.nn.Linear(4, 3)
    )
    network.load_state_dict(
        {
            "0.weight": torch.from_numpy(tensors["first.weight"].T.copy()),
            "0.bias": torch.from_numpy(tensors["first.bias"]),
            "2.weight": torch.from_numpy(tensors["last.weight"].T.copy()),
            "2.bias": torch.from_numpy(tensors["last.bias"]),
        }
    )
    scaled = torch.from_numpy((rows - tensors["scale.mean"]) / tensors["scale.deviation"])
    with torch.no_grad():
        theirs = torch.nn.functional.normalize(network(scaled), dim=1).numpy()
    made = Projection.of(tensors)(rows)
    np.testing.assert_allclose(made, theirs, atol=1e-6)
    assert not Projection.of(tensors)(np.zeros_like(rows)).any(), "nothing stays nothing"
    with pytest.raises(ValueError, match="do not fit"):
        Projection.of({**tensors, "first.bias": np.zeros(5, np.float32)})
    with pytest.raises(ValueError, match=r"has no last\.bias"):
        Projection.of({name: one for name, one in tensors.items() if name != "last.bias"})


def test_the_presets_are_the_papers() -> None:
    assert PRESETS["motion"] == MetricRecipe(0.013412, 256, 1024, 0.0004056, 0.000454, 100, 128)
    assert PRESETS["frame"] == MetricRecipe(0.007362, 128, 1024, 0.003147, 0.0001, 300, 128)


def test_what_was_planted_is_found_in_titles_that_were_never_seen(
    features: ShotFeatures, divided: Divided
) -> None:
    tensors, measured = train(features, divided, SMALL, range(2), "cpu", never)
    out, into = features.sides(divided.test)
    plain = (out * into).sum(1) / np.linalg.norm(out, axis=1) / np.linalg.norm(into, axis=1)
    found = similarity(tensors, out, into)
    assert measured["test"] == (average_precision(divided.test.match, found),)
    assert len(measured["train"]) == len(measured["validation"]) == 2
    assert measured["test"][0] > average_precision(divided.test.match, plain) + 0.2


def test_the_same_seed_gives_the_same_projection_and_another_another(
    features: ShotFeatures, divided: Divided
) -> None:
    short = replace(SMALL, epochs=2)
    one, again, other = (
        projected(features, divided.train, short, seed, "cpu", never) for seed in (1, 1, 2)
    )
    assert all(np.array_equal(one[name], again[name]) for name in NAMES)
    assert not np.array_equal(one["first.weight"], other["first.weight"])


def test_training_leaves_the_random_numbers_of_others_alone(
    features: ShotFeatures, divided: Divided
) -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    projected(features, divided.train, replace(SMALL, epochs=1), 0, "cpu", never)
    torch.testing.assert_close(torch.rand(3), expected, rtol=0, atol=0)


def test_training_stops_when_it_is_told_to(features: ShotFeatures, divided: Divided) -> None:
    with pytest.raises(Cancelled):
        projected(features, divided.train, SMALL, 0, "cpu", lambda: True)


def test_a_to_b_scores_as_b_to_a(features: ShotFeatures, divided: Divided) -> None:
    tensors = projected(features, divided.train, replace(SMALL, epochs=1), 0, "cpu", never)
    out, into = features.sides(divided.test)
    np.testing.assert_array_equal(similarity(tensors, out, into), similarity(tensors, into, out))
