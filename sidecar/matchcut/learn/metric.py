"""Metric learning: a projection of embeddings in which shots that match lie close.

Each matching pair is a class of its own, with two members; all other shots of a batch are its
negatives, and of these those count that lie closer than the match does (hard triplets). The loss is
NT-Xent. A shot is never a negative of itself, nor of one that it is labelled to match.

With two members a class, what pytorch-metric-learning computes for a batch (`TripletMarginMiner`
of hard triplets, then `NTXentLoss`) is a sum over the rows of one matrix: of row i with match p and
hard negatives H, log(1 + the sum over H of exp((s_ij - s_ip) / t)), weighted by the size of H. It
is computed as that, in time and memory of the square of the batch instead of the square of the
number of triplets, and is held to that library by a test.

Source: Chen et al. 2022, arXiv:2210.05766, section on metric learning and its published
hyperparameters (github.com/Netflix/matchcut at 4b486c8); NT-Xent: Chen et al. 2020,
arXiv:2002.05709.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchcut.embeddings.projection import LEAK, Projection
from matchcut.errors import Cancelled
from matchcut.learn.choosing import Divided, chosen
from matchcut.learn.features import ShotFeatures, scale
from matchcut.learn.learners import Tensors
from matchcut.learn.measures import average_precision
from matchcut.learn.pairs import Floats, Pairs
from matchcut.learn.trained import Measured
from matchcut.learn.vectors import Matrix

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class MetricRecipe:
    """What a projection is, and how it is trained."""

    temperature: float
    """Of NT-Xent: the lower, the more the closest negatives count."""
    hidden: int
    """Width of the hidden layer."""
    length: int
    """Numbers of what it makes."""
    rate: float
    """Of Adam."""
    weight_decay: float
    """As Adam of PyTorch has it: added to the gradient."""
    epochs: int
    """Times that all matching pairs are seen."""
    batch: int = 128
    """Matching pairs a batch, so twice as many vectors."""


PRESETS = MappingProxyType(
    {
        "frame": MetricRecipe(0.007362, 128, 1024, 0.003147, 0.0001, 300),
        "motion": MetricRecipe(0.013412, 256, 1024, 0.0004056, 0.000454, 100),
    }
)
"""The paper's, by the task for which they were found."""


def similarity(tensors: Tensors, outgoing: Matrix, incoming: Matrix) -> Floats:
    """(N,) the cosine of each pair of (N, D) vectors once they are projected, -1 to 1."""
    projection = Projection.of(tensors)
    products = np.einsum(
        "nd,nd->n",
        projection(outgoing),
        projection(incoming),
    )
    return np.asarray(products, np.float64)


def train(
    features: ShotFeatures,
    pairs: Divided,
    recipe: MetricRecipe,
    seeds: range,
    device: str,
    stop: Callable[[], bool],
) -> tuple[Tensors, Measured]:
    """The projection that is best on validation of one a seed, and how good all were.

    The arguments and errors are those of `classifier.fit`.
    """
    models = [projected(features, pairs.train, recipe, seed, device, stop) for seed in seeds]

    def precision(tensors: Tensors, split: str) -> float:
        some = pairs.of(split)
        return average_precision(some.match, similarity(tensors, *features.sides(some)))

    return chosen(models, precision)


def projected(
    features: ShotFeatures,
    labelled: Pairs,
    recipe: MetricRecipe,
    seed: int,
    device: str,
    stop: Callable[[], bool],
) -> Tensors:
    """A projection, trained on the matching ones of some pairs, and scaled as all of them are."""
    import torch

    every_side = np.concatenate(features.sides(labelled))
    share = np.full((1, len(every_side)), 1 / len(every_side))
    (mean,), (deviation,) = scale(every_side, share)
    positive = labelled.some(labelled.match)
    places = [features.places(side) for side in (positive.outgoing, positive.incoming)]
    used, sides = np.unique(np.stack(places, axis=1), return_inverse=True)
    rows = torch.from_numpy((features.rows[used] - mean) / deviation).to(device)
    joined = torch.from_numpy(_joined(sides.reshape(-1, 2), len(used))).to(device)
    random = torch.Generator().manual_seed(seed)
    layers = [
        one.to(device).requires_grad_()
        for one in _started((features.rows.shape[1], recipe.hidden, recipe.length), random)
    ]
    adam = torch.optim.Adam(layers, lr=recipe.rate, weight_decay=recipe.weight_decay)
    every = torch.from_numpy(sides.reshape(-1, 2))
    for _ in range(recipe.epochs):
        if stop():
            raise Cancelled
        for batch in torch.split(torch.randperm(len(every), generator=random), recipe.batch):
            shots = every[batch].reshape(-1).to(device)
            vectors = torch.nn.functional.normalize(_forward(layers, rows[shots]), dim=1)
            known = joined[shots[:, None], shots[None]]
            adam.zero_grad()
            torch.autograd.backward(nt_xent(vectors, known, recipe.temperature))
            adam.step()
    first, first_bias, last, last_bias = (one.detach().cpu().numpy() for one in layers)
    return {
        "scale.mean": mean,
        "scale.deviation": deviation,
        "first.weight": first,
        "first.bias": first_bias,
        "last.weight": last,
        "last.bias": last_bias,
    }


def nt_xent(vectors: torch.Tensor, known: torch.Tensor, temperature: float) -> torch.Tensor:
    """The loss of a batch; 0 where no negative is hard.

    Args:
        vectors: (2N, E) of length 1: a pair after the other, both of its sides in turn.
        known: (2N, 2N) bool, which are no negatives of each other, besides itself and the match.
        temperature: What cosines are divided by.
    """
    import torch

    cosines = vectors @ vectors.T
    itself = torch.arange(len(vectors), device=vectors.device)
    match = cosines[itself, itself ^ 1][:, None]
    pair = itself // 2
    hard = (cosines >= match) & (pair[:, None] != pair[None]) & ~known
    count = hard.sum(1)
    over = ((cosines - match) / temperature).masked_fill(~hard, -torch.inf)
    # The match itself is the 0 among the exponents.
    each = torch.logsumexp(torch.cat([torch.zeros_like(match), over], dim=1), dim=1)
    return (each * count).sum() / count.sum().clamp(min=1)


def _joined(sides: NDArray[np.intp], shots: int) -> NDArray[np.bool_]:
    """(shots, shots) which are the same, or are labelled to match."""
    found = np.eye(shots, dtype=np.bool_)
    found[sides[:, 0], sides[:, 1]] = found[sides[:, 1], sides[:, 0]] = True
    return found


def _started(sizes: tuple[int, ...], random: torch.Generator) -> list[torch.Tensor]:
    """Weights and biases of all layers, as PyTorch starts a linear layer."""
    import torch

    found: list[torch.Tensor] = []
    for before, after in pairwise(sizes):
        bound = before**-0.5
        for shape in ((before, after), (after,)):
            found.append((torch.rand(shape, generator=random) * 2 - 1) * bound)
    return found


def _forward(layers: list[torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
    import torch

    hidden = torch.nn.functional.leaky_relu(rows @ layers[0] + layers[1], LEAK)
    return hidden @ layers[2] + layers[3]
