"""Embeddings as the match-cutting paper publishes them: `ENCODER-TITLE.json`.

Each file is an object that maps the number of a shot to a list of numbers. No encoder of theirs has
a dash in its name, so a file's name is divided at its first one; those of ours lose theirs.

Source: README of github.com/Netflix/matchcut.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from matchcut.errors import EmbeddingsRefused
from matchcut.learn.placing import placed
from matchcut.learn.vectors import Encoded, TitleVectors, Vectors

_DIGITS = "%.9g".__mod__


@dataclass(frozen=True)
class _Files:
    encoder: str
    files: dict[str, Path]

    @property
    def titles(self) -> Sequence[str]:
        return tuple(self.files)

    @cached_property
    def encoded(self) -> Encoded:
        """Costs reading one title."""
        for title in self.titles:
            read = _read(self.files[title])
            if len(read.shots):
                return Encoded(self.encoder, read.rows.shape[1], self.encoder)
        raise EmbeddingsRefused(
            next(iter(self.files.values())).parent, f"'{self.encoder}' has no vector at all"
        )

    def of_title(self, title: str, /) -> TitleVectors:
        read, length = _read(self.files[title]), self.encoded.length
        if not len(read.shots):
            return TitleVectors(read.shots, np.zeros((0, length), np.float32))
        if read.rows.shape[1] != length:
            why = f"its vectors have {read.rows.shape[1]} numbers, those of other titles {length}"
            raise EmbeddingsRefused(self.files[title], why)
        return read


def _read(file: Path) -> TitleVectors:
    try:
        held = json.loads(file.read_bytes())
    except OSError as error:
        raise EmbeddingsRefused(file, f"it does not open ({error.strerror})") from error
    except ValueError as error:
        raise EmbeddingsRefused(file, "it is no JSON, or cut short") from error
    if not isinstance(held, dict):
        raise EmbeddingsRefused(file, "it maps no shots to vectors")
    try:
        shots = np.array([int(shot) for shot in held], np.int64)
        rows = np.array(list(held.values()), np.float32)
    except (TypeError, ValueError) as error:
        why = "a shot has no number, or vectors are not lists of numbers of one length"
        raise EmbeddingsRefused(file, why) from error
    if not len(shots):
        return TitleVectors(shots, np.zeros((0, 0), np.float32))
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise EmbeddingsRefused(file, "a vector is no list of finite numbers")
    order = np.argsort(shots)
    return TitleVectors(shots[order], rows[order])


class _Paper:
    name = "paper"
    label = "ENCODER-TITLE.json, as the match-cutting paper's"
    quick = False

    def encoders(self, folder: Path, /) -> Sequence[str]:
        return sorted({file.name.partition("-")[0] for file in folder.glob("?*-?*.json")})

    def open(self, folder: Path, encoder: str, /) -> Vectors:
        files = sorted(folder.glob("?*-?*.json"))
        parted = [(file.stem.partition("-"), file) for file in files]
        return _Files(encoder, {title: file for (by, _, title), file in parted if by == encoder})

    def write(self, folder: Path, encoded: Encoded, title: str, of: TitleVectors, /) -> Path:
        """Nine digits a number, which give single precision back to the last bit."""
        place = folder / f"{encoded.encoder.replace('-', '')}-{title}.json"
        with placed(place) as aside, aside.open("w", encoding="ascii") as file:
            opening = "{"
            for shot, row in zip(of.shots.tolist(), of.rows.tolist(), strict=True):
                file.write(f'{opening}"{shot}": [{", ".join(map(_DIGITS, row))}]')
                opening = ",\n"
            file.write("}" if len(of.shots) else "{}")
        return place


FORMAT = _Paper()
