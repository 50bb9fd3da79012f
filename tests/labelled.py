"""Labelled pairs and embeddings in the paper's format, with a match that was planted.

Shots that match share a code, in a small subspace that is turned at random among all numbers of a
vector. A few other directions are louder and say nothing, so that the cosine of two vectors tells
little; what there is to learn is which directions count. The same arguments give the same files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.learn.vectors import Encoded, TitleVectors
from matchcut.learn.vectors.paper import FORMAT

SHARED = 0.954
"""Of the code of one shot, in that of its match: all but 0.3 of its deviation."""
LOUD, QUIET = 2.5, 0.3
"""Deviation of the directions that say nothing, an eighth of all, and of those that are left."""
LOOK = 0.3
"""How far titles lie apart in all of these, in deviations."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Where the files lie."""

    labels: Path
    embeddings: Path
    encoder: str = "planted"
    task: str = "planted"


def write_planted(
    folder: Path,
    *,
    titles: int = 20,
    shots: int = 60,
    pairs: int = 60,
    length: int = 32,
    code: int = 6,
    kind: float = 0.0,
    seed: int = 0,
    encoder: str = "planted",
) -> Planted:
    """Writes both, each title of so many shots and labelled pairs, a tenth of which match.

    `kind`: by how much shots that match stand out by themselves, in one direction, so that there is
    something to learn for who cannot compare two shots.
    """
    random = np.random.default_rng(seed)
    turned = np.linalg.qr(random.normal(size=(length, length)))[0]
    labels, embeddings = folder / "labels", folder / "embeddings"
    labels.mkdir(parents=True, exist_ok=True)
    names = [f"tt{number:07}" for number in range(titles)]
    listed: list[dict[str, object]] = []
    for name in names:
        codes = random.normal(size=(shots, code))
        chosen = _pairs(shots, pairs, random)
        for one, other, match in chosen:
            if match:
                codes[other] = SHARED * codes[one] + 0.3 * random.normal(size=code)
            listed.append(
                {
                    "imdb_id": name,
                    "clip1_index": int(one),
                    "clip2_index": int(other),
                    "majority_label": bool(match),
                    "source_info": [
                        {"source_name": "heuristic 1", "score": float(random.random())}
                    ],
                }
            )
        standing_out = [shot for one, other, match in chosen if match for shot in (one, other)]
        codes[standing_out, 0] += kind
        vectors = _vectors(codes, length, random) @ turned.T + 0.3
        numbers = np.arange(shots, dtype=np.int64)
        of = TitleVectors(numbers, vectors.astype(np.float32))
        FORMAT.write(embeddings, Encoded(encoder, length, encoder), name, of)
    (labels / "dataset-planted.json").write_text(json.dumps(listed))
    ends = (0, titles * 6 // 10, titles * 8 // 10, titles)
    for at, split in enumerate(("train", "validation", "test")):
        (labels / f"{split}.txt").write_text("\n".join(names[ends[at] : ends[at + 1]]) + "\n")
    return Planted(labels, embeddings, encoder)


def _pairs(shots: int, pairs: int, random: np.random.Generator) -> list[tuple[int, int, bool]]:
    """Pairs of shots, each once; the shots of those that match are in no other that does."""
    order = random.permutation(shots)
    match = max(pairs // 10, 1)
    found = {(min(a, b), max(a, b)) for a, b in order[: 2 * match].reshape(-1, 2).tolist()}
    matching = set(found)
    while len(found) < pairs:
        a, b = sorted(random.integers(shots, size=2).tolist())
        if a != b:
            found.add((a, b))
    return [(a, b, (a, b) in matching) for a, b in sorted(found)]


def _vectors(
    codes: NDArray[np.float64], length: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """(shots, length): the code, then what says nothing."""
    shots, code = codes.shape
    deviation = np.full(length - code, QUIET)
    deviation[: length // 8] = LOUD
    look = LOOK * random.normal(size=length - code)
    own = random.normal(size=(shots, length - code))
    return np.concatenate([codes, deviation * (look + own)], axis=1)
