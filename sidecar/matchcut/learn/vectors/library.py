"""Embeddings that a library holds of the shots of its films: one a shot, of its middle.

A film's title is the name of its file without the ending; where two films have the same, a part
of their digest follows. The number of a shot is its place in the film.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut.embeddings.pretrained import encoders
from matchcut.learn.vectors import Encoded, TitleVectors, Vectors
from matchcut.library import Library, StoredSource


def titled(library: Library) -> dict[str, StoredSource]:
    """The films of a library by their titles, in alphabetical order."""
    sources = [one for one in library.sources() if one.paths]
    often = Counter(one.paths[0].stem for one in sources)
    names = [
        one.paths[0].stem + (f"~{one.source.digest[:8]}" if often[one.paths[0].stem] > 1 else "")
        for one in sources
    ]
    return dict(sorted(zip(names, sources, strict=True)))


@dataclass(frozen=True, slots=True)
class _Rows:
    library: Library
    encoded: Encoded
    sources: dict[str, StoredSource]

    @property
    def titles(self) -> Sequence[str]:
        return tuple(self.sources)

    def of_title(self, title: str, /) -> TitleVectors:
        stored = self.sources[title]
        at = stored.source.digest, stored.detector, self.encoded.identity
        shots = self.library.moments(*at)["shot"].astype(np.int64)
        return TitleVectors(shots, self.library.rows(*at).astype(np.float32))


class _Stored:
    name = "library"
    label = "a matchcut library"
    quick = True

    def encoders(self, folder: Path, /) -> Sequence[str]:
        if not (folder / "catalogue.sqlite").is_file():
            return ()
        library = Library.open(folder)
        return sorted(name for name in encoders() if self._held(library, name))

    def open(self, folder: Path, encoder: str, /) -> Vectors:
        library, spec = Library.open(folder), encoders()[encoder]
        encoded = Encoded(encoder, spec.shape[0], spec.identity)
        return _Rows(library, encoded, self._held(library, encoder))

    def _held(self, library: Library, encoder: str) -> dict[str, StoredSource]:
        """The films of which the library holds vectors by an encoder."""
        identity = encoders()[encoder].identity
        return {
            title: one
            for title, one in titled(library).items()
            if identity in library.representations(one.source.digest, one.detector)
        }


FORMAT = _Stored()
