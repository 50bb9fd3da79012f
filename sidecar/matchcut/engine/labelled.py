"""Labelled pairs scored by the flavors of a library, as a scan of it would score them.

A title of the labelled set is the film of that name: the one whose file is named so, else the only
one whose name holds it. Where the set tells when its shots begin and end, each stands for the shot
of ours that shares most of their common time, half of it at least; else for the one of its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from matchcut import flavors
from matchcut.engine.blend import blend
from matchcut.engine.comparison import compared
from matchcut.engine.snapshot import Snapshot, identities, read_snapshot
from matchcut.learn.pairs import Floats, LabelledSet, Pairs
from matchcut.learn.pairs import Shot as Labelled
from matchcut.learn.vectors.library import titled
from matchcut.library import Library

SHARED = 0.5
"""Of the time that two shots cover together, how much both must cover to be one shot."""


@dataclass(frozen=True)
class LabelledFlavors:
    """Scores of pairs of shots that are known by title."""

    folder: Path
    """Of the library."""

    @property
    def names(self) -> Sequence[str]:
        """Of the flavors for which some film of the library was analysed."""
        held = frozenset[str]().union(
            *(
                self._library.representations(one.source.digest, one.detector)
                for one in self._library.sources()
            )
        )
        return tuple(
            name for name, one in flavors.flavors().items() if held.intersection(identities(one))
        )

    @cached_property
    def _library(self) -> Library:
        return Library.open(self.folder)

    def score(self, flavor: str, pairs: Pairs, labelled: LabelledSet, /) -> Floats:
        """(N,) of the outgoing to the incoming shot, without reframing; NaN where one is not here.

        Raises:
            LibraryMissing: there is no library.
            BlendWrong: `flavor` is none, nor a blend.
            RepresentationMissing: the library was not analysed for it.
        """
        wanted = blend(flavor)
        snapshot = read_snapshot(self._library, wanted.flavors)
        number = self._numbers(snapshot, pairs, labelled)
        scores = compared(snapshot, wanted, min_handle=1, reframe=False).scores
        found = np.full(len(pairs), np.nan)
        for at, (out, into) in enumerate(zip(pairs.outgoing, pairs.incoming, strict=True)):
            if out in number and into in number:
                one, other = number[out], number[into]
                found[at] = scores.block((one, one + 1), (other, other + 1))[0, 0]
        return found

    def _numbers(
        self, snapshot: Snapshot, pairs: Pairs, labelled: LabelledSet
    ) -> dict[Labelled, int]:
        """The number of our shot for each labelled one that is here."""
        films = {title: one.source.digest for title, one in titled(self._library).items()}
        found: dict[Labelled, int] = {}
        for title in {title for title, _ in pairs.shots}:
            digest = _film(title, films)
            first = None if digest is None else snapshot.first_numbers.get(digest)
            if digest is None or first is None:
                continue
            count = snapshot.shot_counts[int(snapshot.source_numbers[first])]
            times = _times(snapshot, first, count)
            for shot in (one for one in pairs.shots if one[0] == title):
                seconds = labelled.seconds.get(shot)
                place = shot[1] if seconds is None else _nearest(times, seconds)
                if place is not None and 0 <= place < count:
                    found[shot] = first + place
        return found


def _film(title: str, films: Mapping[str, str]) -> str | None:
    """The digest of the film that a title names."""
    if title in films:
        return films[title]
    holding = [digest for name, digest in films.items() if title in name]
    return holding[0] if len(holding) == 1 else None


def _times(snapshot: Snapshot, first: int, count: int) -> Floats:
    """(count, 2) start and end of the shots of a film, in seconds from its first frame."""
    spans = [one.span for one in snapshot.shots[first : first + count]]
    zero = spans[0].start
    return np.array(
        [
            [float((time - zero) * span.time_base) for time in (span.start, span.end)]
            for span in spans
        ],
        np.float64,
    )


def _nearest(times: Floats, seconds: tuple[float, float]) -> int | None:
    """The shot that shares most with a stretch of time; None where none shares `SHARED`."""
    start, end = times.T
    both = np.minimum(end, seconds[1]) - np.maximum(start, seconds[0])
    either = np.maximum(end, seconds[1]) - np.minimum(start, seconds[0])
    share = both / either
    best = int(np.argmax(share))
    return best if share[best] >= SHARED else None
