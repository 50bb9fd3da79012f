"""Scores are locked: a representation whose values change has a new version."""

from __future__ import annotations

import json

import pytest

from tests.golden import values

STORED = json.loads(values.STORED.read_text(encoding="utf-8"))
NEAR = 2e-3
"""Other processors round otherwise in the last digits of OpenCV's arithmetic."""


@pytest.mark.parametrize("name", values.representations())
def test_stored_rows_and_new_ones_are_made_in_the_same_way(name: str) -> None:
    if name not in STORED:
        family = name.rsplit("-v", 1)[0]
        before = [stored for stored in STORED if stored.rsplit("-v", 1)[0] == family]
        assert not before, f"{name} follows {before}: run `python -m tests.golden.values`"
        pytest.skip(f"{name} is new: `python -m tests.golden.values` locks its values")
    made = values.values(values.representations()[name])
    for shot, told in STORED[name].items():
        assert made[shot] == pytest.approx(told, abs=NEAR), (
            f"{name} has changed for '{shot}': raise its version, run "
            "`python -m tests.golden.values`, and say so in the changelog"
        )
