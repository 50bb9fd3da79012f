"""How fast the best cuts come: `python -m tests.benchmarks.refining [--queries N] [FILM...]`.

One JSON object a line. The films are indexed twice, with and without proxies, as shots of two
seconds each, so that a second to either side of a moment is there to be looked through. Then, for
some shots and every flavor: how long `find` takes, and when the tenth and the fiftieth candidate
have been refined, medians over the queries. Beside it, the same without proxies, where the films
themselves are decoded, and what proxies cost in time and disk.

Without a film, two of 1920x1080 with grain are made of real footage, which takes minutes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

from matchcut import flavors
from matchcut.engine import Engine
from matchcut.library import Library
from matchcut.media.probe import probe
from matchcut.media.proxy import PROXY
from matchcut.types import CutList, MediaQuery
from tests.benchmarks.lines import say
from tests.conftest import Quiet

SECONDS = 2
"""Of each shot."""
TOP = 50
FIRST = 10


def cuts(film: Path) -> CutList:
    """A list of shots of equal length."""
    source = probe(film)
    assert source.duration_pts is not None
    frames = round(source.duration_pts * source.time_base * source.rate)
    length = round(SECONDS * source.rate)
    starts = list(range(0, frames - length + 1, length))
    ends = [*starts[1:], frames]
    shots = [
        {"index": number, "start_frame": start, "end_frame": end}
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return CutList(film, json.dumps(shots), film.parent, "every two seconds.json")


def indexed(folder: Path, films: Sequence[Path], *, proxies: bool) -> float:
    """Indexes the films; says and gives the seconds it took."""
    started = time.monotonic()
    Engine(folder).index(
        films, cut_lists=[cuts(film) for film in films], proxies=proxies, monitor=Quiet()
    )
    taken = time.monotonic() - started
    say("refining.index", taken, "seconds", proxies=proxies, films=len(films))
    return taken


def sizes(folder: Path) -> None:
    """Says how much room the proxies take."""
    library = Library.open(folder)
    for stored in library.sources():
        room = library.proxy(stored.source.digest, PROXY).stat().st_size / 1e6
        hours = float(stored.frames / stored.source.rate) / 3600
        name = stored.paths[0].name
        say("refining.proxy", room / hours, "MB an hour", film=name, frames=stored.frames)


def timed(folder: Path, film: Path, flavor: str, queries: int, *, top: int, proxies: bool) -> None:
    """Says how long it takes until the first candidates have their best cut."""
    engine = Engine(folder)
    found, first, last, count = [], [], [], []
    rate = probe(film).rate
    for query in range(queries):
        at = str(round((1 + 2 * SECONDS * query) * rate))
        started = time.monotonic()
        answer = engine.find(MediaQuery(film, at), flavor=flavor, top=top, min_gap=Fraction(0))
        found.append(time.monotonic() - started)
        refined = engine.refine(answer.candidates)
        count.append(len(answer.candidates))
        for _ in islice(refined, FIRST):
            pass
        first.append(time.monotonic() - started)
        for _ in refined:
            pass
        last.append(time.monotonic() - started)
    facts = {"flavor": flavor, "proxies": proxies, "queries": queries}
    for name, taken, candidates in (
        ("find", found, 0),
        ("first", first, min(FIRST, round(statistics.median(count)))),
        ("all", last, round(statistics.median(count))),
    ):
        say(f"refining.{name}", statistics.median(taken), "seconds", candidates=candidates, **facts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.refining")
    parser.add_argument("films", type=Path, nargs="*", metavar="FILM")
    parser.add_argument("--queries", type=int, default=5)
    parser.add_argument("--flavors", nargs="*", default=[*flavors.flavors(), "frame,camera:0.5"])
    asked = parser.parse_args(arguments)
    films = asked.films or _made()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        alone = indexed(folder / "without", films, proxies=False)
        both = indexed(folder / "with", films, proxies=True)
        say("refining.proxies_add", both / alone - 1, "ratio of indexing", films=len(films))
        sizes(folder / "with")
        for flavor in asked.flavors:
            timed(folder / "with", films[0], flavor, asked.queries, top=TOP, proxies=True)
            timed(folder / "without", films[0], flavor, 1, top=FIRST, proxies=False)
    return 0


def _made() -> list[Path]:
    from tests.benchmarks.shot_costs import large_film
    from tests.joined.film import cache, films

    plain = [film for film in films("tuning") if film.look == "plain"]
    return [large_film(film, cache()) for film in plain[:2]]


if __name__ == "__main__":
    sys.exit(main())
