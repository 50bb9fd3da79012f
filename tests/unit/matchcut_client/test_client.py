from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.errors import MediaMissing
from matchcut.server.matches import pack_candidate
from matchcut.server.serve import sidecar
from matchcut.types import MatchSet, MediaQuery, TimelineQuery
from matchcut_api.v1 import library_pb2, match_pb2, media_pb2, operation_pb2
from matchcut_client import ClientError, connect, start_sidecar
from matchcut_client.client import Client
from matchcut_client.grpc_transport import GrpcTransport
from matchcut_client.handover import handover_path, log_path, read_handover, write_handover
from matchcut_client.messages import fraction, media_query, rational, timeline_query
from matchcut_client.versions import API_VERSION, check_version
from matchcut_client.wire_text import from_wire, to_wire
from tests.unit.server import serve_stand_in
from tests.unit.server.stand_in import CANDIDATE, SAID, Gate, StandIn


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def client(stand_in: StandIn, library: Path) -> Iterator[Client]:
    with sidecar(stand_in, library), connect(library) as client:
        yield client


def test_importing_the_client_imports_neither_grpc_nor_matchcut() -> None:
    program = (
        "import sys, matchcut_client, matchcut_client.handover\n"
        "heavy = {'grpc', 'google.protobuf', 'matchcut', 'numpy'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_calling_the_sidecar_never_imports_matchcut() -> None:
    program = (
        "import sys, matchcut_client.client, matchcut_client.grpc_transport\n"
        "sys.exit(int('matchcut' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_a_host_can_ask_for_everything_with_plain_values(
    client: Client, stand_in: StandIn, library: Path
) -> None:
    assert client.server_info().library_path == str(library)
    assert client.list_flavors() == []
    assert client.list_sources() == []
    stand_in.matches = MatchSet((), "frame", 7)
    asked = dict(flavor="frame", top=5, min_gap=Fraction(1, 3))
    found = client.find(media_query(Path("/a.mov"), "10"), exact=True, scorer="mine", **asked)
    assert found.compared_pair_count == 7
    client.find(
        timeline_query("{}", base=Path("/edit"), name="reel", at="01:00:00:00"),
        rejected=True,
        **asked,
    )
    client.scan(per_shot=None, across=True, min_handle=1, reframe=False, rejected=True, **asked)
    assert list(client.refine([])) == []
    candidate = pack_candidate(CANDIDATE)
    assert client.refine_one(candidate, min_handle=3).candidate == candidate
    assert stand_in.asked[-5:] == [
        (
            "find",
            MediaQuery(Path("/a.mov"), "10"),
            "frame",
            5,
            Fraction(1, 3),
            False,
            True,
            8,
            True,
            "mine",
        ),
        (
            "find",
            TimelineQuery("{}", Path("/edit"), "reel", at="01:00:00:00"),
            "frame",
            5,
            Fraction(1, 3),
            True,
            False,
            8,
            True,
            None,
        ),
        ("scan", "frame", 5, None, True, Fraction(1, 3), True, 1, False, None),
        ("refine", (), 8, True),
        ("refine", (CANDIDATE,), 3, True),
    ]


def test_a_host_can_say_what_an_editor_thinks_of_a_candidate(
    client: Client, stand_in: StandIn
) -> None:
    stand_in.said = (SAID,)
    told = client.record_verdict(pack_candidate(CANDIDATE), match_pb2.JUDGEMENT_KEEP, why="hands")
    assert (told.id, told.judgement, told.why) == (SAID.id, match_pb2.JUDGEMENT_KEEP, "hands")
    assert client.list_verdicts(history=True) == [told]
    assert stand_in.asked[-2:] == [
        ("record_verdict", CANDIDATE, "keep", "hands"),
        ("verdicts", True),
    ]


@pytest.mark.parametrize("judgement", [match_pb2.JUDGEMENT_UNSPECIFIED, 77])
def test_a_judgement_that_says_nothing_is_refused_before_anything_is_recorded(
    client: Client, stand_in: StandIn, judgement: match_pb2.Judgement
) -> None:
    with pytest.raises(ClientError, match="judgement"):
        client.record_verdict(pack_candidate(CANDIDATE), judgement)
    assert stand_in.asked == []


def test_an_import_can_be_watched_dropped_watched_again_and_cancelled(
    client: Client, stand_in: StandIn
) -> None:
    gate = Gate()
    stand_in.work = gate
    begun = client.import_media([Path("/a.mov")], detector="d", request_id="r1")
    again = client.import_media([Path("/a.mov")], detector="d", request_id="r1")
    assert again.name == begun.name
    gate.begun.wait()
    first = client.watch(begun.name)
    assert next(first).progress.item == "a.mov"
    first.close()
    assert list(first) == []
    assert client.operation(begun.name).state == operation_pb2.OPERATION_STATE_RUNNING
    second = client.watch(begun.name)
    assert next(second).progress.item == "a.mov"
    assert client.cancel(begun.name).cancel_requested
    last = list(second)[-1]
    assert last.state == operation_pb2.OPERATION_STATE_CANCELLED
    assert last.failure.reason == "CANCELLED"


def test_more_watchers_than_allowed_are_refused_and_room_is_made_by_leaving(
    client: Client, stand_in: StandIn
) -> None:
    gate = Gate()
    stand_in.work = gate
    name = client.import_media([Path("/a.mov")], detector="d").name
    watches = [client.watch(name) for _ in range(16)]
    for watch in watches:
        next(watch)
    with pytest.raises(ClientError) as told:
        next(client.watch(name))
    assert told.value.reason == "TOO_MANY_WATCHERS"
    assert client.server_info().pid
    for watch in watches:
        watch.close()
    gate.open.set()
    while True:  # until the server has seen one of them go
        with suppress(ClientError):
            last = list(client.watch(name))[-1]
            break
    assert last.state == operation_pb2.OPERATION_STATE_SUCCEEDED


def test_an_error_arrives_with_reason_sentence_next_step_and_facts(
    client: Client, stand_in: StandIn
) -> None:
    error = MediaMissing("/films/caf\udce9.mov")
    stand_in.raising = error
    with pytest.raises(ClientError) as told:
        client.find(media_query(Path("/a"), "1"), flavor="f", top=1, min_gap=Fraction(0))
    assert told.value.reason == "MEDIA_MISSING"
    assert told.value.sentence == error.sentence
    assert told.value.next_step == error.next_step
    assert told.value.facts == {"path": "/films/caf\udce9.mov"}
    assert str(told.value) == str(error)


def test_a_proxy_in_the_environment_is_not_asked(
    stand_in: StandIn, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with sidecar(stand_in, library), connect(library) as client:
        assert client.serving()


def test_without_a_sidecar_one_is_told_how_to_start_it(library: Path) -> None:
    with pytest.raises(ClientError) as told:
        connect(library)
    assert told.value.reason == "SIDECAR_MISSING"
    assert f"matchcut serve --library '{library}'" in told.value.next_step


def test_a_file_that_leads_to_another_sidecar_leads_to_none(
    stand_in: StandIn, library: Path, tmp_path: Path
) -> None:
    with sidecar(stand_in, library) as handover:
        gone = handover_path(tmp_path / "other")
        gone.write_bytes(handover_path(library).read_bytes().replace(b'"token": "', b'"token": "x'))
        gone.chmod(0o600)
        with pytest.raises(ClientError) as told:
            connect(tmp_path / "other")
        assert handover.port
    assert told.value.reason == "SIDECAR_MISSING"


def test_a_sidecar_of_another_major_version_is_refused_and_a_minor_one_is_not() -> None:
    major, minor = API_VERSION.split(".")
    check_version(f"{major}.{int(minor) + 9}")
    with pytest.raises(ClientError, match="Update the older") as told:
        check_version(f"{int(major) + 1}.{minor}")
    assert told.value.reason == "VERSION_UNLIKE"


def test_an_answer_that_is_not_ours_is_told_as_such(library: Path, stand_in: StandIn) -> None:
    with sidecar(stand_in, library) as handover:
        transport = GrpcTransport(handover)
        with pytest.raises(ClientError) as told:
            transport.call(
                "/matchcut_api.v1.LibraryService/NoSuchMethod",
                library_pb2.GetServerInfoRequest(),
                library_pb2.ServerInfo,
                seconds=10,
            )
        transport.close()
    assert told.value.reason == "SIDECAR_REFUSED"
    assert "UNIMPLEMENTED" in told.value.sentence


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "matchcut"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{serve_stand_in.__file__}" "$@"\n')
    path.chmod(0o755)
    return path


def test_a_plug_in_starts_a_sidecar_that_outlives_the_call(library: Path, program: Path) -> None:
    handover = start_sidecar(library, program=program)
    try:
        assert read_handover(library) == handover
        with connect(library) as client:
            assert client.server_info().pid == handover.pid
        assert start_sidecar(library, program=program) == handover
    finally:
        os.kill(handover.pid, signal.SIGKILL)


def test_two_plug_ins_that_start_one_at_the_same_time_get_the_same(
    library: Path, program: Path
) -> None:
    with ThreadPoolExecutor(2) as hosts:
        asked = [hosts.submit(start_sidecar, library, program=program) for _ in range(2)]
        one, two = (each.result() for each in asked)
    ends = [each for each in threading.enumerate() if each.name == "matchcut-sidecar-end"]
    while sum(end.is_alive() for end in ends) > 1:  # until the one that lost has ended
        for end in ends:
            end.join(0.05)
    os.kill(one.pid, signal.SIGKILL)
    assert one == two


def test_a_sidecar_that_ends_at_once_is_told_with_its_log(
    library: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_STAND_IN", "ends")
    with pytest.raises(ClientError, match="exit code 7") as told:
        start_sidecar(library, program=program)
    assert told.value.reason == "SIDECAR_NOT_STARTED"
    assert told.value.facts["log"] == str(log_path(library))


def test_a_sidecar_that_never_answers_is_given_up_and_ended(library: Path, tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o755)
    with pytest.raises(ClientError, match="did not answer within 0 seconds"):
        start_sidecar(library, program=silent, seconds=0)


def test_a_program_that_is_not_there_is_told_with_a_sentence(library: Path, tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="cannot be run") as told:
        start_sidecar(library, program=tmp_path / "none")
    assert told.value.reason == "SIDECAR_NOT_STARTED"


def test_a_stale_hand_over_file_does_not_keep_a_sidecar_from_starting(
    library: Path, program: Path, stand_in: StandIn
) -> None:
    with sidecar(stand_in, library) as handover:
        pass
    write_handover(handover)
    started = start_sidecar(library, program=program)
    assert started.pid != handover.pid
    try:
        assert started.token != handover.token
    finally:
        os.kill(started.pid, signal.SIGKILL)


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_survives_the_way(text: str) -> None:
    sent = to_wire(text)
    assert (
        operation_pb2.Operation.FromString(
            operation_pb2.Operation(name=sent).SerializeToString()
        ).name
        == sent
    )
    assert from_wire(sent) == text


def test_plain_text_is_sent_as_it_is() -> None:
    assert to_wire("/films/Café 🎬.mov") == "/films/Café 🎬.mov"
    assert from_wire("a\0b") == "a\0b"


def test_a_fraction_too_long_for_a_message_is_refused_with_a_sentence() -> None:
    assert fraction(rational(Fraction(24000, 1001))) == Fraction(24000, 1001)
    with pytest.raises(ClientError) as told:
        rational(Fraction(1, 2**70))
    assert told.value.reason == "REQUEST_INVALID"
    with pytest.raises(ValueError, match="denominator"):
        fraction(media_pb2.Rational(numerator=1, denominator=-1))
