"""A reframing means the same picture in every host's own words."""

from __future__ import annotations

import cmath
import json
import math
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.matches import MatchReframing
from otio_matchcut.reading import parse, read
from otio_matchcut.reframing import for_premiere, for_resolve
from otio_matchcut.writing import text_of
from tests.unit.otio_matchcut.build import match, otio, reframe, side

SIZES = [(1920, 1080), (1280, 544), (1440, 1080), (1080, 1920)]
CORNERS = [complex(x, y) for x, y in product((-0.5, 0.5), repeat=2)]
REFRAMINGS = [
    reframe(),
    reframe(rotation=-4.5, right=-0.03, down=0.01, flop=False),
    reframe(scale=1.0, rotation=0.0, right=0.0, down=0.0),
]


def _fitted(size: tuple[int, int], screen: tuple[float, float]) -> tuple[float, float]:
    fit = min(screen[0] / size[0], screen[1] / size[1])
    return size[0] * fit, size[1] * fit


def _wanted(reframing: MatchReframing, size: tuple[int, int]) -> list[complex]:
    """Where the corners lie on a 16:9 screen of width 1, from its middle, y downwards."""
    width, height = _fitted(size, (1, 9 / 16))
    places = []
    for corner in CORNERS:
        x = -corner.real if reframing.flop else corner.real
        place = complex(x * width, corner.imag * height) * reframing.scale
        # With y downwards, a positive angle turns clockwise.
        place *= cmath.rect(1, math.radians(reframing.rotation))
        places.append(place + complex(reframing.right, reframing.down))
    return places


def _transform(reframing: MatchReframing, size: tuple[int, int]) -> dict[str, Any]:
    effect = for_resolve(reframing, size)
    parameters = effect.metadata["Resolve_OTIO"]["Parameters"]
    return {one["Parameter ID"]: one["Parameter Value"] for one in parameters}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("reframing", REFRAMINGS)
def test_resolve_shows_the_picture_where_it_was_found_to_match(
    reframing: MatchReframing, size: tuple[int, int]
) -> None:
    found = _transform(reframing, size)
    width, height = _fitted(size, (1, 9 / 16))
    zoom = found.get("transformationZoomX", 1.0)
    assert found.get("transformationZoomY", 1.0) == zoom
    places = []
    for corner in CORNERS:
        x = -corner.real if found.get("transformationFlipX") else corner.real
        # Resolve's y is upwards, and so its angle turns counter-clockwise.
        place = complex(x * width, -corner.imag * height) * zoom
        place *= cmath.rect(1, math.radians(found.get("transformationRotationAngle", 0.0)))
        place += found.get("transformationPan", 0.0) * width
        place += 1j * found.get("transformationTilt", 0.0) * height
        places.append(place.conjugate())
    assert places == pytest.approx(_wanted(reframing, size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("reframing", REFRAMINGS)
def test_premiere_shows_the_picture_where_it_was_found_to_match(
    reframing: MatchReframing, size: tuple[int, int]
) -> None:
    motion, *flips = for_premiere(reframing, size, (1920, 1080), Fraction(24))
    values = {
        one["DisplayName"]: one["StartValue"]["Value"]
        for one in motion.metadata["PremierePro_OTIO"]["Parameters"]
    }
    places = []
    for corner in CORNERS:
        x = -corner.real if flips else corner.real
        place = complex(x * size[0], corner.imag * size[1]) * values["Scale"] / 100
        place *= cmath.rect(1, math.radians(values["Rotation"]))
        place += complex(values["Position"]["X"] * 1920, values["Position"]["Y"] * 1080)
        places.append((place - complex(960, 540)) / 1920)
    assert places == pytest.approx(_wanted(reframing, size))


def test_what_resolve_would_drop_is_not_written() -> None:
    still = reframe(scale=1.0, rotation=0.0, right=0.0, down=0.0, flop=False)
    assert _transform(still, (1920, 1080)) == {}
    assert set(_transform(reframe(rotation=0.0, flop=False), (1920, 1080))) == {
        "transformationZoomX",
        "transformationZoomY",
        "transformationPan",
        "transformationTilt",
    }


def test_the_transform_has_the_shape_of_one_that_resolve_has_written(shared: Path) -> None:
    path = shared / "assets" / "timelines" / "otio_core" / "effects.otio"
    written = json.loads(path.read_text())["tracks"]["children"][0]["children"][0]["effects"][0]
    ours = json.loads(for_resolve(reframe(), (1920, 1080)).to_json_string())
    assert ours["effect_name"] == written["effect_name"]
    theirs, mine = written["metadata"]["Resolve_OTIO"], ours["metadata"]["Resolve_OTIO"]
    assert {**mine, "Parameters": 0} == {**theirs, "Parameters": 0}
    by_name = {one["Parameter ID"]: one for one in mine["Parameters"]}
    changing = {"Parameter Value": 0, "Key Frames": 0}
    for one in theirs["Parameters"]:
        assert {**by_name[one["Parameter ID"]], **changing} == {**one, **changing}


def test_only_the_clip_of_the_side_that_is_reframed_is_moved() -> None:
    for which, moved in (("outgoing", 0), ("incoming", 1)):
        reframing = reframe("outgoing" if which == "outgoing" else "incoming")
        made = matches_timeline([match(reframing=reframing)], "m")
        clips = list(made.find_clips())
        assert [bool(clip.effects) for clip in clips] == [moved == 0, moved == 1]
        entry = clips[moved].metadata["matchcut"]["reframing"]
        assert (entry["side"], entry["scale"], entry["after"]) == (which, 1.25, 0.75)
        assert "matchcut" not in clips[1 - moved].metadata
        assert made.metadata["Resolve_OTIO"]["Resolve OTIO Meta Version"] == "1.0"


def test_a_timeline_without_a_reframing_holds_no_words_of_hosts() -> None:
    made = matches_timeline([match()], "m")
    assert "_OTIO" not in made.to_json_string()


def test_where_the_size_of_the_picture_is_not_known_the_comment_says_what_to_do() -> None:
    unknown = match(outgoing=side(size=None), incoming=side(size=None), reframing=reframe())
    made = matches_timeline([unknown], "m")
    _, incoming = made.find_clips()
    assert not incoming.effects
    assert "_OTIO" not in made.to_json_string()
    assert incoming.metadata["matchcut"]["reframing"]["flop"]
    assert "Reframe B: flop, scale 1.25, rotate 2.0 degrees" in incoming.markers[0].comment


@pytest.mark.parametrize(
    ("reframing", "said"),
    [
        (
            reframe(),
            "B: flop, scale 1.25, rotate 2.0 degrees clockwise, "
            "move 5.0 % right and 2.0 % up of the screen's width",
        ),
        (
            reframe("outgoing", scale=1.1234, rotation=-0.5, right=-0.031, down=0, flop=False),
            "A: scale 1.123, rotate 0.5 degrees counter-clockwise, "
            "move 3.1 % left of the screen's width",
        ),
        (reframe(scale=1.0, rotation=0.0, right=0, down=0.0125), "B: flop, move 1.2 % down of"),
        (reframe(scale=1.0001, rotation=0.01, right=1e-4, down=0, flop=False), "B: none"),
    ],
)
def test_a_reframing_is_said_in_the_order_it_is_done(reframing: MatchReframing, said: str) -> None:
    assert reframing.said.startswith(said)


def test_a_reframed_timeline_survives_being_written_and_read(tmp_path: Path) -> None:
    made = matches_timeline([match(1, reframing=reframe()), match(2)], "m")
    assert parse(text_of(made), "m").is_equivalent_to(made)
    (tmp_path / "m.otio").write_text(text_of(made))
    again = read(tmp_path / "m.otio")
    assert isinstance(again.tracks[0][1].effects[0], otio.schema.Effect)
    assert again.is_equivalent_to(made)
