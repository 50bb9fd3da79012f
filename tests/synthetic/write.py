"""Writes a drawn library, through the same door as the pipeline: one commit a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from matchcut import pipeline
from matchcut.embeddings.appearance import APPEARANCE, LENGTH
from matchcut.flavors import flavors
from matchcut.flavors._visible import VISIBLE
from matchcut.library import Library
from matchcut.media.digest import content_digest
from matchcut.media.state import file_state
from matchcut.types import MOMENT, MediaQuery, MomentRows, Rows, Shot, Source, Span
from tests.synthetic import pictures
from tests.synthetic.plan import RATE, Numbers, Plan, plan
from tests.synthetic.silhouettes import silhouettes

DETECTOR = "synthetic-v1"
TIME_BASE = Fraction(1, 24000)
STEP = 1000
"""Units of a frame."""
DRAWN: dict[str, Callable[[Plan, np.random.Generator], Rows]] = {
    "frame": silhouettes,
    "camera": pictures.movements,
    "color": pictures.colors,
    "light": pictures.lights,
    "composition": pictures.compositions,
    "sound": pictures.sounds,
}
"""What draws the rows of a flavor; `action` compares those of `camera`."""
USUAL = ("frame", "camera", "color")


@dataclass(frozen=True, slots=True, eq=False)
class Synthetic:
    """A library that was drawn, and what is true of it."""

    folder: Path
    films: tuple[Path, ...]
    """In the library's order: small files that hold no picture."""
    plan: Plan

    def query(self, number: int) -> MediaQuery:
        """Names a shot, by its number in the library's order."""
        middle = (self.plan.start[number] + self.plan.end[number]) // 2
        return MediaQuery(self.films[int(self.plan.film[number])], str(middle))


def library(
    folder: Path,
    *,
    shots: int = 20_000,
    sources: int = 100,
    moments: int = 3,
    seed: int = 1,
    wanted: Sequence[str] = USUAL,
) -> Synthetic:
    """Writes a library of so many shots, at so many moments each, into an empty folder.

    Shots last 2 to 8 s, evenly, at 24 frames a second. One in five repeats the set-up two shots
    before it; one in fifty is planted to match a shot of another film in all flavors. Silhouettes
    (see `silhouettes`): 55 % people, 25 % things without a name, 20 % none; areas 2 to 50 % of the
    canvas, evenly over the logarithm; confidence 0.2 to 1. The same arguments give the same rows.

    Args:
        folder: Where to; the films lie in `folder/films`, of a few bytes each, unchanged since
            they were "indexed": all works that decodes none of them.
        shots: At least four a film.
        sources: Films, at least two.
        moments: Of each shot, odd: real ones have 3 up to 4 s and 5 up to 8 s.
        seed: Another gives another library.
        wanted: Flavors of `DRAWN` to store.

    Cost: 20,000 shots of 3 moments: about 30 s on one core, 0.6 GB of disk, 1.5 GB of memory.
    """
    rng = np.random.default_rng(seed)
    made = plan(shots, sources, moments, rng)
    known = flavors()
    drawn = {known[one].representation.spec.identity: DRAWN[one](made, rng) for one in wanted}
    drawn[APPEARANCE.spec.identity] = _looks(made, rng)
    drawn[VISIBLE.spec.identity] = _seen(made)
    (folder / "films").mkdir(parents=True)
    into = Library.create(folder)
    films = []
    with into.writing():
        into.remember_providers([known[one].representation.spec for one in wanted])
        for number in range(sources):
            film = folder / "films" / f"film {number:05}.mov"
            film.write_text(f"film {number} of {sources}, seed {seed}: it holds no picture\n")
            _commit(into, film, np.flatnonzero(made.film == number), made, drawn)
            films.append(film)
        pipeline.group_repeats(into)
    return Synthetic(folder, tuple(films), made)


def _commit(
    into: Library, film: Path, numbers: Numbers, made: Plan, drawn: dict[str, Rows]
) -> None:
    digest, state = content_digest(film), file_state(film)
    inside = slice(int(numbers[0]), int(numbers[-1]) + 1)
    ends = made.end[inside]
    frame_pts = np.arange(int(ends[-1]) + 1, dtype=np.int64) * STEP
    shots = [
        _shot(digest, index, start, end)
        for index, (start, end) in enumerate(
            zip(made.start[inside].tolist(), ends.tolist(), strict=True)
        )
    ]
    rows = {
        identity: MomentRows(
            some[inside].reshape(-1, *some.shape[2:]), _moments(made, inside, some.shape[1])
        )
        for identity, some in drawn.items()
    }
    into.commit(
        _source(digest, int(frame_pts[-1])),
        shots,
        DETECTOR,
        frame_pts,
        rows,
        film.resolve(),
        state.size,
        state.mtime_ns,
    )


def _moments(made: Plan, inside: slice, count: int) -> Rows:
    """Those of the plan, or the first frame of every shot where there is one row a shot."""
    planned = made.moments[inside]
    frames = planned if count == planned.shape[1] else made.start[inside, None]
    found = np.zeros(frames.shape, MOMENT)
    found["shot"] = np.arange(len(frames))[:, None]
    found["frame"], found["pts"] = frames, frames * STEP
    return found.reshape(-1)


def _looks(made: Plan, rng: np.random.Generator) -> Rows:
    """(S, 1, 671) of length 1: the cosine of shots of a set-up is about 0.98, of others about 0."""
    shots = len(made.film)
    looks = rng.standard_normal((shots, LENGTH), np.float32)[made.setup]
    looks += 0.15 * rng.standard_normal(looks.shape, np.float32)
    looks /= np.linalg.norm(looks, axis=1, keepdims=True)
    return looks[:, None]


def _seen(made: Plan) -> Rows:
    """(S, 1) of `_visible.ROW`: there is something to see from the first frame to the last."""
    seen = np.zeros((len(made.film), 1), VISIBLE.spec.dtype)
    seen["enter"][:, 0], seen["leave"][:, 0] = made.start * STEP, (made.end - 1) * STEP
    return seen


def _shot(digest: str, index: int, start: int, end: int) -> Shot:
    span = Span(start * STEP, end * STEP, TIME_BASE)
    return Shot(digest, index, start, end, span, DETECTOR, start, end, span)


def _source(digest: str, duration: int) -> Source:
    return Source(
        digest=digest,
        width=1920,
        height=1080,
        rate=Fraction(RATE),
        time_base=TIME_BASE,
        start_pts=0,
        duration_pts=duration,
        start_timecode="01:00:00:00",
        rotation=0,
        pixel_aspect=Fraction(1),
        transfer="sdr",
        codec="h264",
        stream_index=0,
        video_streams=1,
        audio_streams=0,
    )
