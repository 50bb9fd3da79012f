"""Step two: near-duplicates. Dialogue returns to the same set-up again and again; one is enough.

`APPEARANCE` embeds a shot's middle frame; shots whose embeddings are alike enough form a group, of
which the earliest is kept and the others are remembered as its repeats.
"""

from __future__ import annotations

from matchcut.dedup.appearance import APPEARANCE
from matchcut.dedup.groups import THRESHOLD, duplicate_groups

__all__ = ["APPEARANCE", "THRESHOLD", "duplicate_groups"]
