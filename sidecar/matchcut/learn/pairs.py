"""Labelled pairs of shots, and the sets that they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Shot: TypeAlias = tuple[str, int]
"""A title, and the number by which its labelled set knows the shot."""
Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of shots that people have judged."""

    outgoing: tuple[Shot, ...]
    """(N,) the shots that are left."""
    incoming: tuple[Shot, ...]
    """(N,) the shots that are cut to."""
    match: Flags
    """(N,) whether the two match."""
    proposed: Mapping[str, Floats] = field(default_factory=dict)
    """By what proposed pairs, the score that it gave each: (N,), NaN where it proposed another."""

    def __post_init__(self) -> None:
        lengths = {len(self.outgoing), len(self.incoming), len(self.match)}
        lengths.update(len(scores) for scores in self.proposed.values())
        if len(lengths) > 1:
            raise ValueError(f"pairs of one length each, not of {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.match)

    @property
    def titles(self) -> tuple[str, ...]:
        """(N,) the title of the shot that is left: where pairs are counted by title."""
        return tuple(title for title, _ in self.outgoing)

    @cached_property
    def shots(self) -> tuple[Shot, ...]:
        """Every shot of any pair once, in order of title and number."""
        return tuple(sorted({*self.outgoing, *self.incoming}))

    def some(self, which: Flags | NDArray[np.intp]) -> Pairs:
        """Those of a mask, or of some places, in that order."""
        at = np.arange(len(self))[which].tolist()
        return Pairs(
            tuple(self.outgoing[one] for one in at),
            tuple(self.incoming[one] for one in at),
            self.match[at],
            {name: scores[at] for name, scores in self.proposed.items()},
        )

    def turned(self) -> Pairs:
        """The same pairs, each cut the other way round."""
        return replace(self, outgoing=self.incoming, incoming=self.outgoing)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """What people judged, by task, and how its titles are divided for learning."""

    name: str
    """That of the file or folder it was read from."""
    tasks: Mapping[str, Pairs]
    """By what was asked of the people: `frame`, `motion`."""
    splits: Mapping[str, frozenset[str]]
    """By `train`, `validation` and `test`, the titles of each: no title is in two."""
    seconds: Mapping[Shot, tuple[float, float]]
    """Start and end of shots in their film, where the set tells; half-open."""


def joined(several: Sequence[Pairs]) -> Pairs:
    """All pairs of several sets, in order; what proposed only some of them is NaN elsewhere."""
    names = sorted({name for one in several for name in one.proposed})
    return Pairs(
        tuple(shot for one in several for shot in one.outgoing),
        tuple(shot for one in several for shot in one.incoming),
        np.concatenate([np.zeros(0, np.bool_), *(one.match for one in several)]),
        {
            name: np.concatenate(
                [one.proposed.get(name, np.full(len(one), np.nan)) for one in several]
            )
            for name in names
        },
    )
