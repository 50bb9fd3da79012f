"""`matchcut models`: which pretrained weights there are, fetching them, and checking them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from matchcut import models as known
from matchcut.cli.console import (
    FAILED,
    NOTHING_FOUND,
    errors_said,
    people,
    print_json,
    watched,
)
from matchcut.cli.options import Json, ModelsFolder, from_root
from matchcut.errors import ModelDamaged, UsageError
from matchcut.models import Model, devices, loading
from matchcut.models.fetching import writing_to

app = typer.Typer(
    name="models",
    help="List, fetch and check the weights of pretrained networks.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.command("list")
def list_models(folder: ModelsFolder = None, as_json: Json = False) -> None:
    """List the models, their licences, and where their weights lie on this machine.

    Example: `matchcut models list --json`

    Nothing is fetched. What other programs have fetched through PyTorch is found as well.
    """
    with errors_said():
        shelf = known.shelves(folder)
        table = Table("model", "what it is for", "licence", "MiB")
        table.add_column("where", overflow="fold")
        for model in known.models().values():
            path, published = shelf.find(model), model.published
            if as_json:
                print_json(
                    {
                        "name": model.name,
                        "label": model.label,
                        "architecture": model.architecture,
                        "file": model.file,
                        "bytes": published.size,
                        "mebibytes": published.mebibytes,
                        "sha256": published.sha256,
                        "url": published.url,
                        "licence": published.licence,
                        "trained_on": published.trained_on,
                        "paper": published.paper,
                        "path": None if path is None else str(path),
                    }
                )
            table.add_row(
                escape(model.name),
                escape(model.label),
                escape(published.licence),
                f"{published.mebibytes:.0f}",
                "not here" if path is None else escape(str(path)),
            )
        if not as_json:
            people().print(table)
            people().print(
                "The pictures that a model was trained on have terms of their own: see --json."
            )


@app.command()
def fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Models; see `matchcut models list`.",
            show_default="the one for silhouettes that suits this machine",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            help="Make a folder to carry to a machine without internet.", show_default=False
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Fetch all models.")] = False,
    folder: ModelsFolder = None,
    as_json: Json = False,
) -> None:
    """Fetch weights from where they are published, and check them.

    Example: `matchcut models fetch mask-rcnn --to /Volumes/STICK/models`, and on the machine
    without internet: `matchcut index FILMS --library LIB --models /Volumes/STICK/models`

    Stop it whenever you like, or lose the connection: the next run goes on from there. What is here
    and whole is not fetched again. JSON: an object a model.
    """
    with errors_said():
        wanted = _wanted(names or [], everything)
        shelf = known.shelves(folder)
        for model in wanted:
            path = None if to is not None else shelf.find(model)
            if path is None or loading.fault(model, path) is not None:
                place = shelf.place if to is None else from_root(to)
                with watched() as monitor:
                    path = known.fetch(model, place, monitor)
            if as_json:
                print_json({"name": model.name, "path": str(path)})
            else:
                people().print(f"{model.name} is whole: {path}", markup=False)
        if to is not None:
            _write_directions(from_root(to), wanted)


@app.command()
def verify(folder: ModelsFolder = None, as_json: Json = False) -> None:
    """Check every file of weights on this machine against what is published.

    Example: `matchcut models verify --models /Volumes/STICK/models`

    Ends with 1 if a file is damaged, with 3 if there is none. JSON: an object a file.
    """
    with errors_said():
        shelf = known.shelves(folder)
        files = [
            (model, path) for model in known.models().values() for path in shelf.present(model)
        ]
        faults = [loading.fault(model, path) for model, path in files]
        for (model, path), why in zip(files, faults, strict=True):
            if as_json:
                print_json({"name": model.name, "path": str(path), "fault": why})
            elif why is None:
                people().print(f"{model.name} is whole: {path}", markup=False)
            else:
                error = ModelDamaged(model.name, path, why)
                people().print(f"{error.reason}: {error}", markup=False)
        if not files:
            people().print(
                f"There are no weights in {' or '.join(map(str, shelf.folders))}.", markup=False
            )
            raise typer.Exit(NOTHING_FOUND)
        if any(why is not None for why in faults):
            raise typer.Exit(FAILED)


def _wanted(names: Sequence[str], everything: bool) -> list[Model]:
    """The models asked for, none twice; says which one it is where none is named."""
    if names and everything:
        raise UsageError("--all fetches every model.", "Leave out either the names or --all.")
    if everything:
        return [*known.models().values()]
    if names:
        return [known.model(name) for name in dict.fromkeys(names)]
    from matchcut.engine.profiles import quick_on
    from matchcut.silhouettes.pretrained import pretrained

    device = devices.device()
    suited = known.model(quick_on(device, pretrained())[0].name)
    people().print(
        f"Fetching {suited.name} ({suited.published.mebibytes:.0f} MiB), which suits this machine "
        f"({devices.described(device)}).",
        markup=False,
    )
    return [suited]


def _write_directions(folder: Path, wanted: Sequence[Model]) -> None:
    """Writes beside the weights what they are, and how to use them where there is no internet."""
    described = "\n".join(
        f"{model.file}\n"
        f"  {model.name}: {model.label}\n"
        f"  sha256 {model.published.sha256}\n"
        f"  licence: {model.published.licence}\n"
        f"  trained on {model.published.trained_on}\n"
        f"  from {model.published.url}\n"
        for model in wanted
    )
    text = (
        "Weights of pretrained networks for matchcut, to be carried to a machine without internet."
        "\n\nThere, name this folder by --models or by the environment variable MATCHCUT_MODELS:\n"
        "\n    matchcut models verify --models FOLDER"
        "\n    matchcut index FILMS --library LIBRARY --models FOLDER"
        f"\n\nThe files:\n\n{described}"
    )
    with writing_to(folder):
        (folder / "README.txt").write_text(text, encoding="utf-8")
