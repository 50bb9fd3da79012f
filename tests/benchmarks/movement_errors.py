"""How every part of the movement benchmark says how wrong something is."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np

from tests.benchmarks.lines import say


def say_errors(
    name: str, errors: Sequence[float], right: float, unit: str, depends_on: dict[str, object]
) -> None:
    """Says the median of the errors, and the share of them that are at most `right`."""
    if not errors:
        return
    say(name, statistics.median(errors), f"{unit}, median error", moments=len(errors),
        **{**depends_on, f"within {right:g}": round(float(np.mean(np.array(errors) <= right)), 4)},
    )  # fmt: skip
