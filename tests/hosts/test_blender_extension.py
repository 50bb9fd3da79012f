"""The extension in a real Blender (bpy), with a real sidecar and films whose frames are numbered.

An editor's whole session is run once (`blender/editing.py`), its project is opened again without
the plug-in (`blender/reopening.py`), and each test says what must be true of it.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from matchcut.reframing import affine
from tests.counted import Counter, Picture, counter_in
from tests.hosts import in_blender
from tests.hosts.in_blender import SIZE, Facts, Films

pytestmark = [pytest.mark.hosts, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def reopened(facts: Facts, folder: Path) -> Facts:
    wishes = {"project": str(folder / "cut.blend")}
    return in_blender.run([str(in_blender.BPY)], "reopening.py", folder, wishes)


def bin_in(project: Facts) -> Facts:
    [found] = [scene for name, scene in project.items() if name.startswith("Matches for")]
    return found


def ours(scene: Facts) -> list[Facts]:
    return [strip for strip in scene["strips"] if strip["ours"]]


def without_ours(project: Facts) -> Facts:
    """A project as it would be if nothing of ours were in it."""
    left = {}
    for name, scene in project.items():
        if name.startswith("Matches for"):
            continue
        noted = json.loads(scene["ours"] or "{}").get("markers", {})
        left[name] = scene | {
            "ours": None,
            "markers": [one for one in scene["markers"] if one[1] not in noted],
            "strips": [one for one in scene["strips"] if not one["ours"]],
        }
    return left


def strip(project: Facts, name: str) -> Facts:
    [found] = [one for one in project["Cut"]["strips"] if one["name"] == name]
    return found


def test_a_film_that_is_not_indexed_is_said_so_and_can_be_indexed_at_once(facts: Facts) -> None:
    told = facts["not indexed"]
    assert told["failed"] == "SOURCE_NOT_INDEXED"
    assert told["to_index"]
    assert told["sentence"].endswith("Index it below.")


def test_indexing_shows_how_far_it_is_and_can_be_stopped_and_begun_again(facts: Facts) -> None:
    assert facts["stopped"]["sentence"] == "Stopped."
    assert not facts["stopped"]["failed"]
    assert any("of 600 frames" in sentence for sentence in facts["indexing"])
    assert facts["indexed"]["matches"]


def test_the_menu_of_flavors_is_the_sidecars(facts: Facts) -> None:
    from matchcut.flavors import flavors

    assert facts["found"]["flavors"] == sorted(flavors())


def test_matches_come_refined_and_with_a_picture_of_each_cut_frame(facts: Facts) -> None:
    found = facts["found"]
    assert len(found["matches"]) == 4
    assert all(match["refined"] for match in found["matches"])
    sides = [match[side] for match in found["matches"] for side in ("outgoing", "incoming")]
    assert found["pictures"] >= len({(side["path"], side["decoded_cut"]) for side in sides})


def test_the_panel_is_drawn_in_the_words_of_this_blender(facts: Facts) -> None:
    before, working, drawn = (
        facts[name] for name in ("drawn, not indexed", "drawn, working", "drawn")
    )
    assert ["operator", "matchcut.index"] in before
    assert ["operator", "matchcut.stop"] in working
    assert "progress" in [call for call, _ in working]
    texts = [text for _, text in drawn]
    matches = facts["found"]["matches"]
    assert [call for call, _ in drawn].count("template_icon") == 2 * len(matches)
    for match in matches:
        for side in ("outgoing", "incoming"):
            assert Path(match[side]["path"]).name in texts
    assert len(facts["menu drawn"]) == len(facts["found"]["flavors"])


def test_the_playhead_asks_about_the_shot_under_it(facts: Facts) -> None:
    assert facts["found at the playhead"]["matches"] == facts["found"]["matches"]


def test_each_match_has_a_marker_at_its_cut_and_foreign_ones_stay(facts: Facts) -> None:
    before, marked = facts["before"], facts["marked"]
    matches = facts["found"]["matches"]
    noted = json.loads(marked["Cut"]["ours"])["markers"]
    assert len(noted) == len(matches)
    frames = {name: frame for frame, name in marked["Cut"]["markers"]}
    start = strip(before, "A")["start"] - matches[0]["outgoing"]["start"]
    wanted = [start + match["outgoing"]["cut"] for match in matches]
    first = next(name for name in noted if name.startswith("#1 "))
    # The editor's own marker stands at the first match's cut.
    assert frames["Own"] == wanted[0]
    assert frames[first] in (wanted[0] + 1, wanted[0] - 1)
    for match, frame in zip(matches, wanted, strict=True):
        [name] = [name for name in noted if name.startswith(match["label"])]
        assert noted[name]["outgoing"]["cut_frame"] == match["outgoing"]["cut"]
        assert abs(frames[name] - frame) <= len(matches)
    assert len(set(frames.values())) == len(frames), "one marker a frame"
    assert without_ours(marked) == before


def test_marking_again_adds_no_marker(facts: Facts) -> None:
    assert facts["marked again"] == facts["marked"]


@pytest.mark.parametrize(
    ("undone", "before"),
    [
        ("marked, undone", "before"),
        ("bin, undone", "marked again"),
        ("inserted, undone", "bin again"),
    ],
)
def test_one_undo_takes_all_of_it_back(facts: Facts, undone: str, before: str) -> None:
    assert facts[undone] == facts[before]


def test_a_bin_holds_each_match_trimmed_with_its_handles_behind(facts: Facts) -> None:
    made = bin_in(facts["bin"])
    assert made["rate"] == [25, 1.0]
    assert made["size"] == list(SIZE)
    strips = ours(made)
    matches = {match["label"]: match["incoming"] for match in facts["found"]["matches"]}
    assert len(strips) == len(matches)
    for one in strips:
        side = matches[" ".join(one["name"].split()[1:4])]
        assert one["path"] == side["path"]
        assert one["offset"] == side["cut"]
        assert one["end"] - one["start"] == side["end"] - side["cut"]
        assert one["behind"] >= 0
    gaps = sorted((one["start"], one["end"]) for one in strips)
    assert all(end + 25 == start for (_, end), (start, _) in pairwise(gaps))
    assert sorted(frame for frame, _ in made["markers"]) == [start for start, _ in gaps]
    assert without_ours(facts["bin"]) == facts["before"]


def test_a_bin_made_again_keeps_what_the_editor_put_into_it(facts: Facts) -> None:
    once, again = bin_in(facts["bin"]), bin_in(facts["bin again"])
    assert ours(again) == ours(once)
    assert [one["name"] for one in again["strips"] if not one["ours"]] == ["Kept"]
    assert sorted(map(tuple, again["markers"])) == sorted(
        [*map(tuple, once["markers"]), (3, "Kept")]
    )


def test_a_match_is_inserted_at_its_cut_and_the_strip_ends_there(facts: Facts) -> None:
    match = facts["found"]["matches"][0]
    [made] = ours(facts["inserted"]["Cut"])
    asked = strip(facts["inserted"], "A")
    assert asked["end"] == made["start"]
    assert asked["channel"] == made["channel"]
    assert asked["end"] - asked["start"] == match["outgoing"]["cut"] + 1 - asked["offset"]
    assert made["offset"] == match["incoming"]["cut"]
    for name in ("Other", "Title"):
        assert strip(facts["inserted"], name) == strip(facts["before"], name)


def test_another_match_takes_the_place_of_the_one_inserted_before(facts: Facts) -> None:
    match = facts["found"]["matches"][1]
    [made] = ours(facts["inserted another"]["Cut"])
    assert made["name"].startswith(f"B {match['label']}")
    asked = strip(facts["inserted another"], "A")
    assert asked["end"] - asked["start"] == match["outgoing"]["cut"] + 1 - asked["offset"]


def test_a_strip_that_is_not_to_be_trimmed_is_given_back_whole(facts: Facts) -> None:
    assert strip(facts["above"], "A") == strip(facts["before"], "A")
    [made] = ours(facts["above"]["Cut"])
    assert made["channel"] > strip(facts["before"], "A")["channel"]
    assert made["start"] == ours(facts["inserted another"]["Cut"])[0]["start"]


def test_a_strip_that_ends_before_the_cut_is_made_longer_and_it_is_said(facts: Facts) -> None:
    assert "A is 3 frames longer than it was." in facts["longer said"]
    assert ours(facts["longer"]["Cut"])[0]["start"] == strip(facts["longer"], "A")["end"]


def test_a_strip_that_begins_after_the_cut_is_left_alone_and_it_is_said(facts: Facts) -> None:
    assert "A begins after the cut of #2" in facts["late said"]
    assert facts["late"] == facts["late before"]


def test_a_strip_that_an_editor_has_moved_is_not_reframed_but_it_is_said_how(facts: Facts) -> None:
    assert "Reframe by hand: A: flop, scale 1.25, rotate 4.0 degrees" in facts["by hand said"]
    placed = strip(facts["by hand"], "A")["transform"]
    assert placed == [1.0, 1.0, 0.0, 30.0, 0.0, False]


def test_a_film_that_is_gone_is_refused_and_left_out_of_a_bin(facts: Facts) -> None:
    assert "gone.mp4 is not there. Bring the film back" in facts["film gone said"]
    assert facts["film gone"] == facts["by hand"]
    assert facts["bin of three said"].startswith("3 strips in the scene")
    assert "1 left out:" in facts["bin of three said"]


def test_a_retimed_strip_is_refused_in_a_sentence(facts: Facts) -> None:
    assert facts["reversed"]["sentence"].startswith("A is retimed")


def test_a_strip_that_is_gone_is_refused_in_a_sentence(facts: Facts) -> None:
    assert facts["gone said"] == "The strip A is not in the scene Cut any more. Ask again."


def test_films_of_another_rate_are_said_to_run_at_another_speed(facts: Facts) -> None:
    said = "23.976 frames a second are shown frame for frame at the scene's 25"
    assert said in facts["bin said"]
    for place, told in enumerate(("insert said", "another said")):
        own = facts["found"]["matches"][place]["incoming"]["path"].endswith(".mov")
        assert (said in facts[told]) is not own


def test_a_killed_sidecar_is_started_again_and_an_absent_one_is_one_sentence(facts: Facts) -> None:
    assert facts["absent"]["failed"] == "SIDECAR_NOT_STARTED"
    assert "/nowhere/matchcut cannot be run" in facts["absent"]["sentence"]
    assert facts["started again"]["matches"]


def test_a_saved_project_opened_without_the_plug_in_holds_all_of_it(
    facts: Facts, reopened: Facts
) -> None:
    assert reopened["everything"] == facts["inserted another"]


def test_the_rendered_frames_are_those_that_the_matches_name(reopened: Facts, films: Films) -> None:
    shown = reopened["shown"]
    sides = {(one["scene"], one["film"]) for one in shown}
    assert len(shown) >= 11
    assert len(sides) >= 3
    for one in shown:
        wanted = Counter(films.numbers[one["film"]], one["frame"])
        assert counter_in(_uncovered(one, films)) == wanted, one


def test_a_reframing_is_the_strips_transform(facts: Facts, films: Films) -> None:
    match = facts["found"]["matches"][1]
    assert len(facts["reframed"]) == 4
    for one in facts["reframed"]:
        side = match["outgoing" if one["outgoing"] else "incoming"]
        film = in_blender.frame_of(Path(side["path"]), side["decoded_cut"])
        shown = in_blender.picture(one["picture"])
        keys = ("scale", "rotation", "right", "down", "flop")
        right, others = _far(shown, film, one), []
        for name in keys:
            wrong = 1.0 if name == "scale" else not one[name] if name == "flop" else -one[name]
            others.append(_far(shown, film, one | {name: wrong}))
        assert right < 4.0, one
        assert min(others) > 2 * right, (one, right, others)


def _uncovered(one: Facts, films: Films) -> Picture:
    """A rendered picture without the bars that fitting has left."""
    picture = in_blender.picture(one["picture"])
    if one["film"] == str(films.two):
        return picture[33:237]
    return picture


def _far(shown: Picture, film: Picture, moved: dict[str, Any]) -> float:
    """How far a picture is from a film's frame, moved as a reframing is defined."""
    width, height = SIZE
    fitted = np.zeros((height, width, 3), np.uint8)
    top = (height - film.shape[0]) // 2
    fitted[top : top + film.shape[0]] = film
    made = affine(
        moved["scale"], moved["rotation"], moved["right"], moved["down"], bool(moved["flop"])
    )
    made[:, 2] *= width
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    made[:, 2] += middle - made[:, :2] @ middle
    wanted = cv2.warpAffine(fitted, made, SIZE, flags=cv2.INTER_LINEAR)
    inner = np.s_[70:200, 60:420]
    return float(np.abs(wanted[inner].astype(float) - shown[inner].astype(float)).mean())
