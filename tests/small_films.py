"""Two films of a few seconds, drawn small, and what is true of them: quick to write and to index.

They have what questions need: a set-up that returns, camera movements that match within a film and
across both, start timecodes, one of them drop-frame, and cuts that the light detector finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from tests.film.encode import write_film
from tests.film.script import Camera, FilmPlan, GroundTruth, Plate, ShotPlan, Subject, TaggedPair
from tests.film.timeline import write_timeline
from tests.textures import moving

DETECTOR = "content"
"""Finds all cuts of these films, without a network."""

_WIDTH, _HEIGHT = 160, 90
_PAN, _PUSH = Camera(pan=-0.25), Camera(zoom=0.3)
_STILL = Camera(shake=0.0012)


@dataclass(frozen=True, slots=True)
class Footage:
    """Two films, and an editor's timeline on the first."""

    one: Path
    """25 frames a second, 10:00:00:00 on; shots 0 and 2 are one set-up."""
    two: Path
    """30000/1001 frames a second, drop-frame, 00:00:58;00 on."""
    truth_one: GroundTruth
    truth_two: GroundTruth
    timeline: Path

    @property
    def both(self) -> tuple[Path, Path]:
        """The films, in the library's order."""
        return self.one, self.two


def day_one() -> FilmPlan:
    """Six shots, 5.2 seconds."""
    ada = Subject("close-up long hair", "lilac", 0.36, 0.56, 1.0)
    coat = Subject("standing", "yellow raincoat", 0.40, 0.54, 0.80)
    room = Plate("room", "oak", 31, 2.2)
    return FilmPlan(
        shots=(
            ShotPlan("ada 1", room, ada, _STILL, 20, "ada"),
            ShotPlan("pan city", Plate("city", "overcast", 5), None, _PAN, 24),
            ShotPlan("ada 2", room, ada, _STILL, 20, "ada", 0.4),
            ShotPlan("coat hall", Plate("hall", "slate", 6, 1.5), coat, _STILL, 20),
            ShotPlan("pan coast", Plate("coast", "dusk", 7), None, _PAN, 24),
            ShotPlan("push dunes", Plate("dunes", "desert", 8), None, _PUSH, 22),
        ),
        rate=Fraction(25),
        width=_WIDTH,
        height=_HEIGHT,
        start_timecode="10:00:00:00",
        planted=(
            TaggedPair("frame", "ada 1", "coat hall"),
            TaggedPair("camera", "pan city", "pan coast"),
        ),
    )


def day_two() -> FilmPlan:
    """Four shots, 3 seconds."""
    coat = Subject("standing", "charcoal coat", 0.40, 0.54, 0.80)
    moon = Subject("moon", "moon", 0.42, 0.48, 0.62)
    return FilmPlan(
        shots=(
            ShotPlan("pan forest", Plate("forest", "autumn", 9), None, _PAN, 24),
            ShotPlan("coat hill", Plate("hills", "golden", 10, 1.5), coat, _STILL, 22),
            ShotPlan("moon", Plate("night_sky", "night", 11, 0.6), moon, _STILL, 22),
            ShotPlan("push leaves", Plate("foliage", "meadow", 12), None, _PUSH, 22),
        ),
        rate=Fraction(30000, 1001),
        width=_WIDTH,
        height=_HEIGHT,
        start_timecode="00:00:58;00",
    )


def write_footage(folder: Path) -> Footage:
    """Draws both films and the timeline into a folder."""
    one, two, timeline = folder / "day one.mov", folder / "day two.mov", folder / "cut.otio"
    truth_one, truth_two = write_film(day_one(), one), write_film(day_two(), two)
    write_timeline(truth_one, one, timeline)
    return Footage(one, two, truth_one, truth_two, timeline)


def write_textures(path: Path, frames: int, *seeds: int) -> Path:
    """Writes a tiny film, 96x54 at 25 frames a second: a shot of `frames` frames for each seed."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 54, "yuv420p"
        stream.options = {"crf": "20", "preset": "ultrafast"}
        for seed in seeds:
            # A pan that turns back keeps the texture small, however long the shot.
            there = moving(seed, min(frames, 40), width=96, height=54)
            course = there + there[::-1]
            for number in range(frames):
                picture = course[number % len(course)]
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path
