"""Fits what is linear in the trained numbers: the first guess, and the confidence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

RIDGE = 0.1
"""Weight of the squared standardised coefficients against the mean loss of a cell. Chosen on the
same frames it is measured on, on a plateau from 0.01 to 0.3."""
_ROUNDS = 15


def logistic(
    planes: NDArray[Any], shares: NDArray[Any], often: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """The weights and the bias that make each cell's truth likeliest (Newton's method).

    Args:
        planes: (N, F, 36, 64) the features of each frame.
        shares: (N, 36, 64) the share of each cell that the subject covers.
        often: (N,) how much each frame counts; sums up to 1.
    """
    count = planes.shape[1]
    values = planes.transpose(0, 2, 3, 1).reshape(-1, count).astype(np.float64)
    goal = shares.reshape(-1).astype(np.float64)
    weight = np.repeat(often, shares[0].size) / shares[0].size
    mean = (values * weight[:, None]).sum(axis=0)
    spread = np.sqrt((np.square(values - mean) * weight[:, None]).sum(axis=0)) + 1e-6
    values = np.concatenate([(values - mean) / spread, np.ones((len(values), 1))], axis=1)
    ridge = np.eye(count + 1) * RIDGE
    ridge[-1, -1] = 0
    found = np.zeros(count + 1)
    for _ in range(_ROUNDS):
        guess = 1 / (1 + np.exp(-values @ found))
        slope = values.T @ ((guess - goal) * weight) + ridge @ found
        bend = (values * (guess * (1 - guess) * weight)[:, None]).T @ values + ridge
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-7:
            break
    plain = found[:-1] / spread
    return plain, float(found[-1] - plain @ mean)


def linear(
    signs: NDArray[np.float64], goals: NDArray[np.float64], ridge: float
) -> NDArray[np.float64]:
    """(F + 1,) coefficients, the bias last, that predict `goals` best, held back by `ridge`.

    Args:
        signs: (N, F).
        goals: (N,).
        ridge: Weight of the squared standardised coefficients against the mean squared error.
    """
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    values = (signs - mean) / spread
    held = values.T @ values / len(values) + np.eye(values.shape[1]) * ridge
    plain = np.linalg.solve(held, values.T @ (goals - goals.mean()) / len(values)) / spread
    return np.append(plain, goals.mean() - plain @ mean)
