"""What the panel says of what it has heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from matchcut_blender.plain.session import Session
from matchcut_blender.plain.told import (
    Ended,
    Failed,
    Flavor,
    Flavors,
    Found,
    Noted,
    Picture,
    Query,
    Refined,
    Told,
    Working,
)
from tests.unit.matchcut_blender.examples import match

QUERY = Query("Cut", "A", Path("/films/a.mov"), 12, "frame", 10, 8, True)
FOUND = Found((match(1), match(2)), ("One film is offline.",))


def heard(*told: Told, query: Query | None = QUERY) -> Session:
    session = Session()
    session.ask(query)
    for one in told:
        session.hear(one)
    return session


def test_matches_are_shown_as_they_come_and_replaced_as_they_are_refined() -> None:
    better = replace(match(2), score=0.9)
    session = heard(FOUND, Refined(1, better, "its film is offline"), Picture("d", 3, b"jpeg"))
    assert session.matches == [match(1), better]
    assert session.sentence == "2 matches for A."
    assert session.notes == ["One film is offline.", "#2: its film is offline"]
    assert session.pictures == {("d", 3): b"jpeg"}


def test_nothing_found_is_a_sentence() -> None:
    assert heard(Found((), ())).sentence == "Nothing in the library matches A."
    assert heard(Found((match(),), ())).sentence == "1 match for A."


def test_a_film_that_is_not_indexed_can_be_indexed_once_the_question_has_ended() -> None:
    failed = Failed("SOURCE_NOT_INDEXED", "a.mov has not been indexed.", "Run a program.")
    assert not heard(failed).to_index
    session = heard(failed, Ended(False))
    assert session.to_index
    assert session.sentence == "a.mov has not been indexed. Index it below."


def test_other_failures_say_the_next_step_and_offer_no_button() -> None:
    session = heard(Failed("SIDECAR_LOST", "The sidecar went away.", "Ask again."), Ended(False))
    assert session.sentence == "The sidecar went away. Ask again."
    assert not session.to_index


def test_stopped_it_keeps_what_was_found() -> None:
    session = heard(FOUND, Refined(0, match(1), ""), Ended(True))
    assert session.sentence == "Stopped: 1 of 2 cuts are refined."
    assert len(session.matches) == 2
    assert session.working is None
    assert heard(Working("Indexing"), Ended(True)).sentence == "Stopped."


def test_a_new_question_forgets_the_answers_to_the_one_before() -> None:
    session = heard(FOUND, Noted("A note."), Picture("d", 3, b"jpeg"), Ended(False))
    session.chosen = 1
    session.ask(QUERY)
    assert (session.matches, session.notes, session.pictures, session.chosen) == ([], [], {}, 0)
    assert session.match is None


def test_asking_for_flavors_keeps_the_matches() -> None:
    session = heard(FOUND, Ended(False))
    session.ask(None)
    session.hear(Flavors((Flavor("frame", "Same framing"),)))
    session.hear(Ended(False))
    assert session.matches
    assert [one.name for one in session.flavors] == ["frame"]
