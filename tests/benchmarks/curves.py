"""Draws the curves of docs/scale.md: `python -m tests.benchmarks.curves FILE... -o docs/scale.svg`.

The files hold what `tests.benchmarks.pairs` prints, a JSON object a line. Time and memory against
the number of shots, both axes in powers of ten.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Draws them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.curves")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args(arguments)
    lines: list[Line] = [
        json.loads(text)
        for file in asked.files
        for text in file.read_text().splitlines()
        if text.startswith("{")
    ]
    draw(lines, asked.output)
    return 0


def draw(lines: Sequence[Line], to: Path) -> None:
    """Writes the picture, SVG or PNG by the name of the file."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "matchcut"  # The same lines give the same file.
    from matplotlib import pyplot

    figure, (time, memory) = pyplot.subplots(1, 2, figsize=(11, 5.6), layout="constrained")
    naive = [one for one in lines if one["name"] == "pairs.naive"]
    time.loglog(*_points(naive, "value"), "o--", color="0.55", label="float32 product, one moment")
    for moments in (1, 3):
        for way, mark in (("as they are", "-"), ("at most 2 a shot, of different films", ":")):
            some = [
                one
                for one in lines
                if one["name"] == "pairs.best" and (one["way"], one["moments"]) == (way, moments)
            ]
            label = f"{moments} moment{'s' * (moments > 1)}, {way}"
            time.loglog(*_points(some, "value"), "o" + mark, color=f"C{moments}", label=label)
    for moments in (1, 3):
        some = [
            one
            for one in lines
            if one["name"] == "pairs.best"
            and (one["way"], one["moments"]) == ("as they are", moments)
        ]
        color = f"C{moments}"
        label = f"masks, {moments} moment{'s' * (moments > 1)}"
        memory.loglog(*_points(some, "packed_mb"), "o-", color=color, label=label)
    memory.loglog(*_points(naive, "product_mb"), "o--", color="0.55", label="float32 masks")
    for axes, title, unit in (
        (time, "All pairs, the best 1,000", "seconds"),
        (memory, "Memory", "MB"),
    ):
        axes.set(title=title, xlabel="shots", ylabel=unit)
        axes.grid(visible=True, which="major", color="0.9")
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    figure.savefig(to, metadata={"Date": None} if to.suffix == ".svg" else None)


def _points(lines: Sequence[Line], of: str) -> tuple[list[float], list[float]]:
    known = sorted((one["shots"], one[of]) for one in lines)
    return [float(shots) for shots, _ in known], [float(value) for _, value in known]


if __name__ == "__main__":
    sys.exit(main())
