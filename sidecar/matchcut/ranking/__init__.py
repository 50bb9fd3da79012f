"""Step five: the best pairs, exactly.

Every allowed pair is scored, or known to score less than the last one shown; the result does not
depend on block size, threads or machine. Ties are broken by the library's order: the pair whose
outgoing shot comes first, then the one whose incoming shot does. A pair that scores 0 or less is no
match and is never ranked, however few others there are; nor is one whose score would be shown as 0.

Floors, each using only those before it: `rules` (which pairs may be shown), `pool` (the best so
far), `pairs` (rounds, for a limit a shot), then `blocks` and `sifted` (what brings pairs).
"""

from __future__ import annotations

from matchcut.ranking.blocks import BLOCK, BlockScores, best_for, best_pairs, blocks
from matchcut.ranking.pairs import Bring, best_brought
from matchcut.ranking.pool import NO_MATCH, Pair, Pool, Ranked
from matchcut.ranking.rules import Rules, ShotTable, allowed, allowed_pairs, count_allowed_for
from matchcut.ranking.sifted import Find, Sift, best_found, sifting

__all__ = [
    "BLOCK",
    "NO_MATCH",
    "BlockScores",
    "Bring",
    "Find",
    "Pair",
    "Pool",
    "Ranked",
    "Rules",
    "ShotTable",
    "Sift",
    "allowed",
    "allowed_pairs",
    "best_brought",
    "best_for",
    "best_found",
    "best_pairs",
    "blocks",
    "count_allowed_for",
    "sifting",
]
