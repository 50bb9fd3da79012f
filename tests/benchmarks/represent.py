"""Speed and memory of silhouettes and embeddings: `python -m tests.benchmarks.represent`.

One JSON object a line, for every provider there is, the weight-free ones beside the pretrained. The
weights are the real ones where this machine has them, else random ones, which take as long except
where the network goes on with what it has found: Mask R-CNN draws a mask for each thing that it
sees, and with random weights it sees none. Each line says which they were.

A provider is measured in a process of its own. Its memory is the peak resident set, loading the
weights and the program itself included.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from matchcut.embeddings.appearance import APPEARANCE
from matchcut.embeddings.pretrained import pretrained as pretrained_embeddings
from matchcut.models import shelves
from matchcut.silhouettes.pretrained import pretrained as pretrained_silhouettes
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Frame, Representation, Span
from tests.benchmarks.lines import say
from tests.conftest import SHARED
from tests.random_weights import publishing, written

PASSES = 3
"""Of which the median speed is reported."""
SECONDS = 2
"""Length of the shots: more than what any provider looks at."""
FREE: dict[str, Representation] = {
    "silhouettes.weight-free": WEIGHT_FREE,
    "embeddings.weight-free": APPEARANCE,
}
BETTER: dict[str, Any] = {
    **{f"silhouettes.{one.name}": one for one in pretrained_silhouettes()},
    **{f"embeddings.{one.name}": one for one in pretrained_embeddings()},
}


@dataclass(frozen=True)
class Weights:
    """Where those of a provider lie, and what they are."""

    path: Path
    kind: str
    """`real`, `random`, or `none`."""


def films(folder: Path) -> list[Path]:
    """The films whose beginnings serve as shots; none where this machine has no footage."""
    return sorted((folder / "video" / "people").glob("*.mp4"))


def shots(folder: Path, count: int) -> Iterator[tuple[list[Frame], Span]]:
    """The beginnings of so many films, again from the first where there are fewer."""
    found = films(folder)
    if not found:
        yield from drawn(count)
        return
    from matchcut.media.decode import read_frames
    from matchcut.media.probe import probe

    for film in islice(cycle(found), count):
        source = probe(film)
        with closing(read_frames(film, source)) as frames:
            start = list(islice(frames, round(SECONDS * source.rate)))
        yield start, Span(start[0].pts, start[-1].pts + 1, source.time_base)


def drawn(count: int) -> Iterator[tuple[list[Frame], Span]]:
    """Shots of a camera that pans over textures."""
    from tests.textures import as_frames, moving

    length = 24 * SECONDS
    for seed in range(count):
        yield as_frames(moving(seed, length)), Span(0, length, Fraction(1, 24))


def representation(name: str, weights: Weights, device: str) -> Representation:
    """That of one provider, with the weights that were found or made for it."""
    if name in FREE:
        return FREE[name]
    provider = BETTER[name]
    if weights.kind == "random":
        provider = replace(provider, model=publishing(provider.model, weights.path))
    made: Representation = provider.representation(weights.path, device)
    return made


def measure(name: str, weights: Weights, options: argparse.Namespace) -> dict[str, object]:
    """Speed, memory and device of one provider in this process."""
    from matchcut.models import devices
    from matchcut.pipeline.frames import window

    device = "cpu" if name in FREE else devices.device(options.device)
    computing = representation(name, weights, device)
    windows = [
        window(frames, computing.window(span, moment), span)
        for frames, span in shots(options.assets, options.shots)
        for moment in computing.moments(span)
    ]
    computing.compute(windows[:1])
    speeds = []
    for _ in range(PASSES):
        started = time.perf_counter()
        # One at a time, as the pipeline hands them over.
        for one in windows:
            computing.compute([one])
        speeds.append(len(windows) / (time.perf_counter() - started))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    facts = {"speed": statistics.median(speeds), "memory": peak}
    if device.startswith("cuda"):
        import torch

        facts["gpu_memory"] = torch.cuda.max_memory_allocated(device) / 2**20
    return {"device": devices.described(device), **facts}


def in_own_process(options: argparse.Namespace, *more: str | Path) -> str:
    """What this program prints, run anew: its memory is then its own, not its parent's."""
    command = [sys.executable, "-m", "tests.benchmarks.represent", "--assets", options.assets,
               "--device", options.device, "--shots", str(options.shots), *more]  # fmt: skip
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def weights_of(name: str, folder: Path, options: argparse.Namespace) -> Weights:
    """Those of this machine, or random ones that are written into a folder."""
    if name in FREE:
        return Weights(folder, "none")
    model = BETTER[name].model
    found = shelves(None).find(model)
    if found is not None:
        return Weights(found, "real")
    in_own_process(options, "--write", name, folder)
    return Weights(folder / model.file, "random")


UNITS = {"speed": "shots a second", "memory": "MiB", "gpu_memory": "MiB of the GPU"}


def report(name: str, options: argparse.Namespace) -> None:
    """Measures one provider and says its figures."""
    with tempfile.TemporaryDirectory() as folder:
        weights = weights_of(name, Path(folder), options)
        printed = in_own_process(options, "--one", name, weights.path, weights.kind)
    facts = json.loads(printed)
    footage = "real" if films(options.assets) else "drawn"
    for figure, unit in UNITS.items():
        if figure in facts:
            say(
                f"{name}.{figure}",
                facts[figure],
                unit,
                device=facts["device"],
                weights=weights.kind,
                shots=options.shots,
                footage=footage,
            )


def main(arguments: Sequence[str]) -> None:
    """Measures every provider."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.represent")
    parser.add_argument("--assets", type=Path, default=SHARED / "assets")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--shots", type=int, default=4)
    parser.add_argument("--only", choices=[*FREE, *BETTER], help="measure this provider alone")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.write:
        name, folder = options.write
        written(BETTER[name].model, Path(folder))
    elif options.one:
        name, path, kind = options.one
        found = measure(name, Weights(Path(path), kind), options)
        sys.stdout.write(json.dumps(found))
    else:
        for name in [options.only] if options.only else [*FREE, *BETTER]:
            report(name, options)


if __name__ == "__main__":
    main(sys.argv[1:])
