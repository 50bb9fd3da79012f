"""What find and scan ask of all pairs: the best of one shot, and the better direction of a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from matchcut.engine.comparison import Comparison
from matchcut.engine.snapshot import TICKS
from matchcut.errors import UsageError
from matchcut.ranking import Pair, Ranked, Rules, best_for, best_found


def best_from(
    comparison: Comparison,
    rules: Rules,
    *,
    query: int,
    top: int,
    without: Sequence[Pair],
    stop: Callable[[], None],
) -> Ranked:
    """The best shots to cut to from one, of all there are."""
    table = comparison.snapshot.table
    if comparison.sifting is not None:
        find = comparison.sifting.shots
        return best_found(find, table, rules, query=query, top=top, without=without, stop=stop)
    block = comparison.scores.block
    return best_for(block, table, rules, query=query, top=top, without=without, stop=stop)


def turned(ranked: Ranked, comparison: Comparison) -> Ranked:
    """The same pairs, each in the direction that scores better; as they are where both do."""
    backwards = [
        bool(
            comparison.scores.block((there, there + 1), (here, here + 1))[0, 0]
            > comparison.scores.block((here, here + 1), (there, there + 1))[0, 0]
        )
        for here, there in zip(ranked.outgoing.tolist(), ranked.incoming.tolist(), strict=True)
    ]
    return replace(
        ranked,
        outgoing=np.where(backwards, ranked.incoming, ranked.outgoing),
        incoming=np.where(backwards, ranked.outgoing, ranked.incoming),
    )


def check_counts(*, top: int, per_shot: int | None, min_gap: Fraction, min_handle: int) -> None:
    """Refuses counts that no search can mean; the command line does so before it asks."""
    if min_handle < 1:
        raise UsageError(
            f"A handle of {min_handle} frames is none.",
            "Ask for at least one frame: the one at the cut.",
        )
    if top < 1 or (per_shot is not None and per_shot < 1) or min_gap < 0:
        raise UsageError(
            f"A search for {top} candidates, {per_shot} a shot, {min_gap} s apart is none.",
            "Ask for at least one candidate, at least one a shot, and no negative distance.",
        )


def ticks(seconds: Fraction) -> int:
    """A length of time on the clock that all sources of a library have in common."""
    return int(seconds * TICKS)
