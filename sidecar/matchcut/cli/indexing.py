"""`matchcut shots` and `matchcut index`: from files to shots and to a library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from matchcut.cli.console import FAILED, errors_said, people, print_json, watched
from matchcut.cli.cutlists import cut_list_for, cut_lists_for
from matchcut.cli.options import (
    Detector,
    EngineName,
    Json,
    LibraryFolder,
    Maps,
    ModelsFolder,
    Profile,
    RayAddress,
    ThroughSidecar,
    from_root,
    open_matching,
    path_maps,
)
from matchcut.errors import UsageError
from matchcut.types import IndexReport, Shot

if TYPE_CHECKING:
    from matchcut.engine.single import TimedShot


def shots(
    media: Annotated[Path, typer.Argument(help="A film.", show_default=False)],
    detector: Detector = None,
    given: Annotated[
        Path | None,
        typer.Option(
            "--shots",
            help="Take the shots from this shot list (.json) or timeline instead.",
            show_default=False,
        ),
    ] = None,
    maps: Maps = None,
    as_json: Json = False,
) -> None:
    """List the shots of one file; needs no library.

    Example: `matchcut shots film.mov --json > s.json`, and after correcting it by hand:
    `matchcut shots film.mov --shots s.json`

    JSON, a shot a line: film, index, start_frame, end_frame (half-open), clean_start_frame,
    clean_end_frame (outside of the dissolves at either end), start_timecode, end_timecode, seconds.
    To take a cut away, delete the line that begins with it; to move one, change the end_frame
    before it and the start_frame after it. A timeline gives the cuts of the film that it renders
    to, or of the film that it uses as media.
    """
    from matchcut.engine.single import shots_of

    with errors_said():
        if given is not None and detector is not None:
            raise UsageError(
                "--shots and --detector both say where the shots come from.", "Give one of them."
            )
        cut_list = None if given is None else cut_list_for(media, given, path_maps(maps))
        with watched() as monitor:
            found = shots_of(media, detector, cut_list, monitor)
        if as_json:
            for timed in found:
                print_json(
                    {
                        "film": str(from_root(media)),
                        "index": timed.shot.index,
                        "start_frame": timed.shot.start_frame,
                        "end_frame": timed.shot.end_frame,
                        "clean_start_frame": timed.shot.clean_start_frame,
                        "clean_end_frame": timed.shot.clean_end_frame,
                        "start_timecode": timed.start_timecode,
                        "end_timecode": timed.end_timecode,
                        "seconds": timed.seconds,
                    }
                )
            return
        people().print(_table(found, media.name))


def index(
    paths: Annotated[list[Path], typer.Argument(help="Films, and folders of films.")],
    library: LibraryFolder,
    detector: Detector = None,
    given: Annotated[
        list[Path] | None,
        typer.Option(
            "--shots",
            help="Take the shots of a film from this shot list (.json) or timeline. May be given "
            "several times.",
            show_default=False,
        ),
    ] = None,
    maps: Maps = None,
    profile: Profile = "auto",
    models: ModelsFolder = None,
    proxies: Annotated[
        bool,
        typer.Option(
            "--proxies/--no-proxies",
            help="Keep small copies of the films: cuts are refined from them quickly.",
        ),
    ] = True,
    engine: EngineName = "local",
    ray_address: RayAddress = None,
    sidecar: ThroughSidecar = False,
    as_json: Json = False,
) -> None:
    """Analyse films into a library; what is stored already is skipped.

    Example: `matchcut index /Volumes/SHOW/E01 /Volumes/SHOW/E02 --library ~/show.matchcut`

    Where the cuts are known: `matchcut index film.mov -l ~/show.matchcut --shots cut.edl`. A
    timeline speaks of one film; a shot list of the films that its lines name. Films with given
    shots keep them until --detector or another list replaces them.

    Silhouettes are computed by the best pretrained network that this machine has, or can fetch and
    run quickly; otherwise without any. What was chosen is said in one sentence. A library should
    be computed one way: what different ways made is never compared.

    Small copies of the films are kept in the library, for refining and for previews. With
    --no-proxies there are none, and both read the films themselves, which takes longer.

    With --engine ray the films are analysed by the workers of a Ray cluster, one film a worker, and
    the library is the same. All machines must see the films and the library under the same paths.
    Starting it takes up to 40 s: it pays for many films.

    A broken file is reported and the others go on. Stop it whenever you like: what was finished is
    kept, and the next run goes on from there. JSON: an object a file, then a summary.
    """
    with errors_said():
        matching = open_matching(library, sidecar, models, engine=engine, ray_address=ray_address)
        films = [from_root(path) for path in paths]
        cut_lists = cut_lists_for(films, given or [], path_maps(maps))
        with watched() as monitor:
            report = matching.index(
                films,
                detector=detector,
                cut_lists=cut_lists,
                profile=profile,
                proxies=proxies,
                monitor=monitor,
            )
        if as_json:
            _print_report(report)
        else:
            _say_report(report)
        if report.refused:
            raise typer.Exit(FAILED)


def _table(found: Sequence[TimedShot], title: str) -> Table:
    """The shots for people; how many frames are dissolved is shown where any are."""
    dissolved = [_dissolved(one.shot) for one in found]
    table = Table("shot", "frames", "from", "up to", "seconds", title=escape(title))
    if any(dissolved):
        table.add_column("dissolved")
    for one, frames in zip(found, dissolved, strict=True):
        table.add_row(
            str(one.shot.index),
            f"{one.shot.start_frame}–{one.shot.end_frame}",
            one.start_timecode,
            one.end_timecode,
            f"{one.seconds:.2f}",
            *([frames] if any(dissolved) else []),
        )
    return table


def _dissolved(shot: Shot) -> str:
    """How many frames at either end are not clean, such as `5 in, 3 out`."""
    ways = (
        (shot.clean_start_frame - shot.start_frame, "in"),
        (shot.end_frame - shot.clean_end_frame, "out"),
    )
    return ", ".join(f"{frames} {way}" for frames, way in ways if frames)


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
