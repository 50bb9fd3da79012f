"""What the editor said of pairs: recorded, and looked up among the shots that a library has now.

A verdict names its shots by content and time. The shot meant now is the one that shares most time
with that one, whichever detector found it; and since a shot shown stands for its repeats, what is
said of it is said of its duplicate group.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from matchcut.engine.snapshot import Snapshot
from matchcut.errors import SourceUnknown, UsageError
from matchcut.library import Library, StoredSource
from matchcut.library.verdicts import record, recorded
from matchcut.ranking import Rules, allowed_pairs
from matchcut.types import (
    EPOCH,
    Candidate,
    JudgedShot,
    Judgement,
    Shot,
    Side,
    Span,
    Verdict,
)

LONGEST_WHY = 200
"""Characters that may be said about why."""


def verdict_on(candidate: Candidate, judgement: Judgement, why: str, library: Library) -> Verdict:
    """A verdict on a candidate as it is shown, of no time yet.

    Raises:
        SourceUnknown: the library holds one of its sources no more.
        UsageError: a side names a frame that its shot does not have, or `why` is too long.
    """
    outgoing, incoming = (
        _judged(side, library) for side in (candidate.outgoing, candidate.incoming)
    )
    return Verdict(
        judgement=judgement,
        outgoing=outgoing,
        incoming=incoming,
        flavor=candidate.flavor,
        score=candidate.score,
        at_cut=candidate.at_cut,
        reframing=candidate.reframing,
        scorer=candidate.scorer,
        why=in_few_words(why),
        when=EPOCH,
    )


def in_few_words(why: str) -> str:
    """A reason on one line.

    Raises:
        UsageError: it is longer than `LONGEST_WHY`.
    """
    said = " ".join(why.split())
    if len(said) > LONGEST_WHY:
        raise UsageError(
            f"A reason of {len(said)} characters is too long.",
            f"Say it in a word or a few: {LONGEST_WHY} characters at most.",
        )
    return said


def record_now(library: Library, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Adds verdicts as said now, all or none of them. See `library.verdicts.record`."""
    return record(library, verdicts, datetime.now(UTC))


def _judged(side: Side, library: Library) -> JudgedShot:
    stored = library.find_digest(side.digest)
    if stored is None:
        raise SourceUnknown(side.digest, library.folder)
    if 0 <= side.cut_frame < stored.frames:
        pts = int(library.frame_pts(side.digest)[side.cut_frame])
        if side.span.start <= pts < side.span.end:
            return JudgedShot(side.digest, side.span, side.cut_frame, pts)
    raise UsageError(
        f"The shot {side.shot} of {side.source.name} has no frame {side.cut_frame}.",
        "Give a candidate as it was found.",
    )


def shot_now(shots: Sequence[Shot], span: Span) -> int | None:
    """Which of the shots of a source shares most time with a stretch of it, the first of equals.

    Args:
        shots: In their order, with their places as indices.
        span: In the time base of the shots.
    """
    first = max(bisect_right(shots, span.start, key=_start) - 1, 0)
    best, most = None, 0
    for place in range(first, len(shots)):
        if shots[place].span.start >= span.end:
            break
        shared = min(shots[place].span.end, span.end) - max(shots[place].span.start, span.start)
        if shared > most:
            best, most = place, shared
    return best


def _start(shot: Shot) -> int:
    return shot.span.start


@dataclass(frozen=True, slots=True)
class Pairs:
    """Tells which verdicts are on one pair: those on the same two shots of today, one direction.

    Shots of sources that the library does not hold are those that were named.
    """

    library: Library
    stored: Mapping[str, StoredSource]
    """By digest."""
    _shots: dict[str, tuple[Shot, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library) -> Pairs:
        """Those of a library as it is now."""
        return cls(library, {one.source.digest: one for one in library.sources()})

    def shot(self, side: JudgedShot) -> Shot | None:
        """The shot of today that is meant; None where the library has none."""
        stored = self.stored.get(side.digest)
        if stored is None:
            return None
        shots = self._shots.get(side.digest)
        if shots is None:
            shots = self._shots[side.digest] = self.library.shots(side.digest, stored.detector)
        place = shot_now(shots, side.span)
        return None if place is None else shots[place]

    def newest(self, verdicts: Iterable[Verdict]) -> dict[Hashable, Verdict]:
        """The last one said of each pair, by `key`; in the order in which they were said."""
        found: dict[Hashable, Verdict] = {}
        for one in verdicts:
            key = self.key(one)
            found.pop(key, None)
            found[key] = one
        return found

    def key(self, verdict: Verdict) -> Hashable:
        """Equal for verdicts on one pair."""
        shots = [(side, self.shot(side)) for side in verdict.sides]
        return tuple(
            (side.digest, (side.span.start, side.span.end) if shot is None else shot.index)
            for side, shot in shots
        )


def counting(library: Library) -> tuple[Verdict, ...]:
    """The verdicts that count, in the order in which they were said: the newest on each pair."""
    newest = Pairs.of(library).newest(recorded(library))
    return tuple(one for one in newest.values() if one.judgement != "clear")


def unsaid(library: Library, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those of some verdicts that were not said already, of the same two shots in this direction.

    One that clears is new where nothing was: it may be meant for the other direction, or a repeat.
    """
    pairs = Pairs.of(library)
    newest = pairs.newest(recorded(library))
    new: list[Verdict] = []
    for one in verdicts:
        before = newest.get(pairs.key(one))
        if before is None or one.judgement != before.judgement or one.why not in ("", before.why):
            new.append(one)
            newest[pairs.key(one)] = one
    return new


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of pairs of shots of a snapshot."""

    snapshot: Snapshot
    symmetric: bool
    """Whether what is said of A to B holds of B to A: so it does where neither scores higher."""
    of: Mapping[tuple[int, int], Judgement]
    """By the numbers of the two groups' first shots; of a symmetric pair, the lower one first."""

    def about(self, outgoing: int, incoming: int) -> Judgement | None:
        """What was said of a pair of shots, given their numbers."""
        return self.of.get(self._key(outgoing, incoming)) if self.of else None

    def _key(self, outgoing: int, incoming: int) -> tuple[int, int]:
        firsts = self.snapshot.firsts
        return _pair(int(firsts[outgoing]), int(firsts[incoming]), self.symmetric)

    def rejected(self, rules: Rules) -> list[tuple[int, int]]:
        """The pairs of kept shots that were rejected, of those that the rules allow."""
        return [pair for pair in self._rejected if _may(self.snapshot, rules, *pair)]

    def judged(self, rules: Rules) -> list[tuple[int, int]]:
        """The pairs of kept shots of which anything counts, of those that the rules allow.

        Of those that are told either way, once.
        """
        said = (pair for pair, judgement in self.of.items() if judgement != "clear")
        return [pair for pair in said if _may(self.snapshot, rules, *pair)]

    def rejected_with(self, query: int, rules: Rules) -> list[tuple[int, int]]:
        """Of those that were rejected, the shots to cut to from one, each with that one before."""
        first = int(self.snapshot.firsts[query])
        ends = [other for one, other in self._rejected if one == first]
        if self.symmetric:
            ends += [one for one, other in self._rejected if other == first]
        return [(query, end) for end in ends if _may(self.snapshot, rules, query, end)]

    @property
    def _rejected(self) -> Iterable[tuple[int, int]]:
        return (pair for pair, judgement in self.of.items() if judgement == "reject")


def said_of(snapshot: Snapshot, verdicts: Iterable[Verdict], *, symmetric: bool) -> Said:
    """What counts of all that was said, oldest first, for the shots of a snapshot."""
    found: dict[tuple[int, int], Judgement] = {}
    for one in verdicts:
        outgoing, incoming = (number_now(snapshot, side) for side in one.sides)
        if outgoing is not None and incoming is not None:
            ends = int(snapshot.firsts[outgoing]), int(snapshot.firsts[incoming])
            found[_pair(*ends, symmetric)] = one.judgement
    return Said(snapshot, symmetric, found)


def number_now(snapshot: Snapshot, side: JudgedShot) -> int | None:
    """The number of the shot that is meant; None where the snapshot has none."""
    first = snapshot.first_numbers.get(side.digest)
    if first is None:
        return None
    count = snapshot.shot_counts[int(snapshot.source_numbers[first])]
    place = shot_now(snapshot.shots[first : first + count], side.span)
    return None if place is None else first + place


def _pair(outgoing: int, incoming: int, symmetric: bool) -> tuple[int, int]:
    return (incoming, outgoing) if symmetric and incoming < outgoing else (outgoing, incoming)


def _may(snapshot: Snapshot, rules: Rules, one: int, other: int) -> bool:
    return bool(allowed_pairs(snapshot.table, rules, np.array([one]), np.array([other]))[0])
