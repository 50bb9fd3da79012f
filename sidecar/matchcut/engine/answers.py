"""Ranked pairs as the answer to find and scan: candidates with their cuts, and what is to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matchcut.engine.blend import Blend
from matchcut.engine.comparison import SCORE_DIGITS, Comparison, Meeting
from matchcut.engine.ordering import Order
from matchcut.engine.snapshot import Snapshot
from matchcut.engine.verdicts import Said
from matchcut.ranking import Pair, Ranked
from matchcut.types import Candidate, MatchSet

Choose = Callable[[Sequence[Pair], Sequence[float], Sequence[Meeting]], list[int]]
"""Given pairs, what each scores and where they meet, best first: the places of those to show."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How ranked pairs are shown."""

    top: int
    """How many, at most."""
    said: Said
    anew: Order
    without: Sequence[Pair]
    """Pairs that were rejected, and are left out."""
    notes: tuple[str, ...] = ()
    exact: bool = True


def match_set(comparison: Comparison, ranked: Ranked, shown: Shown) -> MatchSet:
    """The best of the ranked pairs, in another order where one was learned or asked for."""

    def best(pairs: Sequence[Pair], scores: Sequence[float], met: Sequence[Meeting]) -> list[int]:
        return shown.anew.order(comparison, pairs, scores, met)[: shown.top]

    return chosen(comparison, ranked, shown, best)


def chosen(comparison: Comparison, ranked: Ranked, shown: Shown, choose: Choose) -> MatchSet:
    """Some of the ranked pairs, in an order of their own."""
    snapshot, wanted = comparison.snapshot, comparison.wanted
    pairs = list(zip(ranked.outgoing.tolist(), ranked.incoming.tolist(), strict=True))
    scores, meetings = ranked.scores.tolist(), _met(comparison, pairs)
    candidates: list[Candidate] = []
    for rank, place in enumerate(choose(pairs, scores, meetings), start=1):
        (outgoing, incoming), met = pairs[place], meetings[place]
        about = shown.said.about(outgoing, incoming)
        candidates.append(
            Candidate(
                rank=rank,
                score=round(scores[place], SCORE_DIGITS),
                flavor=wanted.name,
                at_cut=met.at_cut,
                exact=shown.exact,
                outgoing=snapshot.side(outgoing, met.leave),
                incoming=snapshot.side(incoming, met.enter),
                parts=met.parts,
                verdict=None if about == "clear" else about,
                scorer=shown.anew.name,
            )
        )
    notes = shown.notes
    if shown.without:
        notes += (f"{len(shown.without)} rejected pair(s) are left out; --rejected shows them.",)
    if shown.anew.note:
        notes += (shown.anew.note,)
    notes += _notes(snapshot, wanted)
    return MatchSet(tuple(candidates), wanted.name, ranked.compared, notes)


def _met(comparison: Comparison, pairs: Sequence[Pair]) -> list[Meeting]:
    """Where the shots of each pair meet; asked once a shot that is left."""
    entered: dict[int, list[int]] = {}
    for outgoing, incoming in pairs:
        entered.setdefault(outgoing, []).append(incoming)
    met = {
        (outgoing, incoming): meeting
        for outgoing, others in entered.items()
        for incoming, meeting in zip(others, comparison.met(outgoing, others), strict=True)
    }
    return [met[pair] for pair in pairs]


def _notes(snapshot: Snapshot, wanted: Blend) -> tuple[str, ...]:
    notes = [
        f"'{flavor.name}' needs what a pretrained model computes, and this was computed "
        "without: `matchcut models fetch`, then index again."
        for flavor, identity in zip(wanted.flavors, snapshot.identities, strict=True)
        if flavor.needs_pretrained and identity == flavor.representation.spec.identity
    ]
    missing = snapshot.left_out - snapshot.analysed_otherwise
    if missing:
        notes.append(
            f"{missing} source(s) were not analysed for '{wanted.name}' and are left out; index "
            "them again to include them."
        )
    if snapshot.analysed_otherwise:
        named = snapshot.library.providers()
        here = {named.get(identity, "weight-free") for identity in snapshot.identities}
        notes.append(
            f"{snapshot.analysed_otherwise} source(s) were analysed for '{wanted.name}' by "
            f"another provider than {' and '.join(sorted(here))} and are left out; index them "
            "again with the same --profile to compare them."
        )
    offline: list[str] = []
    changed: list[str] = []
    for number in range(len(snapshot.sources)):
        place = snapshot.place(number)
        if not place.online:
            offline.append(place.path.name)
        elif not place.unchanged:
            changed.append(place.path.name)
    if offline:
        notes.append(f"Offline, matched from what is stored: {', '.join(offline)}.")
    if changed:
        notes.append(
            f"Modified since indexed, matched from what is stored: {', '.join(changed)}. Index "
            "again to see the present content."
        )
    return tuple(notes)
