"""Groups near-duplicate shots over the whole library, and remembers the groups."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from matchcut.dedup import duplicate_groups
from matchcut.embeddings.appearance import APPEARANCE, REPEATS
from matchcut.embeddings.pretrained import pretrained
from matchcut.library import Library, StoredSource

NOTE = "duplicates made from"


def group_repeats(library: Library) -> dict[tuple[str, int], tuple[str, int]]:
    """For every shot (source digest, number) the earliest shot of its duplicate group.

    Earliest in the library's order: by file name, then by place in the film. The groups are made
    again only when the sources, their shots or the way of grouping have changed. A pretrained
    embedding is used where every source has it, since those of different kinds are never compared.

    Cost: where they have changed, all pairs of shots once (see `dedup.duplicate_groups`).
    """
    # What has lost its place, such as the content of a file before it changed, is shown nowhere.
    sources = [(one, _identities(library, one)) for one in library.sources() if one.paths]
    usable = [(one, have) for one, have in sources if APPEARANCE.spec.identity in have]
    stored = [one for one, _ in usable]
    identity, repeats = _embedding([have for _, have in usable])
    basis = hashlib.blake2b(
        repr([(one.source.digest, one.detector) for one in stored] + [identity, repeats]).encode(),
        digest_size=16,
    ).hexdigest()
    if library.note(NOTE) == basis:
        return library.duplicates()
    # Copied one by one: each mapped array would hold a file open.
    rows = [np.array(library.rows(one.source.digest, one.detector, identity)) for one in stored]
    shots = [
        (one.source.digest, number)
        for one, embeddings in zip(stored, rows, strict=True)
        for number in range(len(embeddings))
    ]
    firsts: dict[tuple[str, int], tuple[str, int]] = {}
    if shots:
        groups = duplicate_groups(np.concatenate(rows), repeats)
        firsts = {shot: shots[first] for shot, first in zip(shots, groups.tolist(), strict=True)}
    library.write_duplicates(firsts, NOTE, basis)
    return firsts


def _identities(library: Library, one: StoredSource) -> frozenset[str]:
    return library.representations(one.source.digest, one.detector)


def _embedding(stored: Sequence[frozenset[str]]) -> tuple[str, float]:
    """Identity of the best embedding that all sources have, and the cosine of a repeat."""
    for better in pretrained():
        if better.repeats is None:
            continue
        # The weights are read when something is computed: the identity needs none.
        identity = better.representation(Path(), "cpu").spec.identity
        if stored and all(identity in have for have in stored):
            return identity, better.repeats
    return APPEARANCE.spec.identity, REPEATS
