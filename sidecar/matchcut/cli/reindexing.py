"""`matchcut reindex`: search indexes for libraries of very many shots."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from matchcut.cli.console import errors_said, people, print_json, watched
from matchcut.cli.options import EngineName, Json, LibraryFolder, RayAddress


def reindex(
    library: LibraryFolder,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="faiss|lance|exact",
            help="What searches the indexes.",
            show_default="as they are, or faiss",
        ),
    ] = None,
    engine: EngineName = "local",
    ray_address: RayAddress = None,
    as_json: Json = False,
) -> None:
    """Build the search indexes of a library, or bring them up to date; no film is read.

    Example: `matchcut reindex -l /Volumes/ARCHIVE/all.matchcut`

    With an index, `matchcut find` answers in milliseconds among millions of shots, with little
    memory. Up to 200,000 moments no index is needed and none is built. Run it again after indexing
    films: it adds the new ones. The folder `index` of the library can be deleted at any time.

    With --engine ray a new index is built by the workers of a Ray cluster, each of some films.

    JSON, a flavor a line: flavor, engine (empty where no index is needed), shots, moments, and how
    many sources were added and removed.
    """
    from matchcut.engine import Engine
    from matchcut.pipeline import workers_of

    with errors_said():
        workers = workers_of(engine, ray_address)
        with watched() as monitor:
            done = Engine(library, workers=workers).reindex(by=by, monitor=monitor)
        for one in done:
            if as_json:
                print_json(asdict(one))
            else:
                people().print(one.sentence, markup=False)
        if not done:
            people().print("The library was analysed for no flavor that is searched by an index.")
