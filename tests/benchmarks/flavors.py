"""How well and how fast every flavor finds what was planted: `python -m tests.benchmarks.flavors`.

One JSON object a line. Every flavor there is takes part by itself; beside it stands the naive way,
the cosine of small grey pictures of the middle frames, ranked by the same code in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matchcut import flavors
from matchcut.engine.snapshot import TICKS
from matchcut.pipeline.frames import window, windows
from matchcut.ranking import Ranked, Rules, ShotTable, best_pairs
from matchcut.scoring import Moments, MomentScores, RowScores, row_table
from matchcut.similarity import Cosine
from matchcut.types import Frame, Representation, Rows, Similarity, Span
from tests.benchmarks.lines import say
from tests.film.demo import demo_plan
from tests.film.draw import frame_at
from tests.film.score import decoys_found, planted_found
from tests.film.script import FLAVORS, FilmPlan, GroundTruth

TOP = 20
MIN_GAP = 2 * TICKS
SIZE = (320, 180)


def shots_drawn(plan: FilmPlan) -> Iterator[tuple[list[Frame], Span]]:
    """Every shot of a plan as the pipeline would hand it over, without the way through a codec."""
    time_base = 1 / plan.rate
    for start, end in zip(plan.starts, plan.starts[1:], strict=False):
        frames = [
            Frame(at, at, cv2.resize(frame_at(plan, at), SIZE, interpolation=cv2.INTER_AREA))
            for at in range(start, end)
        ]
        yield frames, Span(start, end, Fraction(time_base))


def table(truth: GroundTruth) -> ShotTable:
    """What the rules of ranking need, with the true duplicate groups."""
    count = len(truth.shots)
    ticks = TICKS * truth.rate.denominator // truth.rate.numerator
    group = np.array([truth.representative(shot) for shot in range(count)], np.int32)
    return ShotTable(
        source=np.zeros(count, np.int32),
        start=np.array([shot.start * ticks for shot in truth.shots], np.int64),
        end=np.array([shot.end * ticks for shot in truth.shots], np.int64),
        group=group,
        earliest=group == np.arange(count),
    )


def ranked(rows: Rows, moments: Sequence[int], similarity: Similarity, shots: ShotTable) -> Ranked:
    """The best pairs by the product's own ranking, given how many rows each shot has."""
    rules = Rules(across=False, min_gap=MIN_GAP, per_shot=None)
    compare = RowScores(row_table([(len(rows), lambda: rows)]), similarity)
    firsts = np.concatenate([[0], np.cumsum(moments)]).astype(np.int64)
    middle = (firsts[:-1] + firsts[1:]) // 2
    plain = (middle, middle) if similarity.symmetric else (firsts[1:] - 1, firsts[:-1])
    sides = (Moments(np.arange(len(rows)), firsts, one) for one in plain)
    scores = MomentScores(compare, compare, 1, *sides, similarity.fluke)
    block = scores.either if similarity.symmetric else scores.block
    return best_pairs(block, shots, rules, top=TOP, symmetric=similarity.symmetric)


def computed(
    representation: Representation, shots: list[tuple[list[Frame], Span]]
) -> tuple[Rows, list[int], float]:
    """The rows of all shots, how many each has, and the median processor time of a shot in ms."""
    rows: list[Rows] = []
    spent: list[float] = []
    for frames, span in shots:
        wanted = [window(frames, request, span) for request in windows(representation, span)]
        with threadpool_limits(limits=1, user_api="blas"):  # as in the pipeline
            before = time.process_time()
            rows.append(representation.compute(wanted))
            spent.append(1000 * (time.process_time() - before))
    return np.concatenate(rows), [len(one) for one in rows], statistics.median(spent)


def grey_rows(shots: list[tuple[list[Frame], Span]]) -> NDArray[np.float32]:
    """The naive way: the middle frame, grey and small, as one vector of mean 0."""
    small = [
        cv2.cvtColor(cv2.resize(frames[len(frames) // 2].picture, (64, 36)), cv2.COLOR_RGB2GRAY)
        for frames, _ in shots
    ]
    vectors = np.stack(small).reshape(len(small), -1).astype(np.float32)
    return np.asarray(vectors - vectors.mean(axis=1, keepdims=True))


def main() -> None:
    """Measures all flavors on the drawn film."""
    plan = demo_plan()
    truth = plan.truth()
    shots = list(shots_drawn(plan))
    depends_on = {"film": "demo", "shots": len(shots)}
    shot_table = table(truth)
    naive = ranked(grey_rows(shots), [1] * len(shots), Cosine(), shot_table)
    for flavor in flavors.flavors().values():
        rows, moments, milliseconds = computed(flavor.representation, shots)
        say(f"{flavor.name}.compute", milliseconds, "ms a shot (processor)", **depends_on)
        if flavor.name not in FLAVORS:
            continue
        ours = ranked(rows, moments, flavor.similarity, shot_table)
        for way, found in ((flavor.name, ours), (f"{flavor.name}.naive", naive)):
            pairs = list(zip(found.outgoing.tolist(), found.incoming.tolist(), strict=True))
            hits, planted = planted_found(truth, flavor.name, pairs)
            decoys, _ = decoys_found(truth, flavor.name, pairs)
            say(f"{way}.recall@{TOP}", len(hits) / len(planted), "share", **depends_on)
            precision = len(hits) / TOP
            say(f"{way}.precision@{TOP}", precision, "share", planted=len(planted), **depends_on)
            say(f"{way}.decoys@{TOP}", len(decoys), "pairs", **depends_on)


if __name__ == "__main__":
    main()
