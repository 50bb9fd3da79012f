"""Indexing that is killed at any moment loses nothing, shows nothing half done, and goes on."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.killed.runs import AIMS, Finished, Killed, killed_runs, undisturbed, write_films

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system"),
]


def test_a_library_survives_every_kill_and_comes_to_the_same_in_the_end(tmp_path: Path) -> None:
    films = write_films(tmp_path / "films")
    whole, seconds = undisturbed(films, tmp_path / "whole")
    assert len(whole.sources) == len(films)
    runs = list(killed_runs(films, tmp_path, times=len(AIMS), seed=3, whole=whole, seconds=seconds))
    assert [one.complaints for one in runs] == [()] * (len(AIMS) + 1)
    assert isinstance(runs[-1], Finished)
    killed = [one for one in runs if isinstance(one, Killed)]
    stored = [one.sources for one in killed]
    assert stored == sorted(stored), "each run goes on from what the former left"
    assert {one.hit for one in killed} >= {"reading", "storing"}, "the kills hit what they test"
