"""What melt renders of our files, seen by a counter in every frame of the films.

melt reads the files as Shotcut and Kdenlive do. It knows nothing of us and nothing of timecode.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from otio_matchcut.carriers import carriers
from otio_matchcut.clock import frame_of_timecode
from otio_matchcut.delivery import Delivery
from otio_matchcut.layout import on_grid
from otio_matchcut.matches import Match, MatchSide
from tests.counted import Counter, UnreadableError, counter_in, decoded, write_counted
from tests.golden.deliveries import match, side

pytestmark = [
    pytest.mark.hosts,
    pytest.mark.skipif(shutil.which("melt") is None, reason="melt is not installed here"),
]

FILM = Fraction(24000, 1001)
PAL = Fraction(25)
NTSC = Fraction(30000, 1001)
TWICE = Fraction(60000, 1001)
FRAMES = 150
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Made:
    """A film with a counter, as the sides of matches see it."""

    number: int
    path: Path
    rate: Fraction
    start: str

    def side(self, shot: tuple[int, int], cut: int) -> MatchSide:
        return side(
            str(self.path),
            self.rate,
            shot,
            cut,
            first=frame_of_timecode(self.start, self.rate),
            frames=FRAMES,
            drop_frame=";" in self.start,
            size=(320, 180),
            clean=shot,
        )


Film = Callable[[Fraction, str], Made]


@pytest.fixture
def film(tmp_path: Path) -> Film:
    count = iter(range(1, 255))

    def make(rate: Fraction, start: str) -> Made:
        number = next(count)
        path = tmp_path / f"film {number} #50%.mov"
        write_counted(path, film=number, frames=FRAMES, rate=rate, start_timecode=start)
        return Made(number, path, rate, start)

    return make


def _rendered(delivery: Delivery, carrier: str, folder: Path) -> list[Counter | None]:
    """The counter of every frame that melt shows of a carrier's file; None for black."""
    card = carriers()[carrier]
    source, target = folder / f"x{card.suffix}", folder / "rendered.mkv"
    source.write_bytes(card.write(delivery))
    command = ["melt", "-silent", str(source), "-consumer", f"avformat:{target}"]
    command += ["vcodec=libx264", "crf=12", "preset=ultrafast", "an=1", "real_time=-1"]
    subprocess.run(command, check=True, timeout=240, capture_output=True)
    found: list[Counter | None] = []
    for picture in decoded(target):
        try:
            found.append(counter_in(picture))
        except UnreadableError:
            assert picture.mean() < 20, "a frame is neither black nor of one of the films"
            found.append(None)
    return found


def _wanted(delivery: Delivery, films: list[Made]) -> list[Counter | None]:
    """The counter of every frame as the layout has it; None for black."""
    layout = delivery.layout
    numbers = {made.path: made.number for made in films}
    pieces = on_grid(layout, early=HALF)
    wanted: list[Counter | None] = [None] * pieces[-1].end
    for gridded in pieces:
        media = gridded.piece.side
        for frame in range(gridded.end - gridded.start):
            place = (gridded.source_start + frame) * media.rate / layout.rate
            wanted[gridded.start + frame] = Counter(numbers[media.path], int(place + HALF))
    return wanted


def _cuts(delivery: Delivery) -> list[tuple[int, Match]]:
    return [
        (gridded.start, gridded.piece.match)
        for gridded in on_grid(delivery.layout, early=HALF)
        if gridded.piece.which == "incoming"
    ]


@pytest.mark.parametrize("carrier", ["mlt", "kdenlive-project"])
@pytest.mark.parametrize(
    ("rate", "start"),
    [
        (FILM, "01:00:00:00"),
        (PAL, "10:00:00:00"),
        (NTSC, "00:59:58;00"),
        (NTSC, "10:00:00:00"),
        (TWICE, "00:59:59;00"),
        (PAL, "23:59:58:00"),
        (Fraction(24), "00:00:00:00"),
    ],
)
def test_each_cut_shows_the_two_frames_that_were_matched(
    film: Film, tmp_path: Path, carrier: str, rate: Fraction, start: str
) -> None:
    one, two = film(rate, start), film(rate, "00:00:00:00")
    delivery = Delivery(
        "x",
        (
            match(1, one.side((10, 100), 70), two.side((20, 120), 40)),
            match(2, two.side((0, FRAMES), FRAMES - 1), one.side((0, FRAMES), 0)),
            match(3, one.side((60, 62), 60), one.side((61, 63), 62)),
        ),
    )
    seen = _rendered(delivery, carrier, tmp_path)
    for frame, found in _cuts(delivery):
        assert seen[frame - 1] == Counter(
            one.number if found.outgoing.path == one.path else two.number, found.outgoing.cut_frame
        )
        assert seen[frame] == Counter(
            one.number if found.incoming.path == one.path else two.number, found.incoming.cut_frame
        )
    assert seen == _wanted(delivery, [one, two])


@pytest.mark.parametrize("carrier", ["mlt", "kdenlive-project"])
def test_films_of_other_rates_are_entered_and_left_at_the_frames_matched(
    film: Film, tmp_path: Path, carrier: str
) -> None:
    pal, slow, video = (
        film(PAL, "10:00:00:00"),
        film(FILM, "01:00:00:00"),
        film(NTSC, "00:00:10;00"),
    )
    delivery = Delivery(
        "x",
        (
            match(1, pal.side((10, 100), 70), slow.side((20, 120), 41)),
            match(2, slow.side((10, 100), 73), pal.side((20, 120), 40)),
            match(3, pal.side((0, FRAMES), 99), video.side((20, 120), 50)),
            match(4, video.side((0, FRAMES), FRAMES - 1), slow.side((0, FRAMES), FRAMES - 1)),
        ),
    )
    seen = _rendered(delivery, carrier, tmp_path)
    assert seen == _wanted(delivery, [pal, slow, video])
    (first, _), (second, _), (third, _), (last, _) = _cuts(delivery)
    assert seen[first - 1 : first + 1] == [Counter(1, 70), Counter(2, 41)]
    assert seen[second - 1 : second + 1] == [Counter(2, 73), Counter(1, 40)]
    # 29.97 in a sequence of 25: one frame in six is not shown, and 50 is one that is not.
    assert seen[third - 1] == Counter(1, 99)
    assert seen[third] in (Counter(3, 50), Counter(3, 51))
    assert seen[last - 1] in (Counter(3, FRAMES - 1), Counter(3, FRAMES - 2))
    assert seen[last] == Counter(2, FRAMES - 1)
