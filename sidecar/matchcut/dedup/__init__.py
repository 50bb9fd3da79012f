"""Step two: near-duplicates. Dialogue returns to the same set-up again and again; one is enough.

Shots whose embeddings are alike enough form a group, of which the earliest is kept and the others
are remembered as its repeats.
"""

from __future__ import annotations

from matchcut.dedup.groups import duplicate_groups

__all__ = ["duplicate_groups"]
