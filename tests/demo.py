"""The main job, end to end, as its users do it: `make demo`, or `make demo FILM="a.mp4 b.mov"`.

Films are indexed by the command line, a real sidecar is started, and everything else is asked
through it: matches for a clip of a timeline, and the best pairs of every flavor. All results are
left in `demo/`. Without a film, one is drawn for which the planted matches are known.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio
from rich.console import Console
from rich.table import Table

from tests.film.demo import demo_plan
from tests.film.encode import write_film
from tests.film.score import planted_found
from tests.film.script import GroundTruth
from tests.film.timeline import write_timeline

OUT = Path("demo")
TOP = 20
ENOUGH = 0.8
"""Share of the planted matches that must be among the top `TOP`."""
BLEND = "frame,camera:0.5"
MATCHCUT = (sys.executable, "-m", "matchcut")

console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one command answered."""

    lines: list[dict[str, object]]
    seconds: float


def ask(*arguments: str | Path, may_exit: Sequence[int] = (0,)) -> Asked:
    """Runs the command line with `--json`; its text for people passes through.

    Raises:
        SystemExit: it exited otherwise than allowed.
    """
    command = [*MATCHCUT, *map(str, arguments), "--json"]
    console.print(f"[dim]$ matchcut {' '.join(map(str, arguments))}[/]", soft_wrap=True)
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in may_exit:
        sys.exit(f"That failed with exit code {done.returncode}.")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Asked(lines, time.monotonic() - started)


@contextmanager
def sidecar(library: Path) -> Iterator[None]:
    """A real sidecar process; stopped gracefully at the end.

    Raises:
        SystemExit: it did not start, or did not stop cleanly.
    """
    command = [*MATCHCUT, "serve", "--library", str(library), "--json"]
    console.print(f"[dim]$ matchcut serve --library {library} &[/]")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if not process.stdout.readline():
            sys.exit("The sidecar did not start.")
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            if process.wait(timeout=60) != 0:
                sys.exit(f"The sidecar stopped with exit code {process.returncode}.")


def drawn_film() -> tuple[list[Path], GroundTruth, Path, str]:
    """The demo film, its ground truth, an editor's timeline on it, and the clip to ask for."""
    film, timeline = OUT / "demo_film.mp4", OUT / "editors_cut.otio"
    console.print(f"Drawing a film of a minute with planted match cuts: {film}")
    truth = write_film(demo_plan(), film)
    (OUT / "demo_film.truth.json").write_text(truth.to_json(), encoding="utf-8")
    write_timeline(truth, film, timeline)
    clip = next(iter(otio.adapters.read_from_file(str(timeline)).find_clips())).name
    return [film], truth, timeline, clip


def rough_cut(film: Path, timeline: Path) -> str:
    """Writes an editor's timeline on real footage: some shots of it; says the clip to ask for."""
    shots = ask("shots", film).lines
    longest = sorted(shots, key=lambda shot: -float(str(shot["seconds"])))[:6]
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    for shot in sorted(longest, key=lambda shot: int(str(shot["index"]))):
        first, last = int(str(shot["start_frame"])), int(str(shot["end_frame"]))
        rate = (last - first) / float(str(shot["seconds"]))
        span = otio.opentime.TimeRange(
            otio.opentime.RationalTime(first, rate),
            otio.opentime.RationalTime(last - first, rate),
        )
        media = otio.schema.ExternalReference(target_url=str(film.absolute()))
        track.append(
            otio.schema.Clip(name=f"shot {shot['index']}", media_reference=media, source_range=span)
        )
    cut = otio.schema.Timeline(name="rough cut", tracks=[track])
    otio.adapters.write_to_file(cut, str(timeline))
    return str(track[0].name)


def pair(candidate: dict[str, object]) -> tuple[int, int]:
    """The two shot numbers of a candidate."""
    outgoing, incoming = candidate["outgoing"], candidate["incoming"]
    assert isinstance(outgoing, dict)
    assert isinstance(incoming, dict)
    return int(outgoing["shot"]), int(incoming["shot"])


def table(flavor: str, lines: list[dict[str, object]], truth: GroundTruth | None) -> Table:
    """The best candidates, as people read them."""
    shown = Table("rank", "score", "leave", "enter", "", title=f"{flavor}: the best pairs")
    for line in lines[:TOP]:
        a, b = line["outgoing"], line["incoming"]
        assert isinstance(a, dict)
        assert isinstance(b, dict)
        shown.add_row(
            str(line["rank"]),
            f"{float(str(line['score'])):.3f}",
            f"{Path(a['source']).name} #{a['shot']} {a['timecode']}",
            f"{Path(b['source']).name} #{b['shot']} {b['timecode']}",
            "planted" if truth and planted_found(truth, flavor, [pair(line)])[0] else "",
        )
    return shown


def main(films: list[Path]) -> int:
    """Runs the demo; 0 if all went well and enough of what was planted was found."""
    OUT.mkdir(exist_ok=True)
    library = OUT / "library"
    truth: GroundTruth | None = None
    if films:
        library = OUT / "library_of_yours"
        timeline = OUT / "rough_cut.otio"
        clip = rough_cut(films[0], timeline)
    else:
        films, truth, timeline, clip = drawn_film()
    indexed = ask("index", *films, "--library", library)
    console.print(f"Indexed in {indexed.seconds:.1f} s: {indexed.lines[-1]}")
    enough = True
    with sidecar(library):
        through = ("--library", library, "--sidecar")
        marked = OUT / f"{timeline.stem}.marked.otio"
        found = ask(
            "find", *through, "--timeline", timeline, "--clip", clip, "--top", "10", "-o", marked,
            may_exit=(0, 3),
        )  # fmt: skip
        console.print(f"'{clip}' of {timeline}: {len(found.lines)} candidates")
        known_flavors = [str(line["name"]) for line in ask("flavors").lines]
        for flavor in (*known_flavors, BLEND):
            name = flavor.replace(",", "+").replace(":", "x")
            page, cut = OUT / f"{name}.html", OUT / f"{name}.otio"
            scanned = ask(
                "scan", *through, "--flavor", flavor, "--top", str(TOP), "-o", page, "-o", cut,
                may_exit=(0, 3),
            )  # fmt: skip
            known = truth if truth is not None and flavor in truth.planted else None
            if scanned.lines:
                console.print(table(flavor, scanned.lines, known))
            if known is not None:
                hits, planted = planted_found(known, flavor, [pair(one) for one in scanned.lines])
                enough &= len(hits) >= ENOUGH * len(planted)
                console.print(
                    f"{flavor}: {len(hits)} of {len(planted)} planted matches in the top {TOP}\n"
                )
    console.print(f"Look at {OUT}/*.html, and open {OUT}/*.otio in your editing application.")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main([Path(film) for film in sys.argv[1:]]))
