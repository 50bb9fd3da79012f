"""Two small films and a library of them, made once for all tests that only ask questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchcut.engine import Engine
from tests.conftest import Quiet
from tests.small_films import DETECTOR, Footage, write_footage


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """The small films. Tests that move or change a file copy it first."""
    return write_footage(tmp_path_factory.mktemp("footage"))


@pytest.fixture(scope="session")
def footage_library(footage: Footage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of both small films, made without weights. Whoever writes into it copies it."""
    folder = tmp_path_factory.mktemp("small") / "library"
    report = Engine(folder).index(
        footage.both, detector=DETECTOR, profile="classical", monitor=Quiet()
    )
    assert report.added == footage.both
    return folder
