"""The command line in this process: what it was asked, what it answered, and how it ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner

from matchcut.cli.app import app


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    """What programs read."""
    err: str
    """What people read."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The objects on stdout; anything else there fails."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def pairs(self) -> list[tuple[str, int, str, int]]:
        """The candidates on stdout: file name and shot of both sides."""
        return [
            (
                Path(line["outgoing"]["source"]).name,
                line["outgoing"]["shot"],
                Path(line["incoming"]["source"]).name,
                line["incoming"]["shot"],
            )
            for line in self.lines
        ]

    def refused(self, code: int, reason: str) -> str:
        """The sentence of the one error that was said; there must be a next step, and no more."""
        assert self.code == code, self.err
        assert self.out == ""
        sentence, *after = self.err.splitlines()
        assert sentence.startswith(f"{reason} "), self.err
        assert sentence.endswith("."), self.err
        assert [line[:2] for line in after] == ["  "], self.err
        assert after[0].strip(), "there is a next step"
        return sentence.removeprefix(f"{reason} ")


Matchcut: TypeAlias = Callable[..., Ran]


@pytest.fixture(scope="session")
def matchcut() -> Matchcut:
    """Runs a command in this process. What is not handled is raised, so that no test passes it."""

    def run(*arguments: object) -> Ran:
        ran = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
        assert "Traceback" not in ran.stderr
        return Ran(ran.exit_code, ran.stdout, ran.stderr)

    return run


@pytest.fixture
def own_library(footage_library: Path, tmp_path: Path) -> Path:
    """A copy of the small library that a test may change."""
    return Path(shutil.copytree(footage_library, tmp_path / "library"))
