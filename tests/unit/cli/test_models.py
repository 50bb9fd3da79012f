"""`matchcut models`: what is listed, fetched and checked, and how each ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner

from matchcut import models
from matchcut.cli.models import app
from matchcut.errors import Cancelled
from matchcut.models import Model, devices
from matchcut.types import Monitor
from tests.unit.models.conftest import publishing, small_model

CONTENT = {
    name: f"the weights of {name}".encode() for name in ("small", "other", "lraspp", "mask-rcnn")
}


@dataclass(frozen=True)
class Told:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run: TypeAlias = Callable[..., Told]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a verb of `matchcut models`, four small models being all there are."""
    for name in ("MATCHCUT_OFFLINE", "MATCHCUT_MODELS", "MATCHCUT_DEVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch home"))
    known = {
        name: replace(
            publishing(small_model(f"https://weights.invalid/{name}.pth"), content), name=name
        )
        for name, content in CONTENT.items()
    }
    monkeypatch.setattr(models, "models", lambda: known)

    def run(*arguments: object) -> Told:
        ran = CliRunner().invoke(
            app, [str(one) for one in arguments], catch_exceptions=False, env={"COLUMNS": "200"}
        )
        return Told(ran.exit_code, ran.stdout, ran.stderr)

    return run


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """Models that were fetched, and into which folder; a stand-in for the internet."""
    calls: list[tuple[str, Path]] = []

    def fetch(model: Model, to: Path, monitor: Monitor) -> Path:
        calls.append((model.name, to))
        to.mkdir(parents=True, exist_ok=True)
        (to / model.file).write_bytes(CONTENT[model.name])
        return to / model.file

    monkeypatch.setattr(models, "fetch", fetch)
    return calls


# List


def test_the_list_says_what_each_model_is_for_and_where_it_lies(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.pth").touch()
    told = run("list", "--models", tmp_path)
    assert (told.code, told.out) == (0, "")
    assert str(tmp_path / "small.pth") in told.err
    assert told.err.count("not here") == 3
    assert "terms of their own" in told.err


def test_programs_read_every_fact_of_a_model(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.pth").touch()
    told = run("list", "--models", tmp_path, "--json")
    assert told.err == ""
    by_name = {line["name"]: line for line in told.lines}
    assert by_name.keys() == CONTENT.keys()
    assert by_name["small"]["path"] == str(tmp_path / "small.pth")
    assert by_name["small"]["bytes"] == len(CONTENT["small"])
    assert by_name["small"]["url"] == "https://weights.invalid/small.pth"
    assert by_name["other"]["path"] is None
    assert {"licence", "trained_on", "paper", "sha256", "label"} <= by_name["small"].keys()


def test_the_variable_names_the_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.pth").touch()
    monkeypatch.setenv("MATCHCUT_MODELS", str(tmp_path))
    assert run("list", "--json").lines[0]["path"] == str(tmp_path / "small.pth")


# Fetch


def test_named_models_are_fetched_once_each(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    told = run("fetch", "other", "small", "other", "--models", tmp_path)
    assert (told.code, told.out) == (0, "")
    assert fetched == [("other", tmp_path), ("small", tmp_path)]
    assert f"small is whole: {tmp_path / 'small.pth'}" in told.err


def test_all_models_are_fetched_if_all_are_asked_for(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    told = run("fetch", "--all", "--models", tmp_path, "--json")
    assert told.lines == [{"name": name, "path": str(tmp_path / f"{name}.pth")} for name in CONTENT]
    assert told.err == ""


@pytest.mark.parametrize(("device", "suited"), [("mps", "mask-rcnn"), ("cpu", "lraspp")])
def test_without_a_name_the_one_that_suits_this_machine_is_fetched_and_said(
    run: Run,
    fetched: list[tuple[str, Path]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    device: str,
    suited: str,
) -> None:
    monkeypatch.setattr(devices, "device", lambda: device)
    told = run("fetch", "--models", tmp_path)
    assert [name for name, _ in fetched] == [suited]
    assert f"Fetching {suited} (" in told.err
    assert f"suits this machine ({devices.described(device)})" in told.err


def test_what_is_here_and_whole_is_not_fetched(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    checkpoints = tmp_path / "torch home" / "hub" / "checkpoints"
    checkpoints.mkdir(parents=True)
    (checkpoints / "small.pth").write_bytes(CONTENT["small"])
    told = run("fetch", "small", "--models", tmp_path / "mine", "--json")
    assert told.lines == [{"name": "small", "path": str(checkpoints / "small.pth")}]
    assert fetched == []


def test_what_is_here_and_damaged_is_fetched(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    (tmp_path / "small.pth").write_bytes(b"small")
    assert run("fetch", "small", "--models", tmp_path).code == 0
    assert fetched == [("small", tmp_path)]


def test_a_damaged_file_is_replaced_though_another_program_has_a_whole_one(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    """The first file is the one that is used: a whole one behind it would never be looked at."""
    checkpoints = tmp_path / "torch home" / "hub" / "checkpoints"
    checkpoints.mkdir(parents=True)
    (checkpoints / "small.pth").write_bytes(CONTENT["small"])
    (tmp_path / "small.pth").write_bytes(b"small")
    assert run("fetch", "small", "--models", tmp_path).code == 0
    assert fetched == [("small", tmp_path)]


def test_a_folder_to_carry_holds_the_files_and_says_how_to_use_them(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    (tmp_path / "small.pth").write_bytes(CONTENT["small"])  # Here already, but not in the folder.
    carried = tmp_path / "carried"
    assert run("fetch", "small", "other", "--models", tmp_path, "--to", carried).code == 0
    assert {path.name for path in carried.iterdir()} == {"small.pth", "other.pth", "README.txt"}
    text = (carried / "README.txt").read_text()
    assert "matchcut models verify --models FOLDER" in text
    assert "MATCHCUT_MODELS" in text
    for name in ("small", "other"):
        assert models.model(name).published.sha256 in text
        assert models.model(name).published.licence in text
    assert "mask-rcnn" not in text
    assert max(map(len, text.splitlines())) < 100
    # On the other machine:
    assert run("verify", "--models", carried).code == 0


def test_names_and_all_together_are_refused(run: Run) -> None:
    told = run("fetch", "small", "--all")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("USAGE ")


def test_an_unknown_model_is_refused_before_anything_is_fetched(
    run: Run, fetched: list[tuple[str, Path]]
) -> None:
    told = run("fetch", "small", "resnet-9000")
    assert told.code == 2
    assert told.err.startswith("MODEL_UNKNOWN There is no model named 'resnet-9000'.")
    assert fetched == []


def test_a_device_that_is_not_there_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHCUT_DEVICE", "tpu")
    told = run("fetch")
    assert told.code == 2
    assert told.err.startswith("DEVICE_MISSING ")


def test_a_machine_without_internet_is_told_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_OFFLINE", "1")
    told = run("fetch", "small", "--models", tmp_path)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("MODEL_NOT_FETCHED ")
    assert "--to DIR" in told.err


def test_an_interrupted_fetch_ends_as_interrupted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(model: Model, to: Path, monitor: Monitor) -> Path:
        raise Cancelled

    monkeypatch.setattr(models, "fetch", fetch)
    told = run("fetch", "small", "--models", tmp_path)
    assert told.code == 130
    assert told.err.startswith("Stopped. What was finished is kept")


def test_directions_that_cannot_be_written_are_said(
    run: Run, fetched: list[tuple[str, Path]], tmp_path: Path
) -> None:
    (tmp_path / "README.txt").mkdir()
    told = run("fetch", "small", "--to", tmp_path)
    assert told.code == 1
    assert told.err.splitlines()[-2].startswith("OUTPUT_UNWRITABLE ")


# Verify


def test_whole_files_are_said_to_be_whole(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.pth").write_bytes(CONTENT["small"])
    told = run("verify", "--models", tmp_path)
    assert (told.code, told.out) == (0, "")
    assert told.err == f"small is whole: {tmp_path / 'small.pth'}\n"


def test_one_damaged_file_fails_the_check_and_the_others_are_checked(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "other.pth").write_bytes(CONTENT["other"])
    (tmp_path / "small.pth").write_bytes(CONTENT["small"])
    os.truncate(tmp_path / "small.pth", 5)
    told = run("verify", "--models", tmp_path)
    assert told.code == 1
    damaged, whole = told.err.splitlines()
    assert damaged.startswith("MODEL_DAMAGED: ")
    assert "cut short, 5 bytes instead of 20" in damaged
    assert "matchcut models fetch small" in damaged
    assert whole.startswith("other is whole")
    as_json = run("verify", "--models", tmp_path, "--json")
    assert as_json.code == 1
    assert [(line["name"], line["fault"]) for line in as_json.lines] == [
        ("small", "it is cut short, 5 bytes instead of 20"),
        ("other", None),
    ]


def test_a_file_that_another_program_fetched_is_checked_as_well(run: Run, tmp_path: Path) -> None:
    checkpoints = tmp_path / "torch home" / "hub" / "checkpoints"
    checkpoints.mkdir(parents=True)
    (checkpoints / "small.pth").write_bytes(b"x")
    (tmp_path / "small.pth").write_bytes(CONTENT["small"])
    told = run("verify", "--models", tmp_path, "--json")
    assert told.code == 1
    assert [line["path"] for line in told.lines if line["fault"]] == [
        str(checkpoints / "small.pth")
    ]


def test_a_check_that_finds_no_file_does_not_pass(run: Run, tmp_path: Path) -> None:
    told = run("verify", "--models", tmp_path)
    assert (told.code, told.out) == (3, "")
    assert str(tmp_path) in told.err


# Help


@pytest.mark.parametrize("verb", ["list", "fetch", "verify"])
def test_the_help_of_every_verb_explains_it_with_an_example(verb: str, run: Run) -> None:
    told = run(verb, "--help")
    assert told.code == 0
    assert f"Example: matchcut models {verb} " in told.out
    assert "--json" in told.out
    assert "MATCHCUT_MODELS" in told.out
