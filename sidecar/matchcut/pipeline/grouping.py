"""Groups near-duplicate shots over the whole library, and remembers the groups."""

from __future__ import annotations

import hashlib

import numpy as np

from matchcut.dedup import APPEARANCE, THRESHOLD, duplicate_groups
from matchcut.library import Library

NOTE = "duplicates made from"


def group_repeats(library: Library) -> dict[tuple[str, int], tuple[str, int]]:
    """For every shot (source digest, number) the earliest shot of its duplicate group.

    Earliest in the library's order: by file name, then by place in the film. The groups are made
    again only when the sources, their shots or the way of grouping have changed.

    Cost: where they have changed, all pairs of shots once (see `dedup.duplicate_groups`).
    """
    identity = APPEARANCE.spec.identity
    stored = [
        one
        for one in library.sources()
        if identity in library.representations(one.source.digest, one.detector)
    ]
    basis = hashlib.blake2b(
        repr(
            [(one.source.digest, one.detector) for one in stored] + [identity, THRESHOLD]
        ).encode(),
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
        groups = duplicate_groups(np.concatenate(rows))
        firsts = {shot: shots[first] for shot, first in zip(shots, groups.tolist(), strict=True)}
    library.write_duplicates(firsts, NOTE, basis)
    return firsts
