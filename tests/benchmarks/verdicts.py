"""Whether an order learned from few verdicts helps, on the labels of the match-cutting paper.

    python -m tests.benchmarks.verdicts ../shared/netflix-matchcut

An editor is drawn: some films, and of these the pairs that a heuristic scores best, judged as the
paper's annotators did. What is learned from them is measured on a short list of all other films:
the pairs that the heuristic scores best there. Prints a line of JSON for each task and number of
verdicts: how often it was used, what that gained or lost in average precision, and what using it
always would have.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut.learn import formats, reranking
from matchcut.learn.measures import average_precision
from matchcut.learn.pairs import Flags, Floats, LabelledSet

OWN = {"frame": "heuristic 3", "motion": "heuristic 4"}
"""By task, what stands for the flavor's own score."""
SHORT = 200
"""Pairs of the short list: what `matchcut scan` looks at to show 50."""
EDITORS = ((4, 60), (8, 120), (20, 300))
"""Films that an editor judges, and pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """All labelled pairs of a task that its heuristic scores."""

    seen: Floats
    """(N, D) the heuristic's own score, then those of the others, and how the shots lie in time."""
    kept: Flags
    titles: np.ndarray


def judged(labelled: LabelledSet, task: str) -> Judged:
    every = labelled.tasks[task]
    pairs = every.some(np.isfinite(every.proposed[OWN[task]]))
    columns = [pairs.proposed[OWN[task]]]
    for name in sorted(pairs.proposed):
        if name != OWN[task]:
            scores = pairs.proposed[name]
            columns += [np.nan_to_num(scores), np.isfinite(scores).astype(float)]
    spans = [[labelled.seconds[shot] for shot in side] for side in (pairs.outgoing, pairs.incoming)]
    (start1, end1), (start2, end2) = (np.array(side, np.float64).T for side in spans)
    columns += [np.log1p(end1 - start1), np.log1p(end2 - start2)]
    columns.append(np.log1p(np.maximum(np.maximum(start2 - end1, start1 - end2), 0)))
    _, titles = np.unique(pairs.titles, return_inverse=True)
    return Judged(np.column_stack(columns), pairs.match, titles.reshape(-1))


def editors(of: Judged, films: int, verdicts: int, times: int) -> Iterator[dict[str, float]]:
    """What each of some drawn editors comes to."""
    for seed in range(times):
        chosen = np.random.default_rng(seed).permutation(of.titles.max() + 1)[:films]
        mine = np.flatnonzero(np.isin(of.titles, chosen))
        best = mine[np.argsort(-of.seen[mine, 0], kind="stable")][:verdicts]
        _, groups = np.unique(of.titles[best], return_inverse=True)
        if films < reranking.LEAST_GROUPS:
            # As in a library of few films: grouped by the pair's place, which stands for its shot.
            groups = np.arange(len(best)) // 2
        told = reranking.judge(of.seen[best], of.kept[best], groups.reshape(-1))
        others = np.flatnonzero(~np.isin(of.titles, chosen))
        others = others[np.argsort(-of.seen[others, 0], kind="stable")][:SHORT]
        own = average_precision(of.kept[others], of.seen[others, 0])
        gain = 0.0
        if 0 < of.kept[best].sum() < len(best):
            scores = reranking.fit(of.seen[best], of.kept[best]).scores(of.seen[others])
            gain = average_precision(of.kept[others], scores) - own
        yield {"used": float(told.used), "gain": gain, "own": own}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--times", type=int, default=25, help="editors of each kind")
    parser.add_argument("--task", choices=list(OWN), help="only this one")
    given = parser.parse_args()
    labelled = formats.read(given.dataset)
    for task in OWN if not given.task else [given.task]:
        of = judged(labelled, task)
        for films, verdicts in EDITORS:
            found = list(editors(of, films, verdicts, given.times))
            gains = np.array([one["gain"] for one in found])
            used = np.array([one["used"] > 0 for one in found])
            line = {
                "task": task,
                "films": films,
                "verdicts": verdicts,
                "editors": len(found),
                "own": round(float(np.mean([one["own"] for one in found])), 3),
                "used": round(float(used.mean()), 2),
                "gain_where_used": round(float(gains[used].mean()), 3) if used.any() else None,
                "worse_where_used": int((gains[used] < 0).sum()),
                "gain_if_always_used": round(float(gains.mean()), 3),
                "worse_if_always_used": int((gains < 0).sum()),
            }
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
