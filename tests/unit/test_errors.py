"""Every error says what happened and what to do next, and a program can tell it from the others."""

from __future__ import annotations

import inspect
import re
from typing import get_type_hints

import pytest

from matchcut import errors
from matchcut.errors import MatchcutError

SAMPLES: dict[str, object] = {
    "int": 7,
    "str": "some text",
    "Path | str": "/media/film.mov",
    "list[str]": ["frame", "camera"],
    "Sequence[Path | str]": ["/media", "/archive"],
    "object": "24",
}
"""An argument for every type that an error's constructor takes, by the way it is written."""


def _all() -> list[type[MatchcutError]]:
    found = [
        one
        for one in vars(errors).values()
        if inspect.isclass(one) and issubclass(one, MatchcutError)
    ]
    return sorted(found, key=lambda one: one.__name__)


def _made(error: type[MatchcutError]) -> MatchcutError:
    """One of this class, with an argument for each of its parameters."""
    if "__init__" not in vars(error):
        inherited = next(base for base in error.__mro__ if "__init__" in vars(base))
        assert inherited is MatchcutError
    given: dict[str, object] = {}
    for name, parameter in inspect.signature(error).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        if name == "sentence":
            given[name] = "A thing went wrong."
        elif name == "next_step":
            given[name] = "Do another thing."
        else:
            given[name] = SAMPLES[parameter.annotation]
    return error(**given)  # type: ignore[arg-type]


def _drawn() -> dict[str, str]:
    """The tree in the module's docstring: every class to the one above it."""
    above: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        drawn = re.match(r"^    ([│├└─\s]*)([A-Z]\w+)", line)
        if not drawn:
            continue
        depth = len(drawn[1]) // 4
        path = [*path[:depth], drawn[2]]
        above[drawn[2]] = path[depth - 1] if depth else ""
    return above


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    actual = {
        one.__name__: "" if one is MatchcutError else one.__bases__[0].__name__ for one in _all()
    }
    assert _drawn() == actual


def test_every_error_has_a_reason_of_its_own() -> None:
    reasons = [one.reason for one in _all()]
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("error", _all(), ids=lambda error: error.__name__)
class TestEveryError:
    def test_it_states_its_own_reason_in_capitals(self, error: type[MatchcutError]) -> None:
        assert "reason" in vars(error)
        assert re.fullmatch(r"[A-Z][A-Z_]*[A-Z]", error.reason)

    def test_it_says_a_sentence_and_a_next_step(self, error: type[MatchcutError]) -> None:
        made = _made(error)
        assert made.sentence.endswith(".")
        assert made.next_step
        assert made.next_step.endswith(".")
        assert str(made) == f"{made.sentence} {made.next_step}"
        assert "\n" not in str(made)

    def test_its_facts_are_the_ones_its_docstring_names(self, error: type[MatchcutError]) -> None:
        if "__init__" not in vars(error):
            return  # Its facts are those of the place where it is raised.
        stated = (error.__doc__ or "").partition("Facts:")[2]
        facts = _made(error).facts
        assert set(re.findall(r"`(\w+)`", stated)) == set(facts)
        assert all(isinstance(fact, str) for fact in facts.values())


def test_any_error_is_caught_as_ours() -> None:
    for error in _all():
        with pytest.raises(MatchcutError):
            raise _made(error)


def test_the_parameters_of_errors_are_typed() -> None:
    for error in _all():
        assert get_type_hints(error.__init__).keys() - {"return"} == set(
            inspect.signature(error).parameters
        )
