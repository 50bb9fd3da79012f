"""Films in libraries of their own, asked as an editor asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from matchcut.engine import Engine
from matchcut.types import Candidate, MediaQuery, Progress
from tests.passing.film import cut_list, written
from tests.passing.script import Film

MIN_HANDLE = 8
"""Frames that a shot must be on screen, unless something else is asked for."""


class _Unwatched:
    """Indexing that nobody watches."""

    def report(self, progress: Progress, /) -> None:
        """Says nothing."""

    def cancelled(self) -> bool:
        """Goes on."""
        return False


@dataclass(frozen=True, slots=True)
class Indexed:
    """A film in a library of its own."""

    film: Film
    path: Path
    engine: Engine

    def asked(
        self, frame: int, flavor: str, *, min_handle: int, reframe: bool
    ) -> tuple[Candidate, ...]:
        """All shots to cut to from the one that shows a frame, best first."""
        return self.engine.find(
            MediaQuery(self.path, str(frame)),
            flavor=flavor,
            top=len(self.film.shots),
            min_gap=Fraction(0),
            min_handle=min_handle,
            reframe=reframe,
        ).candidates


def analysed(
    path: Path, starts: Sequence[int], folder: Path, profile: str, models: Path | None
) -> Engine:
    """A library of one film, with its true cuts."""
    engine = Engine(folder / path.stem.replace(" ", "-"), models=models)
    report = engine.index(
        [path], cut_lists=[cut_list(path, starts)], profile=profile, monitor=_Unwatched()
    )
    assert not report.refused, report.refused
    return engine


def indexed(film: Film, folder: Path, profile: str, models: Path | None) -> Indexed:
    """The film, drawn where it is not there yet, and analysed."""
    path = written(film)
    return Indexed(film, path, analysed(path, film.starts, folder, profile, models))
