from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from platformdirs.api import PlatformDirsABC
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows, get_win_folder_from_env_vars

from matchcut_client import ClientError, HandOver
from matchcut_client.handover import (
    handover_path,
    new_token,
    read_handover,
    remove_handover,
    state_folder,
    write_handover,
)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(folder))
    return folder


def of(library: Path) -> HandOver:
    return HandOver("127.0.0.1", 4711, new_token(), 99, str(library), "0.1.0", "2026-01-01")


def test_what_a_sidecar_writes_its_clients_read(tmp_path: Path) -> None:
    handover = of(tmp_path / "caf\udce9")
    path = write_handover(handover)
    assert read_handover(tmp_path / "caf\udce9") == handover
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_others_could_read_is_closed(state: Path, tmp_path: Path) -> None:
    (state / "sidecars").mkdir(parents=True)
    (state / "sidecars").chmod(0o755)
    path = write_handover(of(tmp_path))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_every_path_to_a_library_leads_to_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "library")
    monkeypatch.chdir(tmp_path)
    same = {handover_path(path) for path in (tmp_path / "library", tmp_path / "link")}
    assert same | {handover_path(Path("library"))} == same
    assert len(same) == 1
    assert handover_path(tmp_path) not in same


def test_a_later_sidecar_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    first, second = of(tmp_path), of(tmp_path)
    write_handover(first)
    write_handover(second)
    remove_handover(first)
    assert read_handover(tmp_path) == second
    remove_handover(second)
    assert read_handover(tmp_path) is None
    remove_handover(second)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": 1}', "\xff"])
def test_a_file_that_is_no_hand_over_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = write_handover(of(tmp_path))
    path.write_text(text, encoding="latin-1")
    assert read_handover(tmp_path) is None


def test_a_hand_over_of_wrong_types_is_as_good_as_none(tmp_path: Path) -> None:
    write_handover(replace(of(tmp_path), port="4711"))  # type: ignore[arg-type]
    assert read_handover(tmp_path) is None


def test_a_file_that_others_can_write_is_not_trusted(tmp_path: Path) -> None:
    path = write_handover(of(tmp_path))
    path.chmod(0o622)
    with pytest.raises(ClientError) as told:
        read_handover(tmp_path)
    assert told.value.reason == "HANDOVER_UNSAFE"


def test_nothing_half_written_is_left_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ClientError, match=r"No space left on device\. Free some space") as told:
        write_handover(of(tmp_path))
    assert told.value.reason == "HANDOVER_UNUSABLE"
    assert list(handover_path(tmp_path).parent.iterdir()) == []


def test_a_state_folder_that_cannot_be_made_is_said_with_a_sentence(
    state: Path, tmp_path: Path
) -> None:
    state.write_text("a file where the folder should be")
    with pytest.raises(ClientError, match="MATCHCUT_STATE_DIR") as told:
        write_handover(of(tmp_path))
    assert told.value.reason == "HANDOVER_UNUSABLE"
    assert told.value.facts.keys() == {"path", "why"}


def test_a_hand_over_that_cannot_be_read_or_removed_is_said_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    handover = of(tmp_path)
    write_handover(handover)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ClientError, match="cannot be removed: Permission denied"):
        remove_handover(handover)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ClientError, match="cannot be read: Permission denied") as told:
        read_handover(tmp_path)
    assert told.value.reason == "HANDOVER_UNUSABLE"


def test_the_platforms_state_folder_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATCHCUT_STATE_DIR")
    assert state_folder().name == "matchcut"
    assert state_folder().is_absolute()


HOMES = ("HOME", "USERPROFILE")


@pytest.mark.parametrize("chosen", [None, "", "  ", "relative", "/chosen"])
@pytest.mark.parametrize(
    ("platform", "theirs"), [("linux", Unix), ("darwin", MacOS), ("win32", Windows)]
)
def test_the_state_folder_is_the_one_that_platformdirs_names(
    platform: str,
    theirs: type[PlatformDirsABC],
    chosen: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MATCHCUT_STATE_DIR")
    monkeypatch.setattr("sys.platform", platform)
    for name in HOMES:
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    if platform == "win32":
        # What Windows says by itself; it is always set there.
        monkeypatch.setenv("LOCALAPPDATA", "/chosen")
        monkeypatch.setattr(
            "platformdirs.windows._RESOLVE_WIN_FOLDER", get_win_folder_from_env_vars
        )
    elif chosen is not None:
        monkeypatch.setenv("XDG_STATE_HOME", chosen)
    assert state_folder() == theirs("matchcut", appauthor=False).user_state_path


def test_a_file_of_an_older_sidecar_is_read_and_one_of_a_newer_too(tmp_path: Path) -> None:
    handover = of(tmp_path)
    path = write_handover(handover)
    told = json.loads(path.read_text())
    del told["http_port"]
    path.write_text(json.dumps({**told, "added_later": [1]}))
    assert read_handover(tmp_path) == replace(handover, http_port=0)


def test_no_two_tokens_are_alike() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43
