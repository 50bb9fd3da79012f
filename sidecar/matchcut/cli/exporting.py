"""`matchcut export`: what was found as files for an editing application."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchcut.cli.console import errors_said, people, print_json
from matchcut.cli.options import Json, map_pair

Host = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="APPLICATION",
        help="resolve, resolve-free, premiere, fcp, avid, kdenlive, hiero, blender; or any.",
        show_default=False,
    ),
]


def export(
    candidates: Annotated[
        Path,
        typer.Argument(
            help="An .otio file that find or scan wrote: the candidates, or the marked timeline.",
            show_default=False,
        ),
    ],
    host: Host,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write the files into this folder.",
            show_default="NAME for APPLICATION, beside CANDIDATES",
        ),
    ] = None,
    timeline: Annotated[
        Path | None,
        typer.Option(
            help="The editor's timeline, to be marked wherever it shows a cut of theirs.",
            show_default=False,
        ),
    ] = None,
    moves: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FROM=TO",
            help="A folder of this machine, and where it lies on the editor's: "
            "/mnt/san=/Volumes/SAN. May be given several times; the longest FROM counts.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make files that an editing application reads: markers, a bin, a sequence to play.

    Examples: `matchcut export out.otio --for avid` after `matchcut find --timeline cut.otio -o
    out.otio`; `matchcut export pairs.otio --for fcp --map /mnt/san=/Volumes/SAN`

    Says for each file how to bring it into the application. Exporting again replaces the files of
    the last time, and never anything else. JSON, a file a line: path, carrier, label, how.
    """
    # The engine takes a second to load, which the help text does not wait for.
    from matchcut.engine import exporting

    with errors_said():
        maps = [map_pair(text) for text in moves or []]
        name = candidates.name.removesuffix(candidates.suffix).removesuffix(".matches")
        delivery = exporting.delivery_in(candidates, timeline, name)
        delivery = exporting.moved(delivery, maps)
        files, notes = exporting.files_of(delivery, host)
        into = candidates.absolute().parent / f"{name} for {host}" if folder is None else folder
        written = exporting.write_files(files, into)
        for path, file in zip(written, files, strict=True):
            if as_json:
                print_json(
                    {
                        "path": str(path),
                        "carrier": file.carrier,
                        "label": file.label,
                        "how": file.how,
                    }
                )
            else:
                people().print(f"Written: {path}, {file.label}\n  {file.how}", markup=False)
        for note in notes:
            people().print(note, markup=False)
