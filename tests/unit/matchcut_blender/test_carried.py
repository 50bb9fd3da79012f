"""The packages that the add-on for older Blenders carries beside itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from matchcut_blender import carried


def test_an_extension_carries_nothing_and_its_path_is_left_alone() -> None:
    before = list(sys.path)
    carried.load()
    assert sys.path == before


def test_what_is_carried_is_found_first_while_it_is_loaded_and_never_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "carried_by_nobody_else.py").write_text("LOADED = True\n")
    monkeypatch.setattr(carried, "FOLDER", tmp_path)
    monkeypatch.setattr(carried, "PYTHON", sys.version_info[:2])
    monkeypatch.setattr(carried, "_LOADED", ("carried_by_nobody_else",))
    before = list(sys.path)
    carried.load()
    assert sys.modules.pop("carried_by_nobody_else").LOADED
    assert sys.path == before


def test_another_python_is_told_which_one_it_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "FOLDER", tmp_path)
    monkeypatch.setattr(carried, "PYTHON", (3, 2))
    with pytest.raises(ImportError, match=r"for a Blender with Python 3\.2, and this one has"):
        carried.load()
