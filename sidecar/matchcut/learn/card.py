"""The page that lies beside a trained model: what it is, what it saw, how good it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any

_KINDS = {
    "classifier": (
        "Says of a pair of shots how surely they match. It re-ranks pairs that something else has "
        "found; it cannot be searched."
    ),
    "metric": (
        "Turns the vector of a shot into another one, so that shots that match have a high cosine. "
        "Such vectors can be searched."
    ),
}


def written(facts: Mapping[str, Any]) -> str:
    """The page, as Markdown, from what `model.json` says."""
    recipe = facts["recipe"]
    lines = [
        f"# {facts['name']}",
        "",
        _KINDS[facts["kind"]],
        "",
        "| it sees | numbers | identity |",
        "|---|---|---|",
        *(
            f"| `{one['encoder']}` | {one['length']} | `{one['identity']}` |"
            for one in facts["encoded"]
        ),
        "",
        "It refuses vectors that were made otherwise.",
        "",
        "## How it was trained",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name.replace('_', ' ')} | {value} |" for name, value in recipe.items()),
        "",
        "Titles were divided, never pairs. Of several models the one that was best on validation "
        "was kept; test was looked at once, with that one.",
        "",
        "## How good it is",
        "",
        "| split | average precision |",
        "|---|---|",
        *(
            f"| {split} | {spread(values)} |"
            for split, values in facts["average_precision"].items()
        ),
        "",
        "What a random order would score depends on the split: `matchcut evaluate` prints it "
        "beside every row, with intervals and by title.",
        "",
        "## Limits",
        "",
        "It knows what the people who labelled its pairs agreed on, in films like theirs, among "
        "pairs that a heuristic had proposed. On other pairs it was not measured. The vectors it "
        "sees have the terms, and the blind spots, of the networks that made them.",
        "",
    ]
    return "\n".join(lines)


def spread(values: Sequence[float | None]) -> str:
    """The mean of several values and how far they lie apart, as the paper writes it."""
    some = [one for one in values if one is not None and not math.isnan(one)]
    if not some:
        return "none"
    around = f" ± {stdev(some):.3f}" if len(some) > 1 else ""
    return f"{mean(some):.3f}{around}"
