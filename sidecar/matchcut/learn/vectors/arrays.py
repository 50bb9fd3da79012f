"""Embeddings as arrays of our own: `ENCODER-TITLE.safetensors`.

Each file holds `shots`, (N,) int64 and increasing, and `vectors`, (N, D) of half, single or double
precision; its text names encoder, title and identity. What a file's name says is never parsed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut.errors import EmbeddingsRefused
from matchcut.learn.placing import placed
from matchcut.learn.vectors import Encoded, TitleVectors, Vectors

ENDING = ".safetensors"


@dataclass(frozen=True, slots=True)
class _Named:
    """What a file says of itself."""

    file: Path
    title: str
    encoded: Encoded


@dataclass(frozen=True, slots=True)
class _Files:
    encoded: Encoded
    files: dict[str, Path]

    @property
    def titles(self) -> Sequence[str]:
        return tuple(self.files)

    def of_title(self, title: str, /) -> TitleVectors:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        file = self.files[title]
        try:
            held = load_file(file)
            shots, rows = held["shots"].astype(np.int64), held["vectors"].astype(np.float32)
        except (OSError, SafetensorError, KeyError) as error:
            raise EmbeddingsRefused(file, "it does not hold shots and vectors") from error
        if rows.shape != (len(shots), self.encoded.length) or not np.isfinite(rows).all():
            raise EmbeddingsRefused(file, "its shots and vectors do not fit each other")
        order = np.argsort(shots)
        return TitleVectors(shots[order], rows[order])


def _named(file: Path) -> _Named | None:
    """None where it holds other arrays than embeddings."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "numpy") as held:
            text = held.metadata() or {}
            if not {"encoder", "title", "identity"} <= text.keys():
                return None
            length = held.get_slice("vectors").get_shape()[1]
    except (OSError, SafetensorError, IndexError) as error:
        raise EmbeddingsRefused(file, "it is no whole safetensors file of vectors") from error
    return _Named(file, text["title"], Encoded(text["encoder"], int(length), text["identity"]))


class _Arrays:
    name = "arrays"
    label = "ENCODER-TITLE.safetensors, as `matchcut embeddings export` writes them"
    quick = True

    def encoders(self, folder: Path, /) -> Sequence[str]:
        return sorted({one.encoded.encoder for one in self._all(folder)})

    def open(self, folder: Path, encoder: str, /) -> Vectors:
        some = [one for one in self._all(folder) if one.encoded.encoder == encoder]
        if other := next((one for one in some if one.encoded != some[0].encoded), None):
            why = f"it was made otherwise than {some[0].file.name} beside it"
            raise EmbeddingsRefused(other.file, why)
        return _Files(some[0].encoded, {one.title: one.file for one in some})

    def _all(self, folder: Path) -> list[_Named]:
        files = (_named(file) for file in sorted(folder.glob(f"?*-?*{ENDING}")))
        return sorted((one for one in files if one is not None), key=lambda one: one.title)

    def write(self, folder: Path, encoded: Encoded, title: str, of: TitleVectors, /) -> Path:
        """In the precision that the rows have."""
        from safetensors.numpy import save_file

        place = folder / f"{encoded.encoder}-{title}{ENDING}"
        with placed(place) as aside:
            save_file(
                {"shots": np.ascontiguousarray(of.shots), "vectors": np.ascontiguousarray(of.rows)},
                aside,
                {"encoder": encoded.encoder, "title": title, "identity": encoded.identity},
            )
        return place


FORMAT = _Arrays()
