"""How right and how fast the detectors of shots are: `python -m tests.benchmarks.shots`.

Each joined film is decoded once, into memory, and read by one detector after the other, so that
the seconds of each are its own. No network skips frames: each reads them all.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut import shots
from matchcut.media.decode import read_frames
from matchcut.media.probe import probe
from matchcut.types import Detector, Picture, Transition
from tests.benchmarks import shot_costs
from tests.benchmarks.lines import say
from tests.benchmarks.shot_chart import chart
from tests.joined.film import JoinedFilm, cache, films
from tests.joined.footage import ASSETS
from tests.joined.looked_at import LOOKED_AT
from tests.joined.score import CUT_TOLERANCE, Scored, Tally, scored
from tests.joined.script import HALVES, HARD, KINDS, Half

_WARM_UP = 500
"""Pictures read before anything is timed."""

_EXAMPLES = """\
examples:
  python -m tests.benchmarks.shots                      all detectors on the reported half
  python -m tests.benchmarks.shots --half tuning --films 4 --detector combined
  python -m tests.benchmarks.shots --picture shots.png  draws recall and F1, too
  python -m tests.benchmarks.shots --speed              the network's own reading against ours
  python -m tests.benchmarks.shots --decoding film.mov  decoding alone against all of it
  python -m tests.benchmarks.shots --memory             films of 1 minute to 2 hours

Results are JSON, one object a line, on stdout; progress goes to stderr. Films are joined from the
footage in ../shared/assets, once, in the system's temporary folder. A hard cut counts as found
within 1 frame; tests/joined/score.py states the whole convention.
"""


@dataclass(frozen=True, slots=True)
class Read:
    """What one detector said of one film, and what it took."""

    transitions: tuple[Transition, ...]
    wall: float
    cpu: float


@dataclass(slots=True)
class Standing:
    """What one detector has done so far."""

    tally: Tally
    kinds: dict[str, Tally]
    looks: dict[str, Tally]
    causes: Counter[str]
    overlaps: list[float]
    frames: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    def take(self, film: JoinedFilm, found: Scored, read: Read) -> None:
        """Adds one film."""
        self.tally += found.tally
        for kind, tally in found.kinds().items():
            self.kinds[kind] = self.kinds.get(kind, Tally()) + tally
        self.looks[film.look] = self.looks.get(film.look, Tally()) + found.tally
        self.causes += found.causes(film.marked, film.troubles)
        self.overlaps += found.overlaps()
        self.frames += film.frames
        self.wall += read.wall
        self.cpu += read.cpu


def pictures_of(path: Path) -> list[Picture]:
    """All pictures of a film as detectors get them, in memory: 170 KB each."""
    return [frame.picture for frame in read_frames(path, probe(path))]


def read_by(detector: Detector, pictures: Sequence[Picture]) -> Read:
    """What the detector says of these pictures; decoding is not in its seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    reading = detector.begin()
    found = [one for picture in pictures for one in reading.push(picture).transitions]
    found += reading.finish().transitions
    return Read(tuple(found), time.perf_counter() - wall, time.process_time() - cpu)


def accuracy(
    half: Half, names: Sequence[str], count: int | None, folder: Path | None
) -> dict[str, Standing]:
    """Every detector on the joined films of a half, each film decoded once."""
    standings = {name: Standing(Tally(), {}, {}, Counter(), []) for name in names}
    chosen = films(half)[:count]
    for number, film in enumerate(chosen, 1):
        sys.stderr.write(f"{number}/{len(chosen)} {film.name}: {film.frames} frames\n")
        pictures = pictures_of(film.render(folder))
        if len(pictures) != film.frames:
            raise ValueError(f"{film.name} decodes to {len(pictures)} frames, not {film.frames}")
        for name in names:
            detector = shots.detector(name)
            if number == 1:
                read_by(detector, pictures[:_WARM_UP])
            read = read_by(detector, pictures)
            standings[name].take(film, scored(film.marked, read.transitions), read)
    minutes = sum(film.frames / float(film.recipe.rate) for film in chosen) / 60
    facts = {"half": half, "films": len(chosen), "minutes": round(minutes, 1)}
    for name, standing in standings.items():
        _say_standing(name, standing, facts)
    return standings


def _say_standing(name: str, standing: Standing, about: Mapping[str, object]) -> None:
    tally = standing.tally
    facts = {"detector": name, **about}
    counts = {
        "found": tally.found,
        "false": tally.false,
        "missed": tally.missed,
        "tolerance_frames": CUT_TOLERANCE,
    }
    say("shots.precision", tally.precision, "share", **facts, **counts)
    say("shots.recall", tally.recall, "share", **facts, **counts)
    say("shots.f1", tally.f1, "share", **facts, **counts)
    for kind in KINDS:
        if one := standing.kinds.get(kind):
            total = one.found + one.missed
            say("shots.recall_of_kind", one.recall, "share", kind=kind, true=total, **facts)
    hard = sum((standing.kinds.get(kind, Tally()) for kind in HARD), Tally())
    say("shots.recall_of_hard", hard.recall, "share", true=hard.found + hard.missed, **facts)
    for look, one in standing.looks.items():
        say("shots.f1_of_look", one.f1, "share", look=look, false=one.false, **facts)
    for cause, false in standing.causes.most_common():
        say("shots.false_alarms", false, "reports", at=cause, **facts)
    if standing.overlaps:
        overlap = float(np.mean(standing.overlaps))
        say("shots.gradual_overlap", overlap, "share", found=len(standing.overlaps), **facts)
    speed = {"frames": standing.frames, "detector": name, "decoding": "not in it"}
    say("shots.detector_speed", standing.frames / standing.wall, "frames a second", **speed)
    say("shots.detector_cpu", 1000 * standing.cpu / standing.frames, "ms a frame", **speed)


def looked_at(names: Iterable[str]) -> None:
    """Every detector on the real films that were looked at."""
    total = dict.fromkeys(names, Tally())
    for film in LOOKED_AT:
        sys.stderr.write(f"looked at: {film.file}\n")
        pictures = pictures_of(ASSETS / film.file)
        for name in total:
            reported = read_by(shots.detector(name), pictures).transitions
            found = scored(film.marked, film.counted(reported))
            total[name] += found.tally
            say(
                "shots.looked_at",
                found.tally.f1,
                "F1",
                film=Path(film.file).name,
                detector=name,
                missed=[one.transition.cut for one in found.missed],
                false=[one.cut for one in found.false],
            )
    for name, tally in total.items():
        counts = {"found": tally.found, "false": tally.false, "missed": tally.missed}
        say("shots.looked_at", tally.f1, "F1", film="all", detector=name, **counts)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of films, such as 4")
    return int(text)


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.shots",
        description="How right, how fast and how frugal the detectors of shots are.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--half", choices=HALVES, default="reported", help="which films to read")
    parser.add_argument(
        "--detector", nargs="+", choices=sorted(shots.detectors()), help="default: all of them"
    )
    parser.add_argument("--films", type=_positive, metavar="N", help="the first N films alone")
    parser.add_argument("--folder", type=Path, help=f"where films are kept (default: {cache()})")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="draw the result as well")
    parser.add_argument("--speed", action="store_true", help="this section instead")
    parser.add_argument("--memory", action="store_true", help="this section instead")
    parser.add_argument(
        "--decoding", nargs="*", type=Path, metavar="FILE",
        help="this section instead; without a file, one of 1920x1080 is made",
    )  # fmt: skip
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    """Runs the sections asked for; without any, accuracy."""
    asked = _arguments(given)
    half: Half = asked.half
    if asked.decoding:
        shot_costs.decoding(asked.decoding)
    elif not ASSETS.is_dir():
        raise SystemExit(f"films are joined from the footage in {ASSETS}, which is not here")
    elif asked.decoding is not None:
        film = _of_look("plain", half)
        shot_costs.decoding([shot_costs.large_film(film, asked.folder or cache())])
    if asked.speed:
        shot_costs.speed(_of_look("long takes", half).render(asked.folder))
    if asked.memory:
        shot_costs.memory(_of_look("plain", half), asked.folder)
    if asked.speed or asked.memory or asked.decoding is not None:
        return
    names = asked.detector or sorted(shots.detectors())
    standings = accuracy(half, names, asked.films, asked.folder)
    looked_at(names)
    if asked.picture:
        kinds = {name: one.kinds for name, one in standings.items()}
        looks = {name: one.looks for name, one in standings.items()}
        chart(kinds, looks, asked.picture)


def _of_look(look: str, half: Half) -> JoinedFilm:
    return next(film for film in films(half) if film.look == look)


if __name__ == "__main__":
    main(sys.argv[1:])
