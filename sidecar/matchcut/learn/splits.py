"""Which titles are learned from, which choose between models, and which say how good one is.

Pairs of one title share its look. A model that has seen some of them knows the others, so titles
are divided, never pairs. A pair of two films counts where both are on the same side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from matchcut.errors import UsageError
from matchcut.learn.pairs import LabelledSet, Pairs

SPLITS = ("train", "validation", "test")
ALL = "all"
SHARES = (0.6, 0.8)
"""Where validation and test begin, of titles that nobody has divided: 60, 20 and 20 in 100."""


def divided(titles: Iterable[str]) -> dict[str, frozenset[str]]:
    """The split of every title by a digest of its name alone.

    A title stays where it is whatever others are labelled later. Of few titles a split may have
    none.
    """
    found: dict[str, set[str]] = {split: set() for split in SPLITS}
    for title in titles:
        digest = hashlib.blake2b(title.encode(), digest_size=8).digest()
        share = int.from_bytes(digest, "big") / 2**64
        found[SPLITS[sum(share >= start for start in SHARES)]].add(title)
    return {split: frozenset(some) for split, some in found.items()}


def pairs_of(labelled: LabelledSet, task: str, split: str) -> Pairs:
    """The pairs of a task whose titles both belong to a split; of `all`, every pair.

    Raises:
        UsageError: there is no such split.
    """
    pairs = labelled.tasks[task]
    if split == ALL:
        return pairs
    if split not in SPLITS:
        raise UsageError(
            f"There is no split named '{split}'.", f"Choose one of: {', '.join((*SPLITS, ALL))}."
        )
    titles = labelled.splits[split]
    inside = [
        out[0] in titles and into[0] in titles
        for out, into in zip(pairs.outgoing, pairs.incoming, strict=True)
    ]
    return pairs.some(np.array(inside, np.bool_))
