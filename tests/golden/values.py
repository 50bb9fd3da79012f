"""What every representation makes of reference windows: `python -m tests.golden.values` renews it.

A value that changes while the version stays would be compared with stored rows that were computed
otherwise: whoever changes one raises the version, renews this file and says so in the changelog.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut import flavors
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.flavors._visible import VISIBLE
from matchcut.pipeline.frames import window, windows
from matchcut.types import SOUND_RATE, Representation, Rows, Sound, Span
from tests.sounds import speech
from tests.textures import as_frames, moving

STORED = Path(__file__).with_name("values.json")
SHOTS = {"slow": (1, 1.0, 0.0), "fast": (2, -4.0, 2.0)}
"""Seed of the texture, and pixels a frame across and down."""
DIGITS = 4
FRAMES = 48


def representations() -> dict[str, Representation]:
    """Every representation that is stored, by name and version."""
    found = [APPEARANCE, VISIBLE, *(one.representation for one in flavors.flavors().values())]
    return {f"{one.spec.name}-v{one.spec.version}": one for one in found}


def summary(rows: Rows) -> list[float]:
    """A row as a few numbers: mean, spread, and eight of its values, each field by itself."""
    told: list[float] = []
    for field in _fields(rows):
        values: NDArray[np.float64] = np.asarray(field, np.float64).ravel()
        some = values[np.linspace(0, len(values) - 1, min(8, len(values))).astype(int)]
        told += [values.mean(), values.std(), *some]
    return [round(float(value), DIGITS) for value in told]


def _fields(rows: Rows) -> list[Rows]:
    """The plain arrays of which rows consist."""
    names = rows.dtype.names
    return [one for name in names for one in _fields(rows[name])] if names else [rows]


def values(representation: Representation) -> dict[str, list[float]]:
    """What the representation makes of each reference shot."""
    span = Span(0, FRAMES * 1000, Fraction(1, 24_000))
    made: dict[str, list[float]] = {}
    for name, (seed, across, down) in SHOTS.items():
        frames = as_frames(moving(seed, FRAMES, across=across, down=down), 1000)
        wanted = [
            window(frames, request, span, [_heard(seed, one) for one in request.sounds])
            for request in windows(representation, span)
        ]
        made[name] = summary(representation.compute(wanted))
    return made


def _heard(seed: int, stretch: Span) -> Sound:
    start = round(stretch.start * stretch.time_base * SOUND_RATE)
    return speech(seed, 2.0)[start : start + round(stretch.seconds * SOUND_RATE)]


if __name__ == "__main__":
    everything = {name: values(one) for name, one in representations().items()}
    STORED.write_text(json.dumps(everything, indent=1, sort_keys=True) + "\n", encoding="utf-8")
