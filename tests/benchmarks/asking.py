"""How long an editor waits for `find`: `python -m tests.benchmarks.asking [--shots N]`.

`--flavor all` asks for every flavor of the menu, variants that compare otherwise, and blends.

A library is drawn (see `tests.synthetic`) and asked about shots drawn by chance, each shot once.
For each flavor a sidecar is started, a process of its own, and asked over gRPC: once right after
its start (cold), then by one client, then by several at once, each with a channel and a thread of
its own in this process, which takes its share of the same cores. The same is asked of an engine in
this process, the naive way being one that is opened anew for every question, as a script would.

One JSON object a line: the wait for an answer at the 50th and the 99th percentile (of as many as
were asked: of less than 100, the worst), and answers a second of all clients together. Then what
the sidecar took of the processors for an answer to several at once, and what memory it held; and
for each flavor one object with all of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from matchcut.engine import MIN_HANDLE, Engine
from matchcut.flavors import flavors
from matchcut.server.convert import pack_query
from matchcut.server.matches import unpack_match_set
from matchcut.types import MatchSet, MediaQuery
from matchcut_client.client import Client
from matchcut_client.connecting import connect
from tests.benchmarks.lines import say
from tests.synthetic import Synthetic, library
from tests.synthetic.write import DRAWN, USUAL

FLAVORS = ("frame", "color", "frame,color:0.5")
NARROWER = ("frame/subject", "camera/static", "camera/average", "color/palette")
BLENDS = ("frame,color:0.5", "frame,camera:0.5", "color,light", "composition,frame", "sound,frame")
TOP = 20
GAP = Fraction(2)
ANEW = 20
"""Questions to engines that are opened anew: each takes a second, and they differ little."""

Ask = Callable[[MediaQuery], MatchSet]


@dataclass(frozen=True, slots=True)
class Asking:
    """What all questions of a run have in common."""

    made: Synthetic
    flavor: str
    reframe: bool
    summary: dict[str, object] = field(default_factory=dict)
    """All figures of the flavor, as they come."""

    def client(self, client: Client) -> Ask:
        """Asks the sidecar, and reads its answer as the command line does."""

        def ask(query: MediaQuery) -> MatchSet:
            return unpack_match_set(
                client.find(
                    pack_query(query),
                    flavor=self.flavor,
                    top=TOP,
                    min_gap=GAP,
                    min_handle=MIN_HANDLE,
                    reframe=self.reframe,
                )
            )

        return ask

    def here(self, engine: Callable[[], Engine]) -> Ask:
        """Asks an engine in this process."""

        def ask(query: MediaQuery) -> MatchSet:
            return engine().find(
                query, flavor=self.flavor, top=TOP, min_gap=GAP, reframe=self.reframe
            )

        return ask

    @property
    def facts(self) -> dict[str, object]:
        """What all figures depend on."""
        return {
            "flavor": self.flavor,
            "reframe": self.reframe,
            "shots": len(self.made.plan.film),
            "moments": self.made.plan.moments.size,
        }

    def say(self, seconds: Sequence[float], wall: float, way: str, clients: int) -> None:
        """Says how long the answers took, each in `seconds`, all together in `wall`."""
        facts = self.facts | {"way": way, "clients": clients, "asked": len(seconds)}
        both = []
        for share in (50, 99):
            waited = 1000 * float(np.percentile(seconds, share, method="higher"))
            both.append(round(waited, 1))
            say(f"asking.p{share}", waited, "ms", **facts)
        say("asking.rate", len(seconds) / wall, "answers a second", **facts)
        self.summary[f"{way}, {clients} at once"] = {"p50": both[0], "p99": both[1]}

    def say_cost(self, processor: float, memory: float) -> None:
        """Says what an answer took of the processors, in seconds, and the memory held, in MB."""
        say("asking.processor", 1000 * processor, "ms an answer", **self.facts)
        say("asking.memory", memory, "MB", **self.facts)
        self.summary["processor, ms"] = round(1000 * processor, 1)
        self.summary["memory, MB"] = round(memory)


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """A sidecar of the library, in a process of its own, that answers: its process's number."""
    command = [sys.executable, "-m", "matchcut", "serve", "--json", "--library", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert json.loads(process.stdout.readline())["host"]
            yield process.pid
        finally:
            process.terminate()


def waited(ask: Ask, queries: Sequence[MediaQuery]) -> list[float]:
    """Seconds until the answer to each of some questions, asked one after the other."""
    seconds = []
    for query in queries:
        began = time.perf_counter()
        ask(query)
        seconds.append(time.perf_counter() - began)
    return seconds


def all_at_once(asks: Sequence[Ask], queries: Sequence[MediaQuery]) -> tuple[list[float], float]:
    """Seconds for each answer, with as many questions under way as there are clients; and in all.

    Clients begin at the same time and ask one question after the other.
    """
    shares = [queries[number :: len(asks)] for number in range(len(asks))]
    began = time.perf_counter()
    with ThreadPoolExecutor(len(asks)) as clients:
        seconds = list(clients.map(waited, asks, shares))
    wall = time.perf_counter() - began
    return [one for some in seconds for one in some], wall


def measured(asking: Asking, queries: Iterator[MediaQuery], clients: int, count: int) -> None:
    """Says what a flavor costs in every way of asking."""
    with ExitStack() as during:
        sidecar = during.enter_context(serving(asking.made.folder))
        asks = [
            asking.client(during.enter_context(connect(asking.made.folder))) for _ in range(clients)
        ]
        for way, some, number in (
            ("grpc, first after start", asks[:1], 1),
            ("grpc", asks[:1], count),
            ("grpc", asks, max(count, 2 * clients)),
        ):
            before = processor_of(sidecar)
            seconds, wall = all_at_once(some, [next(queries) for _ in range(number)])
            asking.say(seconds, wall, way, len(some))
        asking.say_cost((processor_of(sidecar) - before) / len(seconds), memory_of(sidecar))
    kept = Engine(asking.made.folder)
    for way, ask, number in (
        ("in process", asking.here(lambda: kept), count),
        ("in process, opened anew", asking.here(lambda: Engine(asking.made.folder)), ANEW),
    ):
        waited(ask, [next(queries)])
        seconds, wall = all_at_once([ask], [next(queries) for _ in range(number)])
        asking.say(seconds, wall, way, 1)
    say("asking.summary", count, "questions", **asking.facts, **asking.summary)


def processor_of(process: int) -> float:
    """Seconds that a process took of the processors so far. Linux alone."""
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory_of(process: int) -> float:
    """MB of memory that a process holds. Linux alone."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def every_flavor() -> list[str]:
    """The flavors of the menu, some that compare otherwise, and blends."""
    return [*flavors(), *NARROWER, *BLENDS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.asking")
    parser.add_argument("--shots", type=int, default=20_000)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--asked", type=int, default=200, help="questions a measurement")
    parser.add_argument("--flavor", action="append", help="or `all`; more than once: several")
    parser.add_argument("--no-reframe", dest="reframe", action="store_false")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as place:
        os.environ["MATCHCUT_STATE_DIR"] = str(Path(place) / "state")
        began = time.perf_counter()
        asked = options.flavor or FLAVORS
        wanted, asked = (tuple(DRAWN), every_flavor()) if "all" in asked else (USUAL, asked)
        made = library(
            Path(place) / "library", shots=options.shots, sources=options.sources, wanted=wanted
        )
        say("asking.draw", time.perf_counter() - began, "s", shots=options.shots)
        for flavor in asked:
            order = np.random.default_rng(7).permutation(options.shots).tolist()
            measured(
                Asking(made, flavor, options.reframe),
                map(made.query, order),
                options.clients,
                options.asked,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
