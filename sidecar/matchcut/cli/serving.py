"""`matchcut serve`: the sidecar."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated

import typer

from matchcut.cli.console import errors_said, people, print_json
from matchcut.cli.options import Json, LibraryFolder, ModelsFolder
from matchcut.errors import Cancelled

if TYPE_CHECKING:
    from matchcut_client.handover import HandOver


def serve(
    library: LibraryFolder,
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Port for gRPC, on the loopback; 0 takes a free one."),
    ] = 0,
    http_port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="The same for HTTP/JSON; some hosts need a fixed one."),
    ] = 0,
    models: ModelsFolder = None,
    as_json: Json = False,
) -> None:
    """Serve a library to the plug-ins of this user, until stopped.

    Example: `matchcut serve --library ~/show.matchcut`

    Ports and token are written to a file that only this user can read; plug-ins and `--sidecar`
    find it by the library's folder. Ctrl-C stops gracefully. JSON: one object when it is ready.
    """
    from matchcut.engine import Engine
    from matchcut.library import Library
    from matchcut.server.serve import serve as serve_library

    folder = library.absolute()

    def ready(at: HandOver) -> None:
        if as_json:
            told = {"host": at.host, "port": at.port, "http_port": at.http_port}
            print_json({"library": str(folder), **told})
        people().print(
            f"Serving {folder} at {at.host}:{at.port} (gRPC) and :{at.http_port} (HTTP). "
            "Ctrl-C stops.",
            markup=False,
        )

    stopping = threading.Event()

    def end_searches() -> None:
        if stopping.is_set():
            raise Cancelled

    with errors_said():
        Library.create(folder)
        engine = Engine(folder, stop=end_searches, models=models)
        serve_library(
            engine, folder, port=port, http_port=http_port, ready=ready, stopping=stopping.set
        )
