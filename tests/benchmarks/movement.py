"""How right the camera's and the subject's movement are: `python -m tests.benchmarks.movement`.

One JSON object a line. The truth is made: cameras that move over real stills and clips, with and
without trouble (`tests.moved`). Beside every figure stands a simpler way, measured on the same
takes: `naive` is mean dense flow and the rates that fit it best in the least squares, subjects and
all; `published` is the cosine of averaged flow, the variant `camera/average`. A moment counts where
the take is not black for 0.2 seconds around it; a take has three. Some truth is real: clips of
which the camera stands, and two whose camera carried a gyroscope.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut import flavors
from matchcut.flavors._movement import kind
from matchcut.similarity import Cosine
from tests.benchmarks.lines import say
from tests.benchmarks.movement_errors import say_errors
from tests.moved import judged
from tests.moved.grounds import Footage, drawn, real
from tests.moved.lists import TROUBLES, CameraTake, takes
from tests.moved.rates import Rates
from tests.moved.seen import Seen, lit, seen

SEED = 5
ACTIONS = 96
RIGHT_DEGREES, RIGHT_SPEED = 10.0, 0.15
SURE = 0.5


def camera(footage: Footage, every: int) -> list[Seen]:
    """Kind, direction and speed of every movement, and what ranks next to it."""
    listed: list[CameraTake] = []
    found: list[Seen] = []
    for one in takes(footage, SEED, every):
        found.append(seen(one.take, lit(one.take)))
        frames = one.take.frames
        frames.clear()  # a take's pictures are many, and no longer needed
        listed.append(one)
    for way, cameras in (("camera", [one.cameras for one in found]),
                         ("camera.naive", [one.naive for one in found])):  # fmt: skip
        _say_rates(way, listed, found, cameras)
        for trouble in TROUBLES:
            some = [at for at, one in enumerate(listed) if one.trouble == trouble]
            _say_rates(
                way,
                [listed[at] for at in some],
                [found[at] for at in some],
                [cameras[at] for at in some],
                trouble=trouble,
            )
    _say_sure(listed, found)
    _say_neighbours(listed, found)
    milliseconds = [one.milliseconds for one in found]
    say("movement.compute", statistics.median(milliseconds), "ms a shot (processor)",
        shots=len(found), slowest=round(max(milliseconds), 1))  # fmt: skip
    return found


def _say_rates(
    way: str,
    listed: Sequence[CameraTake],
    found: Sequence[Seen],
    cameras: Sequence[NDArray[np.float32]],
    **depends_on: object,
) -> None:
    kinds: dict[str, list[bool]] = {}
    angles: list[float] = []
    speeds: list[float] = []
    for take, one, estimated in zip(listed, found, cameras, strict=True):
        for rates in estimated[one.judged]:
            kinds.setdefault(take.kind, []).append(kind(rates) == take.kind)
            if take.kind != "static":
                angle, speed = _errors(take.kind, rates, one.rates)
                speeds.append(speed)
                if angle is not None:
                    angles.append(angle)
    pooled = [right for rights in kinds.values() for right in rights]
    by_kind = {name: round(float(np.mean(rights)), 3) for name, rights in kinds.items()}
    say(f"{way}.kind", float(np.mean(pooled)), "share right", moments=len(pooled), **depends_on,
        by_kind=by_kind)  # fmt: skip
    say_errors(f"{way}.direction", angles, RIGHT_DEGREES, "degrees", depends_on)
    say_errors(f"{way}.speed", speeds, RIGHT_SPEED, "share of the speed", depends_on)


def _errors(
    kind_is: str, estimated: NDArray[np.float32], true: Rates
) -> tuple[float | None, float]:
    """The angle by which a translation is wrong, and the share by which any speed is."""
    if kind_is in ("zoom", "roll"):
        place = 2 if kind_is == "zoom" else 3
        return None, abs(float(estimated[place]) / float(true.vector[place]) - 1)
    way, truth = complex(*estimated[:2]), complex(true.pan, true.tilt)
    return judged.degrees_between(way, truth), abs(abs(way) / abs(truth) - 1)


def _say_sure(listed: Sequence[CameraTake], found: Sequence[Seen]) -> None:
    """What it is worth that the estimator calls itself sure."""
    rights: dict[bool, list[bool]] = {True: [], False: []}
    for take, one in zip(listed, found, strict=True):
        sure = one.seconds["sure"]
        for at in np.flatnonzero(one.judged).tolist():
            rights[bool(sure[at] >= SURE)].append(kind(one.cameras[at]) == take.kind)
    for name, some in (("sure", rights[True]), ("unsure", rights[False])):
        if some:
            say(f"camera.kind where {name}", float(np.mean(some)), "share right",
                moments=len(some), sure_from=SURE)  # fmt: skip


def _say_neighbours(listed: Sequence[CameraTake], found: Sequence[Seen]) -> None:
    """Mean average precision of takes of the same movement, tail against head."""
    rows = np.concatenate([one.row for one in found])
    whole = np.stack([one.flow.mean(axis=0) for one in found])
    movements = np.array([one.movement for one in listed])
    asked = [
        at for at, one in enumerate(listed)
        if one.kind != "static" and found[at].judged[2] and (movements == one.movement).sum() > 1
    ]  # fmt: skip
    for way, scores in (
        ("camera", flavors.flavor("camera").similarity.pairwise(rows, rows)),
        ("camera.published", flavors.flavor("camera/average").similarity.pairwise(rows, rows)),
        ("camera.naive", Cosine().pairwise(whole, whole)),
    ):
        precisions = []
        for at in asked:
            others = np.arange(len(rows)) != at
            alike = movements[others] == movements[at]
            precisions.append(judged.average_precision(scores[at, others], alike))
        say(f"{way}.neighbours", float(np.mean(precisions)), "mean average precision",
            takes=len(rows), queries=len(asked), movements=len(set(movements)) - 1)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    from tests.benchmarks import movement_action, movement_pages, movement_real

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.movement")
    parser.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    parser.add_argument("--only", choices=("camera", "action", "real", "gyro"))
    parser.add_argument("--every", type=int, default=1, help="one of so many takes, for a look")
    parser.add_argument("--pages", type=Path, help="folder for pages of true and estimated arrows")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    parts: dict[str, Callable[[], Iterable[Seen]]] = {}
    there = options.assets.is_dir()
    footage = real(options.assets) if there else drawn()
    parts["camera"] = lambda: camera(footage, options.every)
    parts["action"] = lambda: movement_action.action(footage, SEED, ACTIONS // options.every)
    if there:
        parts["real"] = lambda: movement_real.standing(options.assets)
        parts["gyro"] = lambda: movement_real.gyro(options.assets)
    for name, part in parts.items():
        if options.only in (None, name):
            found = list(part())
            if options.pages and found:
                movement_pages.write(options.pages / name, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
