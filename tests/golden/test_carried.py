from __future__ import annotations

from tests.golden.deliveries import FOLDER, carried


def test_the_stored_files_are_what_the_carriers_make() -> None:
    made = carried()
    stored = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    stale = [name for name in {*made, *stored} if made.get(name) != stored.get(name)]
    assert not stale, "run `python -m tests.golden.deliveries` and look at the difference"
