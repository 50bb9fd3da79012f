"""What all runs of a command learn from: labels by split, and vectors that are read quickly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from matchcut.errors import Cancelled, TaskUnknown
from matchcut.learn.choosing import Divided, divided_pairs
from matchcut.learn.pairs import LabelledSet
from matchcut.learn.vectors import Vectors, encoders_in, gathered, open_vectors
from matchcut.learn.vectors.arrays import FORMAT as ARRAYS
from matchcut.types import Monitor, Progress

JOINS = "+"
"""Between the names of encoders whose vectors are joined."""


@dataclass(frozen=True, slots=True)
class Combination:
    """What every run learns from."""

    task: str
    encoders: str
    """Names, joined by `+`."""
    labels: str
    """Digest of the pairs, their labels and their splits."""
    features: tuple[tuple[str, int, str, str], ...]
    """Of each encoder, what made its vectors, and a digest of them."""


@dataclass(frozen=True, slots=True)
class Materials:
    """Labels, and embeddings that are read quickly, for all runs of a command."""

    labelled: LabelledSet
    vectors: Path
    combinations: tuple[Combination, ...]


def prepared(
    labelled: LabelledSet,
    tasks: Sequence[str],
    embeddings: Path,
    encoders: Sequence[str],
    folder: Path,
    monitor: Monitor,
) -> Materials:
    """What the runs learn from; embeddings that are slow to read are first made arrays of.

    Args:
        labelled: The pairs.
        tasks: Some of its tasks.
        embeddings: Folder of theirs.
        encoders: Names, or several joined by `+`.
        folder: Where `vectors` with arrays may be made; a title that is there is not read again.
        monitor: Is told about progress, and may stop the work.

    Raises:
        TaskUnknown: the set has no such task.
        EmbeddingsMissing: there are none.
        EncoderUnknown: there are none by an encoder.
        EmbeddingsRefused: they cannot be read.
        EmbeddingMissing: there is none of a shot.
        LabelsTooFew: there is not enough to learn from.
        Cancelled: the monitor said so.
    """
    divided = {task: _divided(labelled, task) for task in tasks}
    singles = sorted({one for joined in encoders for one in joined.split(JOINS)})
    formats = encoders_in(embeddings)
    opened = {one: open_vectors(embeddings, one) for one in singles}
    vectors = embeddings
    if not all(formats[one].quick for one in singles):
        vectors = folder / "vectors"
        titles = {title for one in divided.values() for title, _ in one.shots}
        _copied(opened, titles, embeddings, vectors, monitor)
        opened = {one: open_vectors(vectors, one) for one in singles}
    made_by = {
        (task, name): (one.encoded.encoder, one.encoded.length, one.encoded.identity, digest)
        for name, one in opened.items()
        for task, some in divided.items()
        for digest in [_digest_of(gathered(one, some.shots).tobytes())]
    }
    return Materials(
        labelled,
        vectors,
        tuple(
            Combination(
                task,
                joined,
                _digest(some),
                tuple(made_by[task, one] for one in joined.split(JOINS)),
            )
            for task, some in divided.items()
            for joined in encoders
        ),
    )


def _divided(labelled: LabelledSet, task: str) -> Divided:
    if task not in labelled.tasks:
        raise TaskUnknown(task, list(labelled.tasks))
    return divided_pairs(labelled, task)


def _copied(
    opened: dict[str, Vectors], titles: set[str], embeddings: Path, folder: Path, monitor: Monitor
) -> None:
    """Writes those titles as arrays, one at a time, unless they are there and not older."""
    wanted = [
        (vectors, title)
        for vectors in opened.values()
        for title in vectors.titles
        if title in titles
        and not _is_newer(
            folder / f"{vectors.encoded.encoder}-{title}.safetensors", embeddings, title
        )
    ]
    for at, (vectors, title) in enumerate(wanted):
        if monitor.cancelled():
            raise Cancelled
        monitor.report(Progress("reading embeddings", title, at, len(wanted), "files"))
        ARRAYS.write(folder, vectors.encoded, title, vectors.of_title(title))


def _is_newer(copy: Path, embeddings: Path, title: str) -> bool:
    """Whether a copy is there, and is newer than all embeddings of its title."""
    originals = embeddings.glob(f"*-{escape(title)}.*")
    return copy.is_file() and all(
        one.stat().st_mtime_ns < copy.stat().st_mtime_ns for one in originals
    )


def _digest(pairs: Divided) -> str:
    """Another one for other pairs, labels or splits."""
    listed = [
        [split, out, into, match]
        for split in ("train", "validation", "test")
        for out, into, match in zip(
            pairs.of(split).outgoing,
            pairs.of(split).incoming,
            pairs.of(split).match.tolist(),
            strict=True,
        )
    ]
    return _digest_of(json.dumps(listed).encode())


def _digest_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()
