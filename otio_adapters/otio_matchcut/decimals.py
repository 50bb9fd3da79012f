"""Spells decimals so that OpenTimelineIO reads the number that is written.

Its JSON parser reads one in eight of those with 16 digits or more as the neighbouring double:
0.9986111111111111 becomes 0.9986111111111112. Another decimal of the same double can mostly be
found that it reads rightly (for 99.7 % of numbers drawn by chance); what cannot stays as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction

import opentimelineio as otio

_LONG = re.compile(r"\d[\d.]{15,}")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?', re.DOTALL)
_DIGITS = (16, 17, 18, 19)
_NEAR = 24
"""Spellings tried either side of the nearest one."""


def respelled(text: str) -> str:
    """A JSON text whose decimals OpenTimelineIO reads as they are written; else as it was."""
    if not _LONG.search(text):
        return text
    long = {token[0] for token in _TOKEN.finditer(text) if _may_be_misread(token[0])}
    instead = dict(_spellings(sorted(long)))
    if not instead:
        return text
    return _TOKEN.sub(lambda token: instead.get(token[0], token[0]), text)


def _may_be_misread(token: str) -> bool:
    if token[0] == '"' or not any(mark in token for mark in ".eE"):
        return False
    return len(token) > 15 and math.isfinite(float(token)) and float(token) != 0


def _spellings(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Each token that is read wrongly, with one that is read as it should be."""
    for token, read in zip(tokens, _read(tokens), strict=True):
        number = float(token)
        if read == number:
            continue
        others = list(_others(number))
        right = (one for one, read in zip(others, _read(others), strict=True) if read == number)
        spelling = next(right, None)
        if spelling is not None:
            yield token, spelling


def _others(number: float) -> Iterator[str]:
    """Decimals of a double, those first that have the fewest digits."""
    exact, sign = Fraction(abs(number)), "-" if number < 0 else ""
    top = math.floor(math.log10(abs(number)))
    for digits in _DIGITS:
        exponent = top - digits + 1
        whole = int(exact / Fraction(10) ** exponent)
        # Whole numbers that are doubles themselves are read best.
        step = max(1, 2 ** max(0, whole.bit_length() - 53) // 8)
        for near in sorted(range(-_NEAR, _NEAR + 1), key=abs):
            spelling = f"{sign}{(whole // step + near) * step}e{exponent}"
            if float(spelling) == number:
                yield spelling


def _read(tokens: list[str]) -> list[float]:
    """The numbers that OpenTimelineIO reads."""
    return list(otio.core.deserialize_json_from_string(f"[{','.join(tokens)}]")) if tokens else []
