"""Finding the sidecar of a library, and starting one where none answers.

Python 3.8 reads this module, and the standard library is all it needs to start a sidecar and to
reach it with plain dictionaries.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar

from matchcut_client.failing import (
    SIDECAR_LOST,
    SIDECAR_MISSING,
    SIDECAR_NOT_STARTED,
    ClientError,
    sidecar_missing,
)
from matchcut_client.handover import (
    HandOver,
    handover_path,
    log_path,
    private_folder,
    read_handover,
    state_folder,
)
from matchcut_client.plain import PlainClient
from matchcut_client.versions import check_version

if TYPE_CHECKING:
    from matchcut_client.client import Client

_LOOK_AGAIN_SECONDS = 0.05
"""How often to look whether a sidecar that was started has come up."""
if sys.platform == "win32":
    _DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _DETACHED = 0
_WINNER_SECONDS = 1.0
"""How long to look on after the own sidecar has ended: it may have lost to another that is just
coming up."""
_NOT_OURS = (SIDECAR_LOST, "TOKEN_WRONG")
"""What a killed sidecar's hand-over file leads to: nobody, or another sidecar on its port."""
_OF_THE_HOST = ("PYTHONHOME", "PYTHONPATH")
"""Variables that a host sets for its own Python; matchcut's would fail under them."""


class _Connected(Protocol):
    def api_version(self) -> str: ...
    def serving(self) -> bool: ...
    def close(self) -> None: ...


_Either = TypeVar("_Either", bound=_Connected)


def connect(library: Path) -> Client:
    """A client of the sidecar that serves `library`, asked once so that it is known to answer.

    Imports grpc. Cost: some milliseconds, and up to a second the first time in a process.

    Raises:
        ClientError: SIDECAR_MISSING, none answers; VERSION_UNLIKE, the API's majors differ;
            HANDOVER_UNSAFE, others can write the hand-over file.
    """
    return _met(library, _over_grpc(_handed_over(library)))


def connect_http(library: Path) -> Client:
    """The same over HTTP/JSON. Imports protobuf, and no grpc.

    Raises:
        ClientError: as `connect`; VERSION_UNLIKE, the sidecar has no such door, as well.
    """
    from matchcut_client.client import Client
    from matchcut_client.http_transport import HttpTransport

    return _met(library, Client(HttpTransport(_handed_over(library))))


def connect_plain(library: Path) -> PlainClient:
    """The same over HTTP/JSON with plain dictionaries. Imports the standard library alone.

    Raises:
        ClientError: as `connect_http`.
    """
    return _met(library, PlainClient(_handed_over(library)))


def start_sidecar(library: Path, *, program: Path | None = None, seconds: float = 60.0) -> HandOver:
    """The hand-over of a sidecar that serves `library`; starts one where none does.

    The sidecar outlives this process. It writes what it has to say to `handover.log_path(library)`.
    If another process starts one at the same time, one of the two wins and both return it.

    Args:
        library: Folder of the library.
        program: The `matchcut` program; None looks beside this Python, then along PATH.
        seconds: How long it may take until it answers.

    Raises:
        ClientError: SIDECAR_NOT_STARTED, the program is missing, ended, or did not answer in time.
            Facts: `library`, `why`, and `log` where there is one.
    """
    running = _answering(library)
    if running is not None:
        return running
    command = [str(program or _program(library)), "serve", "--library", str(library.absolute())]
    log = log_path(library)
    private_folder(log.parent)
    with _opened(log, library) as written:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                cwd=library.absolute().anchor,
                env=_surroundings(),
                creationflags=_DETACHED,
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(library, f"{command[0]} cannot be run ({error.strerror})") from error
    # A thread of its own waits for its end, so that a host that lives longer keeps no zombie.
    threading.Thread(target=process.wait, name="matchcut-sidecar-end", daemon=True).start()
    last = time.monotonic() + seconds
    ended: int | None = None
    while True:
        if ended is None:
            ended = process.poll()
            if ended is not None:
                last = min(last, time.monotonic() + _WINNER_SECONDS)
        handover = _answering(library)
        if handover is not None:
            return handover
        if time.monotonic() > last:
            if ended is not None:
                raise _not_started(library, f"it ended at once with exit code {ended}", log)
            process.terminate()
            raise _not_started(library, f"it did not answer within {seconds:g} seconds", log)
        time.sleep(_LOOK_AGAIN_SECONDS)


def _opened(log: Path, library: Path) -> BinaryIO:
    """The log that a sidecar writes to, open at its end."""
    try:
        return log.open("ab")
    except OSError as error:
        why = f"its log {log} cannot be written ({error.strerror})"
        raise _not_started(library, why) from error


def _answering(library: Path) -> HandOver | None:
    """The hand-over of `library` if the sidecar it names answers and takes work, else None."""
    handover = read_handover(library)
    if handover is None:
        return None
    # One that has no HTTP door is of an older matchcut.
    client = PlainClient(handover) if handover.http_port else _over_grpc(handover)
    try:
        _met(library, client)
        return handover if client.serving() else None
    except ClientError as error:
        if error.reason in (SIDECAR_MISSING, SIDECAR_LOST):
            return None
        raise
    finally:
        client.close()


def _handed_over(library: Path) -> HandOver:
    """What the last sidecar of `library` left, or SIDECAR_MISSING."""
    handover = read_handover(library)
    if handover is None:
        raise sidecar_missing(library)
    return handover


def _over_grpc(handover: HandOver) -> Client:
    from matchcut_client.client import Client
    from matchcut_client.grpc_transport import GrpcTransport

    return Client(GrpcTransport(handover))


def _met(library: Path, client: _Either) -> _Either:
    """The client, once its sidecar has answered and speaks its version, or SIDECAR_MISSING."""
    try:
        check_version(client.api_version())
    except ClientError as error:
        client.close()
        if error.reason in _NOT_OURS:
            raise sidecar_missing(library) from error
        raise
    return client


def _surroundings() -> dict[str, str]:
    """The environment of a sidecar: the host's, without what is for the host's own Python."""
    kept = {name: text for name, text in os.environ.items() if name not in _OF_THE_HOST}
    kept["MATCHCUT_STATE_DIR"] = str(state_folder())
    return kept


def _program(library: Path) -> Path:
    """The `matchcut` program of this Python, else the one along PATH."""
    name = "matchcut.exe" if os.name == "nt" else "matchcut"
    beside = Path(sys.executable).parent / name
    if beside.is_file():
        return beside
    found = shutil.which("matchcut")
    if found is None:
        raise _not_started(library, "there is no program named matchcut here")
    return Path(found)


def _not_started(library: Path, why: str, log: Path | None = None) -> ClientError:
    facts = {"library": str(library), "why": why, "handover": str(handover_path(library))}
    if log is not None:
        facts["log"] = str(log)
    return ClientError(
        SIDECAR_NOT_STARTED,
        f"The sidecar for the library {library} could not be started: {why}.",
        f"{'Install matchcut' if log is None else f'Look at {log}'}, or run "
        f"`matchcut serve --library '{library}'` in a terminal.",
        facts,
    )
