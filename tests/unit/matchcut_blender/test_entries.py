"""Names and notes in a project, by which the plug-in knows its own again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut_blender.plain import entries
from matchcut_blender.plain.matches import Reframing
from otio_matchcut.entries import match_id as id_in_timelines
from tests.golden import deliveries
from tests.unit.matchcut_blender.examples import match


@given(flavor=st.text(max_size=80), rank=st.integers(1, 10**6))
def test_a_marker_name_fits_into_blenders_and_ends_with_the_id(flavor: str, rank: int) -> None:
    one = match(rank, flavor=flavor)
    name = entries.marker_name(one)
    assert len(name.encode()) <= 63
    assert name.endswith(f" {entries.match_id(one)[:8]}")


def test_a_name_is_never_cut_inside_of_a_letter() -> None:
    name = entries.named("é" * 40, "!")
    assert name == "é" * 31 + "!"


def test_a_match_has_the_id_that_timelines_of_ours_give_it() -> None:
    rate = Fraction(25)
    ours = match(cut=150, into=20)
    theirs = deliveries.match(
        1,
        deliveries.side("/films/a.mov", rate, (100, 200), 150, first=0, frames=1000),
        deliveries.side("/films/b.mp4", rate, (10, 60), 20, first=0, frames=1000),
        color="GREEN",
    )
    assert entries.match_id(ours) == id_in_timelines(theirs)


def test_rank_and_score_do_not_change_the_id() -> None:
    assert entries.match_id(match(1)) == entries.match_id(replace(match(9), score=0.1))
    assert entries.match_id(match(1)) != entries.match_id(match(1, cut=151))


def test_an_entry_is_read_as_it_was_written() -> None:
    moved = Reframing(True, 1.2, 2.0, 0.05, -0.02, True, 0.3, 0.8)
    entry = entries.entry_of(match(reframing=moved), "A")
    assert entries.read(entries.written(entry)) == entry
    assert entry["reframing"]["side"] == "outgoing"
    assert entry["outgoing"]["handle_before"] == 50
    assert entry["outgoing"]["handle_after"] == 49


@pytest.mark.parametrize("text", [None, 3, "", "{", "[]", '"matchcut"', b"{}"])
def test_what_is_not_ours_is_read_as_nothing(text: object) -> None:
    assert entries.read(text) == {}
