"""Running a sidecar: the lock, the server, the hand-over file, and the way back out."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from matchcut.errors import PreconditionError
from matchcut.server.auth import TokenInterceptor
from matchcut.server.lock import LibraryLock, hold
from matchcut.server.operations import WATCHERS_AT_MOST, Operations
from matchcut.server.servicers import (
    LibraryServicer,
    MatchServicer,
    OperationServicer,
    server_info,
)
from matchcut.server.verdicts import VerdictServicer
from matchcut.types import Matching
from matchcut_api.v1 import (
    library_pb2,
    library_pb2_grpc,
    match_pb2,
    match_pb2_grpc,
    operation_pb2,
    operation_pb2_grpc,
    verdict_pb2,
    verdict_pb2_grpc,
)
from matchcut_client.client import API_VERSION
from matchcut_client.failing import ClientError
from matchcut_client.grpc_transport import MESSAGE_BYTES_AT_MOST
from matchcut_client.handover import HandOver, new_token, remove_handover, write_handover

HOST = "127.0.0.1"
"""The only address a sidecar listens on: what it serves is for this machine."""
THREADS = WATCHERS_AT_MOST + 16
"""Threads for calls: every watch that may be open holds one, the rest is for short calls."""
GRACE_SECONDS = 10.0
"""How long running work and calls may take to end when the sidecar stops."""

_SERVICES = (
    library_pb2.DESCRIPTOR.services_by_name["LibraryService"].full_name,
    match_pb2.DESCRIPTOR.services_by_name["MatchService"].full_name,
    operation_pb2.DESCRIPTOR.services_by_name["OperationService"].full_name,
    verdict_pb2.DESCRIPTOR.services_by_name["VerdictService"].full_name,
)

_log = logging.getLogger(__name__)


def _nobody() -> None:
    """Has nothing to stop."""


def serve(
    matching: Matching,
    library: Path,
    *,
    port: int = 0,
    ready: Callable[[HandOver], None],
    stopping: Callable[[], None] = _nobody,
) -> None:
    """Serves `library` until SIGINT or SIGTERM, then stops in order. Call it in the main thread.

    Args:
        matching: What answers. It is called from several threads at once: searches and listings
            from any number of them, while one more may be indexing.
        library: Folder of the library; is made if it is not there.
        port: On the loopback; 0 takes a free one.
        ready: Is called once clients can call.
        stopping: Is called once the sidecar begins to stop: searches under way should end.

    Raises:
        SidecarRunning: the library has a sidecar.
        PreconditionError: the port is taken, or the folder cannot be locked.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with sidecar(matching, library, port=port, stopping=stopping) as handover:
            ready(handover)
            # Bounded waits, because on Windows an unbounded one lets no signal through.
            while not stop.wait(0.5):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def sidecar(
    matching: Matching,
    library: Path,
    *,
    port: int = 0,
    stopping: Callable[[], None] = _nobody,
) -> Iterator[HandOver]:
    """A sidecar that serves during the block. See `serve`.

    On the way out it says NOT_SERVING, takes no more work, cancels what runs and gives it
    `GRACE_SECONDS`, calls `stopping`, and removes its hand-over file.
    """
    library = library.resolve()
    with hold(library) as lock, _serving(matching, library, port, lock) as handover:
        with _handover_errors():
            write_handover(handover)
        _log.info("serving %s on %s port %d", library, handover.host, handover.port)
        try:
            yield handover
        finally:
            stopping()
            with _handover_errors():
                remove_handover(handover)


@contextmanager
def _handover_errors() -> Iterator[None]:
    """Raises what the client's package says of the hand-over file as an error of ours."""
    try:
        yield
    except ClientError as error:
        raise PreconditionError(error.sentence, error.next_step, **error.facts) from error


@contextmanager
def _serving(matching: Matching, library: Path, port: int, lock: LibraryLock) -> Iterator[HandOver]:
    """A server that answers during the block; it listens before the block begins."""
    token = new_token()
    started = datetime.now(UTC)
    served = version("matchcut")
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="matchcut-call")
    server = grpc.server(
        threads,
        interceptors=[TokenInterceptor(token)],
        options=(
            ("grpc.so_reuseport", 0),
            ("grpc.max_receive_message_length", MESSAGE_BYTES_AT_MOST),
        ),
    )
    port = _listen(server, port)
    operations = Operations()
    told = server_info(library, served, API_VERSION, started)
    healthy = _register(server, matching, operations, told)
    try:
        server.start()
        lock.tell((HOST, port))
        yield HandOver(
            host=HOST,
            port=port,
            token=token,
            pid=told.pid,
            library=str(library),
            version=served,
            started=started.isoformat(),
        )
    finally:
        healthy.enter_graceful_shutdown()
        if not operations.stop(GRACE_SECONDS):
            _log.warning("an import did not stop within %g seconds", GRACE_SECONDS)
        server.stop(GRACE_SECONDS).wait()
        # Not waited for: searches were told to end, and nobody waits for their answers any more.
        threads.shutdown(wait=False, cancel_futures=True)


def _register(
    server: grpc.Server,
    matching: Matching,
    operations: Operations,
    told: library_pb2.ServerInfo,
) -> health.HealthServicer:
    """Puts all services on the server; returns the one that tells how the others are."""
    library_pb2_grpc.add_LibraryServiceServicer_to_server(  # type: ignore[no-untyped-call]
        LibraryServicer(matching, operations, told), server
    )
    match_pb2_grpc.add_MatchServiceServicer_to_server(  # type: ignore[no-untyped-call]
        MatchServicer(matching), server
    )
    operation_pb2_grpc.add_OperationServiceServicer_to_server(  # type: ignore[no-untyped-call]
        OperationServicer(operations), server
    )
    verdict_pb2_grpc.add_VerdictServiceServicer_to_server(  # type: ignore[no-untyped-call]
        VerdictServicer(matching), server
    )
    healthy = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
    for name in ("", *_SERVICES):
        healthy.set(name, health_pb2.HealthCheckResponse.SERVING)
    names = (*_SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(names, server)
    return healthy


def _listen(server: grpc.Server, port: int) -> int:
    """The port the server now listens on."""
    try:
        bound = server.add_insecure_port(f"{HOST}:{port}")
    except RuntimeError as error:
        raise _port_taken(port) from error
    if bound == 0:
        raise _port_taken(port)
    return bound


def _port_taken(port: int) -> PreconditionError:
    return PreconditionError(
        f"Nothing can listen on port {port} of {HOST}: another program may have taken it.",
        "Name another port, or none: then a free one is taken.",
        port=port,
    )
