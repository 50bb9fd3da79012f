"""Running a sidecar: the lock, the server, the hand-over file, and the way back out."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from matchcut.errors import PreconditionError
from matchcut.server.auth import Token, TokenInterceptor
from matchcut.server.http_door import HttpDoor
from matchcut.server.lock import LibraryLock, hold
from matchcut.server.methods import methods_of
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
from matchcut_client.failing import ClientError
from matchcut_client.grpc_transport import MESSAGE_BYTES_AT_MOST
from matchcut_client.handover import HandOver, new_token, remove_handover, write_handover
from matchcut_client.versions import API_VERSION

HOST = "127.0.0.1"
"""The only address a sidecar listens on: what it serves is for this machine."""
THREADS = WATCHERS_AT_MOST + 16
"""Threads for calls: every watch that may be open holds one, the rest is for short calls."""
GRACE_SECONDS = 10.0
"""How long running work and calls may take to end when the sidecar stops."""

_LIBRARY = library_pb2.DESCRIPTOR.services_by_name["LibraryService"]
_MATCH = match_pb2.DESCRIPTOR.services_by_name["MatchService"]
_OPERATION = operation_pb2.DESCRIPTOR.services_by_name["OperationService"]
_VERDICT = verdict_pb2.DESCRIPTOR.services_by_name["VerdictService"]
_HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"]
_SERVICES = (_LIBRARY.full_name, _MATCH.full_name, _OPERATION.full_name, _VERDICT.full_name)

_log = logging.getLogger(__name__)


def _nobody() -> None:
    """Has nothing to stop."""


def serve(
    matching: Matching,
    library: Path,
    *,
    port: int = 0,
    http_port: int = 0,
    ready: Callable[[HandOver], None],
    stopping: Callable[[], None] = _nobody,
) -> None:
    """Serves `library` until SIGINT or SIGTERM, then stops in order. Call it in the main thread.

    Args:
        matching: What answers. It is called from several threads at once: searches and listings
            from any number of them, while one more may be indexing.
        library: Folder of the library; is made if it is not there.
        port: For gRPC, on the loopback; 0 takes a free one.
        http_port: The same for HTTP/JSON.
        ready: Is called once clients can call.
        stopping: Is called once the sidecar begins to stop: searches under way should end.

    Raises:
        SidecarRunning: the library has a sidecar.
        PreconditionError: a port is taken, or the folder cannot be locked.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with sidecar(
            matching, library, port=port, http_port=http_port, stopping=stopping
        ) as handover:
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
    http_port: int = 0,
    stopping: Callable[[], None] = _nobody,
) -> Iterator[HandOver]:
    """A sidecar that serves during the block, by gRPC and by HTTP. See `serve`.

    On the way out it says NOT_SERVING, takes no more work, cancels what runs and gives it
    `GRACE_SECONDS`, calls `stopping`, and removes its hand-over file.
    """
    library = library.resolve()
    ports = port, http_port
    with hold(library) as lock, _serving(matching, library, ports, lock) as handover:
        with _handover_errors():
            write_handover(handover)
        _log.info(
            "serving %s on %s, gRPC on port %d, HTTP on port %d",
            library,
            handover.host,
            handover.port,
            handover.http_port,
        )
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
def _serving(
    matching: Matching, library: Path, ports: tuple[int, int], lock: LibraryLock
) -> Iterator[HandOver]:
    """Two doors that answer during the block; both listen before the block begins."""
    secret = new_token()
    token = Token(secret)
    started = datetime.now(UTC)
    served = version("matchcut")
    operations = Operations()
    told = server_info(library, served, API_VERSION, started)
    healthy = _healthy()
    services = {
        _LIBRARY: LibraryServicer(matching, operations, told),
        _MATCH: MatchServicer(matching),
        _OPERATION: OperationServicer(operations),
        _VERDICT: VerdictServicer(matching),
        _HEALTH: healthy,
    }
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="matchcut-call")
    server = _grpc_server(threads, token, services)
    port = _listen(server, ports[0])
    try:
        door = HttpDoor((HOST, ports[1]), methods_of(services), token)
    except OSError as error:
        server.stop(None)
        raise _port_taken(ports[1]) from error
    try:
        server.start()
        door.open()
        lock.tell((HOST, port))
        yield HandOver(
            host=HOST,
            port=port,
            http_port=door.port,
            token=secret,
            pid=told.pid,
            library=str(library),
            version=served,
            started=started.isoformat(),
        )
    finally:
        healthy.enter_graceful_shutdown()
        if not operations.stop(GRACE_SECONDS):
            _log.warning("an import did not stop within %g seconds", GRACE_SECONDS)
        stopped = server.stop(GRACE_SECONDS)
        door.close(GRACE_SECONDS)
        stopped.wait()
        # Not waited for: searches were told to end, and nobody waits for their answers any more.
        threads.shutdown(wait=False, cancel_futures=True)


def _healthy() -> health.HealthServicer:
    """What tells that all services serve."""
    healthy = health.HealthServicer()
    for name in ("", *_SERVICES):
        healthy.set(name, health_pb2.HealthCheckResponse.SERVING)
    return healthy


def _grpc_server(
    threads: ThreadPoolExecutor, token: Token, services: Mapping[ServiceDescriptor, Any]
) -> grpc.Server:
    """A server of all services, which does not listen yet."""
    server = grpc.server(
        threads,
        interceptors=[TokenInterceptor(token)],
        options=(
            ("grpc.so_reuseport", 0),
            ("grpc.max_receive_message_length", MESSAGE_BYTES_AT_MOST),
        ),
    )
    library_pb2_grpc.add_LibraryServiceServicer_to_server(  # type: ignore[no-untyped-call]
        services[_LIBRARY], server
    )
    match_pb2_grpc.add_MatchServiceServicer_to_server(  # type: ignore[no-untyped-call]
        services[_MATCH], server
    )
    operation_pb2_grpc.add_OperationServiceServicer_to_server(  # type: ignore[no-untyped-call]
        services[_OPERATION], server
    )
    verdict_pb2_grpc.add_VerdictServiceServicer_to_server(  # type: ignore[no-untyped-call]
        services[_VERDICT], server
    )
    health_pb2_grpc.add_HealthServicer_to_server(services[_HEALTH], server)
    names = (*_SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(names, server)
    return server


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
