"""How fast the best pairs of all are found: `python -m tests.benchmarks.pairs [--shots N...]`.

Silhouettes are drawn (see `tests.synthetic`), at one moment a shot and at three, and ranked as
`scan` ranks them, with and without reframing. Beside it, where the shots are few enough, the naive
way on the same masks: a float32 matrix product of all with all, its scores, and the best of each
block; `same` says whether pairs and scores are the same. One JSON object a line. `memory` is by how
much the process grew at its largest, over what it held once the masks were drawn and packed.

What is compiled is compiled before; `ready` is what making the masks ready takes, once a library.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._aligned import AlignedIoU
from matchcut.flavors._parts import SilhouetteIoU
from matchcut.ranking import Ranked, Rules, ShotTable, best_brought, sifting
from matchcut.scoring import Moments, entries_of, sift
from matchcut.similarity.tables import MaskTable
from matchcut.types import Prepared
from tests.benchmarks.lines import say
from tests.synthetic.plan import Plan, plan
from tests.synthetic.silhouettes import silhouettes

TOP = 1000
SIDE = 4096
"""Shots a side of a block of the naive way."""
ANY = Rules(across=False, min_gap=0, per_shot=None)
PLAIN = SilhouetteIoU("people")
REFRAMED = SilhouetteIoU("people", AlignedIoU())


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The masks of many shots, ready to be compared."""

    shots: ShotTable
    firsts: NDArray[np.int64]
    plain: MaskTable
    reframed: Prepared

    @property
    def every(self) -> Moments:
        """All moments of all shots; the middle one is compared plainly."""
        middles = (self.firsts[:-1] + self.firsts[1:]) // 2
        return Moments(np.arange(self.firsts[-1]), self.firsts, middles)

    def best(self, rules: Rules, *, reframe: bool) -> Ranked:
        """As `scan` has it."""
        of = np.repeat(np.arange(len(self.shots)), np.diff(self.firsts))
        scores: Prepared = self.reframed if reframe else self.plain
        entries = entries_of(
            self.plain,
            scores,
            self.every,
            self.every,
            of,
            symmetric=True,
            ways=1 + reframe,
            fluke=PLAIN.fluke,
        )
        return best_brought(
            sifting(partial(sift, entries), self.shots, rules),
            self.shots,
            rules,
            top=TOP,
            symmetric=True,
        )


def drawn(shots: int, moments: int) -> Drawn:
    """So many shots; says how long it takes to make them ready."""
    rng = np.random.default_rng(1)
    made = plan(shots, max(shots // 200, 2), moments, rng)
    rows = silhouettes(made, rng).reshape(-1)
    parts = [rows[start : start + 4096] for start in range(0, len(rows), 4096)]
    started = time.perf_counter()
    plain = PLAIN.prepared(parts)
    say("pairs.ready", time.perf_counter() - started, "seconds", shots=shots, moments=moments,
        reframe=False)  # fmt: skip
    started = time.perf_counter()
    reframed = REFRAMED.prepared(parts)
    say("pairs.ready", time.perf_counter() - started, "seconds", shots=shots, moments=moments,
        reframe=True)  # fmt: skip
    assert isinstance(plain, MaskTable)
    return Drawn(_table(made), np.arange(shots + 1) * moments, plain, reframed)


def _table(made: Plan) -> ShotTable:
    count = len(made.film)
    return ShotTable(
        made.film.astype(np.int32),
        made.start,
        made.end,
        np.arange(count, dtype=np.int32),
        np.ones(count, np.bool_),
    )


def naive(masks: MaskTable) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(TOP, 2) pairs and their scores, of one moment a shot, by float32 matrix products."""
    cells = np.unpackbits(masks.words.view(np.uint8), axis=1).astype(np.float32)
    pairs, best = np.zeros((0, 2), np.int64), np.zeros(0, np.float32)
    for row in range(0, len(masks), SIDE):
        for column in range(row, len(masks), SIDE):
            a, b = np.arange(row, min(row + SIDE, len(masks))), np.arange(
                column, min(column + SIDE, len(masks)))  # fmt: skip
            both = cells[a] @ cells[b].T
            either = masks.areas[a][:, None] + masks.areas[b][None] - both
            scores = both / np.maximum(either, np.float32(1))
            scores *= masks.worth(a[:, None], b[None])
            scores[masks.kind[a][:, None] != masks.kind[b][None]] = 0
            if row == column:
                scores[np.tri(len(a), dtype=np.bool_)] = 0
            least = best[-1] if len(best) == TOP else np.float32(1e-6)
            one, other = np.nonzero(scores >= least)
            pairs = np.concatenate([pairs, np.stack([a[one], b[other]], axis=1)])
            best = np.concatenate([best, scores[one, other]])
            order = np.lexsort((pairs[:, 1], pairs[:, 0], -best))[:TOP]
            pairs, best = pairs[order], best[order]
    return pairs, best


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pairs")
    parser.add_argument("--shots", type=int, nargs="*", default=[5_000, 20_000, 50_000, 100_000])
    parser.add_argument("--moments", type=int, nargs="*", default=[1, 3])
    parser.add_argument("--naive", type=int, default=20_000, help="the naive way up to so many")
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args(arguments)
    drawn(400, 1).best(ANY, reframe=True)  # Compiles.
    for moments in asked.moments:
        for shots in asked.shots:
            _compare(drawn(shots, moments), moments, asked.times, shots <= asked.naive)
    return 0


def _compare(made: Drawn, moments: int, times: int, slowly: bool) -> None:
    shots = len(made.shots)
    facts = {"shots": shots, "moments": moments, "pairs": shots * (shots - 1) // 2}
    packed = made.plain.words.nbytes / 1e6
    ways = {
        "as they are": (ANY, False),
        "reframed": (ANY, True),
        "at most 2 a shot, of different films": (Rules(True, 0, 2), True),
    }
    medians: dict[str, float] = {}
    for way, (rules, reframe) in ways.items():
        _peak()
        before, taken = _peak(), []
        for _ in range(times):
            started = time.perf_counter()
            ranked = made.best(rules, reframe=reframe)
            taken.append(time.perf_counter() - started)
        medians[way] = statistics.median(taken)
        say("pairs.best", medians[way], "seconds", way=way, times=times,
            least=round(float(ranked.scores[-1]), 4), memory_mb=round(_peak() - before, 1),
            packed_mb=round(packed, 1), **facts)  # fmt: skip
        if way == "as they are":
            plain = ranked
    if slowly and moments == 1:
        started = time.perf_counter()
        pairs, best = naive(made.plain)
        seconds = time.perf_counter() - started
        same = bool(
            (pairs[:, 0] == plain.outgoing).all()
            and (pairs[:, 1] == plain.incoming).all()
            and (best == plain.scores).all()
        )
        cells = round(64 * 4 * made.plain.words.size / 1e6, 1)
        say("pairs.naive", seconds, "seconds", same=same, product_mb=cells, **facts)
        say("pairs.ratio", seconds / medians["as they are"], "times as fast", **facts)


def _peak() -> float:
    """The most memory that this process held since this was last asked, in MB."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5")
    return int(peak.split()[1]) / 1e3


if __name__ == "__main__":
    sys.exit(main())
