"""Who does the work is chosen by a word, and what cannot be is said in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.small_films import DETECTOR, write_textures
from tests.unit.cli.conftest import Matchcut


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_textures(tmp_path / "film.mp4", 12, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "spark"], "There is no engine named 'spark'."),
        (["--ray-address", "auto"], "--ray-address is the address of a Ray cluster"),
        (["--engine", "ray", "--sidecar"], "A sidecar works by itself"),
    ],
)
def test_an_engine_that_cannot_be_had_so_is_a_wrong_request(
    matchcut: Matchcut, film: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    library = tmp_path / "library"
    assert said in matchcut("index", film, "-l", library, *options).refused(2, "USAGE")
    assert not library.exists()


def test_a_missing_ray_is_said_with_what_to_install(
    matchcut: Matchcut, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    ran = matchcut("index", film, "-l", tmp_path / "library", "--engine", "ray")
    assert "is not installed" in ran.refused(1, "RAY_MISSING")
    assert "pip install 'matchcut[ray]'" in ran.err


@pytest.mark.slow
def test_ray_is_started_on_this_machine_where_no_address_is_given(
    matchcut: Matchcut, film: Path, tmp_path: Path
) -> None:
    options = ["-l", tmp_path / "library", "--detector", DETECTOR, "--profile", "classical"]
    ran = matchcut("index", film, *options, "--engine", "ray", "--json")
    assert ran.code == 0, ran.err
    assert [line.get("status") for line in ran.lines] == ["added", None]
    assert [line.get("status") for line in matchcut("index", film, *options, "--json").lines] == [
        "known",
        None,
    ]
