"""A source as JSON and back, for the catalogue."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction

from matchcut.types import Source

_EXACT = ("rate", "time_base", "pixel_aspect")


def to_json(source: Source) -> str:
    """One line of JSON; fractions as `numerator/denominator`."""
    fields = asdict(source)
    for name in _EXACT:
        fields[name] = str(fields[name])
    return json.dumps(fields, sort_keys=True)


def from_json(text: str) -> Source:
    """The source that `to_json` wrote."""
    fields = json.loads(text)
    for name in _EXACT:
        fields[name] = Fraction(fields[name])
    return Source(**fields)
