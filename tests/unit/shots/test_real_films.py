"""Cuts of real films that were checked by eye, pair by pair of frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchcut import shots
from matchcut.engine.single import TimedShot, shots_of
from tests.conftest import Quiet

SHOTS = Path("assets/video/shots")


def cuts(found: tuple[TimedShot, ...]) -> list[int]:
    return [timed.shot.start_frame for timed in found[1:]]


@pytest.mark.slow
@pytest.mark.parametrize("detector", [shots.DEFAULT, "transnet", "content"])
def test_the_six_cuts_of_the_sintel_excerpt_are_found_to_the_frame(
    shared: Path, detector: str
) -> None:
    film = shared / SHOTS / "sintel_excerpt_26s_480p.mp4"
    assert cuts(shots_of(film, detector, None, Quiet())) == [76, 121, 319, 457, 545, 611]


@pytest.mark.slow
def test_the_cuts_of_big_buck_bunny_are_found_to_the_frame(shared: Path) -> None:
    found = shots_of(shared / SHOTS / "big_buck_bunny_10s.mp4", None, None, Quiet())
    assert cuts(found) == [44, 137]
    # Its 24 frames a second are timed on a grid of 30: seconds are those of the file's own clock.
    assert (found[-1].end_timecode, found[-1].seconds) == ("00:00:10:00", 4.3)


@pytest.mark.slow
def test_hard_cuts_of_the_sintel_trailer_are_found_to_the_frame(shared: Path) -> None:
    """All that were checked but for 406, a shot of eight frames beside a cut from black."""
    found = shots_of(shared / SHOTS / "sintel_trailer_480x204.mp4", None, None, Quiet())
    assert {336, 398, 422, 573, 623, 660, 674} <= set(cuts(found))
