"""What a trained model says of pairs of shots, given their vectors."""

from __future__ import annotations

from pathlib import Path

from matchcut.errors import TrainedRefused
from matchcut.learn.classifier import classifier_scores
from matchcut.learn.metric import similarity
from matchcut.learn.pairs import Floats
from matchcut.learn.trained import Trained
from matchcut.learn.vectors import Matrix


def pair_scores(model: Trained, folder: Path, outgoing: Matrix, incoming: Matrix) -> Floats:
    """(N,) higher is better: of a classifier how surely a pair matches, of a projection the cosine.

    Args:
        model: What was trained.
        folder: Its own, for what is said when it cannot be used.
        outgoing: (N, D) the vectors of the shots that are left, made as those it was trained on.
        incoming: (N, D) those of the shots that are cut to.

    Raises:
        TrainedRefused: its tensors are not those of its kind.
        LearningMissing: the library that it needs is not installed.
    """
    try:
        if model.kind == "metric":
            return similarity(model.tensors, outgoing, incoming)
        return classifier_scores(dict(model.recipe), model.tensors, outgoing, incoming)
    except (KeyError, ValueError) as error:
        raise TrainedRefused(folder, f"its tensors are not those of its kind ({error})") from error
