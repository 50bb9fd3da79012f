"""`matchcut evaluate`: how well scorers rank pairs that people have judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from matchcut.cli.console import errors_said, people, print_json, watched
from matchcut.cli.options import Json
from matchcut.errors import Cancelled, LabelsTooFew, TaskUnknown, UsageError
from matchcut.types import Progress

if TYPE_CHECKING:
    from matchcut.learn.evaluation import Evaluated, Row
    from matchcut.learn.pairs import LabelledSet
    from matchcut.learn.scorers import FlavorScores

Dataset = Annotated[
    Path,
    typer.Option(
        help="Labelled pairs: the folder of the match-cutting paper's, a .csv or a .jsonl.",
        show_default=False,
    ),
]
Tasks = Annotated[
    list[str] | None,
    typer.Option(
        "--task", help="A task of the set, such as frame; may be repeated.", show_default="all"
    ),
]
Embeddings = Annotated[
    Path | None,
    typer.Option(
        help="Folder of embeddings: ENCODER-TITLE.json or .safetensors files, or a library.",
        show_default=False,
    ),
]
ENDINGS = (".html", ".png", ".csv")


def evaluate(
    dataset: Dataset,
    task: Tasks = None,
    scorer: Annotated[
        list[str] | None,
        typer.Option(
            help="What ranks the pairs: 'heuristic 3', random, cosine:ENCODER, flavor:NAME or "
            "model:FOLDER; may be repeated.",
            show_default="all that can be had",
        ),
    ] = None,
    split: Annotated[
        list[str] | None,
        typer.Option(
            help="train, validation, test or all; may be repeated.",
            show_default="train, validation and test",
        ),
    ] = None,
    embeddings: Embeddings = None,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            "-l",
            help="A library that holds the films of the set, for flavor:NAME.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        list[int] | None,
        typer.Option(
            min=1, help="Precision and recall of so many best pairs.", show_default="10 and 100"
        ),
    ] = None,
    by_title: Annotated[
        bool, typer.Option("--by-title", help="Also a row for every title.")
    ] = False,
    resamples: Annotated[
        int, typer.Option(min=0, help="Draws of titles from which an interval is found.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of random orders and draws.")] = 0,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            help="Write a report to this file: .html, .png or .csv. May be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how well scorers rank pairs that people have judged.

    Example: `matchcut evaluate --dataset netflix-matchcut --split test -o report.html`

    Average precision (AP) is that of scikit-learn: the mean precision at each threshold, weighted
    by the recall that it adds. Its interval holds 95 of 100 draws of as many titles, or of as many
    pairs of a title; *chance* is what a random order is expected to score; P@10 is the share of
    true matches in the ten best. Pairs of which a scorer says nothing are left out; `pairs` are
    those that are left.

    JSON, an object a row: task, scorer, split, title (null: all), pairs, positives, left_out,
    average_precision, low, high, chance, precision and recall (by K). What cannot be told is null.
    """
    with errors_said():
        outputs = output or []
        _check(outputs)
        from matchcut.learn import formats

        labelled = formats.read(dataset)
        many = sorted(set(at or (10, 100)))
        flavors = _flavors(library)
        found = _measured(
            labelled,
            task or list(labelled.tasks),
            scorer or [],
            split or [],
            embeddings,
            flavors,
            many,
            resamples,
            by_title,
            seed,
        )
        rows = [one.row for one in found]
        if by_title:
            rows = [row for one in found for row in (one.row, *one.by_title)]
        if as_json:
            for row in rows:
                print_json(fields(row, many))
        else:
            for named in dict.fromkeys(row.task for row in rows):
                people().print(_table([row for row in rows if row.task == named], many))
        for path in outputs:
            from matchcut.cli.report import write

            write(path, labelled.name, found, many)
            people().print(f"Written: {path}", markup=False)


def _check(outputs: list[Path]) -> None:
    """Refuses what cannot be written before any work is done."""
    for output in outputs:
        if output.suffix.lower() not in ENDINGS:
            raise UsageError(
                f"'{output}' has no ending that says what to write.",
                f"Use {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
            )
        if not output.absolute().parent.is_dir():
            raise UsageError(
                f"There is no folder {output.absolute().parent}.", "Make it, or correct -o."
            )


def _flavors(library: Path | None) -> FlavorScores | None:
    if library is None:
        return None
    from matchcut.engine.labelled import LabelledFlavors

    return LabelledFlavors(library)


def _measured(
    labelled: LabelledSet,
    tasks: list[str],
    names: list[str],
    splits: list[str],
    embeddings: Path | None,
    flavors: FlavorScores | None,
    at: list[int],
    resamples: int,
    by_title: bool,
    seed: int,
) -> list[Evaluated]:
    from matchcut.learn.evaluation import evaluate as measure
    from matchcut.learn.scorers import Given, offered, scorer
    from matchcut.learn.splits import SPLITS

    wanted = []
    for task in tasks:
        if task not in labelled.tasks:
            raise TaskUnknown(task, list(labelled.tasks))
        given = Given(labelled, task, embeddings, flavors, seed)
        wanted += [(task, scorer(name, given)) for name in names or offered(given)]
    found: list[Evaluated] = []
    with watched() as monitor:
        for place, (task, one) in enumerate(wanted):
            for split in splits or SPLITS:
                if monitor.cancelled():
                    raise Cancelled
                monitor.report(Progress("measuring", one.name, place, len(wanted), "scorers"))
                try:
                    measured = measure(
                        labelled,
                        task,
                        split,
                        one,
                        at=at,
                        resamples=resamples,
                        title_resamples=resamples if by_title else 0,
                        seed=seed,
                    )
                except LabelsTooFew as error:
                    # What nobody named may have nothing to say of some pairs; it is told.
                    if names and splits:
                        raise
                    people().print(error.sentence, markup=False)
                else:
                    found.append(measured)
    if not found:
        raise LabelsTooFew(labelled.name, "nothing that was asked for has a score for any pair")
    return found


def fields(row: Row, at: list[int]) -> dict[str, object]:
    """A row as JSON: what cannot be told is None."""

    def told(value: float) -> float | None:
        return None if value != value else round(value, 6)

    return {
        "task": row.task,
        "scorer": row.scorer,
        "split": row.split,
        "title": row.title,
        "pairs": row.pairs,
        "positives": row.positives,
        "left_out": row.left_out,
        "average_precision": told(row.average_precision),
        "low": told(row.low),
        "high": told(row.high),
        "chance": told(row.chance),
        "precision": {str(k): told(one) for k, one in zip(at, row.precision, strict=True)},
        "recall": {str(k): told(one) for k, one in zip(at, row.recall, strict=True)},
    }


def shown(value: float) -> str:
    """Three decimals, or a dash where it cannot be told."""
    return "–" if value != value else f"{value:.3f}"


def _table(rows: list[Row], at: list[int]) -> Table:
    """The rows of one task, narrow enough for a terminal of 80 columns."""
    table = Table(
        title=escape(rows[0].task),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("scorer", overflow="fold")
    table.add_column("split", overflow="fold")
    for head in ("pairs", "true", "AP", "95 %", "chance", *(f"P@{k}" for k in at)):
        table.add_column(head, justify="right", no_wrap=True)
    before = None
    for row in rows:
        if before not in (None, row.scorer):
            table.add_section()
        table.add_row(
            "" if before == row.scorer else escape(row.scorer),
            row.split if row.title is None else escape(row.title),
            str(row.pairs),
            str(row.positives),
            f"[bold]{shown(row.average_precision)}[/]",
            "" if row.low != row.low else f"{shown(row.low)}–{shown(row.high)}",
            shown(row.chance),
            *map(shown, row.precision),
        )
        before = row.scorer
    return table
