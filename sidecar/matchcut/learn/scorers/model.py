"""What `matchcut train` has made: a classifier, or the cosine of projected vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matchcut.learn.applied import pair_scores
from matchcut.learn.features import check_fit, features_of
from matchcut.learn.pairs import Floats, Pairs
from matchcut.learn.scorers import Given, Scorer
from matchcut.learn.trained import Trained, load

_PREFIX = "model:"


@dataclass(frozen=True, slots=True)
class TrainedScorer:
    """A trained model, fed from a folder of embeddings."""

    model: Trained
    folder: Path
    """That of the model."""
    embeddings: Path

    @property
    def name(self) -> str:
        return _PREFIX + self.model.name

    def score(self, pairs: Pairs, /) -> Floats:
        """Refuses vectors that were made otherwise than those that it was trained on."""
        encoders = [one.encoder for one in self.model.encoded]
        features = features_of(self.embeddings, encoders, pairs.shots)
        check_fit(self.folder, self.model.encoded, features.encoded)
        return pair_scores(self.model, self.folder, *features.sides(pairs))


class _Models:
    name = "model"
    usage = f"{_PREFIX}FOLDER of what `matchcut train` wrote, with --embeddings"

    def offered(self, given: Given, /) -> Sequence[str]:
        return ()

    def scorer(self, name: str, given: Given, /) -> Scorer | None:
        if given.embeddings is None or not name.startswith(_PREFIX):
            return None
        folder = Path(name.removeprefix(_PREFIX))
        return TrainedScorer(load(folder), folder, given.embeddings)


SCORERS = _Models()
