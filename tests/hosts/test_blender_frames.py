"""Blender shows the frames that we count on, of films of each rate in scenes of each rate."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.counted import counter_in, write_counted
from tests.hosts import in_blender
from tests.hosts.in_blender import Facts

pytestmark = [pytest.mark.hosts, pytest.mark.timeout(1200)]

RATES = {
    "24000/1001": [24, 1.001],
    "24": [24, 1.0],
    "25": [25, 1.0],
    "30000/1001": [30, 1.001],
    "60000/1001": [60, 1.001],
}
"""As fractions, and as Blender's scenes state them."""
SIZE = (160, 90)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("rates")
    films = []
    for number, rate in enumerate(RATES):
        films.append(str(folder / f"{number}.mov"))
        write_counted(
            Path(films[-1]),
            film=number,
            frames=120,
            rate=Fraction(rate),
            size=SIZE,
            start_timecode="10:00:00:00",
        )
    return films


def shown(program: list[str], folder: Path, films: list[str], ways: list[str]) -> list[Facts]:
    wishes = {
        "plugin": str(in_blender.ROOT / "plugin"),
        "films": films,
        "rates": list(RATES.values()),
        "ways": ways,
        "size": SIZE,
    }
    told: list[Facts] = in_blender.run(program, "counting.py", folder, wishes)["shown"]
    return told


def check(told: list[Facts], count: int) -> None:
    assert len(told) == count
    for one in told:
        counter = counter_in(in_blender.picture(one["picture"]))
        # Where Blender does not tell which of two speeds a strip has, we say so, and are near.
        assert abs(counter.frame - one["frame"]) <= one["doubtful"], one
        assert one["at"] <= one["last"]
        assert one["next"] > one["frame"]


def test_a_strip_of_the_extensions_blender_shows_the_frames_that_we_count_on(
    tmp_path: Path, counted: list[str]
) -> None:
    in_blender.needs_bpy()
    told = shown([str(in_blender.BPY)], tmp_path, counted, ["by_script"])
    check(told, 5 * 5 * 8)


def test_a_strip_added_in_any_way_shows_the_frames_that_we_count_on(
    tmp_path: Path, counted: list[str]
) -> None:
    ways = ["in_file_browser", "by_script", "trimmed", "cut_off"]
    told = shown(in_blender.needs_blender(), tmp_path, counted, ways)
    check(told, 5 * 5 * 4 * 8)
    doubtful = {(one["film"], tuple(one["rate"])) for one in told if one["doubtful"]}
    assert len(doubtful) <= 4, "only where two rates are nearly alike"


def test_a_strip_with_a_speed_factor_shows_the_frames_that_we_count_on(
    tmp_path: Path, counted: list[str]
) -> None:
    told = shown(in_blender.needs_blender(), tmp_path, counted[2:3], ["quick"])
    check(told, 5 * 8)
