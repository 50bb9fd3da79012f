"""The second door: who may call over HTTP, what a call must look like, and how errors are told."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from google.rpc import code_pb2, error_details_pb2
from grpc_health.v1 import health_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchcut.errors import MediaMissing, PreconditionError
from matchcut.server import http_call, http_door
from matchcut.server.connect_json import STATUSES
from matchcut.server.methods import INSTEAD
from matchcut.server.serve import sidecar
from matchcut.types import FlavorCard, MatchSet, MediaQuery, Refined
from matchcut_api.v1 import library_pb2, match_pb2, operation_pb2, verdict_pb2
from matchcut_client import HandOver
from tests.unit.server.stand_in import CANDIDATE, StandIn

SERVICES = [
    service
    for module in (library_pb2, match_pb2, operation_pb2, verdict_pb2, health_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
]
METHODS = {
    f"/{service.full_name}/{method.name}": method.server_streaming
    for service in SERVICES
    for method in service.methods
}
names = st.sampled_from(
    [field.json_name for field in match_pb2.FindRequest.DESCRIPTOR.fields]
    + [field.json_name for field in match_pb2.TimelineQuery.DESCRIPTOR.fields]
    + ["numerator", "denominator", "@type", ""]
)
FLAVORS = "/matchcut_api.v1.MatchService/ListFlavors"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHCUT_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="module")
def running(
    state: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[HandOver, StandIn]]:
    stand_in = StandIn()
    with sidecar(stand_in, tmp_path_factory.mktemp("library")) as handover:
        yield handover, stand_in


@pytest.fixture
def door(running: tuple[HandOver, StandIn]) -> HandOver:
    handover, stand_in = running
    stand_in.asked.clear()
    stand_in.raising = None
    return handover


@pytest.fixture
def stand_in(running: tuple[HandOver, StandIn]) -> StandIn:
    return running[1]


def ask(
    door: HandOver,
    path: str,
    body: bytes | None = b"{}",
    *,
    verb: str = "POST",
    without: Sequence[str] = (),
    **headers: str,
) -> tuple[http.client.HTTPResponse, dict[str, Any]]:
    """The answer to a call that is right but for what a test says, and its JSON."""
    sent = {"authorization": f"Bearer {door.token}", "content-type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(door.host, door.http_port, timeout=30)) as asking:
        asking.request(
            verb, path, body, {name: said for name, said in sent.items() if name not in without}
        )
        answer = asking.getresponse()
        told = answer.read()
    return answer, json.loads(told) if told else {}


def raw(door: HandOver, sent: bytes) -> bytes:
    """All that comes back for some bytes, up to the end of the connection."""
    with socket.create_connection((door.host, door.http_port), timeout=30) as asking:
        asking.sendall(sent)
        asking.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: asking.recv(65_536), b""))


def info(told: dict[str, Any]) -> dict[str, Any]:
    """The ErrorInfo of an error, as JSON."""
    [detail] = told["details"]
    assert detail["type"] == "google.rpc.ErrorInfo"
    shown: dict[str, Any] = detail["debug"]
    packed = base64.b64decode(detail["value"] + "=" * (-len(detail["value"]) % 4))
    meant = error_details_pb2.ErrorInfo.FromString(packed)
    assert (meant.reason, meant.domain, dict(meant.metadata)) == (
        shown["reason"],
        shown["domain"],
        shown["metadata"],
    )
    return shown


@pytest.mark.parametrize("path", [*METHODS, "/matchcut_api.v1.LibraryService/NoSuchMethod", "/"])
def test_no_method_answers_without_the_token(door: HandOver, stand_in: StandIn, path: str) -> None:
    answer, told = ask(door, path, without=["authorization"])
    assert (answer.status, told["code"]) == (401, "unauthenticated")
    assert info(told)["reason"] == "TOKEN_MISSING"
    for wrong in (f"Bearer {door.token}x", door.token, "Bearer ", f"Basic {door.token}"):
        answer, told = ask(door, path, authorization=wrong)
        assert (answer.status, info(told)["reason"]) == (401, "TOKEN_WRONG")
    assert stand_in.asked == []


def test_two_tokens_are_one_too_many(door: HandOver) -> None:
    token = f"authorization: Bearer {door.token}\r\n"
    answer = raw(
        door,
        f"POST {FLAVORS} HTTP/1.1\r\nhost: 127.0.0.1:{door.http_port}\r\n{token}{token}"
        "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}".encode(),
    )
    assert answer.startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", ""])
def test_a_name_made_to_lead_here_is_turned_away(
    door: HandOver, stand_in: StandIn, host: str
) -> None:
    answer, told = ask(door, FLAVORS, host=host)
    assert (answer.status, info(told)["reason"]) == (403, "HOST_FOREIGN")
    assert stand_in.asked == []


def test_both_names_of_this_machine_are_let_in(door: HandOver) -> None:
    for host in ("127.0.0.1", "localhost"):
        answer, _ = ask(door, FLAVORS, host=f"{host}:{door.http_port}")
        assert answer.status == 200


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "OPTIONS", "DELETE"])
def test_only_post_calls_and_no_page_of_a_browser_is_invited(door: HandOver, verb: str) -> None:
    answer, _ = ask(door, FLAVORS, verb=verb, origin="https://evil.example")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    called, _ = ask(door, FLAVORS, origin="https://evil.example")
    for headers in (answer.headers, called.headers):
        assert [name for name in headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize(
    ("body", "headers", "said"),
    [
        (b"{}", {"content_type": "text/plain"}, "application/json"),
        (b"{}", {"content_type": "application/proto"}, "application/json"),
        (b"{}", {"connect_protocol_version": "2"}, "version"),
        (b"{}", {"content_length": "-1"}, "length"),
        (b"{}", {"content_length": "x"}, "length"),
        (b"{}", {"content_length": "9" * 5000}, "length"),
        (b"", {}, "in JSON"),
        (b"{", {}, "in JSON"),
        (b"[]", {}, "in JSON"),
        (b"\xff", {}, "in JSON"),
        (b"[" * 100_000, {}, "in JSON"),
        (b'{"pageSize": "many"}', {}, "in JSON"),
    ],
)
def test_what_is_no_call_is_refused_with_a_sentence(
    door: HandOver, stand_in: StandIn, body: bytes, headers: dict[str, str], said: str
) -> None:
    answer, told = ask(door, FLAVORS, body, **headers)
    assert (answer.status, told["code"]) == (400, "invalid_argument")
    assert said in info(told)["metadata"]["sentence"]
    assert info(told)["metadata"]["next_step"]
    assert stand_in.asked == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(names, json_values, max_size=6))
def test_no_json_makes_the_sidecar_stumble(door: HandOver, body: dict[str, Any]) -> None:
    answer, _ = ask(door, "/matchcut_api.v1.MatchService/Find", json.dumps(body).encode())
    assert answer.status in (200, 400)


def test_a_request_without_a_length_or_cut_short_is_refused(door: HandOver) -> None:
    head = (
        f"POST {FLAVORS} HTTP/1.1\r\nhost: 127.0.0.1:{door.http_port}\r\n"
        f"authorization: Bearer {door.token}\r\ncontent-type: application/json\r\n"
    )
    assert b"does not say its length" in raw(door, f"{head}\r\n{{}}".encode())
    assert b"did not arrive whole" in raw(door, f"{head}content-length: 9\r\n\r\n{{}}".encode())
    assert b"is no call" in raw(door, b"\x00\x01 hello\r\n\r\n")


def test_a_compressed_request_is_refused_as_connect_wants_it(door: HandOver) -> None:
    answer, told = ask(door, FLAVORS, content_encoding="gzip")
    assert (answer.status, info(told)["reason"]) == (501, "ENCODING_UNKNOWN")


def test_a_request_too_large_is_refused_before_it_is_read(
    door: HandOver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_call, "MESSAGE_BYTES_AT_MOST", 1000)
    answer, told = ask(door, FLAVORS, b" " * 900_000)
    assert (answer.status, info(told)["reason"]) == (429, "REQUEST_TOO_LARGE")


def test_fields_of_a_newer_client_are_passed_by(door: HandOver) -> None:
    answer, _ = ask(door, FLAVORS, b'{"addedLater": 1}')
    assert answer.status == 200


@pytest.mark.parametrize("path", [path for path, streams in METHODS.items() if streams])
def test_a_stream_is_refused_with_what_to_call_instead(door: HandOver, path: str) -> None:
    answer, told = ask(door, path)
    assert (answer.status, info(told)["reason"]) == (501, "STREAM_ONLY")
    [instead] = [name for name in INSTEAD[path].split() if name.rstrip(",")[0].isupper()][1:]
    service = path.rpartition("/")[0]
    assert METHODS[f"{service}/{instead.rstrip(',')}"] is False


@pytest.mark.parametrize("path", [path for path, streams in METHODS.items() if not streams])
def test_every_method_with_one_answer_is_served(door: HandOver, path: str) -> None:
    answer, told = ask(door, path)
    if path == "/grpc.health.v1.Health/List":
        assert answer.status == 501, "the servicer of health has none"
    elif answer.status != 200:
        assert (answer.status, info(told)["reason"]) in {(400, "USAGE"), (404, "OPERATION_UNKNOWN")}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


def test_an_unknown_method_is_told_apart_from_an_unknown_thing(door: HandOver) -> None:
    answer, told = ask(door, "/matchcut_api.v1.MatchService/FindAll")
    assert (answer.status, info(told)["reason"]) == (501, "METHOD_UNKNOWN")
    answer, told = ask(door, "/grpc.health.v1.Health/Check", b'{"service": "none"}')
    assert (answer.status, told["code"]) == (404, "not_found")


def test_answers_state_all_their_fields(door: HandOver, stand_in: StandIn) -> None:
    stand_in.cards = (FlavorCard("frame", "Framing", False, 0.0, 1.0, "RED", "our own"),)
    _, told = ask(door, FLAVORS)
    assert told == {
        "flavors": [
            {
                "name": "frame",
                "label": "Framing",
                "directed": False,
                "lowestScore": 0.0,
                "highestScore": 1.0,
                "markerColor": "RED",
                "source": "our own",
                "variants": [],
            }
        ],
        "nextPageToken": "",
    }


def test_an_error_of_the_library_arrives_with_its_status_and_details(
    door: HandOver, stand_in: StandIn
) -> None:
    stand_in.raising = MediaMissing("/films/a.mov")
    answer, told = ask(door, FLAVORS)
    assert (answer.status, told["code"]) == (404, "not_found")
    assert told["message"] == stand_in.raising.sentence
    shown = info(told)
    assert (shown["reason"], shown["metadata"]["path"]) == ("MEDIA_MISSING", "/films/a.mov")


def test_a_bug_is_told_without_its_text(
    door: HandOver, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.raising = ZeroDivisionError("secret of the house")
    answer, told = ask(door, FLAVORS)
    assert answer.status == 500
    assert "secret" not in json.dumps(told)
    assert "secret of the house" in caplog.text


def test_every_canonical_code_has_its_word_and_status() -> None:
    assert set(STATUSES) == set(code_pb2.Code.values()) - {code_pb2.OK}
    assert STATUSES[code_pb2.CANCELLED] == ("canceled", 499)


def test_one_candidate_is_refined_a_call(door: HandOver, stand_in: StandIn) -> None:
    stand_in.matches = MatchSet((CANDIDATE,), "frame", 1)
    stand_in.refining = lambda candidates: map(Refined, candidates, ["It is offline."])
    gap = {"numerator": 1, "denominator": 1}
    asked = {"flavor": "frame", "topCount": 1, "minGapSeconds": gap}
    _, found = ask(door, "/matchcut_api.v1.MatchService/Scan", json.dumps(asked).encode())
    sent = json.dumps({"candidate": found["candidates"][0]}).encode()
    _, refined = ask(door, "/matchcut_api.v1.MatchService/RefineOne", sent)
    assert refined == {"candidate": found["candidates"][0], "note": "It is offline."}


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_the_example_in_the_documents_works(door: HandOver, stand_in: StandIn) -> None:
    said = (Path(__file__).parents[3] / "docs" / "sidecar.md").read_text("utf-8")
    [example] = re.findall(r"^    (curl .*?)\n\n", said, re.DOTALL | re.MULTILINE)
    named = {"HTTP_PORT": str(door.http_port), "TOKEN": door.token}
    done = subprocess.run(
        ["bash", "-c", example], env=os.environ | named, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["comparedPairCount"] == str(stand_in.matches.pairs_compared)
    [asked] = stand_in.asked
    assert asked[1] == MediaQuery(Path("/Volumes/SHOW/E01.mov"), "01:00:12:05")


def test_only_the_loopback_is_listened_on(door: HandOver) -> None:
    with pytest.raises(OSError, match=r"refused|unreachable|assign|timed out"):
        socket.create_connection(("127.0.0.2", door.http_port), timeout=5)


def test_a_port_that_is_taken_is_refused_with_a_sentence(door: HandOver, tmp_path: Path) -> None:
    with (
        pytest.raises(PreconditionError, match=f"port {door.http_port}"),
        sidecar(StandIn(), tmp_path, http_port=door.http_port),
    ):
        pass
    with sidecar(StandIn(), tmp_path) as again:
        assert ask(again, FLAVORS)[0].status == 200


def test_who_says_nothing_is_let_go(door: HandOver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_call, "HEADERS_SECONDS", 0.1)
    with socket.create_connection((door.host, door.http_port), timeout=30) as silent:
        silent.sendall(b"POST ")
        assert silent.recv(1) == b""


class Held(StandIn):
    """Lists its flavors once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def flavors(self) -> tuple[FlavorCard, ...]:
        self.begun.release()
        assert self.go.wait(60)
        return ()


def test_more_calls_than_can_wait_are_told_to_come_again(
    state: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_door, "CALLS_AT_MOST", 1)
    monkeypatch.setattr(http_door, "WAITING_AT_MOST", 1)
    held = Held()
    with sidecar(held, tmp_path) as door:
        answers: list[int] = []
        call = threading.Thread(target=lambda: answers.append(ask(door, FLAVORS)[0].status))
        call.start()
        assert held.begun.acquire(timeout=60)
        with socket.create_connection((door.host, door.http_port)):  # This one waits.
            turned_away = raw(door, b"")
            assert turned_away.startswith(b"HTTP/1.1 429 ")
            assert b"TOO_MANY_CALLS" in turned_away
            held.go.set()
        call.join()
    assert answers == [200]


def test_a_stopping_sidecar_answers_what_is_under_way_and_then_nobody(
    state: None, tmp_path: Path
) -> None:
    held = Held()
    answers: list[int] = []
    with sidecar(held, tmp_path, stopping=held.go.set) as door:
        call = threading.Thread(target=lambda: answers.append(ask(door, FLAVORS)[0].status))
        call.start()
        assert held.begun.acquire(timeout=60)
    call.join()
    assert answers == [200]
    with pytest.raises(ConnectionRefusedError):
        ask(door, FLAVORS)


def test_a_call_that_does_not_end_in_time_is_let_go(
    state: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchcut.server.serve.GRACE_SECONDS", 0.1)
    held = Held()
    ended: list[Exception] = []

    def call() -> None:
        try:
            ask(door, FLAVORS)
        except OSError as error:
            ended.append(error)

    with sidecar(held, tmp_path) as door:
        calling = threading.Thread(target=call)
        calling.start()
        assert held.begun.acquire(timeout=60)
    calling.join(30)
    assert len(ended) == 1
    held.go.set()
