"""What was trained, as a folder: tensors, what they are, and a card for people.

`weights.safetensors` holds the tensors, `model.json` all else that is needed to use them and to
know where they come from, `CARD.md` the same as a page. Nothing in it can run.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeAlias

from matchcut.errors import OutputUnwritable, TrainedMissing, TrainedRefused
from matchcut.lasting import make_last
from matchcut.learn.card import written
from matchcut.learn.learners import Tensors
from matchcut.learn.vectors import Encoded

VERSION = 1
"""Of what is in the folder."""

Kind: TypeAlias = Literal["classifier", "metric"]
Measured: TypeAlias = Mapping[str, tuple[float, ...]]
"""By split, the average precision: of each resample or seed; of test, that of the chosen one."""


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A model and where it comes from."""

    kind: Kind
    name: str
    """That of the folder."""
    encoded: tuple[Encoded, ...]
    """The features that it wants."""
    recipe: Mapping[str, Any]
    """What was asked for, as JSON: task, learner, aggregation, seeds, digest of the labels."""
    measured: Measured
    tensors: Tensors

    def save(self, place: Path) -> None:
        """Writes the folder, complete or not at all; one that is there already is replaced.

        Raises:
            OutputUnwritable: it cannot be written.
        """
        try:
            self._save(place)
        except OSError as error:
            raise OutputUnwritable(
                f"{place} cannot be written: {error.strerror}.",
                "Choose another place for the model, or make room there.",
                path=place,
            ) from error

    def _save(self, place: Path) -> None:
        from safetensors.numpy import save_file

        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent, prefix=".") as around:
            aside = Path(around) / "model"
            aside.mkdir()
            save_file(dict(self.tensors), aside / "weights.safetensors", {"name": self.name})
            (aside / "model.json").write_text(json.dumps(self._facts(), indent=1) + "\n")
            (aside / "CARD.md").write_text(written(self._facts()), encoding="utf-8")
            for file in aside.iterdir():
                make_last(file)
            if place.is_dir():
                shutil.move(place, Path(around) / "before")
            aside.replace(place)
        make_last(place.parent)

    def _facts(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "kind": self.kind,
            "name": self.name,
            "encoded": [asdict(one) for one in self.encoded],
            "recipe": dict(self.recipe),
            "average_precision": {
                split: [None if math.isnan(one) else one for one in values]
                for split, values in self.measured.items()
            },
        }


def facts_in(folder: Path) -> dict[str, Any]:
    """What `model.json` of a folder says.

    Raises:
        TrainedMissing: there is none.
        TrainedRefused: it cannot be read, or a newer matchcut wrote it.
    """
    file = folder / "model.json"
    try:
        facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if facts["version"] > VERSION:
            raise TrainedRefused(folder, "a newer matchcut wrote it")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise TrainedMissing(folder) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainedRefused(folder, "its model.json cannot be read") from error
    return facts


def load(folder: Path) -> Trained:
    """The model in a folder.

    Raises:
        TrainedMissing: there is none.
        TrainedRefused: it cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    facts = facts_in(folder)
    try:
        tensors = load_file(folder / "weights.safetensors")
    except (OSError, SafetensorError) as error:
        raise TrainedRefused(folder, "its weights.safetensors cannot be read") from error
    try:
        return Trained(
            kind=facts["kind"],
            name=facts["name"],
            encoded=tuple(Encoded(**one) for one in facts["encoded"]),
            recipe=facts["recipe"],
            measured=measured(facts),
            tensors=tensors,
        )
    except (KeyError, TypeError) as error:
        raise TrainedRefused(folder, f"its model.json lacks something ({error})") from error


def measured(facts: Mapping[str, Any]) -> Measured:
    """The average precisions that `model.json` states."""
    return {
        split: tuple(math.nan if one is None else float(one) for one in values)
        for split, values in facts["average_precision"].items()
    }
