"""A running sidecar: who may call it, what it leaves behind, and how it stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from matchcut.errors import PreconditionError, SidecarRunning
from matchcut.server.lock import LOCK_NAME
from matchcut.server.serve import sidecar
from matchcut_api.v1 import (
    library_pb2,
    library_pb2_grpc,
    match_pb2,
    match_pb2_grpc,
    operation_pb2,
    operation_pb2_grpc,
)
from matchcut_client import ClientError, HandOver, connect
from matchcut_client.client import Client
from matchcut_client.grpc_transport import GrpcTransport
from matchcut_client.handover import (
    handover_path,
    read_handover,
    remove_handover,
    write_handover,
)
from tests.unit.server import serve_stand_in
from tests.unit.server.stand_in import Gate, StandIn

PACKAGE = "/matchcut_api.v1."
METHODS = [
    f"/{service.full_name}/{method.name}"
    for module in (library_pb2, match_pb2, operation_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
] + [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    "/matchcut_api.v1.LibraryService/NoSuchMethod",
]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHCUT_STATE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def running(
    state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[HandOver, StandIn]]:
    stand_in = StandIn()
    with sidecar(stand_in, tmp_path_factory.mktemp("library")) as handover:
        yield handover, stand_in


@contextmanager
def channel(handover: HandOver) -> Iterator[grpc.Channel]:
    options = (("grpc.enable_http_proxy", 0),)
    with grpc.insecure_channel(f"{handover.host}:{handover.port}", options) as opened:
        yield opened


def allowed(handover: HandOver) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {handover.token}"),)


def refused(handover: HandOver, method: str, metadata: tuple[tuple[str, str], ...]) -> str:
    """The reason with which a call is refused; fails the test if it is not."""
    with channel(handover) as opened:
        call = opened.stream_stream(method, lambda message: b"", lambda packed: packed)
        with pytest.raises(grpc.RpcError) as told:
            list(call(iter([b""]), metadata=metadata, timeout=10))
    assert told.value.code() is grpc.StatusCode.UNAUTHENTICATED
    details = dict(told.value.trailing_metadata())["grpc-status-details-bin"]
    return "TOKEN_MISSING" if b"TOKEN_MISSING" in details else "TOKEN_WRONG"


@pytest.mark.parametrize("method", METHODS)
def test_no_method_answers_without_the_token(
    running: tuple[HandOver, StandIn], method: str
) -> None:
    handover, stand_in = running
    assert refused(handover, method, ()) == "TOKEN_MISSING"
    wrong = [
        (("authorization", f"Bearer {handover.token}x"),),
        (("authorization", handover.token),),
        (("authorization", f"Bearer {handover.token}"), ("authorization", "Bearer x")),
    ]
    for metadata in wrong:
        assert refused(handover, method, metadata) == "TOKEN_WRONG"
    assert stand_in.asked == []


def test_the_token_opens_health_and_reflection(running: tuple[HandOver, StandIn]) -> None:
    handover, _ = running
    with channel(handover) as opened:
        health = health_pb2_grpc.HealthStub(opened)
        for name in ("", "matchcut_api.v1.LibraryService", "matchcut_api.v1.MatchService"):
            answer = health.Check(
                health_pb2.HealthCheckRequest(service=name), metadata=allowed(handover)
            )
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        reflection = reflection_pb2_grpc.ServerReflectionStub(opened)
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        answers = reflection.ServerReflectionInfo(iter([asked]), metadata=allowed(handover))
        names = {each.name for each in next(answers).list_services_response.service}
    assert {
        "matchcut_api.v1.LibraryService",
        "matchcut_api.v1.MatchService",
        "matchcut_api.v1.OperationService",
        "grpc.health.v1.Health",
    } <= names


def test_the_generated_stubs_of_every_service_work(running: tuple[HandOver, StandIn]) -> None:
    handover, _ = running
    with channel(handover) as opened:
        sent = {"metadata": allowed(handover)}
        library = library_pb2_grpc.LibraryServiceStub(opened)
        matches = match_pb2_grpc.MatchServiceStub(opened)
        operations = operation_pb2_grpc.OperationServiceStub(opened)
        told = library.GetServerInfo(library_pb2.GetServerInfoRequest(), **sent)
        assert told.pid == os.getpid()
        assert told.library_path == handover.library
        assert told.version == handover.version
        assert matches.ListFlavors(match_pb2.ListFlavorsRequest(), **sent).next_page_token == ""
        begun = library.ImportMedia(library_pb2.ImportMediaRequest(paths=["/a.mov"]), **sent)
        watch = operations.WatchOperation(
            operation_pb2.WatchOperationRequest(name=begun.name), **sent
        )
        last = list(watch)[-1]
        assert last.index_report.added_paths == ["/a.mov"]
        listed = operations.ListOperations(operation_pb2.ListOperationsRequest(page_size=1), **sent)
        assert listed.operations[0] == last
        assert (
            operations.GetOperation(operation_pb2.GetOperationRequest(name=begun.name), **sent)
            == last
        )


@pytest.mark.parametrize(
    ("method", "request_", "said"),
    [
        (
            "LibraryService/ImportMedia",
            library_pb2.ImportMediaRequest(paths=["a.mov"], detector="d"),
            "not an absolute path",
        ),
        ("LibraryService/ListSources", library_pb2.ListSourcesRequest(page_size=-1), "negative"),
        ("MatchService/Find", match_pb2.FindRequest(), "query is missing"),
        ("MatchService/Scan", match_pb2.ScanRequest(flavor="f"), "top_count is missing"),
        (
            "MatchService/Refine",
            match_pb2.RefineRequest(candidates=[match_pb2.Candidate()]),
            "candidates[0].outgoing is missing",
        ),
        (
            "OperationService/ListOperations",
            operation_pb2.ListOperationsRequest(page_token="x"),
            "page_token",
        ),
        (
            "OperationService/GetOperation",
            operation_pb2.GetOperationRequest(name="operations/none"),
            "operations/none",
        ),
        (
            "OperationService/CancelOperation",
            operation_pb2.CancelOperationRequest(name="operations/none"),
            "operations/none",
        ),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_a_sentence(
    running: tuple[HandOver, StandIn], method: str, request_: Message, said: str
) -> None:
    transport = GrpcTransport(running[0])
    with pytest.raises(ClientError) as told:
        transport.call(f"{PACKAGE}{method}", request_, operation_pb2.Operation, seconds=10)
    transport.close()
    assert said in told.value.sentence
    assert told.value.next_step
    assert told.value.reason in ("USAGE", "OPERATION_UNKNOWN")


def test_only_the_user_can_read_the_hand_over_file(running: tuple[HandOver, StandIn]) -> None:
    path = handover_path(Path(running[0].library))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_handover(Path(running[0].library)) == running[0]


def test_only_the_loopback_is_listened_on(running: tuple[HandOver, StandIn]) -> None:
    # All of 127/8 leads to this machine on Linux, where a server that listens everywhere answers.
    with pytest.raises(OSError, match=r"refused|unreachable|assign|timed out"):
        socket.create_connection(("127.0.0.2", running[0].port), timeout=5)
    socket.create_connection(("127.0.0.1", running[0].port), timeout=5).close()


def test_a_second_sidecar_says_where_the_first_one_is(running: tuple[HandOver, StandIn]) -> None:
    handover, _ = running
    library = Path(handover.library)
    with pytest.raises(SidecarRunning) as told, sidecar(StandIn(), library):
        pass
    assert f"process {os.getpid()} on 127.0.0.1 port {handover.port}" in told.value.sentence
    assert read_handover(library) == handover
    with connect(library) as client:
        assert client.serving()


def test_the_lock_tells_the_place_but_not_the_token(running: tuple[HandOver, StandIn]) -> None:
    text = (Path(running[0].library) / LOCK_NAME).read_text()
    assert json.loads(text) == {
        "pid": os.getpid(),
        "host": "127.0.0.1",
        "port": running[0].port,
    }
    assert running[0].token not in text


def test_a_port_that_is_taken_is_refused_with_a_sentence(
    running: tuple[HandOver, StandIn], tmp_path: Path
) -> None:
    with (
        pytest.raises(PreconditionError, match=f"port {running[0].port}"),
        sidecar(StandIn(), tmp_path, port=running[0].port),
    ):
        pass
    with sidecar(StandIn(), tmp_path):
        pass


def test_a_library_folder_that_cannot_be_made_is_refused_with_a_sentence(
    state: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with (
        pytest.raises(PreconditionError, match="cannot be locked"),
        sidecar(StandIn(), tmp_path / "file" / "library"),
    ):
        pass


def test_stopping_cancels_what_runs_and_ends_the_watches(state: Path, tmp_path: Path) -> None:
    gate = Gate()
    with sidecar(StandIn(work=gate), tmp_path) as handover:
        client = Client(GrpcTransport(handover))
        watch = client.watch(client.import_media([Path("/a.mov")], detector="d").name)
        gate.begun.wait()
    assert list(watch)[-1].state == operation_pb2.OPERATION_STATE_CANCELLED
    client.close()
    assert read_handover(tmp_path) is None
    with sidecar(StandIn(), tmp_path) as again:
        assert again.token != handover.token


def test_a_stopping_sidecar_leaves_the_hand_over_file_of_another_alone(
    state: Path, tmp_path: Path
) -> None:
    with sidecar(StandIn(), tmp_path) as handover:
        other = replace(handover, token="another", pid=handover.pid + 1)
        write_handover(other)
    assert read_handover(tmp_path) == other
    remove_handover(other)
    assert read_handover(tmp_path) is None


@contextmanager
def program(library: Path) -> Iterator[subprocess.Popen[str]]:
    """`matchcut serve` of a stand-in, in a process of its own, once it serves."""
    command = [sys.executable, serve_stand_in.__file__, "serve", "--library", str(library)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_busy_sidecar_in_order(
    state: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with program(tmp_path) as process:
        with connect(tmp_path) as client:
            begun = client.import_media([Path("/a.mov")], detector="d")
            watch = client.watch(begun.name)
            process.send_signal(number)
            assert list(watch)[-1].state == operation_pb2.OPERATION_STATE_CANCELLED
        assert process.wait(30) == 0
    assert read_handover(tmp_path) is None


def test_a_killed_sidecar_leaves_no_lock_and_no_riddle(state: Path, tmp_path: Path) -> None:
    with program(tmp_path) as process:
        with connect(tmp_path) as client:
            watch = client.watch(client.import_media([Path("/a.mov")], detector="d").name)
            next(watch)
            process.kill()
            process.wait(30)
            with pytest.raises(ClientError) as told:
                list(watch)
        assert told.value.reason == "SIDECAR_LOST"
    assert read_handover(tmp_path) is not None
    with pytest.raises(ClientError) as told:
        connect(tmp_path)
    assert told.value.reason == "SIDECAR_MISSING"
    with sidecar(StandIn(), tmp_path), connect(tmp_path) as client:
        assert client.serving()


def test_searches_are_told_to_end_when_the_sidecar_stops(state: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with sidecar(StandIn(), tmp_path, stopping=lambda: told.append("stop")):
        assert told == []
    assert told == ["stop"]
