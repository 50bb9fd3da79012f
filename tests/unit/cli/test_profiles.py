"""`--profile` and `--models` on the command line, and what `matchcut doctor` says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import shelved
from tests.shelved import Shelf
from tests.small_films import DETECTOR, Footage, write_textures
from tests.unit.cli.conftest import Matchcut


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shelf:
    return shelved.shelf(monkeypatch, tmp_path)


@pytest.fixture
def asked(tmp_path: Path) -> tuple[object, ...]:
    """A command that indexes a film of two shots into a library that is not there yet."""
    film = write_textures(tmp_path / "two shots.mp4", 12, 1, 2)
    return ("index", film, "-l", tmp_path / "library", "--detector", DETECTOR)


def test_people_read_in_one_sentence_which_way_was_chosen(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut
) -> None:
    told = matchcut(*asked)
    assert (told.code, told.out) == (0, "")
    chosen, summary = told.err.splitlines()
    assert chosen.startswith("Flavor 'frame': without pretrained weights, since ")
    assert "matchcut models fetch lraspp" in chosen
    assert "--models DIR" in chosen
    assert summary.startswith("1 analysed")


def test_programs_read_it_among_the_notes(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut
) -> None:
    for profile, said in (
        ("auto", "without pretrained weights, since "),
        ("classical", "without pretrained weights, as asked for."),
    ):
        ran = matchcut(*asked, "--profile", profile, "--json")
        assert (ran.code, ran.err) == (0, "")
        [note] = ran.lines[-1]["notes"]
        assert note.startswith(f"Flavor 'frame': {said}")


def test_weights_in_the_named_folder_are_used(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut, tmp_path: Path
) -> None:
    shelf.put("lraspp", to=tmp_path / "carried")
    for profile in ("auto", "pretrained", "lraspp"):
        ran = matchcut(*asked, "--profile", profile, "--models", tmp_path / "carried", "--json")
        assert ran.code == 0
        assert ran.lines[-1]["notes"][0].startswith("Flavor 'frame': by 'lraspp' (")
    assert "without pretrained weights" in matchcut(*asked).err


def test_insisting_without_weights_fails_with_the_next_step(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut, tmp_path: Path
) -> None:
    for profile in ("pretrained", "lraspp"):
        ran = matchcut(*asked, "--profile", profile)
        assert "'lraspp'" in ran.refused(1, "MODEL_MISSING")
        assert "matchcut models fetch lraspp" in ran.err
    assert not (tmp_path / "library").exists()


def test_insisting_on_damaged_weights_fails_with_the_next_step(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut
) -> None:
    file = shelf.cut_short("lraspp")
    assert str(file) in matchcut(*asked, "--profile", "pretrained").refused(1, "MODEL_DAMAGED")


def test_an_unknown_profile_is_a_wrong_request(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut, tmp_path: Path
) -> None:
    ran = matchcut(*asked, "--profile", "best")
    assert "'best'" in ran.refused(2, "PROFILE_UNKNOWN")
    assert all(name in ran.err for name in ("auto", "pretrained", "classical", "lraspp"))
    assert not (tmp_path / "library").exists()


def test_a_device_that_is_not_there_is_said(
    shelf: Shelf, asked: tuple[object, ...], matchcut: Matchcut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_DEVICE", "abacus")
    assert "'abacus'" in matchcut(*asked).refused(2, "DEVICE_MISSING")
    assert "'abacus'" in matchcut("doctor").refused(2, "DEVICE_MISSING")


# Parts of the picture


def test_a_part_of_the_picture_is_asked_for_by_its_name(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    for asked in (("scan",), ("find", "--media", footage.one, "--at", "70")):
        ran = matchcut(*asked, "-l", footage_library, "--flavor", "frame/subject", "--json")
        assert ran.code == 0, ran.err
        assert {line["flavor"] for line in ran.lines} == {"frame/subject"}


@pytest.mark.parametrize("ending", ["otio", "html", "csv"])
def test_matches_of_a_part_of_the_picture_are_written_like_others(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut, ending: str
) -> None:
    output = tmp_path / f"x.{ending}"
    asked = ("scan", "-l", footage_library, "--flavor", "frame/subject", "-k", "2")
    assert matchcut(*asked, "-o", output).code == 0
    assert "frame/subject" in output.read_text(encoding="utf-8")


def test_an_unknown_part_is_refused_with_the_known_ones(
    footage_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "--flavor", "frame/smell")
    assert "'frame/smell'" in ran.refused(2, "FLAVOR_UNKNOWN")
    assert "frame/subject, " in ran.err
    assert "frame/traffic-light" in ran.err


def test_parts_of_the_picture_are_listed_with_their_flavor(matchcut: Matchcut) -> None:
    cards = {line["name"]: line for line in matchcut("flavors", "--json").lines}
    assert {"frame/subject", "frame/dog"} <= set(cards["frame"]["variants"])
    assert cards["action"]["variants"] == []
    assert "frame/subject" in matchcut("flavors").err


# Doctor


def test_doctor_says_which_weights_are_here_and_what_auto_would_choose(
    shelf: Shelf, matchcut: Matchcut
) -> None:
    [facts] = matchcut("doctor", "--json").lines
    assert facts["models"] == ["none"]
    assert facts["profile_auto"] == [
        "frame: without pretrained weights; `matchcut models fetch lraspp` is the better way"
    ]
    assert facts["device"].startswith("cpu, ")
    shelf.put("lraspp")
    [facts] = matchcut("doctor", "--json").lines
    assert facts["models"] == [f"lraspp ({shelf.folder / shelf.files['lraspp'].name})"]
    assert facts["profile_auto"] == ["frame: by 'lraspp'"]
    lines = dict(line.split(maxsplit=1) for line in matchcut("doctor").err.splitlines())
    assert lines["profile_auto"] == "frame: by 'lraspp'"


def test_doctor_looks_into_the_named_folder(
    shelf: Shelf, matchcut: Matchcut, tmp_path: Path
) -> None:
    shelf.put("lraspp", to=tmp_path / "carried")
    [facts] = matchcut("doctor", "--models", tmp_path / "carried", "--json").lines
    assert facts["profile_auto"] == ["frame: by 'lraspp'"]


def test_doctor_says_who_analysed_a_library(
    shelf: Shelf, asked: tuple[object, ...], footage: Footage, matchcut: Matchcut, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    matchcut(*asked)
    shelf.put("lraspp")
    again = matchcut("index", footage.two, "-l", library, "--detector", DETECTOR)
    assert "1 source(s) of the library were analysed for 'frame' by another provider" in again.err
    [facts] = matchcut("doctor", "-l", library, "--json").lines
    assert "camera: 2 source(s) by weight-free" in facts["providers"]
    assert [line for line in facts["providers"] if line.startswith("frame")] == [
        "frame: 1 source(s) by lraspp",
        "frame: 1 source(s) by weight-free",
    ]
    found = matchcut("scan", "-l", library, "--min-gap", "0")
    assert "by another provider than lraspp and are left out" in found.err
