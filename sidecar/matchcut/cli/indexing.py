"""`matchcut shots` and `matchcut index`: from files to shots and to a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from matchcut import shots as detecting
from matchcut.cli.console import FAILED, errors_said, people, print_json, watched
from matchcut.cli.options import (
    Detector,
    Json,
    LibraryFolder,
    ThroughSidecar,
    from_root,
    open_matching,
)
from matchcut.types import IndexReport


def shots(
    media: Annotated[Path, typer.Argument(help="A film.", show_default=False)],
    detector: Detector = detecting.DEFAULT,
    as_json: Json = False,
) -> None:
    """List the shots of one file; needs no library.

    Example: `matchcut shots film.mov --json`

    JSON, a shot a line: index, start_frame, end_frame (half-open), start_timecode, end_timecode,
    seconds.
    """
    from matchcut.engine.single import shots_of

    with errors_said():
        with watched() as monitor:
            found = shots_of(media, detector, monitor)
        if as_json:
            for timed in found:
                print_json(
                    {
                        "index": timed.shot.index,
                        "start_frame": timed.shot.start_frame,
                        "end_frame": timed.shot.end_frame,
                        "start_timecode": timed.start_timecode,
                        "end_timecode": timed.end_timecode,
                        "seconds": timed.seconds,
                    }
                )
            return
        table = Table("shot", "frames", "from", "up to", "seconds", title=escape(media.name))
        for timed in found:
            table.add_row(
                str(timed.shot.index),
                f"{timed.shot.start_frame}–{timed.shot.end_frame}",
                timed.start_timecode,
                timed.end_timecode,
                f"{timed.seconds:.2f}",
            )
        people().print(table)


def index(
    paths: Annotated[list[Path], typer.Argument(help="Films, and folders of films.")],
    library: LibraryFolder,
    detector: Detector = detecting.DEFAULT,
    sidecar: ThroughSidecar = False,
    as_json: Json = False,
) -> None:
    """Analyse films into a library; what is stored already is skipped.

    Example: `matchcut index /Volumes/SHOW/E01 /Volumes/SHOW/E02 --library ~/show.matchcut`

    A broken file is reported and the others go on. Stop it whenever you like: what was finished is
    kept, and the next run goes on from there. JSON: an object a file, then a summary.
    """
    with errors_said():
        matching = open_matching(library, sidecar)
        with watched() as monitor:
            report = matching.index(
                [from_root(path) for path in paths], detector=detector, monitor=monitor
            )
        if as_json:
            _print_report(report)
        else:
            _say_report(report)
        if report.refused:
            raise typer.Exit(FAILED)


def _print_report(report: IndexReport) -> None:
    for path in report.added:
        print_json({"path": str(path), "status": "added"})
    for path in report.known:
        print_json({"path": str(path), "status": "known"})
    for refusal in report.refused:
        print_json(
            {
                "path": str(refusal.path),
                "status": "refused",
                "reason": refusal.reason,
                "sentence": refusal.sentence,
                "next_step": refusal.next_step,
            }
        )
    print_json({"shots": report.shots, "groups": report.groups, "notes": list(report.notes)})


def _say_report(report: IndexReport) -> None:
    console = people()
    for refusal in report.refused:
        console.print(f"{refusal.reason}: {refusal.sentence} {refusal.next_step}", markup=False)
    for note in report.notes:
        console.print(note, markup=False)
    console.print(
        f"{len(report.added)} analysed, {len(report.known)} known already, "
        f"{len(report.refused)} refused. The library holds {_counted(report.shots, 'shot')}; "
        f"{_counted(report.groups, 'set-up')} repeated in it."
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
