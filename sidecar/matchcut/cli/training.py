"""`matchcut train`: classifiers and projections, learned from pairs that people have judged."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from matchcut.cli.console import errors_said, people, print_json, watched
from matchcut.cli.evaluating import Dataset, Tasks
from matchcut.cli.options import Json, from_root

if TYPE_CHECKING:
    from matchcut.cli.console import ConsoleMonitor
    from matchcut.learn.materials import Materials
    from matchcut.learn.runs import Finished, Run

app = typer.Typer(
    name="train",
    help="Learn what matches from pairs that people have judged.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Folder = Annotated[
    Path,
    typer.Option(
        "--embeddings",
        help="Folder of embeddings: ENCODER-TITLE.json or .safetensors files, or a library.",
        show_default=False,
    ),
]
Encoders = Annotated[
    list[str] | None,
    typer.Option(
        "--encoder",
        help="Whose embeddings; several joined by +, as yamnet+clip. May be repeated.",
        show_default="each one alone",
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        "--output", "-o", help="Folder of the results: one within it a model.", show_default=False
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Models that are trained at a time.", show_default="one a core"),
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same model.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]


@app.command()
def classifier(
    dataset: Dataset,
    embeddings: Folder,
    output: Output,
    task: Tasks = None,
    encoder: Encoders = None,
    learner: Annotated[
        list[str] | None,
        typer.Option(
            help="lr, xgboost, mlp_small, mlp or mlp_large; may be repeated.", show_default="lr"
        ),
    ] = None,
    aggregation: Annotated[
        list[str] | None,
        typer.Option(
            help="mean, concat, abs_diff or product; may be repeated.", show_default="concat"
        ),
    ] = None,
    grid: Annotated[
        bool,
        typer.Option(
            "--grid", help="All that the paper tried: 13 encoders, 5 learners, 3 aggregations."
        ),
    ] = False,
    bootstraps: Annotated[
        int, typer.Option(min=1, help="Models a run, each of a resample of the pairs.")
    ] = 5,
    seed: Seed = 0,
    workers: Workers = None,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Train classifiers of pairs on embeddings, and keep the best on validation.

    Example: `matchcut train classifier --dataset netflix-matchcut --embeddings embeddings
    --encoder clip --encoder yamnet+clip --learner lr --learner xgboost -o trained`

    Every combination of what is named is one run. Titles are divided into train, validation and
    test, pairs never. Stop it whenever you like: a run that is finished is not done again.

    JSON, an object a run: name, and train, validation and test with average precision.
    """
    with errors_said():
        from matchcut.learn import training

        if grid:
            encoder = encoder or list(training.PAPER_GRID)
            learner = learner or list(training.PAPER_LEARNERS)
            aggregation = aggregation or list(training.PAPER_AGGREGATIONS)
        with watched() as monitor:
            materials = _materials(dataset, task, embeddings, encoder, output, monitor)
            runs = training.classifier_runs(
                materials,
                learner or ["lr"],
                aggregation or ["concat"],
                bootstraps,
                seed,
                _device(device),
            )
            _finish(runs, output, workers, monitor, as_json)


@app.command()
def metric(
    dataset: Dataset,
    embeddings: Folder,
    output: Output,
    task: Tasks = None,
    encoder: Encoders = None,
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="frame|motion",
            help="The paper's hyperparameters.",
            show_default="those of the task",
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Times all pairs are seen.", show_default="300 or 100")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Projections a run, of which the best is kept.")
    ] = 5,
    seed: Seed = 0,
    workers: Workers = None,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Train projections in which shots that match lie close, and keep the best on validation.

    Example: `matchcut train metric --dataset netflix-matchcut --task motion --embeddings embeddings
    --encoder r2plus1d -o trained`

    What a projection makes can be searched by an index. Without --encoder and --task, each encoder
    alone and each task is one run, as in the paper. Stop it whenever you like: a run that is
    finished is not done again.

    JSON, an object a run: name, and train, validation and test with average precision.
    """
    with errors_said():
        from matchcut.learn import training

        with watched() as monitor:
            materials = _materials(dataset, task, embeddings, encoder, output, monitor)
            runs = training.metric_runs(
                materials, preset, epochs, range(seed, seed + seeds), _device(device)
            )
            _finish(runs, output, workers, monitor, as_json)


@app.command()
def use(
    folder: Annotated[
        Path, typer.Argument(help="A model by `train metric` or `classifier`.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="What it is called.")] = "learned",
) -> None:
    """Keep a trained model: a projection as a flavor, a classifier as a scorer.

    Example: `matchcut train use trained/motion-r2plus1d-18-metric-motion`, then
    `matchcut find --flavor learned --media film.mov --at 120 -l LIB`; or `matchcut train use
    trained/motion-r2plus1d-18-lr-concat --name moves`, then `matchcut scan --scorer moves -l LIB`

    Only models of embeddings that matchcut computes can be used: `matchcut embeddings list`
    says which a library holds. Nothing is indexed again. It is kept in the folder of models, that
    of `MATCHCUT_MODELS` or the user's own. A running sidecar sees a new flavor once it is started
    anew.
    """
    with errors_said():
        from matchcut.learn.keeping import keep

        place, kind = keep(folder, name)
        people().print(f"Written: {place}. Ask for it with --{kind} {name}.", markup=False)


def _device(asked: str) -> str:
    from matchcut.models import devices

    return devices.device(asked)


def _materials(
    dataset: Path,
    tasks: list[str] | None,
    embeddings: Path,
    encoders: list[str] | None,
    output: Path,
    monitor: ConsoleMonitor,
) -> Materials:
    from matchcut.learn import formats
    from matchcut.learn.materials import prepared
    from matchcut.learn.vectors import encoders_in

    labelled = formats.read(dataset)
    return prepared(
        labelled,
        list(dict.fromkeys(tasks or labelled.tasks)),
        from_root(embeddings),
        list(dict.fromkeys(encoders or encoders_in(embeddings))),
        from_root(output),
        monitor,
    )


def _finish(
    runs: Sequence[Run],
    output: Path,
    workers: int | None,
    monitor: ConsoleMonitor,
    as_json: bool,
) -> None:
    """Does all runs, and says and writes what came of them."""
    from matchcut.learn.results import write_table
    from matchcut.learn.runs import finish

    folder = from_root(output)
    found: list[Finished] = []
    for one in finish(runs, folder, workers or _cores(), monitor):
        found.append(one)
        if as_json:
            print_json(
                {
                    "name": one.name,
                    "folder": str(folder / one.name),
                    "known": one.known,
                    **{split: list(values) for split, values in one.measured.items()},
                }
            )
    order = {run.name: place for place, run in enumerate(runs)}
    found.sort(key=lambda one: order[one.name])
    written = write_table(folder)
    if not as_json:
        people().print(_table(found))
    people().print(f"Written: {written}, and a folder beside it for each model.", markup=False)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _table(found: Sequence[Finished]) -> Table:
    from matchcut.learn.card import spread

    table = Table("model")
    for split in ("train", "validation", "test"):
        table.add_column(split, justify="right")
    for one in found:
        table.add_row(
            escape(one.name),
            *(spread(one.measured[split]) for split in ("train", "validation")),
            f"[bold]{spread(one.measured['test'])}[/]",
        )
    return table
