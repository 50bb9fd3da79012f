"""A joined film: its plan, and the file made of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import av
import cv2
import numpy as np

from matchcut.types import Picture
from tests.joined.cadence import woven
from tests.joined.draw import SIZE, pictures
from tests.joined.footage import Frames, footage, version
from tests.joined.looks import LOOKS, Look
from tests.joined.pieces import PIECES
from tests.joined.plan import planned
from tests.joined.script import Half, Marked, Script, Trouble

_NOISES = 8


@dataclass(frozen=True, slots=True)
class JoinedFilm:
    """A film that is known to the frame."""

    name: str
    """Its look and a number."""
    half: Half
    recipe: Look
    script: Script

    @property
    def look(self) -> str:
        return self.recipe.name

    @property
    def frames(self) -> int:
        """How many the file has."""
        return self.recipe.cadence.frames(self.script.pictures)

    @property
    def marked(self) -> tuple[Marked, ...]:
        """The true transitions, in frames of the file."""
        return self.recipe.cadence.marked(self.script.marked())

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What is no transition, in frames of the file."""
        return self.recipe.cadence.troubles(self.script.troubles)

    def render(self, folder: Path | None = None) -> Path:
        """The film as a file in this folder (None: `cache()`), written where it is not there yet.

        Cost: about 8 ms a frame.
        """
        folder = folder or cache()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.half} {self.name}.mp4"
        if not path.is_file():
            partial = path.with_name(f"{os.getpid()} {path.name}")
            _write(partial, self.recipe, self.drawn(footage(self.half)))
            partial.replace(path)
        return path

    def drawn(self, frames: Frames) -> Iterator[Picture]:
        """The frames of the film before they are coded, (180, 320, 3) RGB."""
        chance = np.random.default_rng(len(self.name) + self.script.pictures)
        height, width = SIZE[1], SIZE[0]
        noises = [
            chance.normal(0, self.recipe.grain, (height, width, 3)).astype(np.float32)
            for _ in range(_NOISES if self.recipe.grain else 0)
        ]
        for frame in woven(self.recipe.cadence, pictures(self.script, frames)):
            picture = frame
            if self.recipe.grey:
                grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
                picture = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
            if noises:
                shift = (int(chance.integers(height)), int(chance.integers(width)))
                noise = np.roll(noises[int(chance.integers(_NOISES))], shift, (0, 1))
                picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
            yield picture


def cache() -> Path:
    """The folder where films are kept, another for every version of what makes them."""
    return Path(tempfile.gettempdir()) / f"matchcut-joined-{version(*_MAKERS)}"


_MAKERS = (
    "cadence", "draw", "film", "footage", "joins", "looks", "pieces", "plan", "script", "troubles",
)  # fmt: skip


def films(half: Half) -> tuple[JoinedFilm, ...]:
    """The films of a half, planned.

    Cost: some seconds; the first time a minute more, in which footage is decoded.

    Raises:
        FileNotFoundError: the footage is not on this machine.
    """
    frames = footage(half)
    return tuple(
        JoinedFilm(f"{look.name} {number}", half, look, planned(look, PIECES[half], frames, seed))
        for look in LOOKS
        for number in range(1, look.films + 1)
        for seed in (f"{half} {look.name} {number}",)
    )


def render_all(films: tuple[JoinedFilm, ...], folder: Path | None = None) -> list[Path]:
    """Renders films in two processes; those that are there already cost nothing."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(JoinedFilm.render, films, [folder] * len(films)))


def _write(path: Path, look: Look, frames: Iterator[Picture]) -> None:
    cv2.setNumThreads(1)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=look.rate)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        stream.options = {"preset": "veryfast", "crf": str(look.crf)}
        if look.flagged:
            stream.options = {**stream.options, "flags": "+ildct+ilme", "x264-params": "tff=1"}
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts = number
            frame.time_base = 1 / look.rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
