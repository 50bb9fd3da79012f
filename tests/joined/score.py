"""How a detector's transitions are held against the true ones.

As TRECVID's shot boundary task does, each true transition counts at most one reported one, and each
reported one at most one true one; TRECVID lets a cut be off by 5 frames, here it is 1:

- A hard cut or jump cut is found by a report whose cut lies within 1 frame of it, or, where the
  report is gradual, that has the true cut inside.
- A gradual transition is found by a report that overlaps its frames widened by 1, and whose cut
  lies within 3 frames of them. A fade out, its plain frames and the fade in are one transition:
  a second report in it is a false alarm.

Of several that fit, the nearest cuts are matched first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matchcut.types import Transition
from tests.joined.script import HARD, Marked, Trouble

CUT_TOLERANCE = 1
"""Frames that a cut may be off, and by which a gradual transition is widened."""
GRADUAL_TOLERANCE = 3
"""Frames that the cut of a gradual report may lie outside of the true transition."""
_NEAR = 12
"""Frames around a trouble or a transition in which a false alarm is put down to it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts, which add up over films."""

    found: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.found + other.found, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of the reports that are true; 1 where there is no report."""
        return _share(self.found, self.found + self.false)

    @property
    def recall(self) -> float:
        """Share of the true transitions that are reported; 1 where there is none."""
        return _share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing is true and nothing reported."""
        return _share(2 * self.found, 2 * self.found + self.false + self.missed)


@dataclass(frozen=True, slots=True)
class Scored:
    """One film's reports against its truth."""

    pairs: tuple[tuple[Marked, Transition], ...]
    """What was found, and by which report."""
    missed: tuple[Marked, ...]
    false: tuple[Transition, ...]

    @property
    def tally(self) -> Tally:
        return Tally(len(self.pairs), len(self.false), len(self.missed))

    def kinds(self) -> dict[str, Tally]:
        """Found and missed by kind of the true transition; a false alarm has no kind."""
        tallies: dict[str, Tally] = {}
        for marked, _ in self.pairs:
            tallies[marked.kind] = tallies.get(marked.kind, Tally()) + Tally(found=1)
        for marked in self.missed:
            tallies[marked.kind] = tallies.get(marked.kind, Tally()) + Tally(missed=1)
        return tallies

    def overlaps(self) -> list[float]:
        """Of each gradual transition found: frames of both over frames of either, 0 to 1."""
        return [
            overlap(marked.transition, report)
            for marked, report in self.pairs
            if marked.kind not in HARD
        ]

    def causes(self, marked: Iterable[Marked], troubles: Iterable[Trouble]) -> Counter[str]:
        """How many false alarms lie at which trouble, else at which true transition, else none."""
        places: list[tuple[str, int, int]] = [(one.kind, one.start, one.end) for one in troubles]
        places += [
            (f"second at {one.kind}", one.transition.start, one.transition.end) for one in marked
        ]
        return Counter(
            next(
                (kind for kind, start, end in places if start - _NEAR <= at.cut <= end + _NEAR),
                "nothing",
            )
            for at in self.false
        )


def scored(truth: Sequence[Marked], reported: Sequence[Transition]) -> Scored:
    """Matches reports with true transitions, one to one."""
    fitting = sorted(
        (abs(report.cut - marked.transition.cut), one, other)
        for one, marked in enumerate(truth)
        for other, report in enumerate(reported)
        if fits(marked, report)
    )
    found: dict[int, int] = {}
    used: set[int] = set()
    for _, one, other in fitting:
        if one not in found and other not in used:
            found[one] = other
            used.add(other)
    return Scored(
        tuple((truth[one], reported[other]) for one, other in sorted(found.items())),
        tuple(marked for one, marked in enumerate(truth) if one not in found),
        tuple(report for other, report in enumerate(reported) if other not in used),
    )


def fits(marked: Marked, report: Transition) -> bool:
    """Whether a report finds a true transition, by the rules of this module."""
    true = marked.transition
    if marked.kind in HARD:
        near = true.start - CUT_TOLERANCE <= report.cut <= true.end + CUT_TOLERANCE
        return near or report.start <= true.cut <= report.end
    meets = report.start <= true.end + CUT_TOLERANCE and report.end >= true.start - CUT_TOLERANCE
    return meets and true.start - GRADUAL_TOLERANCE <= report.cut <= true.end + GRADUAL_TOLERANCE


def overlap(one: Transition, other: Transition) -> float:
    """Frames of both over frames of either; 0 where either is a hard cut."""
    both = min(one.end, other.end) - max(one.start, other.start)
    either = max(one.end, other.end) - min(one.start, other.start)
    return max(0.0, both / either) if either else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
