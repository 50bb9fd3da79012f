"""Models small enough for tests, which the product takes for the published ones.

Their networks are as random as those of `random_weights`, but a thousand times smaller: they tell
things apart by their colour alone. Files, digests and everything between file and row are real.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from matchcut import flavors, models
from matchcut.models import Model
from matchcut.silhouettes.pretrained import pretrained
from tests.random_weights import publishing, written

SEEN: list[int] = []
"""One entry a picture that a network of colours has looked at."""


class Colours(nn.Module):
    """In place of LR-ASPP: says of each pixel which class its colour stands for."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Conv2d(3, 21, 1)

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        SEEN.extend([1] * len(pictures))
        return {"out": self.look(pictures)}


def publish(patch: pytest.MonkeyPatch, *published: Model) -> None:
    """Makes the product take these models for those of the same names, wherever it looks."""
    known = {**models.models(), **{one.name: one for one in published}}
    ways = tuple(replace(one, model=known[one.name]) for one in _silhouettes())
    frame = flavors.flavors()["frame"]
    variants = tuple(replace(one, pretrained=ways) for one in frame.variants)
    there = {**flavors.flavors(), "frame": replace(frame, pretrained=ways, variants=variants)}
    patch.setattr(models, "models", lambda: known)
    patch.setattr(flavors, "flavors", lambda: there)


def _silhouettes() -> tuple[Any, ...]:
    return pretrained()


@dataclass(frozen=True)
class Shelf:
    """A folder for weights, empty at first, and the files that can be put there."""

    folder: Path
    files: dict[str, Path]
    """By name of the model, the file as it is published."""

    def put(self, *names: str, to: Path | None = None) -> None:
        """Puts the weights of these models on the shelf, or into another folder."""
        for name in names:
            place = (to or self.folder) / self.files[name].name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(self.files[name].read_bytes())

    def cut_short(self, name: str) -> Path:
        """Puts the first half of a model's file on the shelf."""
        self.put(name)
        file = self.folder / self.files[name].name
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        return file


def shelf(patch: pytest.MonkeyPatch, folder: Path) -> Shelf:
    """An empty shelf named by MATCHCUT_MODELS, on a machine with a processor alone.

    `lraspp` is a network of colours. The file of `mask-rcnn` is whole and has the published digest,
    but holds no weights: it can be chosen and not computed with.
    """
    there, away = folder / "shelf", folder / "published"
    there.mkdir()
    away.mkdir()
    lraspp, file = written(replace(models.model("lraspp"), build=Colours), away)
    mask_rcnn = models.model("mask-rcnn")
    heavy = away / mask_rcnn.file
    heavy.write_bytes(b"not to be opened")
    publish(patch, lraspp, publishing(mask_rcnn, heavy))
    patch.setenv("MATCHCUT_MODELS", str(there))
    patch.setenv("MATCHCUT_DEVICE", "cpu")
    SEEN.clear()
    return Shelf(there, {"lraspp": file, "mask-rcnn": heavy})
