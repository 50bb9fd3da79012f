"""`matchcut verdicts`: what was said of candidates, listed, exported and imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from matchcut.cli.console import NOTHING_FOUND, errors_said, people, print_json
from matchcut.cli.options import Json, LibraryFolder
from matchcut.errors import UsageError
from matchcut.types import JudgedShot, Verdict

if TYPE_CHECKING:
    from matchcut.engine.verdicts import Pairs

app = typer.Typer(
    no_args_is_help=True,
    help="What was said of candidates: list it, carry it to another library, and judge more.",
)

History = Annotated[
    bool,
    typer.Option("--history", help="All that was ever said, not the newest word on each pair."),
]
OfFlavor = Annotated[
    str | None,
    typer.Option("--flavor", "-f", help="Only on candidates of this one.", show_default="all"),
]


@app.command("list")
def list_verdicts(
    library: LibraryFolder, history: History = False, flavor: OfFlavor = None, as_json: Json = False
) -> None:
    """List the verdicts in the order in which they were said.

    Example: `matchcut verdicts list -l ~/show.matchcut --json`

    JSON, a verdict a line: id, judgement, when, why, flavor, score, at_cut, scorer, reframing,
    outgoing, incoming.
    """
    from matchcut.engine.verdict_files import fields_of

    with errors_said():
        verdicts, pairs = _verdicts(library, history, flavor)
        if as_json:
            for one in verdicts:
                print_json(fields_of(one, pairs))
        elif verdicts:
            people().print(_table(verdicts, pairs))
    if not verdicts:
        people().print("Nothing was said yet. See `matchcut verdict --help`.", markup=False)
        raise typer.Exit(NOTHING_FOUND)


@app.command("export")
def export(
    library: LibraryFolder,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help=".jsonl or .csv; with --labels .csv or .json."),
    ],
    labels: Annotated[
        bool, typer.Option("--labels", help="As labelled pairs, which `matchcut evaluate` reads.")
    ] = False,
    history: History = False,
    flavor: OfFlavor = None,
) -> None:
    """Write the verdicts to a file.

    Example: `matchcut verdicts export -l ~/show.matchcut -o verdicts.jsonl`

    A .jsonl or .csv holds them whole, for `matchcut verdicts import` elsewhere. With --labels a
    .csv holds pairs by title and shot, with what was said; a .json the same in the form of the
    match-cutting paper, which knows no pairs of two films.
    """
    from matchcut.engine import verdict_files
    from matchcut.engine.timelines import timeline_errors

    with errors_said():
        _check_ending(output, labels)
        verdicts, pairs = _verdicts(library, history and not labels, flavor)
        left = 0
        if labels:
            rows = verdict_files.labelled(verdicts, pairs)
            if output.suffix.lower() == ".json":
                rows = [row for row in rows if row["title"] == row["title2"]]
            left = len(verdicts) - len(rows)
            as_text = verdict_files.as_labels if output.suffix == ".csv" else verdict_files.as_paper
            text = as_text(rows)
        elif output.suffix.lower() == ".csv":
            text = verdict_files.as_table(verdicts, pairs)
        else:
            text = verdict_files.as_lines(verdicts, pairs)
        from otio_matchcut.writing import write_text

        with timeline_errors():
            write_text(text, output)
        people().print(f"Written: {output}, {len(verdicts) - left} verdict(s).", markup=False)
        if left:
            people().print(f"{left} cannot be told in this form: their films are two, or not here.")


@app.command("import")
def import_verdicts(
    library: LibraryFolder,
    files: Annotated[list[Path], typer.Argument(help=".jsonl or .csv, as exported.")],
    as_json: Json = False,
) -> None:
    """Take verdicts in that another library's export holds; known ones are passed over.

    Example: `matchcut verdicts import -l ~/show.matchcut from-anna.jsonl`

    They keep the time at which they were said: on a pair, the newest of both counts. Either all
    files are taken in or none. JSON: one object with new and known.
    """
    from matchcut.engine import verdict_files
    from matchcut.library import Library
    from matchcut.library.verdicts import merge

    with errors_said():
        opened = Library.open(library)
        verdicts = [one for file in files for one in verdict_files.read(file)]
        new = merge(opened, verdicts)
        if as_json:
            print_json({"new": new, "known": len(verdicts) - new})
        people().print(f"{new} new, {len(verdicts) - new} known.")


def _verdicts(library: Path, history: bool, flavor: str | None) -> tuple[list[Verdict], Pairs]:
    from matchcut.engine import Engine
    from matchcut.engine.verdicts import Pairs
    from matchcut.library import Library

    found = Engine(library).verdicts(history=history)
    chosen = [one for one in found if flavor is None or one.flavor == flavor]
    return chosen, Pairs.of(Library.open(library))


def _check_ending(output: Path, labels: bool) -> None:
    known = (".csv", ".json") if labels else (".jsonl", ".csv")
    if output.suffix.lower() not in known:
        raise UsageError(
            f"'{output}' has no ending that says what to write.", f"Use {' or '.join(known)}."
        )


def _table(verdicts: list[Verdict], pairs: Pairs) -> Table:
    table = Table(
        "said",
        "verdict",
        Column("leave", overflow="fold"),
        Column("enter", overflow="fold"),
        "flavor\nscore",
        Column("why", overflow="fold"),
    )
    for one in verdicts:
        score = "" if one.score is None else f"\n{one.score:.3f}"
        table.add_row(
            one.when.astimezone().strftime("%Y-%m-%d\n%H:%M"),
            one.judgement,
            _named(one.outgoing, pairs),
            _named(one.incoming, pairs),
            f"{escape(one.flavor)}{score}",
            escape(one.why),
        )
    return table


def _named(side: JudgedShot, pairs: Pairs) -> str:
    from matchcut.engine.snapshot import timecode_of

    stored = pairs.stored.get(side.digest)
    if stored is None:
        return f"{side.digest[:8]} (not here)\nframe {side.cut_frame}"
    name = stored.paths[0].name if stored.paths else side.digest[:8]
    pts = pairs.library.frame_pts(side.digest)
    return escape(f"{name}\n{timecode_of(stored.source, pts, side.cut_frame)}")
