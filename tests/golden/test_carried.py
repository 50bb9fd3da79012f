from __future__ import annotations

from tests.golden.deliveries import FOLDER, carried


def test_the_stored_files_are_what_the_carriers_make() -> None:
    """`python -m tests.golden.deliveries` renews them; look at the difference first."""
    made = carried()
    stored = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert stored.keys() == made.keys()
    assert [name for name in sorted(made) if stored[name] != made[name]] == []
