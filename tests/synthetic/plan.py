"""Which shots a drawn library has: how long, of which film, and which of them are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

RATE = 24
SHORTEST, LONGEST = 2 * RATE, 8 * RATE
"""Frames of a shot."""
REPEATED = 0.2
"""Share of the shots that repeat the shot two places before: the same set-up once more."""
PLANTED = 0.02
"""Share of the shots that another film's shot was made to match."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The shots of all films, numbered in the library's order. S shots, M moments each."""

    film: Numbers
    """(S,) increasing."""
    start: Numbers
    """(S,) first frame in its film."""
    end: Numbers
    """(S,) first frame after it; in one film, where the next shot starts."""
    moments: Numbers
    """(S, M) frames at which a shot is compared: from its first to its last, evenly spread; its
    middle where there is one."""
    setup: Numbers
    """(S,) what looks alike as a picture: shots of one set-up are repeats."""
    content: Numbers
    """(S,) what matches: shots of one set-up, and planted pairs, are of one content."""
    planted: tuple[tuple[int, int], ...]
    """Pairs of shots, of two films and two set-ups, that are of one content."""

    @property
    def sure(self) -> NDArray[np.bool_]:
        """(contents,) whether a content is that of a planted pair."""
        found = np.zeros(len(self.film), np.bool_)
        found[self.content[[one for one, _ in self.planted]]] = True
        return found


def plan(shots: int, sources: int, moments: int, rng: np.random.Generator) -> Plan:
    """Shots of 2 to 8 seconds, spread evenly over the films; see `REPEATED` and `PLANTED`.

    Raises:
        ValueError: there are not at least four shots a film, or not at least two films.
    """
    if sources < 2 or shots < 4 * sources:
        raise ValueError(f"{shots} shots in {sources} films: fewer than 4 a film, or than 2 films")
    film = np.sort(np.arange(shots) % sources)
    lasting = rng.integers(SHORTEST, LONGEST + 1, shots)
    end = np.cumsum(lasting)
    opening = np.searchsorted(film, np.arange(sources))
    end -= (end - lasting)[opening][film]
    start = end - lasting
    setup = np.arange(shots)
    for shot in np.flatnonzero(rng.random(shots) < REPEATED).tolist():
        if shot >= 2 and film[shot - 2] == film[shot]:
            setup[shot] = setup[shot - 2]
    alone = np.flatnonzero(np.bincount(setup, minlength=shots) == 1)
    content = setup.copy()
    pairs: list[tuple[int, int]] = []
    chosen = rng.permutation(alone)[: 2 * max(1, round(shots * PLANTED))]
    for one, other in np.sort(chosen[: len(chosen) // 2 * 2].reshape(-1, 2)).tolist():
        if film[one] != film[other]:
            content[other] = content[one]
            pairs.append((one, other))
    shares = np.linspace(0, 1, moments) if moments > 1 else np.array([0.5])
    spread = start[:, None] + np.floor(shares * (lasting - 1)[:, None]).astype(np.int64)
    return Plan(film, start, end, spread, setup, content, tuple(sorted(pairs)))
