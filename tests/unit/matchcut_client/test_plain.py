"""Calls with plain dictionaries: on the standard library alone, for the Python of a host."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import matchcut_client
from matchcut.errors import MediaMissing
from matchcut.server.serve import sidecar
from matchcut.types import MatchSet, MediaQuery
from matchcut_client import ClientError, HandOver, connect_http, connect_plain
from matchcut_client.failing import SIDECAR_REFUSED
from matchcut_client.handover import handover_path, write_handover
from matchcut_client.plain import PlainClient
from tests.unit.server import serve_stand_in
from tests.unit.server.stand_in import CANDIDATE, StandIn

PACKAGE = Path(matchcut_client.__file__).parent
OLD_PYTHON = [
    path for path in sorted(PACKAGE.glob("*.py")) if "Python 3.8" in path.read_text("utf-8")
]
FIND = {
    "media": {"mediaPath": "/films/caf\udce9.mov", "at": "10"},
    "flavor": "frame",
    "topCount": 5,
    "minGapSeconds": {"numerator": 2, "denominator": 1},
}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "matchcut"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{serve_stand_in.__file__}" "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def client(stand_in: StandIn, library: Path) -> Iterator[PlainClient]:
    with sidecar(stand_in, library), connect_plain(library) as client:
        yield client


def test_the_modules_for_the_python_of_a_host_are_those_the_documents_name() -> None:
    said = (Path(__file__).parents[3] / "docs" / "sidecar.md").read_text("utf-8")
    [listed] = re.findall(r"first lines say so: ([^.]*)\.", said)
    assert sorted(re.findall(r"`(\w+)`", listed)) == [path.stem for path in OLD_PYTHON]


@pytest.mark.parametrize("path", OLD_PYTHON, ids=lambda path: path.name)
def test_a_module_for_the_python_of_a_host_is_written_in_python_3_8(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 8))
    assert any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body
    ), "annotations are written in the words of a later Python, which reads them as text"


def test_the_copied_modules_alone_call_a_sidecar_on_the_standard_library(
    stand_in: StandIn, library: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "host" / "matchcut_client"
    copied.mkdir(parents=True)
    for path in OLD_PYTHON:
        shutil.copy(path, copied)
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from matchcut_client import connect_plain, start_sidecar\n"
        "library = Path(sys.argv[2])\n"
        "assert start_sidecar(library).http_port\n"
        "with connect_plain(library) as client:\n"
        "    print(client.call('MatchService/ListFlavors', {}))\n"
    )
    with sidecar(stand_in, library):
        # -S leaves out what is installed, -I what the environment says.
        command = [sys.executable, "-I", "-S", "-c", program, str(copied.parent), str(library)]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    assert (done.stderr, done.stdout) == ("", "{'flavors': [], 'nextPageToken': ''}\n")


def test_any_text_reaches_the_library_and_comes_back(
    client: PlainClient, stand_in: StandIn
) -> None:
    stand_in.matches = MatchSet((CANDIDATE,), "frame", 7, ("caf\udce9.mov is offline.",))
    found = client.call("MatchService/Find", FIND)
    [asked] = stand_in.asked
    assert asked[1] == MediaQuery(Path("/films/caf\udce9.mov"), "10")
    assert found["notes"] == ["caf\udce9.mov is offline."]
    refined = client.call("MatchService/RefineOne", {"candidate": found["candidates"][0]})
    assert refined == {"candidate": found["candidates"][0], "note": ""}


def test_an_error_arrives_with_reason_sentence_next_step_and_facts(
    client: PlainClient, stand_in: StandIn
) -> None:
    error = MediaMissing("/films/caf\udce9.mov")
    stand_in.raising = error
    with pytest.raises(ClientError) as told:
        client.call("MatchService/Find", FIND)
    assert told.value.reason == "MEDIA_MISSING"
    assert str(told.value) == str(error)
    assert told.value.facts == {"path": "/films/caf\udce9.mov"}


def test_a_sidecar_that_went_away_is_told_as_such(stand_in: StandIn, library: Path) -> None:
    with sidecar(stand_in, library):
        client = connect_plain(library)
        assert client.serving()
    with pytest.raises(ClientError) as told:
        client.call("MatchService/ListFlavors", {})
    assert told.value.reason == "SIDECAR_LOST"
    with pytest.raises(ClientError) as told:
        connect_plain(library)
    assert told.value.reason == "SIDECAR_MISSING"


@pytest.mark.parametrize("connected", [connect_plain, connect_http])
def test_a_sidecar_older_than_the_door_is_told_to_be_updated(
    stand_in: StandIn, library: Path, connected: object
) -> None:
    with sidecar(stand_in, library):
        path = handover_path(library)
        told_by_the_old = json.loads(path.read_text())
        del told_by_the_old["http_port"]
        path.write_text(json.dumps(told_by_the_old))
        with pytest.raises(ClientError, match="gRPC alone") as told:
            connected(library)  # type: ignore[operator]
    assert told.value.reason == "VERSION_UNLIKE"


class Stranger(BaseHTTPRequestHandler):
    """Answers as no sidecar does: another program that has taken its port."""

    def do_POST(self) -> None:
        if self.path.endswith("/Slow"):
            threading.Event().wait(1)
        page = self.path.endswith("/Page")
        self.send_response(503 if page else 200)
        self.end_headers()
        self.wfile.write(b"<html>" if page else b"[]" if self.path.endswith("/List") else b"{}")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def left_behind(library: Path) -> Iterator[HandOver]:
    """The hand-over of a sidecar that was killed, on whose port another program answers now."""
    with HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        answering = threading.Thread(target=stranger.serve_forever, args=(0.01,))
        answering.start()
        port = stranger.server_address[1]
        handover = HandOver("127.0.0.1", 1, "t", 1, str(library.resolve()), "0", "", port)
        write_handover(handover)
        yield handover
        stranger.shutdown()
        answering.join()


def test_an_answer_that_is_not_ours_is_told_as_such(left_behind: HandOver) -> None:
    client = PlainClient(left_behind)
    for method, why in (("x/List", "HTTP 200"), ("x/Page", "HTTP 503")):
        with pytest.raises(ClientError, match="Another program") as told:
            client.call(method, {})
        assert told.value.reason == "SIDECAR_LOST"
        assert told.value.facts["why"].startswith(why)
    with pytest.raises(ClientError, match=r"no answer within 0\.1 seconds") as told:
        client.call("x/Slow", {}, seconds=0.1)
    assert told.value.reason == SIDECAR_REFUSED


def test_another_program_on_its_port_does_not_keep_a_sidecar_from_starting(
    left_behind: HandOver, library: Path, program: Path
) -> None:
    with pytest.raises(ClientError) as told:
        connect_plain(library)
    assert told.value.reason == "SIDECAR_MISSING"
    started = matchcut_client.start_sidecar(library, program=program)
    os.kill(started.pid, signal.SIGKILL)
    assert started.http_port != left_behind.http_port


def test_a_proxy_in_the_environment_is_not_asked(
    stand_in: StandIn, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with sidecar(stand_in, library), connect_plain(library) as client:
        assert client.serving()


def test_a_hand_over_that_leads_to_nobody_does_not_keep_a_sidecar_from_starting(
    stand_in: StandIn, library: Path, program: Path
) -> None:
    with sidecar(stand_in, library) as gone:
        pass
    write_handover(gone)
    started = matchcut_client.start_sidecar(library, program=program)
    try:
        with connect_plain(library) as client:
            told = client.call("LibraryService/GetServerInfo", {})
        assert int(told["pid"]) == started.pid != gone.pid
    finally:
        os.kill(started.pid, signal.SIGKILL)
