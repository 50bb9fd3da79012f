"""Files for editing applications through the engine: named as asked, and for known hosts alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.engine.exporting import hosts
from matchcut.errors import HostUnknown
from matchcut.types import MatchSet
from tests.unit.server.stand_in import CANDIDATE

FOUND = MatchSet((CANDIDATE,), "frame", 7)


@pytest.mark.parametrize("host", hosts())
def test_each_application_gets_files_that_say_how_to_bring_them_in(
    host: str, tmp_path: Path
) -> None:
    exported = Engine(tmp_path).export(FOUND, host=host, name="reel 1")
    assert exported.files
    for file in exported.files:
        assert file.name.startswith("reel 1.")
        assert file.content
        assert file.how.endswith(".")
    assert len({file.name for file in exported.files}) == len(exported.files)
    assert list(tmp_path.iterdir()) == [], "nothing is written"


def test_an_unknown_application_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(HostUnknown, match=hosts()[0]):
        Engine(tmp_path).export(FOUND, host="moviola", name="reel 1")
