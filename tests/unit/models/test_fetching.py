"""Fetched weights are whole or not there; what has come is never fetched twice."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from matchcut.errors import (
    Cancelled,
    DiskFull,
    ModelDamaged,
    ModelNotFetched,
    OutputUnwritable,
)
from matchcut.models import _asking, can_be_had, fetch, fetching
from matchcut.types import Progress
from tests.unit.models.conftest import Shop, Watcher, publishing, small_model

CONTENT = bytes(range(256)) * 8192
"""2 MiB: several pieces."""
HALF = len(CONTENT) // 2


def _part(folder: Path) -> Path:
    return folder / "small-00000000.pth.part"


def _place(folder: Path) -> Path:
    return folder / "small-00000000.pth"


# What is fetched, and when


def test_what_is_fetched_is_what_was_published(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    path = fetch(shop.model(CONTENT), folder, Watcher())
    assert path == _place(folder)
    assert path.read_bytes() == CONTENT
    assert not _part(folder).exists()


def test_a_whole_file_is_not_fetched_again_even_from_a_folder_that_cannot_be_written(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shop.model(CONTENT)
    _place(tmp_path).write_bytes(CONTENT)
    monkeypatch.setenv("MATCHCUT_OFFLINE", "1")
    assert fetch(model, tmp_path, Watcher()) == _place(tmp_path)
    assert shop.asked == []
    assert [path.name for path in tmp_path.iterdir()] == [_place(tmp_path).name]


def test_a_damaged_file_is_replaced(shop: Shop, tmp_path: Path) -> None:
    _place(tmp_path).write_bytes(CONTENT[:-1])
    fetch(shop.model(CONTENT), tmp_path, Watcher())
    assert _place(tmp_path).read_bytes() == CONTENT


def test_progress_counts_bytes_up_to_the_published_size(shop: Shop, tmp_path: Path) -> None:
    watcher = Watcher()
    fetch(shop.model(CONTENT), tmp_path, watcher)
    size = len(CONTENT)
    assert watcher.reports[0] == Progress("fetching", "small-00000000.pth", 0, size, "bytes")
    assert watcher.reports[-1] == Progress("fetching", "small-00000000.pth", size, size, "bytes")
    done = [report.done for report in watcher.reports]
    assert done == sorted(done)


def test_a_server_that_does_not_say_how_long_the_file_is_sends_it_as_well(
    shop: Shop, tmp_path: Path
) -> None:
    shop.tells_length = False
    fetch(shop.model(CONTENT), tmp_path, Watcher())
    assert _place(tmp_path).read_bytes() == CONTENT


# Going on where it ended


def test_a_stopped_fetch_goes_on_where_it_was_stopped(shop: Shop, tmp_path: Path) -> None:
    model = shop.model(CONTENT)
    with pytest.raises(Cancelled):
        fetch(model, tmp_path, Watcher(stop_at=HALF))
    kept = _part(tmp_path).stat().st_size
    assert HALF <= kept < len(CONTENT)
    assert not _place(tmp_path).exists()
    fetch(model, tmp_path, Watcher())
    assert _place(tmp_path).read_bytes() == CONTENT
    assert shop.asked == [("GET", None), ("GET", f"bytes={kept}-")]


def test_progress_goes_on_where_it_was_stopped(shop: Shop, tmp_path: Path) -> None:
    _part(tmp_path).write_bytes(CONTENT[:HALF])
    watcher = Watcher()
    fetch(shop.model(CONTENT), tmp_path, watcher)
    assert watcher.reports[0].done == HALF
    assert {report.total for report in watcher.reports} == {len(CONTENT)}


def test_a_server_without_ranges_sends_all_of_it_again(shop: Shop, tmp_path: Path) -> None:
    shop.knows_ranges = False
    _part(tmp_path).write_bytes(CONTENT[:HALF])
    fetch(shop.model(CONTENT), tmp_path, Watcher())
    assert _place(tmp_path).read_bytes() == CONTENT
    assert shop.asked == [("GET", f"bytes={HALF}-")]


def test_a_fetch_killed_just_before_the_end_asks_for_nothing(shop: Shop, tmp_path: Path) -> None:
    model = shop.model(CONTENT)
    _part(tmp_path).write_bytes(CONTENT)
    assert fetch(model, tmp_path, Watcher()).read_bytes() == CONTENT
    assert shop.asked == []


@pytest.mark.parametrize("size_known", [True, False])
def test_a_part_that_is_longer_than_the_file_is_begun_anew(
    shop: Shop, tmp_path: Path, size_known: bool
) -> None:
    model = shop.model(CONTENT)
    if not size_known:  # The server refuses the range with 416.
        model = replace(model, published=replace(model.published, size=None))
    _part(tmp_path).write_bytes(CONTENT + b"x")
    assert fetch(model, tmp_path, Watcher()).read_bytes() == CONTENT
    assert shop.asked[-1] == ("GET", None)
    assert len(shop.asked) == (1 if size_known else 2)


def test_a_part_of_another_file_is_found_out_and_the_next_try_begins_anew(
    shop: Shop, tmp_path: Path
) -> None:
    model = shop.model(CONTENT)
    _part(tmp_path).write_bytes(b"x" * HALF)
    with pytest.raises(ModelDamaged):
        fetch(model, tmp_path, Watcher())
    assert not _part(tmp_path).exists()
    assert fetch(model, tmp_path, Watcher()).read_bytes() == CONTENT


def test_a_lost_connection_is_said_and_what_has_come_is_kept(shop: Shop, tmp_path: Path) -> None:
    shop.breaks_after = HALF
    model = shop.model(CONTENT)
    with pytest.raises(ModelNotFetched, match=r"connection (ended after|was lost)"):
        fetch(model, tmp_path, Watcher())
    assert _part(tmp_path).stat().st_size == HALF
    shop.breaks_after = None
    assert fetch(model, tmp_path, Watcher()).read_bytes() == CONTENT


def test_an_answer_that_begins_elsewhere_is_refused_and_what_has_come_is_kept(
    shop: Shop, tmp_path: Path
) -> None:
    shop.wrong_range = True
    _part(tmp_path).write_bytes(CONTENT[:HALF])
    with pytest.raises(ModelNotFetched, match=f"asked for what follows {HALF}"):
        fetch(shop.model(CONTENT), tmp_path, Watcher())
    assert _part(tmp_path).stat().st_size == HALF


# What the server sends instead


def test_bytes_of_another_digest_never_take_the_name_of_the_weights(
    shop: Shop, tmp_path: Path
) -> None:
    model = shop.model(CONTENT)
    shop.content = CONTENT[::-1]
    with pytest.raises(ModelDamaged, match="was removed, as its sha256 is"):
        fetch(model, tmp_path, Watcher())
    assert not _place(tmp_path).exists()
    assert not _part(tmp_path).exists()


def test_a_sign_in_page_in_place_of_the_file_is_refused_before_it_is_written(
    shop: Shop, tmp_path: Path
) -> None:
    model = shop.model(CONTENT)
    shop.content, shop.knows_ranges = b"<html>Please sign in</html>", False
    _part(tmp_path).write_bytes(CONTENT[:HALF])
    with pytest.raises(ModelNotFetched, match=r"offers 27 bytes instead of 2,097,152; a proxy"):
        fetch(model, tmp_path, Watcher())
    assert _part(tmp_path).stat().st_size == HALF


@pytest.mark.parametrize("status", [403, 404, 416, 503])
def test_a_refusal_is_said_with_its_number(shop: Shop, tmp_path: Path, status: int) -> None:
    shop.status = status
    model = shop.model(CONTENT)
    with pytest.raises(ModelNotFetched, match=f"the server answered {status} ") as caught:
        fetch(model, tmp_path, Watcher())
    assert caught.value.facts["url"] == shop.url
    assert "--to DIR" in caught.value.next_step


# No server


def _nobody() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/small-00000000.pth"


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes calls and never answers."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        yield f"http://127.0.0.1:{deaf.getsockname()[1]}/small-00000000.pth"


def test_a_machine_that_reaches_no_server_is_told_how_to_carry_the_weights(tmp_path: Path) -> None:
    model = publishing(small_model(_nobody()), CONTENT)
    with pytest.raises(ModelNotFetched, match="Connection refused") as caught:
        fetch(model, tmp_path, Watcher())
    assert "--models DIR" in caught.value.next_step
    assert not can_be_had(model)


def test_a_name_that_cannot_be_resolved_is_said_as_no_internet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unresolved(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    model = publishing(small_model("https://weights.invalid/small-00000000.pth"), CONTENT)
    with pytest.raises(ModelNotFetched, match="as without internet"):
        fetch(model, tmp_path, Watcher())
    assert not can_be_had(model)


def test_a_server_that_never_answers_is_given_up(
    silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_asking, "READ", 0.05)
    with pytest.raises(ModelNotFetched, match="no answer in time"):
        fetch(publishing(small_model(silent), CONTENT), tmp_path, Watcher())


@pytest.mark.parametrize("setting", ["1", "yes"])
def test_a_machine_that_is_told_to_stay_offline_asks_nobody(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("MATCHCUT_OFFLINE", setting)
    model = shop.model(CONTENT)
    assert not can_be_had(model)
    with pytest.raises(ModelNotFetched, match="MATCHCUT_OFFLINE is set"):
        fetch(model, tmp_path, Watcher())
    assert shop.asked == []


# Whether it could be fetched


@pytest.mark.parametrize("setting", ["", "0"])
def test_weights_can_be_had_where_the_server_says_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("MATCHCUT_OFFLINE", setting)
    assert can_be_had(shop.model(CONTENT))
    assert shop.asked == [("HEAD", None)]


def test_weights_cannot_be_had_where_the_server_does_not_have_them(shop: Shop) -> None:
    shop.status = 404
    assert not can_be_had(shop.model(CONTENT))


def test_weights_cannot_be_had_where_a_sign_in_page_answers(shop: Shop) -> None:
    model = shop.model(CONTENT)
    shop.content = b"<html>Please sign in</html>"
    assert not can_be_had(model)


def test_the_question_ends_when_patience_does(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.05)
    assert not can_be_had(publishing(small_model(silent), CONTENT))


# Disks


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_and_no_file_takes_the_name_of_the_weights(
    shop: Shop, tmp_path: Path
) -> None:
    _part(tmp_path).symlink_to("/dev/full")
    with pytest.raises(DiskFull) as caught:
        fetch(shop.model(CONTENT), tmp_path, Watcher())
    assert caught.value.facts["path"] == str(tmp_path)
    assert not _place(tmp_path).exists()


def test_a_folder_that_cannot_be_made_is_said(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputUnwritable, match="cannot be written: Not a directory"):
        fetch(shop.model(CONTENT), tmp_path / "file" / "models", Watcher())
    assert shop.asked == []


def test_bytes_are_on_the_disk_before_the_file_takes_its_name(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    sync = os.fsync

    def fsync(handle: int) -> None:
        synced.append(_place(tmp_path).exists())
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    fetch(shop.model(CONTENT), tmp_path, Watcher())
    assert synced == [False]


# Two at once


@dataclass
class _Meeting(Watcher):
    """Lets the second of two programs begin to wait while the first one fetches."""

    fetching: threading.Event = field(default_factory=threading.Event)
    waiting: threading.Event = field(default_factory=threading.Event)

    def report(self, progress: Progress, /) -> None:
        super().report(progress)
        self.fetching.set()
        assert self.waiting.wait(10)


@dataclass
class _Second(Watcher):
    waiting: threading.Event = field(default_factory=threading.Event)
    gives_up: bool = False
    looks: int = 0

    def cancelled(self) -> bool:
        # The first look is before the lock is tried, the second while it is held.
        self.looks += 1
        if self.looks == 2:
            self.waiting.set()
        return self.gives_up and self.looks == 2


@pytest.mark.parametrize("gives_up", [True, False])
def test_two_programs_that_fetch_at_once_fetch_one_file(
    shop: Shop, tmp_path: Path, gives_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TURN", 0.01)
    model, first = shop.model(CONTENT), _Meeting()
    second = _Second(waiting=first.waiting, gives_up=gives_up)
    thread = threading.Thread(target=fetch, args=(model, tmp_path, first))
    thread.start()
    try:
        assert first.fetching.wait(10)
        if gives_up:
            with pytest.raises(Cancelled):
                fetch(model, tmp_path, second)
        else:
            assert fetch(model, tmp_path, second).read_bytes() == CONTENT
    finally:
        first.waiting.set()
        thread.join()
    assert _place(tmp_path).read_bytes() == CONTENT
    assert shop.asked == [("GET", None)]
