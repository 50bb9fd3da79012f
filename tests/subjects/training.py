"""Trains the numbers of `silhouettes/cues/head.safetensors`: a regression, and small networks.

Runs on one core of a processor in minutes; the same seed gives the same numbers on one machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from matchcut.silhouettes.cues import colours, features, network
from tests.subjects import regression
from tests.subjects.variants import Sample

STEPS, BATCH, RATE, DECAY = 1000, 16, 4e-3, 1e-2
WIDTH = 16
REAL, NOBODY = 0.4, 0.06
"""Share of the samples that are frames as they were drawn, and frames without a subject."""
_BLANKED, _ONE_LESS = 0.1, 0.135
"""How often all maps of movement are blanked, and else how often one map is."""
_MOVING = [list(features.FLOORS).index(name) for name in features.MOVING]
_WHOLE = [features.COUNT - 5, features.COUNT - 4, features.COUNT - 3, features.COUNT - 1]
"""Features of the whole frame that say how much moves."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What was trained, as the product reads it, the confidence apart."""

    numbers: dict[str, NDArray[np.float32]]

    def regressed(self, sample: Sample) -> NDArray[np.float32]:
        """(36, 64) what the regression says."""
        simple = sample.features[: features.SIMPLE].astype(np.float32)
        return network.regressed(self.numbers, simple)


def weights_by_group(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """(N,) summing up to 1: a group of many frames counts more than one of few, but not as many
    times as it has frames."""
    count: dict[str, int] = {}
    for one in samples:
        count[one.group] = count.get(one.group, 0) + 1
    found = np.array([count[one.group] ** -0.5 for one in samples])
    return found / max(found.sum(), 1e-9)


def trained(
    drawn: Sequence[Sample],
    nobody: Sequence[Sample],
    changed: Sequence[Sample],
    seeds: Sequence[int],
) -> Trained:
    """Numbers trained on frames as they were drawn, frames without a subject, and changed ones.

    Args:
        drawn: Frames with a subject.
        nobody: Frames without one.
        changed: What `variants.changed` made of both.
        seeds: One network each.

    Cost: 1 to 2 minutes a network on one core, and as much again to look at the guesses.
    """
    weight, bias = regression.logistic(
        np.stack([one.features[: features.SIMPLE] for one in drawn]),
        np.stack([one.share for one in drawn]),
        weights_by_group(drawn),
    )
    found = {
        "regression.weight": weight.astype(np.float32),
        "regression.bias": np.array([bias], np.float32),
    }
    simple = Trained(found)
    samples = [*drawn, *nobody, *changed]
    seen = np.stack([looked(simple, one) for one in samples])
    share = np.stack([one.share for one in samples]).astype(np.float32)
    rest = 1 - REAL - NOBODY
    often = np.concatenate(
        [
            REAL * weights_by_group(drawn),
            NOBODY * weights_by_group(nobody),
            rest * weights_by_group(changed),
        ]
    )
    often /= often.sum()
    for place, seed in enumerate(seeds):
        head = _trained_head(torch.from_numpy(seen), torch.from_numpy(share), often, seed)
        found |= {f"net{place}.{name}": value for name, value in _exported(head).items()}
    return Trained(found)


def looked(simple: Trained, sample: Sample) -> NDArray[np.float32]:
    """(C, 36, 64): the features of a frame and what a second look at the first guess adds."""
    second = colours.second_look(sample.picture, simple.regressed(sample))
    return np.concatenate([sample.features.astype(np.float32), second])


class _Head(nn.Module):
    """`network.convolved`, to be trained."""

    def __init__(self, seen: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(seen))
        self.register_buffer("spread", torch.ones(seen))
        self.enter = nn.Conv2d(seen, WIDTH, 1)
        self.around = nn.ModuleList(
            nn.Conv2d(WIDTH, WIDTH, 3, padding=far, dilation=far) for far in network.DILATIONS
        )
        self.whole = nn.ModuleList(nn.Linear(WIDTH, WIDTH, bias=False) for _ in network.DILATIONS)
        self.leave = nn.Conv2d(WIDTH, 1, 1)
        self.skip = nn.Conv2d(seen, 1, 1)
        for layer in (*self.whole, self.leave):
            nn.init.zeros_(layer.weight)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        scaled = (seen - self.mean[:, None, None]) / self.spread[:, None, None]
        hidden = functional.relu(self.enter(scaled))
        for around, whole in zip(self.around, self.whole, strict=True):
            context = whole(hidden.mean((2, 3)))[:, :, None, None]
            hidden = hidden + functional.relu(around(hidden) + context)
        total: torch.Tensor = self.leave(hidden) + self.skip(scaled)
        return total[:, 0]


def _trained_head(
    seen: torch.Tensor, share: torch.Tensor, often: NDArray[np.float64], seed: int
) -> _Head:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = _Head(seen.shape[1])
    head.mean.copy_(seen.mean((0, 2, 3)))
    head.spread.copy_(seen.std((0, 2, 3)) + 1e-3)
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=STEPS, pct_start=0.15
    )
    for _ in range(STEPS):
        chosen = torch.from_numpy(rng.choice(len(seen), BATCH, p=often))
        batch, goal = seen[chosen].clone(), share[chosen].clone()
        for place in range(BATCH):
            _blanked(batch[place], head.mean, rng)
            if rng.random() < 0.5:
                batch[place], goal[place] = batch[place].flip(2), goal[place].flip(1)
        logits = head(batch)
        likely = torch.sigmoid(logits)
        there = goal.sum((1, 2)) > 1
        shared = (likely * goal).sum((1, 2)) + 1
        either = (likely + goal - likely * goal).sum((1, 2)) + 1
        loss = functional.binary_cross_entropy_with_logits(logits, goal)
        loss = loss + 0.5 * ((1 - shared / either) * there).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return head.eval()


def _blanked(frame: torch.Tensor, mean: torch.Tensor, rng: np.random.Generator) -> None:
    """Takes from a frame all that moves, or one map, so that none is relied on alone."""
    chance = rng.random()
    if chance < _BLANKED:
        for place in _MOVING:
            frame[2 * place], frame[2 * place + 1] = 0, 0.5
        frame[_WHOLE] = 0
    elif chance < _BLANKED + _ONE_LESS:
        place = int(rng.integers(len(features.FLOORS)))
        frame[2 * place], frame[2 * place + 1] = mean[2 * place], 0.5


def _exported(head: _Head) -> dict[str, NDArray[np.float32]]:
    """The numbers of a network under the names that `network.numbers` gives them."""

    def joined(weight: torch.Tensor, bias: torch.Tensor) -> NDArray[np.float32]:
        rows = weight.detach().reshape(len(bias), -1)
        return torch.cat([rows, bias.detach()[:, None]], dim=1).numpy().astype(np.float32)

    found = {
        "mean": head.mean.numpy().astype(np.float32),
        "spread": head.spread.numpy().astype(np.float32),
        "enter": joined(head.enter.weight[:, :, 0, 0], head.enter.bias),
        "leave": joined(head.leave.weight[:, :, 0, 0], head.leave.bias)[0],
        "skip": joined(head.skip.weight[:, :, 0, 0], head.skip.bias)[0],
    }
    for place, (around, whole) in enumerate(zip(head.around, head.whole, strict=True)):
        # (out, in, 3, 3) to (out, 9 places x in): the order of `network._surroundings`.
        ordered = around.weight.permute(0, 2, 3, 1)
        found[f"{place}.around"] = joined(ordered, around.bias)
        found[f"{place}.whole"] = whole.weight.detach().numpy().astype(np.float32)
    return found
