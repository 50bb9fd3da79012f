"""What orders the best pairs of a flavor anew: found by its score, shown in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from matchcut.engine.comparison import Comparison, Meeting

TIMES, LEAST = 4, 64
"""Pairs of a short list: so many times those wanted, and so many at least."""


class Order(Protocol):
    """An order of the short list, or the one that it has already."""

    @property
    def name(self) -> str:
        """What candidates name as their scorer; empty where the order stays as it is."""
        ...

    @property
    def note(self) -> str:
        """For the user: that it is used, or why it is not; empty where there is nothing to say."""
        ...

    def order(
        self,
        comparison: Comparison,
        pairs: Sequence[tuple[int, int]],
        scores: Sequence[float],
        met: Sequence[Meeting],
        /,
    ) -> list[int]:
        """The places of the pairs, best first; of equals, as they were."""
        ...


def short(order: Order, top: int) -> int:
    """How many pairs to find so that the best `top` can be chosen."""
    return max(TIMES * top, LEAST) if order.name else top
