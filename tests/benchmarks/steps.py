"""What each step of indexing costs: `python -m tests.benchmarks.steps [FILM…]`.

One JSON object a line. Of each film, in processes of their own, in turn: decoding alone (PyAV),
decoding and segmentation (as `matchcut shots`), and both with every weight-free representation (as
`matchcut index --profile classical`, but for what is written to disk). Then what each
representation takes of one core in the midst of it, a shot; and reading the sound, a minute.

Without a film, one of 1920x1080 with grain is made of real footage, which takes minutes; where
there is no footage, that is said. Medians of 3.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matchcut.embeddings.appearance import APPEARANCE
from matchcut.flavors import flavors
from matchcut.flavors._visible import VISIBLE
from matchcut.types import Representation, RepresentationSpec, Rows, Span, Window, WindowRequest
from tests.benchmarks.lines import say
from tests.benchmarks.shot_ways import Taken, Worker, alternating, median

TIMES = 3
WAYS = {
    "decode": "decode",
    "shots": "decode, find shots",
    "everything": "decode, find shots, compute all",
}


def everything() -> list[Representation]:
    """Every weight-free representation that indexing computes, each once."""
    wanted = [APPEARANCE, VISIBLE, *(one.representation for one in flavors().values())]
    return list({one.spec.identity: one for one in wanted}.values())


def analysed(film: Path, representations: Sequence[Representation]) -> tuple[int, int]:
    """Frames and shots of a film that was analysed as `matchcut index` does it."""
    from matchcut import shots
    from matchcut.media.probe import probe
    from matchcut.pipeline.analysis import analyse, unkept
    from tests.conftest import Quiet

    detector = shots.detector(shots.DEFAULT)
    found = analyse(film, probe(film), detector, (), representations, unkept, Quiet())
    return len(found.frame_pts) - 1, len(found.shots)


@dataclass
class Timed:
    """A representation that counts what it takes of its thread."""

    inner: Representation
    seconds: Counter[str] = field(default_factory=Counter)

    @property
    def spec(self) -> RepresentationSpec:
        return self.inner.spec

    def moments(self, span: Span) -> Sequence[int]:
        return self.inner.moments(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return self.inner.window(span, moment)

    def compute(self, windows: Sequence[Window], /) -> Rows:
        started = time.thread_time()
        rows = self.inner.compute(windows)
        self.seconds[self.spec.name] += time.thread_time() - started
        return rows


def by_step(film: Path) -> None:
    """What each representation takes, a shot."""
    timed = [Timed(one) for one in everything()]
    analysed(film, timed)  # once to load what is loaded on first use
    for one in timed:
        one.seconds.clear()
    frames, shots = analysed(film, timed)
    for one in timed:
        cost = 1000 * one.seconds[one.spec.name] / shots
        say("steps.representation", cost, "ms a shot", of=one.spec.name, **_facts(film, frames))
    total = 1000 * sum(one.seconds[one.spec.name] for one in timed) / shots
    say("steps.representation", total, "ms a shot", of="all", shots=shots, **_facts(film, frames))


def sound(film: Path) -> None:
    """What reading all of the sound takes."""
    from matchcut.media.probe import probe
    from matchcut.media.sound import sound_track

    source = probe(film)
    if not source.audio_streams or source.duration_pts is None:
        sys.stderr.write(f"{film.name} has no sound\n")
        return
    end = source.start_pts + source.duration_pts
    step = max(1, round(1 / source.time_base))
    started = time.process_time()
    with sound_track(film, source) as track:
        for start in range(source.start_pts, end, step):
            track.read(Span(start, min(start + step, end), source.time_base))
    minutes = float(source.duration_pts * source.time_base) / 60
    taken = (time.process_time() - started) / minutes
    say("steps.sound", taken, "processor seconds a minute", film=film.name)


def together(film: Path) -> None:
    """The three ways on one film, and what computing adds to the second."""
    taken: dict[str, list[Taken]] = {}
    with (
        Worker("decode", film) as decode,
        Worker("shots", film) as shots,
        Worker("everything", film) as whole,
    ):
        rounds = alternating((decode, shots, whole), TIMES)
        taken = dict(zip(WAYS, rounds, strict=True))
    for way, found in taken.items():
        frames = found[0].frames
        speed = median(one.frames / one.wall for one in found)
        work = 1000 * median(one.cpu / one.frames for one in found)
        peak = max(one.peak_mib for one in found)
        for name, value, unit in (
            ("steps.speed", speed, "frames a second"),
            ("steps.cpu", work, "ms a frame"),
            ("steps.peak_memory", peak, "MiB"),
        ):
            say(name, value, unit, way=WAYS[way], repetitions=TIMES, **_facts(film, frames))
    for clock in ("wall", "cpu"):
        before, after = (
            median(getattr(one, clock) for one in taken[way]) for way in list(WAYS)[1:]
        )
        say("steps.computing_adds", after / before - 1, "ratio", clock=clock, film=film.name)


def _facts(film: Path, frames: int) -> dict[str, str | int]:
    return {"film": film.name, "frames": frames}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 1 where there is no film to run it on."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.steps")
    parser.add_argument("films", type=Path, nargs="*", metavar="FILM")
    asked = parser.parse_args(arguments)
    for film in asked.films or _made():
        by_step(film)
        sound(film)
        together(film)
    return 0


def _made() -> list[Path]:
    from tests.benchmarks.shot_costs import large_film
    from tests.joined.film import cache, films

    plain = next(film for film in films("tuning") if film.look == "plain")
    return [large_film(plain, cache())]


if __name__ == "__main__":
    sys.exit(main())
