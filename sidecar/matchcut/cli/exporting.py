"""`matchcut export`: what was found as files for an editing application."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchcut.cli.console import errors_said, people, print_json
from matchcut.cli.options import Json
from matchcut.errors import UsageError

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
            help="The editor's timeline (.otio), to be marked wherever it shows a cut of theirs.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make files that an editing application reads: markers, a bin, a sequence to play.

    Example: `matchcut export out.otio --for avid` after `matchcut find --timeline cut.otio -o
    out.otio`

    Says for each file how to bring it into the application. Exporting again replaces the files of
    the last time, and never anything else. JSON, a file a line: path, carrier, label, how.
    """
    # The engine takes a second to load, which the help text does not wait for.
    from matchcut.engine import exporting

    with errors_said():
        if host not in exporting.hosts():
            raise UsageError(
                f"There is no file that is made for '{host}'.",
                f"Name one of: {', '.join(exporting.hosts())}.",
            )
        name = candidates.name.removesuffix(candidates.suffix).removesuffix(".matches")
        delivery = exporting.delivery_in(candidates, timeline, name)
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
