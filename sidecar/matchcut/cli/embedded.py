"""`matchcut embeddings`: vectors of shots, from and for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from matchcut.cli.console import errors_said, people, print_json, watched
from matchcut.cli.options import Json
from matchcut.errors import Cancelled, UsageError
from matchcut.types import Progress

if TYPE_CHECKING:
    from matchcut.learn.vectors import WritableFormat

app = typer.Typer(
    name="embeddings",
    help="List and export the vectors of shots.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Source = Annotated[
    Path,
    typer.Argument(
        metavar="FROM",
        help="A library, or a folder of ENCODER-TITLE.json or .safetensors files.",
        show_default=False,
    ),
]


@app.command("list")
def list_embeddings(folder: Source, as_json: Json = False) -> None:
    """List the encoders whose vectors a library or a folder holds.

    Example: `matchcut embeddings list ~/show.matchcut`

    JSON, an object an encoder: encoder, format, titles, length, identity.
    """
    with errors_said():
        from matchcut.learn.vectors import encoders_in

        table = Table("encoder", "lies as", "titles", "numbers", "identity")
        for encoder, one in encoders_in(folder).items():
            vectors = one.open(folder, encoder)
            encoded = vectors.encoded
            if as_json:
                print_json(
                    {
                        "encoder": encoder,
                        "format": one.name,
                        "titles": len(vectors.titles),
                        "length": encoded.length,
                        "identity": encoded.identity,
                    }
                )
            table.add_row(
                escape(encoder),
                one.name,
                str(len(vectors.titles)),
                str(encoded.length),
                escape(encoded.identity),
            )
        if not as_json:
            people().print(table)


@app.command()
def export(
    folder: Source,
    to: Annotated[Path, typer.Option(help="Folder to write to.", show_default=False)],
    form: Annotated[
        str, typer.Option("--as", metavar="arrays|paper", help="How they are written.")
    ] = "arrays",
    encoder: Annotated[
        list[str] | None,
        typer.Option(help="Only those of this encoder; may be repeated.", show_default="all"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write vectors as arrays, or in the format of the match-cutting paper.

    Example: `matchcut embeddings export ~/show.matchcut --to vectors --as paper`

    A file a title and encoder. `arrays` are safetensors that keep what made them; `paper` is JSON,
    ENCODER-TITLE.json, which any program reads, and takes four times the room. One title is held in
    memory at a time. JSON, an object a file: path, encoder, title, shots.
    """
    with errors_said():
        from matchcut.learn.vectors import encoders_in, open_vectors

        written = _format(form)
        opened = [open_vectors(folder, one) for one in encoder or encoders_in(folder)]
        pairs = [(vectors, title) for vectors in opened for title in vectors.titles]
        with watched() as monitor:
            for at, (vectors, title) in enumerate(pairs):
                if monitor.cancelled():
                    raise Cancelled
                monitor.report(Progress("writing", title, at, len(pairs), "files"))
                of = vectors.of_title(title)
                path = written.write(to, vectors.encoded, title, of)
                if as_json:
                    print_json(
                        {
                            "path": str(path),
                            "encoder": vectors.encoded.encoder,
                            "title": title,
                            "shots": len(of.shots),
                        }
                    )
        people().print(f"Written: {len(pairs)} files to {to}.", markup=False)


def _format(name: str) -> WritableFormat:
    from matchcut.learn.vectors import WritableFormat, formats

    known = {key: one for key, one in formats().items() if isinstance(one, WritableFormat)}
    if name not in known:
        raise UsageError(
            f"Embeddings are not written as '{name}'.", f"Choose one of: {', '.join(known)}."
        )
    return known[name]
