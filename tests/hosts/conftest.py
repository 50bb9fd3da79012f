"""What the tests in Blender share: films, the built plug-in, and one editor's session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.hosts import in_blender
from tests.hosts.in_blender import SIZE, Facts, Films


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    """Two films with counters."""
    return in_blender.films(tmp_path_factory.mktemp("films"), SHARED)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The extension, and the add-on for Blender 3.4."""
    return in_blender.built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the editor's session leaves what it makes: `cut.blend` and `library` among it."""
    return tmp_path_factory.mktemp("blender")


@pytest.fixture(scope="session")
def facts(
    _own_state_folder: None, folder: Path, films: Films, built: tuple[Path, Path]
) -> Iterator[Facts]:
    """What an editor's session with the extension has found out; its sidecar runs on."""
    in_blender.needs_bpy()
    library = folder / "library"
    wishes = {
        "extension": str(built[0]),
        "library": str(library),
        "program": str(in_blender.PROGRAM),
        "one": str(films.one),
        "two": str(films.two),
        "rate": [25, 1.0],
        "size": SIZE,
        "flavor": "frame",
    }
    try:
        yield in_blender.run([str(in_blender.BPY)], "editing.py", folder, wishes)
    finally:
        in_blender.end_sidecar(library)
