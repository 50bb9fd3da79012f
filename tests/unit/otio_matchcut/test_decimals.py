from __future__ import annotations

import json

import opentimelineio as otio
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_matchcut.decimals import respelled

MISREAD = "0.9986111111111111"


def _read(text: str) -> object:
    return otio.core.deserialize_json_from_string(text)


def test_a_decimal_that_opentimelineio_misreads_is_read_as_it_is_written() -> None:
    text = f'{{"a": [{MISREAD}, -{MISREAD}], "b": "{MISREAD}"}}'
    assert list(_read(text)["a"]) != [float(MISREAD), -float(MISREAD)]  # type: ignore[index]
    right = _read(respelled(text))
    assert list(right["a"]) == [float(MISREAD), -float(MISREAD)]  # type: ignore[index]
    assert right["b"] == MISREAD  # type: ignore[index]


def test_what_is_read_rightly_stays_as_it_is_written() -> None:
    text = '{"a": [0.5, 23.976023976023978, 1e300, 12345678901234567890, "0.99861111111111111"]}'
    assert respelled(text) == text


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_every_spelling_is_of_the_same_number(numbers: list[float]) -> None:
    text = json.dumps(numbers)
    assert json.loads(respelled(text)) == numbers
    wrong = sum(a != b for a, b in zip(_read(text), numbers, strict=True))  # type: ignore[call-overload]
    still = sum(a != b for a, b in zip(_read(respelled(text)), numbers, strict=True))  # type: ignore[call-overload]
    assert still <= wrong
