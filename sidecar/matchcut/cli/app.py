"""The verbs, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from matchcut import __version__
from matchcut.cli import (
    about,
    embedded,
    evaluating,
    exporting,
    indexing,
    judging,
    learning,
    matching,
    models,
    reindexing,
    serving,
    timeline,
    training,
    verdicts,
)

app = typer.Typer(
    name="matchcut",
    help="Finds match cuts: pairs of shots that share framing, movement, colour or sound.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(indexing.shots)
app.command()(indexing.index)
app.command()(reindexing.reindex)
app.command()(matching.find)
app.command()(matching.scan)
app.command()(exporting.export)
app.command()(timeline.timeline)
app.command()(judging.verdict)
app.add_typer(verdicts.app, name="verdicts")
app.command()(about.flavors)
app.command()(about.doctor)
app.command()(serving.serve)
app.command()(evaluating.evaluate)
verdicts.app.command("suggest")(learning.suggest)
training.app.command("verdicts")(learning.train)
app.add_typer(training.app, name="train")
app.add_typer(embedded.app, name="embeddings")
app.add_typer(models.app, name="models")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"matchcut {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Finds match cuts: pairs of shots that share framing, movement, colour or sound.

    Start with `matchcut index FOLDER --library LIB`, then `matchcut scan --library LIB -o x.html`.
    """
