"""How fast one shot is compared with all of an archive: `python -m tests.benchmarks.search`.

Silhouettes are drawn (see `tests.synthetic`), repeated with their cells moved until there are so
many, and written to a file that is mapped into memory and never copied. Asked as `find` asks,
without reframing, of one moment a shot. Beside it: how long the bytes alone take to be read from
memory by as many threads, and numpy's own way on a part of them. One JSON object a line.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._parts import SilhouetteIoU
from matchcut.ranking import Ranked, Rules, ShotTable, best_found
from matchcut.scoring import Moments, entries_of, find
from matchcut.silhouettes.rows import MASK
from matchcut.similarity import MaskIoU
from matchcut.similarity.tables import MaskTable
from tests.benchmarks.lines import say
from tests.synthetic.plan import plan
from tests.synthetic.silhouettes import silhouettes

DRAWN = 50_000
AT_ONCE = 65_536
TOP = 50
THREADS = 2
PLAIN = SilhouetteIoU("people")


def archive(file: Path, shots: int) -> MaskTable:
    """The masks of so many shots, their words mapped from a file."""
    rng = np.random.default_rng(1)
    rows = silhouettes(plan(DRAWN, DRAWN // 200, 1, rng), rng).reshape(-1)
    one = PLAIN.prepared([rows])
    assert isinstance(one, MaskTable)
    words = np.lib.format.open_memmap(file, "w+", np.uint64, (shots, one.words.shape[1]))
    for start in range(0, shots, DRAWN):
        # A canvas's line is a word: its lines are turned, and its columns within them.
        lines = np.roll(one.words, int(rng.integers(-4, 5)), axis=1)
        turn = np.uint64(rng.integers(1, 8))
        lines = (lines << turn) | (lines >> (np.uint64(64) - turn))
        words[start : start + DRAWN] = lines[: shots - start]
    words.flush()
    of = np.arange(shots) % DRAWN
    return MaskTable(
        np.load(file, mmap_mode="r"), one.areas[of], one.kind[of], one.weight[of], one.trust[of]
    )


def seconds(work: Callable[[], object], times: int) -> list[float]:
    """How long some work took each time."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search")
    parser.add_argument("--shots", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="matchcut-search-") as folder:
        masks = archive(Path(folder) / "masks.npy", asked.shots)
        facts = {"shots": asked.shots, "gigabytes": round(masks.words.nbytes / 1e9, 2)}
        _read(masks)  # From the disk into memory.
        ask = _asker(masks)
        ask(0)
        queries = np.random.default_rng(2).integers(0, asked.shots, asked.times).tolist()
        # Turn by turn, so that whatever else the machine does troubles both alike.
        reading, finding = [], []
        for query in queries:
            reading += seconds(lambda: _read(masks), 1)
            finding += seconds(lambda query=query: ask(query), 1)
        read, found = float(np.median(reading)), float(np.median(finding))
        say("search.read", read, "seconds", threads=THREADS, **facts)
        say("search.find", found, "seconds", worst=round(max(finding), 4), **facts)
        say("search.ratio", found / read, "times reading the bytes", **facts)
        part = min(asked.shots, 200_000)
        scan = float(np.median(seconds(lambda: _numpy(masks, part), 3))) * asked.shots / part
        say("search.numpy", scan, "seconds", measured_on=part, **facts)
    return 0


def _asker(masks: MaskTable) -> Callable[[int], Ranked]:
    count = len(masks)
    every = np.arange(count)
    moments = Moments(every, np.arange(count + 1), every)
    entries = entries_of(
        masks, masks, moments, moments, every, symmetric=True, ways=1, fluke=PLAIN.fluke
    )
    shots = ShotTable(
        (every // 2000).astype(np.int32),
        every * 10,
        every * 10 + 10,
        every.astype(np.int32),
        np.ones(count, np.bool_),
    )
    rules = Rules(across=False, min_gap=20, per_shot=None)
    found = partial(find, entries)
    return lambda query: best_found(found, shots, rules, query=query, top=TOP)


def _read(masks: MaskTable) -> int:
    """Reads all words once, as fast as numpy can."""

    def part(start: int) -> int:
        return int(np.bitwise_xor.reduce(masks.words[start : start + AT_ONCE], axis=None))

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(part, range(0, len(masks), AT_ONCE)))


def _numpy(masks: MaskTable, count: int) -> NDArray[np.float32]:
    """The scores of the first shot with some others, by numpy alone."""
    rows = np.zeros(count, MASK)
    rows["mask"] = masks.words[:count].view(np.uint8)
    rows["confidence"] = 1
    return MaskIoU().pairwise(rows[:1], rows)


if __name__ == "__main__":
    sys.exit(main())
