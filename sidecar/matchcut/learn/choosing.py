"""What is learned from, what chooses, and what is reported: kept apart in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from matchcut.errors import LabelsTooFew
from matchcut.learn.pairs import LabelledSet, Pairs, Shot
from matchcut.learn.splits import SPLITS, pairs_of
from matchcut.learn.trained import Measured

Model = TypeVar("Model")


@dataclass(frozen=True, eq=False)
class Divided:
    """The pairs of a task by split."""

    task: str
    train: Pairs
    validation: Pairs
    test: Pairs
    """May be empty: then nothing is reported."""

    @cached_property
    def shots(self) -> tuple[Shot, ...]:
        """Every shot of any split, in order of title and number."""
        return tuple(sorted({shot for split in SPLITS for shot in self.of(split).shots}))

    def of(self, split: str) -> Pairs:
        """The pairs of `train`, `validation` or `test`."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[split]


def divided_pairs(labelled: LabelledSet, task: str) -> Divided:
    """The pairs of a task by split.

    Raises:
        LabelsTooFew: those of train or of validation do not hold both matching and other pairs.
    """
    found = Divided(task, *(pairs_of(labelled, task, split) for split in SPLITS))
    for split in ("train", "validation"):
        match = found.of(split).match
        if not match.any() or match.all():
            raise LabelsTooFew(
                f"the {split} pairs of '{task}'",
                f"of {len(match)} pairs {int(match.sum())} match, and both kinds are needed",
            )
    return found


def chosen(
    models: Sequence[Model], precision: Callable[[Model, str], float]
) -> tuple[Model, Measured]:
    """The model with the best average precision on validation; the first of equal ones.

    Returns:
        It, and the average precision of all models on train and validation, and of it alone on
        test.
    """
    validation = tuple(precision(one, "validation") for one in models)
    best = models[int(np.argmax(validation))]
    return best, {
        "train": tuple(precision(one, "train") for one in models),
        "validation": validation,
        "test": (precision(best, "test"),),
    }
