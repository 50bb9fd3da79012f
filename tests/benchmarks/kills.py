"""What `kill -9` does to a library: `python -m tests.benchmarks.kills [--times 50] [--seed 1]`.

A dozen small films are indexed by a real `matchcut index`, which is killed again and again at
moments drawn by chance (see `tests.killed.runs`), each run going on from what the former left.
After every kill the library is looked at; after eight, a run is left alone, and must come to what
a library shows that nobody disturbed, to the bit.

One JSON object a line: what each kill hit, then how many hit what, and how many complaints there
were. Exit status 1 where there was any.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.lines import say
from tests.killed.runs import Killed, killed_runs, undisturbed, write_films


def main(arguments: Sequence[str] | None = None) -> int:
    """Kills so many runs; exit status 0 where nothing was lost, torn or otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kills")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    os.environ["MATCHCUT_OFFLINE"] = "1"
    hits: Counter[str] = Counter()
    finished = complaints = 0
    with TemporaryDirectory() as place:
        films = write_films(Path(place) / "films")
        whole, seconds = undisturbed(films, Path(place) / "whole")
        say("kills.undisturbed", seconds, "s", films=len(films), shots=len(whole.groups))
        began = time.perf_counter()
        for one in killed_runs(
            films,
            Path(place),
            times=options.times,
            seed=options.seed,
            whole=whole,
            seconds=seconds,
        ):
            complaints += len(one.complaints)
            if isinstance(one, Killed):
                hits[one.hit] += 1
                say(
                    "kills.kill",
                    one.sources,
                    "sources",
                    number=sum(hits.values()),
                    library=one.library,
                    aim=one.aim,
                    hit=one.hit,
                    complaints=one.complaints,
                )
            else:
                finished += 1
                say("kills.next_run", len(one.complaints), "complaints", which=one.complaints)
        say("kills.took", time.perf_counter() - began, "s", times=options.times)
    for hit, count in sorted(hits.items()):
        say("kills.hit", count, "kills", hit=hit)
    say("kills.libraries_finished", finished, "libraries")
    say("kills.complaints", complaints, "complaints", times=sum(hits.values()))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
