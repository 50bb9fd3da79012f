"""Speed and memory of reading a film: `python -m tests.benchmarks.indexing [FILM…]`.

One JSON object a line. Beside the whole analysis stands the decode alone, by plain PyAV, of the
same film in the same run. Each figure is taken in a process of its own; memory is its peak
resident set.
Without a film, one is drawn and repeated to growing lengths, cut and as one long take, so that the
curve of memory against length can be read off.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av

from tests.benchmarks.lines import say

DETECTOR = "content"
"""The light one: the network's speed is measured elsewhere, and would hide the rest."""
LENGTHS = (1, 4, 16)
"""Minutes."""


def decode(film: Path) -> int:
    """Frames of a film, by PyAV and nothing else."""
    with av.open(str(film)) as container:
        container.streams.video[0].thread_type = "AUTO"
        return sum(1 for _ in container.decode(video=0))


def analyse(film: Path) -> int:
    """Frames of a film, by the whole analysis for all flavors into a new library."""
    from matchcut.engine import Engine
    from tests.conftest import Quiet

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        engine.index([film], detector=DETECTOR, monitor=Quiet())
        return engine.sources()[0].frames


WAYS = {"decode": decode, "analyse": analyse}


def in_own_process(*arguments: str | Path) -> str:
    """What this program prints, run anew: its memory is then its own, not its parent's."""
    command = [sys.executable, "-m", "tests.benchmarks.indexing", *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def measured(way: str, film: Path) -> dict[str, float]:
    """Frames, seconds and peak memory of one way in a process of its own."""
    return dict(json.loads(in_own_process("--way", way, film)))


def take(seconds: int, film: Path, cut: bool) -> None:
    """Writes a film of this length: the drawn film again and again, or one shot without a cut."""
    from tests.film.demo import demo_plan
    from tests.film.draw import frame_at

    plan = demo_plan()
    starts = plan.starts
    length = starts[-1] if cut else starts[2] - starts[1]
    first = 0 if cut else starts[1]
    drawn = [frame_at(plan, first + at) for at in range(length)]
    # To and fro, so that the long take has no jump in it.
    order = drawn if cut else drawn + drawn[-2:0:-1]
    with av.open(str(film), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24), options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = plan.width, plan.height, "yuv420p"
        for at in range(24 * seconds):
            frame = av.VideoFrame.from_ndarray(order[at % len(order)], format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def report(name: str, film: Path) -> None:
    """Both ways on one film, and their ratio."""
    alone, whole = measured("decode", film), measured("analyse", film)
    for way, found in (("decode", alone), ("analyse", whole)):
        speed = found["frames"] / found["seconds"]
        say(f"{way}.speed", speed, "frames a second", film=name, detector=DETECTOR)
        say(f"{way}.memory", found["peak_mib"], "MiB", film=name, detector=DETECTOR)
    say(
        "analyse.time_to_decode",
        whole["seconds"] / alone["seconds"],
        "ratio",
        film=name,
        detector=DETECTOR,
    )


def main(arguments: list[str]) -> None:
    """Measures the films named, or drawn ones of growing length."""
    if arguments[:1] == ["--take"]:
        seconds, target, kind = arguments[1:]
        take(int(seconds), Path(target), cut=kind == "cut")
        return
    if arguments[:1] == ["--way"]:
        way, film = arguments[1:]
        started = time.monotonic()
        frames = WAYS[way](Path(film))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        facts = {"frames": frames, "seconds": time.monotonic() - started, "peak_mib": peak}
        sys.stdout.write(json.dumps(facts))
        return
    for name in arguments:
        report(Path(name).name, Path(name))
    if arguments:
        return
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("cut", "one take"):
            for minutes in LENGTHS:
                film = Path(folder) / f"{kind} {minutes}.mp4"
                in_own_process("--take", str(60 * minutes), film, kind)
                report(f"{kind}, {minutes} min", film)


if __name__ == "__main__":
    main(sys.argv[1:])
