"""The add-on in Debian's Blender with a window of its own: drawn, and driven by Blender's timers.

The pictures of the window stay in pytest's folder for people to look at; what a machine can see of
them is whether thumbnails are in them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.hosts import in_blender
from tests.hosts.in_blender import SIZE, Facts, Films

pytestmark = [pytest.mark.hosts, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def seen(
    facts: Facts,
    folder: Path,
    films: Films,
    built: tuple[Path, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Facts:
    """What a session with a window has found out, in a copy of the library."""
    program = in_blender.needs_window()
    here = tmp_path_factory.mktemp("window")
    library = here / "library"
    shutil.copytree(folder / "library", library)
    shot = facts["found"]["matches"][0]["outgoing"]
    wishes = {
        "addon": str(built[1]),
        "library": str(library),
        "program": str(in_blender.PROGRAM),
        "one": str(films.one),
        "shot": [shot["start"], shot["end"]],
        "rate": [25, 1.0],
        "size": SIZE,
        "flavor": "frame",
    }
    try:
        return in_blender.run(program, "window.py", here, wishes)
    finally:
        in_blender.end_sidecar(library)


def test_blenders_timers_bring_the_answer_while_it_goes_on_drawing(seen: Facts) -> None:
    assert seen["version"][:2] == [3, 4]
    assert seen["found"]["matches"]
    assert all(match["refined"] for match in seen["found"]["matches"])
    assert seen["steps waited"] > 2


def test_the_old_and_the_new_blender_find_the_same(seen: Facts, facts: Facts) -> None:
    assert seen["found"]["matches"][:4] == facts["found"]["matches"]


def test_the_add_on_leaves_pythons_path_as_it_was(seen: Facts) -> None:
    assert seen["path left as it was"]


def test_the_panel_shows_the_thumbnails(seen: Facts) -> None:
    assert len(seen["icons"]) >= len(seen["found"]["matches"])
    assert all(min(size) > 0 for size in seen["icons"].values())
    before, found = (in_blender.picture(seen["pictures"][name]) for name in ("empty", "found"))
    # The side bar: grey without a library, and with pictures in it afterwards.
    right = np.s_[300:900, 870:1150]
    assert before[right].std() < 20 < found[right].std()


def test_what_was_added_is_taken_back_step_by_step(seen: Facts) -> None:
    assert len(seen["applied"]["Cut"]["markers"]) == len(seen["found"]["matches"])
    assert len(seen["applied"]["Cut"]["strips"]) == 2
    assert any(name.startswith("Matches for A") for name in seen["applied"])
    assert seen["undone"] == seen["before"]


def test_switched_off_it_leaves_nothing_behind(seen: Facts) -> None:
    assert seen["operators gone"]
    assert seen["folder gone"]
