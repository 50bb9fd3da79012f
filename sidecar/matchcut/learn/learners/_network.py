"""Small networks of two hidden layers, trained as scikit-learn's `MLPClassifier` trains them.

All resamples are trained at once, each with its own network, order of pairs and end: one product of
a batch of matrices is what fills a GPU, and on a CPU costs no more than one after the other.

Source of the recipe: documentation of `sklearn.neural_network.MLPClassifier`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from matchcut.errors import Cancelled
from matchcut.learn.learners import Sample, Tensors
from matchcut.learn.learners.lr import logistic
from matchcut.learn.pairs import Floats
from matchcut.learn.vectors import Matrix

if TYPE_CHECKING:
    import torch

BATCH = 200
RATE = 1e-3
"""Of Adam."""
PENALTY = 1e-4
"""Half of it times the squared weights, over the pairs of a batch, is added to the loss."""
EPOCHS = 200
PATIENCE, TOLERANCE = 10, 1e-4
"""A network is done once so many epochs in a row have not made its loss so much less."""


@dataclass(frozen=True, slots=True)
class Network:
    """A learner whose hidden layers are both of one width."""

    name: str
    width: int

    @property
    def label(self) -> str:
        """What it is."""
        return f"network with two hidden layers of {self.width}"

    def fit(
        self, sample: Sample, seed: int, device: str, stop: Callable[[], bool], /
    ) -> list[Tensors]:
        """On any device; the last digits are those of the device."""
        import torch

        models, _ = sample.counts.shape
        random = torch.Generator().manual_seed(seed)
        pairs = [np.repeat(np.arange(len(one)), one) for one in sample.counts]
        drawn = torch.from_numpy(np.stack(pairs)).to(device)
        rows, match, mean, deviation = (
            torch.from_numpy(one).to(device)
            for one in (
                sample.rows,
                sample.match.astype(np.float32),
                sample.mean[:, None],
                sample.deviation[:, None],
            )
        )
        layers = [
            one.to(device).requires_grad_()
            for one in _started(models, (rows.shape[1], self.width, self.width, 1), random)
        ]
        weights = layers[::2]
        adam = torch.optim.Adam(layers, lr=RATE, eps=1e-8)
        ending = _Ending(models)
        count = drawn.shape[1]
        batch = min(BATCH, count)
        for _ in range(EPOCHS):
            if stop():
                raise Cancelled
            order = torch.stack([torch.randperm(count, generator=random) for _ in range(models)])
            shuffled = drawn.gather(1, order.to(device))
            lost = torch.zeros(models, device=device)
            for start in range(0, count, batch):
                some = shuffled[:, start : start + batch]
                size = some.shape[1]
                given = (rows[some] - mean) / deviation
                answer = _forward(layers, given)
                each = torch.nn.functional.binary_cross_entropy_with_logits(
                    answer, match[some], reduction="none"
                ).mean(1)
                each = each + sum((one**2).sum((1, 2)) for one in weights) * (PENALTY / 2 / size)
                adam.zero_grad()
                torch.autograd.backward(each.sum())
                adam.step()
                lost += each.detach() * size
            if ending.after((lost / count).tolist(), layers):
                break
        return ending.tensors(layers)

    def scores(self, tensors: Tensors, rows: Matrix, /) -> Floats:
        """Two products with what is negative left out, then a third."""
        for layer in ("first", "second"):
            rows = np.maximum(rows @ tensors[f"{layer}.weight"] + tensors[f"{layer}.bias"], 0)
        return logistic((rows @ tensors["last.weight"] + tensors["last.bias"])[:, 0])


LAYERS = ("first", "second", "last")


def _started(models: int, sizes: tuple[int, ...], random: torch.Generator) -> list[torch.Tensor]:
    """Weights and biases of all layers, even in the range of Glorot and Bengio 2010."""
    import torch

    found: list[torch.Tensor] = []
    for before, after in pairwise(sizes):
        bound = (6.0 / (before + after)) ** 0.5
        for shape in ((models, before, after), (models, 1, after)):
            found.append((torch.rand(shape, generator=random) * 2 - 1) * bound)
    return found


def _forward(layers: list[torch.Tensor], given: torch.Tensor) -> torch.Tensor:
    """(models, N) answers before the logistic function."""
    import torch

    for weight, bias in zip(layers[:-2:2], layers[1:-2:2], strict=True):
        given = torch.relu(torch.baddbmm(bias, given, weight))
    return torch.baddbmm(layers[-1], given, layers[-2])[..., 0]


class _Ending:
    """Which networks are done, and what they were when they were."""

    def __init__(self, models: int) -> None:
        self._best = [float("inf")] * models
        self._since = [0] * models
        self._done: dict[int, Tensors] = {}

    def after(self, losses: list[float], layers: list[torch.Tensor]) -> bool:
        """Notes an epoch; True once all are done."""
        for model, loss in enumerate(losses):
            self._since[model] = (
                self._since[model] + 1 if loss > self._best[model] - TOLERANCE else 0
            )
            self._best[model] = min(self._best[model], loss)
            if self._since[model] > PATIENCE and model not in self._done:
                self._done[model] = _table(layers, model)
        return len(self._done) == len(losses)

    def tensors(self, layers: list[torch.Tensor]) -> list[Tensors]:
        """What each was at its end."""
        return [self._done.get(one) or _table(layers, one) for one in range(len(self._best))]


def _table(layers: list[torch.Tensor], model: int) -> Tensors:
    names = [f"{layer}.{what}" for layer in LAYERS for what in ("weight", "bias")]
    return {
        name: (tensor[model] if name.endswith("weight") else tensor[model, 0])
        .detach()
        .cpu()
        .numpy()
        .copy()
        for name, tensor in zip(names, layers, strict=True)
    }
