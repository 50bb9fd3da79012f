"""What an index is worth in a large library: `python -m tests.benchmarks.reindexing [--shots N]`.

A library is drawn (see `tests.synthetic`), its index is built, and it is asked about shots drawn by
chance, by the index and, the naive way, exactly. One JSON object a line: how long building took,
how long answers take, how much memory of its own the process has then more than before it was
asked, and how many of the twenty candidates of the exact answer the index found.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from matchcut.engine import Engine
from matchcut.types import Candidate, MediaQuery, Progress
from tests.benchmarks.lines import say
from tests.synthetic import library

FLAVOR, TOP, GAP = "camera/average", 20, Fraction(2)


class Nobody:
    """Watches, and never stops."""

    def report(self, progress: Progress, /) -> None:
        """Shows nothing."""

    def cancelled(self) -> bool:
        """Never."""
        return False


def own_memory() -> float:
    """Megabytes of this process that are no mapped files. On Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


def asked(
    engine: Engine, queries: Sequence[MediaQuery], shots: int, before: float, *, exact: bool
) -> list[set[tuple[str, int, float]]]:
    """The candidates of each question; says how long they took, but for the first."""
    seconds, found = [], []
    for query in (queries[0], *queries):
        began = time.perf_counter()
        answer = engine.find(query, flavor=FLAVOR, top=TOP, min_gap=GAP, exact=exact)
        seconds.append(time.perf_counter() - began)
        assert all(one.exact == exact for one in answer.candidates)
        found.append({_named(one) for one in answer.candidates})
    facts = {"shots": shots, "exact": exact, "asked": len(queries)}
    say("reindexing.first", 1000 * seconds[0], "ms", **facts)
    for share in (50, 99):
        waited = float(np.percentile(seconds[1:], share, method="higher"))
        say(f"reindexing.p{share}", 1000 * waited, "ms", **facts)
    say("reindexing.memory", own_memory() - before, "MB", **facts)
    return found[1:]


def _named(candidate: Candidate) -> tuple[str, int, float]:
    return candidate.incoming.digest, candidate.incoming.shot, candidate.score


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reindexing")
    parser.add_argument("--shots", type=int, default=80_000, help="of three moments each")
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--asked", type=int, default=100)
    parser.add_argument("--by", default="faiss")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as place:
        made = library(
            Path(place) / "library",
            shots=options.shots,
            sources=options.sources,
            wanted=["camera"],
        )
        began = time.perf_counter()
        [built] = Engine(made.folder).reindex(by=options.by, monitor=Nobody())
        assert built.engine, "so few moments need no index"
        wall = time.perf_counter() - began
        say("reindexing.build", wall, "s", shots=options.shots, by=options.by)
        before = own_memory()
        chosen = np.random.default_rng(7).permutation(options.shots)[: options.asked].tolist()
        queries = [made.query(shot) for shot in chosen]
        near, right = (
            asked(Engine(made.folder), queries, options.shots, before, exact=exact)
            for exact in (False, True)
        )
        there = sum(len(one & other) for one, other in zip(near, right, strict=True))
        say("reindexing.recall", there / sum(map(len, right)), "share", shots=options.shots)
    return 0


if __name__ == "__main__":
    sys.exit(main())
