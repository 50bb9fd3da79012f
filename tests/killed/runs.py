"""Runs of a real `matchcut index` that are killed, each going on from what the former left."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchcut.library import Library
from tests.killed.contents import Contents, contents, looked_at
from tests.small_films import DETECTOR, write_textures

FILMS = 12
AIMS = ("made", "any", "storing", "read", "stored", "any", "stored", "grouped")
"""At what the kills of one library are aimed, in turn. `made`: while the library is made; `any`: at
any time, from the first film on; `storing`: as soon as a film is being committed; `read`: while one
is being read; `stored`: while or after one is committed; `grouped`: when all films are stored."""
_LOOK = 0.0005
"""Seconds between two looks at the library's folder."""
_DELAYS = {"made": 0.02, "storing": 0.0, "read": 0.05, "stored": 0.08, "grouped": 0.03}
"""Seconds up to which a kill follows what it is aimed at; most follow it sooner, so that a machine
of any speed is hit at it."""


@dataclass(frozen=True, slots=True)
class Killed:
    """A run that was killed, or had ended before the kill, and what it left."""

    library: int
    """How many libraries were begun before this one."""
    aim: str
    hit: str
    """What it was doing, as far as its traces tell: `starting`, `reading` a film, `storing` it (its
    arrays lie aside, or in place without an entry in the catalogue), `grouping` (all is stored, no
    group is remembered), `between` these, or it had `ended`."""
    sources: int
    """Sources in the catalogue afterwards."""
    complaints: tuple[str, ...]
    """What is wrong with what it left."""


@dataclass(frozen=True, slots=True)
class Finished:
    """An undisturbed run after the last kill of a library."""

    complaints: tuple[str, ...]


def write_films(folder: Path) -> list[Path]:
    """A dozen films of half a second and two shots, of which the second repeats every third film's.

    Analysing one takes about half a second.
    """
    folder.mkdir(parents=True)
    return [
        write_textures(folder / f"film {number:02}.mp4", 12, 100 + number, number % 3)
        for number in range(FILMS)
    ]


def index_command(films: Sequence[Path], library: Path) -> list[str]:
    """A real indexing run, weight-free and with the light detector."""
    return [
        *(sys.executable, "-m", "matchcut", "index", *map(str, films), "--library", str(library)),
        *("--detector", DETECTOR, "--profile", "classical", "--json"),
    ]


def undisturbed(films: Sequence[Path], library: Path) -> tuple[Contents, float]:
    """What a library shows whose indexing nobody disturbs, and the seconds that films took."""
    run = _Run(films, library)
    run.until(run.begun)
    began = time.perf_counter()
    if run.program.wait(300):
        raise RuntimeError(f"indexing ended with {run.program.returncode}")
    return contents(library), time.perf_counter() - began


def killed_runs(
    films: Sequence[Path], folder: Path, *, times: int, seed: int, whole: Contents, seconds: float
) -> Iterator[Killed | Finished]:
    """Kills `times` runs; each library is finished after as many kills as there are `AIMS`.

    Args:
        films: What is indexed.
        folder: Where the libraries are made, one after the other.
        times: How many kills.
        seed: Of the moments.
        whole: What an undisturbed library shows, see `undisturbed`.
        seconds: How long its films took: the kills at any time are spread so that the runs of one
            library, together, come to the last film.
    """
    rng = np.random.default_rng(seed)
    library = folder / "library"
    before: Mapping[str, str] = {}
    for number in range(times):
        aim = AIMS[number % len(AIMS)]
        run = _Run(films, library)
        hit = _kill(run, aim, rng, 2 * seconds / len(AIMS))
        before, wrong = looked_at(library, before, whole)
        yield Killed(number // len(AIMS), aim, hit, len(before), tuple(wrong))
        if aim == AIMS[-1] or number == times - 1:
            yield Finished(tuple(_finish(films, library, whole)))
            shutil.rmtree(library)
            before = {}


def _finish(films: Sequence[Path], library: Path, whole: Contents) -> list[str]:
    done = subprocess.run(
        index_command(films, library), capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode or done.stderr:
        return [f"the next run ended with {done.returncode}: {done.stderr}"]
    left = [one.name for one in (library / "staging").glob("*")]
    wrong = [f"{left} are left aside"] if left else []
    # The groups before the answers, which would bring them up to date.
    if Library.open(library).duplicates() != whole.groups:
        wrong.append("the repeats are grouped otherwise than without a kill")
    if contents(library) != whole:
        wrong.append("it shows something else than without a kill")
    return wrong


class _Run:
    """A program that indexes, and where one sees from outside how far it is."""

    def __init__(self, films: Sequence[Path], library: Path) -> None:
        self.films = len(films)
        self.library = library
        self.catalogue = library / "catalogue.sqlite"
        self.before = self.in_place()
        # What lies aside is removed when a run begins to write: then this is gone.
        self._sign = library / "staging" / "not begun"
        self._sign.mkdir(parents=True, exist_ok=True)
        self.program = subprocess.Popen(
            index_command(films, library), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def until(self, seen: Callable[[], bool]) -> bool:
        """Waits until something is to be seen; whether it was before the program ended."""
        while not seen():
            if self.program.poll() is not None:
                return False
            time.sleep(_LOOK)
        return True

    def begun(self) -> bool:
        return not self._sign.exists()

    def made(self) -> bool:
        return self.catalogue.exists()

    def reading(self) -> bool:
        """Whether a film is being read: its proxy is written meanwhile."""
        return any((self.library / "staging").glob("*/*.proxy"))

    def aside(self) -> list[Path]:
        """Arrays that are being stored: they lie in a folder of their own, one a commit."""
        with suppress(FileNotFoundError):  # The folder vanishes at the end of a commit.
            return list((self.library / "staging").glob("*/*.npy"))
        return []

    def in_place(self) -> dict[str, int]:
        """By digest, when the first array of a source was written that the catalogue may name."""
        return {
            file.parent.name: file.stat().st_mtime_ns
            for file in (self.library / "arrays").glob("*/frames.npy")
        }

    def all_stored(self) -> bool:
        return len(_answer(self.library, "SELECT digest FROM source")) == self.films


def _kill(run: _Run, aim: str, rng: np.random.Generator, spread: float) -> str:
    """Kills a run at a moment drawn by chance; says what it hit."""
    delay = _DELAYS[aim] * rng.uniform() ** 4 if aim in _DELAYS else rng.uniform(0, spread)
    nth = int(rng.integers(1, 4))
    seen: set[Path] = set()

    def storing() -> bool:
        seen.update(file.parent for file in run.aside())
        return len(seen) == nth

    waits = {
        "made": run.made,
        "any": run.begun,
        "read": run.reading,
        "storing": storing,
        "stored": storing,
        "grouped": run.all_stored,
    }
    try:
        # Until it has begun, what a former run left aside is still there.
        if (aim == "made" or run.until(run.begun)) and run.until(waits[aim]):
            time.sleep(delay)
    finally:
        run.program.kill()
    return "ended" if run.program.wait(60) == 0 else _hit(run)


def _hit(run: _Run) -> str:
    if not run.begun():
        return "starting"
    named = _answer(run.library, "SELECT digest FROM source")
    placed = run.in_place()
    if run.aside() or any(
        placed[digest] != run.before.get(digest) for digest in placed.keys() - named
    ):
        return "storing"
    if run.reading():
        return "reading"
    grouped = _answer(run.library, "SELECT key FROM note")
    return "grouping" if run.all_stored() and not grouped else "between"


def _answer(library: Path, question: str) -> set[str]:
    """What the catalogue answers, looked at without touching it."""
    try:
        with closing(sqlite3.connect(f"file:{library}/catalogue.sqlite?mode=ro", uri=True)) as it:
            return {text for (text,) in it.execute(question).fetchall()}
    except sqlite3.OperationalError:
        return set()  # Not made yet, or not its tables.
