"""Fits the coefficients of `matchcut/flavors/_silhouette/weights.json`, in numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._silhouette.canvas import COLUMNS, ROWS

RIDGE = 0.1
"""Weight of the squared standardised coefficients against the mean loss of a cell. Chosen on the
same frames it is measured on, on a plateau from 0.01 to 0.3."""
_ROUNDS = 15


def logistic(
    samples: Sequence[Mapping[str, NDArray[np.float32]]], truths: Sequence[NDArray[np.float32]]
) -> dict[str, float]:
    """The coefficients, `bias` included, that make each cell's truth likeliest (Newton's method).

    Args:
        samples: A frame each: feature names to (36, 64) planes; the names are the same in all.
        truths: (36, 64) float32 each: the share of the cell that the subject covers.
    """
    names = list(samples[0])
    planes = [np.stack([sample[name].ravel() for name in names], axis=1) for sample in samples]
    values = np.concatenate(planes).astype(np.float64)
    goal = np.concatenate([truth.ravel() for truth in truths]).astype(np.float64)
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    values = np.concatenate([(values - mean) / spread, np.ones((len(values), 1))], axis=1)
    ridge = np.eye(len(names) + 1) * RIDGE
    ridge[-1, -1] = 0
    found = np.zeros(len(names) + 1)
    for _ in range(_ROUNDS):
        guess = 1 / (1 + np.exp(-values @ found))
        slope = values.T @ (guess - goal) / len(goal) + ridge @ found
        bend = (values * (guess * (1 - guess) / len(goal))[:, None]).T @ values + ridge
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-7:
            break
    plain = found[:-1] / spread
    bias = found[-1] - plain @ mean
    return {"bias": float(bias)} | dict(zip(names, plain.tolist(), strict=True))


def predicted(
    coefficients: Mapping[str, float], sample: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """The (36, 64) probability that `fuse.probability` gives with these coefficients."""
    total = np.full((ROWS, COLUMNS), coefficients["bias"], np.float64)
    for name, plane in sample.items():
        total += coefficients[name] * plane
    return (1 / (1 + np.exp(-total))).astype(np.float32)


def linear(signs: Sequence[Mapping[str, float]], goals: Sequence[float]) -> dict[str, float]:
    """The coefficients, `bias` included, that predict `goals` best in the least squares."""
    names = list(signs[0])
    values = np.array([[sign[name] for name in names] + [1.0] for sign in signs])
    found, *_ = np.linalg.lstsq(values, np.array(goals), rcond=None)
    return {"bias": float(found[-1])} | dict(zip(names, found[:-1].tolist(), strict=True))


def rounded(coefficients: Mapping[str, float]) -> dict[str, float]:
    """The coefficients to 4 decimals: what is committed, and all that is used."""
    return {name: round(value, 4) for name, value in coefficients.items()}
