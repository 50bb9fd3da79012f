"""How well planted pairs are ranked among all pairs of a film, by the ways to pool moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from matchcut.engine import Engine
from matchcut.engine.blend import blend
from matchcut.engine.comparison import Comparison, compared
from matchcut.engine.snapshot import read_snapshot
from matchcut.library import Library
from tests.benchmarks.cuts_indexed import MIN_HANDLE, Indexed, analysed
from tests.benchmarks.lines import say
from tests.film.demo import demo_plan
from tests.film.encode import write_film
from tests.passing import score


def say_ranking(cut: Sequence[Indexed], folder: Path, profile: str, models: Path | None) -> None:
    """Average precision on the demo film, planted at the middles, and on films that pass poses."""
    plan = demo_plan()
    path = folder / "demo.mp4"
    truth = write_film(plan, path)
    engine = analysed(path, plan.starts, folder, profile, models)
    planted = [
        (truth.representative(a), truth.representative(b)) for a, b in truth.planted["frame"]
    ]
    kept = [at for at in range(len(truth.shots)) if truth.representative(at) == at]
    _say("planted at the middles", engine, planted, kept, profile)
    for one in cut:
        pairs = [(each.outgoing, each.incoming) for each in one.film.truth()]
        _say(one.film.name, one.engine, pairs, range(len(one.film.shots)), profile)


def _say(
    name: str,
    engine: Engine,
    planted: Iterable[tuple[int, int]],
    kept: Sequence[int],
    profile: str,
) -> None:
    pairs = list(planted)
    plain, reframed = (_compared(engine, reframe) for reframe in (False, True))
    rows = np.arange(len(plain.at.frame))
    scores = plain.parts[0].of(rows, rows)
    firsts = plain.at.firsts.tolist()
    everyone = (0, len(firsts) - 1)
    ways = {
        "middle": score.pooled(scores, firsts, score.middle),
        "bare maximum": score.pooled(scores, firsts, score.highest),
        "mean of exponentials": score.pooled(scores, firsts, score.corrected(plain.scores.fluke)),
        "product": plain.scores.block(everyone, everyone),
        "product, reframed": reframed.scores.block(everyone, everyone),
    }
    for way, pooled in ways.items():
        say(f"ranking.{way}", score.average_precision(pooled, pairs, kept), "average precision",
            film=name, pairs=len(pairs), shots=len(kept), profile=profile)  # fmt: skip


def _compared(engine: Engine, reframe: bool) -> Comparison:
    wanted = blend("frame")
    snapshot = read_snapshot(Library.open(engine.folder), wanted.flavors)
    return compared(snapshot, wanted, min_handle=MIN_HANDLE, reframe=reframe)
