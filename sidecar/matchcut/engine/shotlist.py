"""Shot lists as JSON: what `matchcut shots --json` prints, corrected by hand and read back.

One object a line, or one array of objects. A line says its shot in decoded frames (`start_frame`,
`end_frame`, half-open) or, where it has none, in timecodes; `clean_start_frame` and
`clean_end_frame` may be left out. A line that was deleted, as `index` shows, gives its frames to
the shot before it: the cut was none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from matchcut.errors import CutListRefused
from matchcut.types import Transition

FrameOf: TypeAlias = Callable[[str], int]
"""The frame shown at a timecode; raises ValueError with the reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """One shot as a list says it."""

    place: str
    """Where it stands, for people: `line 3`, `entry 3`."""
    fields: dict[str, Any]

    @property
    def film(self) -> str | None:
        """The film that the line names."""
        film = self.fields.get("film")
        return film if isinstance(film, str) else None


def lines_of(text: str, name: str) -> tuple[Line, ...]:
    """The shots of a list, in its order.

    Raises:
        CutListRefused: it is empty, or no JSON of this form.
    """
    found: list[tuple[str, object]] = []
    if text.lstrip().startswith("["):
        try:
            entries = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            at = error.lineno if isinstance(error, json.JSONDecodeError) else 1
            _refuse(name, f"line {at}", "is not JSON", "Correct it.")
        found = [(f"entry {number}", entry) for number, entry in enumerate(entries, start=1)]
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append((f"line {number}", json.loads(line)))
            except (json.JSONDecodeError, RecursionError):
                _refuse(name, f"line {number}", "is not a JSON object on one line", "Correct it.")
    if not found:
        raise CutListRefused(
            f"{name} holds no shot.",
            "Make one with `matchcut shots FILM --json > shots.json`, or leave it out.",
            list=name,
            why="it is empty",
        )
    lines = []
    for place, entry in found:
        if not isinstance(entry, dict):
            _refuse(name, place, "is not a JSON object", "Write a shot as {...} with its frames.")
        lines.append(Line(place, entry))
    return tuple(lines)


def lines_for(lines: Sequence[Line], film: Path) -> tuple[Line, ...]:
    """The lines that speak of a film: those with its path, else with its file name, else with none.

    Lines that name no film speak of every film.
    """
    resolved = film.resolve()
    exact = [line for line in lines if line.film and Path(line.film).resolve() == resolved]
    named = [line for line in lines if line.film and Path(line.film).name == film.name]
    return tuple(exact or named or [line for line in lines if line.film is None])


@dataclass(frozen=True, slots=True)
class _Listed:
    """A shot in frames, as its line says it."""

    place: str
    index: int | None
    start: int
    end: int
    clean_start: int
    clean_end: int


def transitions_in(
    text: str, name: str, film: Path, frames: int, frame_of: FrameOf
) -> tuple[Transition, ...]:
    """Where a film cuts, as a list of its shots says.

    Args:
        text: The list.
        name: Its file name.
        film: Of which it speaks.
        frames: How many frames the film has.
        frame_of: Finds frames by timecode.

    Raises:
        CutListRefused: the list is none, is of another film, leaves a gap, overlaps, or does not
            fit the film; names the line.
    """
    lines = lines_of(text, name)
    spoken = lines_for(lines, film)
    if not spoken:
        others = ", ".join(sorted({line.film for line in lines if line.film}))
        raise CutListRefused(
            f"{name} speaks of {others}, not of {film.name}.",
            "Give the list of this film, or correct its `film` fields.",
            list=name,
            why="it is the list of another film",
        )
    shots = [_listed(line, name, frame_of) for line in spoken]
    shots = _joined(shots, name, film, frames)
    return tuple(
        Transition(before.clean_end, after.start, after.clean_start)
        for before, after in pairwise(shots)
    )


def _listed(line: Line, name: str, frame_of: FrameOf) -> _Listed:
    def number(field: str) -> int | None:
        value = line.fields.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            _refuse(name, line.place, f"has {value!r} as {field}", "Write a whole number.")
        return value

    def frame(field: str, timecode: str) -> int:
        found = number(field)
        if found is not None:
            return found
        written = line.fields.get(timecode)
        if not isinstance(written, str):
            _refuse(name, line.place, f"has neither {field} nor {timecode}", "Add one of them.")
        try:
            return frame_of(written)
        except ValueError as error:
            _refuse(name, line.place, f"has {written!r} as {timecode}: {error}", "Correct it.")

    start, end = frame("start_frame", "start_timecode"), frame("end_frame", "end_timecode")
    clean_start, clean_end = number("clean_start_frame"), number("clean_end_frame")
    shot = _Listed(
        line.place,
        number("index"),
        start,
        end,
        start if clean_start is None else clean_start,
        end if clean_end is None else clean_end,
    )
    if not 0 <= start < end:
        _refuse(name, line.place, f"runs from frame {start} to {end}", "Write start before end.")
    if not start <= shot.clean_start < shot.clean_end <= end:
        _refuse(
            name,
            line.place,
            f"is clean from frame {shot.clean_start} to {shot.clean_end}, which does not lie "
            f"inside of {start} to {end}",
            "Correct the clean frames, or leave them out.",
        )
    return shot


def _joined(shots: Sequence[_Listed], name: str, film: Path, frames: int) -> list[_Listed]:
    """The shots, with the frames of deleted lines, from the film's first frame to its last."""
    first = shots[0]
    if first.start and first.index:
        first = replace(first, start=0, clean_start=0)
    if first.start or first.clean_start:
        _refuse(
            name,
            first.place,
            f"begins the list at frame {max(first.start, first.clean_start)}",
            "The first shot begins, and is clean, at frame 0: correct it.",
        )
    joined = [first]
    for shot in shots[1:]:
        last = joined[-1]
        if shot.start < last.end:
            _refuse(
                name,
                shot.place,
                f"begins at frame {shot.start}, before {last.place} ends at {last.end}",
                "Let one shot end where the next begins.",
            )
        if shot.start > last.end:
            if last.index is None or shot.index is None or shot.index - last.index < 2:
                _refuse(
                    name,
                    shot.place,
                    f"begins at frame {shot.start}, but {last.place} ends at {last.end}: frames "
                    "are left over",
                    "Let one shot end where the next begins.",
                )
            joined[-1] = replace(last, end=shot.start, clean_end=shot.start)
        joined.append(shot)
    last = joined[-1]
    if last.end != frames or last.clean_end != frames:
        _refuse(
            name,
            last.place,
            f"ends the list at frame {min(last.end, last.clean_end)}, but {film.name} has {frames} "
            "frames",
            f"Check that the list is of this film; the last shot ends, clean, at {frames}.",
        )
    return joined


def _refuse(name: str, place: str, why: str, next_step: str) -> NoReturn:
    raise CutListRefused(
        f"{place.capitalize()} of {name} {why}.", next_step, list=name, line=place, why=why
    )
