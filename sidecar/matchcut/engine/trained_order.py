"""The short list in the order of a model that was trained on labelled pairs: `--scorer`.

The model is fed with the embeddings that the library holds of the shots, and with no others than
those it was trained on. Scores of candidates stay the flavor's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut.embeddings.pretrained import encoders
from matchcut.engine.comparison import Comparison, Meeting
from matchcut.engine.snapshot import Snapshot
from matchcut.errors import EmbeddingsAbsent, FeaturesUnfit
from matchcut.learn.applied import pair_scores
from matchcut.learn.features import check_fit, described
from matchcut.learn.trained import Trained, load
from matchcut.learn.vectors import Encoded, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class TrainedOrder:
    """Pairs that a model finds likeliest to match come first."""

    model: Trained
    folder: Path
    """That of the model."""
    name: str
    """The model's, and a digest of what it has learned."""

    @property
    def note(self) -> str:
        return f"The best pairs are in the order of {self.name}; scores stay the flavor's own."

    def order(
        self,
        comparison: Comparison,
        pairs: Sequence[tuple[int, int]],
        scores: Sequence[float],
        met: Sequence[Meeting],
        /,
    ) -> list[int]:
        """The places of the pairs, best first; of equals, as they were."""
        if not pairs:
            return []
        outgoing, incoming = (
            self._vectors(comparison.snapshot, side) for side in zip(*pairs, strict=True)
        )
        said = pair_scores(self.model, self.folder, outgoing, incoming)
        return [int(place) for place in np.argsort(-said, kind="stable")]

    def _vectors(self, snapshot: Snapshot, numbers: Sequence[int]) -> Matrix:
        """(N, D) those of some shots, of all encoders end to end."""
        shots, place = np.unique(np.array(numbers, np.int64), return_inverse=True)
        joined = [
            np.concatenate([snapshot.row(int(shot), one.identity) for shot in shots])
            for one in self.model.encoded
        ]
        return np.concatenate(joined, axis=1).astype(np.float32)[place.reshape(-1)]


def trained_order(snapshot: Snapshot, folder: Path) -> TrainedOrder:
    """The order of the model in a folder, for a library that holds what it wants of every film.

    Raises:
        TrainedMissing: there is no model in the folder.
        TrainedRefused: it cannot be read.
        FeaturesUnfit: it was trained on embeddings that matchcut does not make, or no longer so.
        EmbeddingsAbsent: some films lack them.

    Cost: asks the catalogue once a source.
    """
    model, made = load(folder), encoders()
    given = tuple(
        Encoded(one.encoder, made[one.encoder].shape[0], made[one.encoder].identity)
        for one in model.encoded
        if one.encoder in made
    )
    if not given:
        here = f"what matchcut makes ({', '.join(made)})"
        raise FeaturesUnfit(folder, described(model.encoded), here)
    check_fit(folder, model.encoded, given)
    held = [
        snapshot.library.representations(one.source.digest, one.detector)
        for one in snapshot.sources
    ]
    for one in model.encoded:
        if lacking := sum(one.identity not in have for have in held):
            raise EmbeddingsAbsent(one.encoder, lacking, snapshot.library.folder, folder)
    return TrainedOrder(model, folder, f"{model.name}-{_digest(model)}")


def _digest(model: Trained) -> str:
    found = hashlib.blake2b(repr(sorted(model.recipe.items())).encode(), digest_size=4)
    for name, tensor in sorted(model.tensors.items()):
        found.update(name.encode())
        found.update(np.ascontiguousarray(tensor).tobytes())
    return found.hexdigest()
