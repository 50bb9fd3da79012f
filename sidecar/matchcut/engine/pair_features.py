"""What a learned order sees of a pair: how it scores in every flavor, and how it lies in time.

score           what the flavor or blend scores it: what ranks it otherwise
at cut          the same of the two frames at the cut alone
same film       1 where both shots are of one film
gap             logarithm of 1 and the seconds between them, where they are; else 0
handle out, in  logarithm of 1 and the seconds for which A was on screen, and B stays
FLAVOR IDENTITY what each flavor says of the stored rows nearest to the cut, without reframing
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchcut import flavors
from matchcut.engine.comparison import Comparison, Meeting
from matchcut.engine.snapshot import OPENED, TICKS, Snapshot, identities
from matchcut.types import Rows

ALWAYS = ("score", "at cut", "same film", "gap", "handle out", "handle in")


def names(held: Sequence[tuple[str, str]], *, reframe: bool) -> tuple[str, ...]:
    """What is seen of each pair, in order.

    Args:
        held: Flavors, and the identities of the rows by which they are compared.
        reframe: Whether scores allow for a reframing; they are others then.
    """
    score = ALWAYS[0] if reframe else f"{ALWAYS[0]} without reframing"
    return (score, *ALWAYS[1:], *(f"{flavor} {identity}" for flavor, identity in held))


def held_by(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """The flavors for which all sources were analysed alike, with the best identity of each.

    Cost: asks the catalogue once a source.
    """
    library = snapshot.library
    common: frozenset[str] | None = None
    for one in snapshot.sources:
        have = library.representations(one.source.digest, one.detector)
        common = have if common is None else common & have
    found: list[tuple[str, str]] = []
    for name, flavor in flavors.flavors().items():
        identity = next((one for one in identities(flavor) if one in (common or ())), None)
        if identity is not None:
            found.append((name, identity))
    return tuple(found)


def features(
    comparison: Comparison,
    pairs: Sequence[tuple[int, int]],
    scores: Sequence[float],
    met: Sequence[Meeting],
    held: Sequence[tuple[str, str]],
    rows: StoredRows,
) -> NDArray[np.float64]:
    """(N, D) what is seen of some pairs of shots, as `names` says.

    Args:
        comparison: That scored them.
        pairs: Numbers of the outgoing and the incoming shot of each.
        scores: What ranks them.
        met: Where they meet.
        held: As for `names`.
        rows: Those of the snapshot that is compared.
    """
    snapshot, table = comparison.snapshot, comparison.snapshot.table
    found = np.zeros((len(pairs), len(ALWAYS) + len(held)))
    for seen, (out, into), score, meeting in zip(found, pairs, scores, met, strict=True):
        same = bool(table.source[out] == table.source[into])
        apart = max(table.start[into] - table.end[out], table.start[out] - table.end[into])
        leaving, entering = snapshot.shots[out], snapshot.shots[into]
        before = _seconds(snapshot, out, leaving.clean_start_frame, meeting.leave + 1)
        after = _seconds(snapshot, into, meeting.enter, entering.clean_end_frame)
        seen[: len(ALWAYS)] = (
            *(score, meeting.at_cut, same),
            np.log1p(max(int(apart), 0) / TICKS) if same else 0.0,
            *(np.log1p(before), np.log1p(after)),
        )
    known = flavors.flavors()
    left: dict[tuple[int, int], list[int]] = {}
    for place, ((out, _), meeting) in enumerate(zip(pairs, met, strict=True)):
        left.setdefault((out, meeting.leave), []).append(place)
    for column, (flavor, identity) in enumerate(held, start=len(ALWAYS)):
        # All that one frame meets is compared at once: a find has a few of them.
        for (out, leave), places in left.items():
            one = rows.nearest(out, leave, identity)
            others = [rows.nearest(pairs[at][1], met[at].enter, identity) for at in places]
            alike = known[flavor].similarity.pairwise(one, np.concatenate(others))
            found[places, column] = alike[0]
    return found


def _seconds(snapshot: Snapshot, shot: int, first: int, end: int) -> float:
    pts = snapshot.frame_pts(shot)
    return float((int(pts[end]) - int(pts[first])) * snapshot.shots[shot].span.time_base)


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Stored rows of a snapshot, by frame; the arrays of some sources are held open."""

    snapshot: Snapshot
    _moments: dict[tuple[str, str], tuple[Rows, Rows]] = field(default_factory=dict)
    """(R,) the shots and the frames of the moments of a source and identity."""
    _opened: dict[tuple[str, str], Rows] = field(default_factory=dict)

    def nearest(self, shot: int, frame: int, identity: str) -> Rows:
        """(1, ...) that of the moment of a shot that is nearest to a frame, the earlier of two."""
        of = self.snapshot.shots[shot]
        moments = self._moments.get((of.source, identity))
        if moments is None:
            stored = self.snapshot.library.moments(of.source, of.detector, identity)
            moments = np.array(stored["shot"]), np.array(stored["frame"])
            self._moments[of.source, identity] = moments
        shots, frames = moments
        first, last = np.searchsorted(shots, (of.index, of.index + 1)).tolist()
        at = first + int(np.abs(frames[first:last] - frame).argmin())
        return np.array(self._rows(of.source, of.detector, identity)[at : at + 1])

    def _rows(self, source: str, detector: str, identity: str) -> Rows:
        opened = self._opened.get((source, identity))
        if opened is None:
            if len(self._opened) >= OPENED:
                self._opened.clear()
            opened = self.snapshot.library.rows(source, detector, identity)
            self._opened[source, identity] = opened
        return opened
