"""Embeddings of shots, read and written. One file a format.

A new format is one new file here with a constant `FORMAT`; other distributions add theirs through
the entry-point group `matchcut.vectors`. Titles are read one at a time: what is held in memory is
one title, and what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from matchcut import registry
from matchcut.errors import EmbeddingMissing, EmbeddingsMissing, EncoderUnknown
from matchcut.learn.pairs import Shot

Matrix: TypeAlias = NDArray[np.float32]
"""(N, D)."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What made some vectors. Only vectors of equal ones may be compared, or given to one model."""

    encoder: str
    """What the user types."""
    length: int
    """Numbers of a vector."""
    identity: str
    """Another one whenever a value would be: of ours, the identity of the representation; of the
    published ones, the encoder's name."""


@dataclass(frozen=True, slots=True, eq=False)
class TitleVectors:
    """The vectors of one title."""

    shots: NDArray[np.int64]
    """(N,) numbers of its shots, increasing."""
    rows: Matrix


class Vectors(Protocol):
    """All vectors by one encoder."""

    @property
    def encoded(self) -> Encoded: ...

    @property
    def titles(self) -> Sequence[str]:
        """In alphabetical order."""
        ...

    def of_title(self, title: str, /) -> TitleVectors:
        """Those of one of the titles, read now.

        Raises:
            EmbeddingsRefused: they cannot be read.
        """
        ...


class VectorFormat(Protocol):
    """A way in which embeddings lie in a folder."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str:
        """What it looks like, in one line for help texts."""
        ...

    @property
    def quick(self) -> bool:
        """Whether reading it costs little more than reading its bytes."""
        ...

    def encoders(self, folder: Path, /) -> Sequence[str]:
        """Of all embeddings of this format in a folder, which exists; by their names alone."""
        ...

    def open(self, folder: Path, encoder: str, /) -> Vectors:
        """The vectors by one of the `encoders`.

        Raises:
            EmbeddingsRefused: they cannot be read.
        """
        ...


@runtime_checkable
class WritableFormat(VectorFormat, Protocol):
    """A format that we can also write."""

    def write(self, folder: Path, encoded: Encoded, title: str, of: TitleVectors, /) -> Path:
        """Writes the vectors of one title, complete or not at all, and says to which file.

        Raises:
            OutputUnwritable: it cannot be written.
        """
        ...


@cache
def formats() -> dict[str, VectorFormat]:
    """Every format by name."""
    return registry.discover(__name__, "FORMAT", "matchcut.vectors")


def encoders_in(folder: Path) -> dict[str, VectorFormat]:
    """By encoder, the format of its embeddings in a folder: the quickest where there are several.

    Raises:
        EmbeddingsMissing: there is no such folder, or nothing in it.
    """
    found: dict[str, VectorFormat] = {}
    if folder.is_dir():
        for one in sorted(formats().values(), key=lambda one: one.quick):
            found.update(dict.fromkeys(one.encoders(folder), one))
    if not found:
        raise EmbeddingsMissing(folder)
    return dict(sorted(found.items()))


def open_vectors(folder: Path, encoder: str) -> Vectors:
    """The vectors by one encoder.

    Raises:
        EmbeddingsMissing: there are none at all.
        EncoderUnknown: there are others alone.
        EmbeddingsRefused: they cannot be read.
    """
    known = encoders_in(folder)
    if encoder not in known:
        raise EncoderUnknown(encoder, list(known))
    return known[encoder].open(folder, encoder)


def gathered(vectors: Vectors, shots: Iterable[Shot]) -> Matrix:
    """(N, D) float32 the vectors of some shots, in their order.

    Raises:
        EmbeddingMissing: one of them has none.
        EmbeddingsRefused: a title cannot be read.

    Cost: each title of theirs is read once; memory is that of the result and of one title.
    """
    of_title: dict[str, list[tuple[int, int]]] = {}
    count = 0
    for at, (title, number) in enumerate(shots):
        of_title.setdefault(title, []).append((number, at))
        count += 1
    encoded, titles = vectors.encoded, frozenset(vectors.titles)
    found = np.empty((count, encoded.length), np.float32)
    for title, wanted in of_title.items():
        if title not in titles:
            raise EmbeddingMissing(encoded.encoder, title, wanted[0][0])
        of = vectors.of_title(title)
        numbers = np.array([number for number, _ in wanted], np.int64)
        rows = np.searchsorted(of.shots, numbers)
        there = rows < len(of.shots)
        there[there] = of.shots[rows[there]] == numbers[there]
        if not there.all():
            raise EmbeddingMissing(encoded.encoder, title, int(numbers[~there][0]))
        found[[at for _, at in wanted]] = of.rows[rows]
    return found
