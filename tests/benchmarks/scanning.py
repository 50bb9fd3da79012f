"""How long a scan of all pairs takes, flavor by flavor: `python -m tests.benchmarks.scanning`.

    python -m tests.benchmarks.scanning [--shots 3000 20000] [--flavor camera]...

A library is drawn (see `tests.synthetic`) and scanned as `matchcut scan` does it, with reframing,
by both ways up to `--naive` shots: sifted, by bounds of what a pair scores at most, and the naive
way, every pair scored in blocks. `same` says whether pairs and scores are. One JSON object a line.

What is compiled is compiled before, and what a scan compares has been made ready.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from matchcut.engine import MIN_HANDLE, scanning
from matchcut.engine.blend import blend
from matchcut.engine.comparison import Comparison
from matchcut.engine.memory import Memory
from matchcut.engine.searching import ticks
from matchcut.ranking import Ranked, Rules, best_brought
from tests.benchmarks.asking import every_flavor
from tests.benchmarks.lines import say
from tests.synthetic import library
from tests.synthetic.write import DRAWN

TOP = 1000
RULES = Rules(across=False, min_gap=ticks(Fraction(2)), per_shot=None)
SLOW = ("sound",)
"""Flavors that take minutes at some thousand shots, asked for by name alone."""


def scanned(comparison: Comparison) -> tuple[Ranked, float]:
    """The best pairs, and the seconds that it took to find them."""
    began = time.perf_counter()
    found = best_brought(
        scanning.here(comparison, RULES),
        comparison.snapshot.table,
        RULES,
        top=TOP,
        symmetric=comparison.wanted.symmetric,
    )
    return found, time.perf_counter() - began


def measured(folder: Path, flavor: str, times: int, *, naive: bool) -> None:
    """Says how long a flavor takes in a library."""
    wanted, memory = blend(flavor), Memory()
    snapshot = memory.snapshot(memory.library(folder), wanted)
    comparison = memory.comparison(snapshot, wanted, min_handle=MIN_HANDLE, reframe=True)
    facts = {"flavor": flavor, "shots": len(snapshot.table), "top": TOP}
    found, _ = scanned(comparison)
    sifted = statistics.median(scanned(comparison)[1] for _ in range(times))
    facts |= {"pairs": found.compared, "least": round(float(found.scores[-1]), 4)}
    say("scanning.sifted", sifted, "s", times=times, **facts)
    if naive:
        expected, taken = scanned(replace(comparison, sifting=None))
        same = all(
            np.array_equal(getattr(found, name), getattr(expected, name))
            for name in ("outgoing", "incoming", "scores")
        )
        say("scanning.naive", taken, "s", same=same, **facts)
        say("scanning.ratio", taken / sifted, "times as fast as scoring every pair", **facts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scanning")
    parser.add_argument("--shots", type=int, nargs="*", default=[3_000, 20_000])
    parser.add_argument("--naive", type=int, default=3_000, help="the naive way up to so many")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--flavor", action="append", help="more than once: several")
    asked = parser.parse_args(arguments)
    flavors = asked.flavor or [one for one in every_flavor() if not set(SLOW) & {*one.split(",")}]
    for shots in asked.shots:
        with TemporaryDirectory() as place:
            sources = max(shots // 200, 2)
            made = library(Path(place), shots=shots, sources=sources, wanted=tuple(DRAWN))
            for flavor in flavors:
                measured(made.folder, flavor, asked.times, naive=shots <= asked.naive)
    return 0


if __name__ == "__main__":
    sys.exit(main())
