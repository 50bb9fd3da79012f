"""What a cluster costs and gains: `python -m tests.benchmarks.cluster [--films N] [--seconds S]`.

Small films are drawn, and indexed by this process and by Ray on this machine, in the same run. One
JSON object a line: seconds to start Ray, seconds of the work, and how many stored arrays differ.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from matchcut.engine import Engine
from matchcut.pipeline import OpenWorkers, Workers, here, workers_of
from tests.benchmarks.lines import say
from tests.conftest import Quiet
from tests.small_films import DETECTOR, write_textures


def indexed(folder: Path, films: list[Path], way: str, opened: OpenWorkers) -> None:
    """Indexes into a new library, and says what it took."""
    began = time.perf_counter()
    ready: list[float] = []

    @contextmanager
    def timed() -> Iterator[Workers]:
        context: AbstractContextManager[Workers] = opened()
        with context as workers:
            ready.append(time.perf_counter())
            yield workers
            ready.append(time.perf_counter())

    report = Engine(folder, workers=timed).index(
        films, detector=DETECTOR, profile="classical", monitor=Quiet()
    )
    films_read = {"way": way, "films": len(report.added), "shots": report.shots}
    say("start", ready[0] - began, "s", **films_read)
    say("work", ready[1] - ready[0], "s", **films_read)
    say("whole", time.perf_counter() - began, "s", **films_read)


def arrays(folder: Path) -> dict[Path, bytes]:
    """What is stored beside the catalogue."""
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.npy")}


def main() -> None:
    """Indexes the same films both ways."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--films", type=int, default=6)
    asked.add_argument("--seconds", type=int, default=2, help="of each film")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frames = 25 * given.seconds // 2
        films = [
            write_textures(folder / f"{number}.mp4", frames, 2 * number + 1, 2 * number + 2)
            for number in range(given.films)
        ]
        # What is read from the disk the first time is not what is measured.
        Engine(folder / "first").index(films[:1], detector=DETECTOR, monitor=Quiet())
        indexed(folder / "local", films, "local", here)
        indexed(folder / "ray", films, "ray", workers_of("ray", None))
        one, two = arrays(folder / "local"), arrays(folder / "ray")
        say("arrays that differ", sum(one[name] != two.get(name) for name in one), "", of=len(one))


if __name__ == "__main__":
    main()
