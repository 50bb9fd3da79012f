"""How right the movement of subjects is, before cameras that move independently of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np

from matchcut import flavors
from matchcut.similarity import Cosine
from tests.benchmarks.lines import say
from tests.benchmarks.movement_errors import say_errors
from tests.moved import judged
from tests.moved.grounds import Footage
from tests.moved.lists import acted
from tests.moved.seen import Seen, seen, shown

RIGHT_DEGREES, RIGHT_SPEED = 20.0, 0.25


def action(footage: Footage, seed: int, count: int) -> list[Seen]:
    """Direction and speed of subjects, whatever the camera does, and what continues them."""
    found = [seen(take, shown(take)) for take in acted(footage, seed, count)]
    ours = [[judged.acting(field) for field in one.seconds["subject"]] for one in found]
    naive = [[judged.acting(field) for field in one.flow] for one in found]
    for way, told in (("action", ours), ("action.naive", naive)):
        _say_action(way, found, told)
    rows = np.concatenate([one.row for one in found])
    heads, tails = (np.stack([one.flow[at] for one in found]) for at in (0, 2))
    pairs = [
        at for at in range(0, len(found) - 1, 2)
        if found[at].judged[2] and found[at + 1].judged[0]
    ]  # fmt: skip
    for way, scores in (
        ("action", flavors.flavor("action").similarity.pairwise(rows, rows)),
        ("action.naive", Cosine().pairwise(tails, heads)),
    ):
        ranks = []
        for at in pairs:
            others = np.arange(len(rows)) != at
            ranks.append(judged.rank(scores[at, others], at))
        say(f"{way}.continued", statistics.median(ranks), "median rank of what goes on",
            queries=len(pairs), among=len(rows) - 1,
            first=round(float(np.mean(np.array(ranks) == 1)), 3),
            first_five=round(float(np.mean(np.array(ranks) <= 5)), 3))  # fmt: skip
    return found


def _say_action(way: str, found: Sequence[Seen], told: Sequence[Sequence[complex]]) -> None:
    angles, speeds, errors, estimates, cameras = [], [], [], [], []
    for one, ways in zip(found, told, strict=True):
        own = one.own or 0j
        for at in np.flatnonzero(one.judged).tolist():
            angles.append(judged.degrees_between(ways[at], own))
            speeds.append(abs(abs(ways[at]) / abs(own) - 1))
            if one.rates.flow(0) != 0:
                errors += _parts(ways[at] - own)
                estimates += _parts(ways[at])
                cameras += _parts(one.rates.flow(0))
    depends_on: dict[str, object] = {"none_found": sum(angle == 180.0 for angle in angles)}
    say_errors(f"{way}.direction", angles, RIGHT_DEGREES, "degrees", depends_on)
    say_errors(f"{way}.speed", speeds, RIGHT_SPEED, "share of the speed", {})
    for name, values in (("estimate", estimates), ("error", errors)):
        together = judged.correlation(np.array(values), np.array(cameras))
        say(f"{way}.{name} and camera", together, "correlation", numbers=len(values))


def _parts(way: complex) -> list[float]:
    return [way.real, way.imag]
