"""What an editor says on the command line or in a timeline is recorded, listed and carried on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.library import Library
from tests.small_films import Footage
from tests.unit.cli.conftest import Matchcut, Ran
from tests.unit.otio_matchcut.build import otio

FLAVOR = ("-f", "camera")


@pytest.fixture
def found(own_library: Path, tmp_path: Path, matchcut: Matchcut) -> Path:
    """What a scan printed, in a file; beside it the timeline `found.otio`."""
    made = tmp_path / "found.jsonl"
    ran = matchcut(
        *("scan", "-l", own_library, *FLAVOR, "-k", 6, "--json", "-o", made.with_suffix(".otio"))
    )
    made.write_text(ran.out)
    assert len(ran.lines) == 6
    return made


def scanned(matchcut: Matchcut, library: Path, *options: str) -> Ran:
    return matchcut("scan", "-l", library, *FLAVOR, "-k", 6, "--json", "--no-refine", *options)


def listed(matchcut: Matchcut, library: Path, *options: object) -> list[tuple[str, str]]:
    ran = matchcut("verdicts", "list", "-l", library, "--json", *options)
    return [(line["judgement"], line["why"]) for line in ran.lines]


def test_candidates_are_judged_by_their_rank_and_known_when_they_are_found_again(
    own_library: Path, found: Path, matchcut: Matchcut
) -> None:
    before = [json.loads(line) for line in found.read_text().splitlines()]
    ran = matchcut(
        *("verdict", "-l", own_library, "reject", 2, 4, "--from", found, "--why", "lens  flare")
    )
    assert (ran.code, ran.out, ran.err) == (0, "", "Recorded: 2 rejected.\n")
    kept = matchcut("verdict", "-l", own_library, "keep", 1, "--from", found, "--json")
    [line] = kept.lines
    assert (line["score"], line["at_cut"]) == (before[0]["score"], before[0]["at_cut"])
    for side in ("outgoing", "incoming"):
        for field in ("source", "timecode", "cut_frame", "digest"):
            assert line[side][field] == before[0][side][field]
    after = scanned(matchcut, own_library)
    assert "2 rejected pair(s) are left out" in after.err
    assert after.pairs[:2] == [
        (
            *(Path(before[at]["outgoing"]["source"]).name, before[at]["outgoing"]["shot"]),
            *(Path(before[at]["incoming"]["source"]).name, before[at]["incoming"]["shot"]),
        )
        for at in (0, 2)
    ]
    assert [one["verdict"] for one in after.lines[:2]] == ["keep", None]
    shown = scanned(matchcut, own_library, "--rejected")
    verdicts = [one["verdict"] for one in shown.lines]
    assert verdicts == ["keep", "reject", None, "reject", None, None]
    assert "kept" in matchcut("scan", "-l", own_library, *FLAVOR, "-k", 1, "--no-refine").err
    assert listed(matchcut, own_library) == [
        ("reject", "lens flare"),
        ("reject", "lens flare"),
        ("keep", ""),
    ]


def test_what_is_found_from_one_shot_can_be_judged_too(
    footage: Footage, own_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    asked = ("find", "-l", own_library, "--media", footage.one, "--at", "100", *FLAVOR, "--json")
    first = matchcut(*asked)
    [pair] = first.pairs
    (tmp_path / "f").write_text(first.out)
    matchcut("verdict", "-l", own_library, "reject", 1, "--from", tmp_path / "f")
    nothing = matchcut(*asked)
    assert (nothing.code, nothing.out) == (3, "")
    assert "1 rejected pair(s) are left out; --rejected shows them." in nothing.err
    assert "alike in this way and not rejected" in nothing.err
    shown = matchcut(*asked, "--rejected")
    assert shown.pairs == [pair]
    assert shown.lines[0]["verdict"] == "reject"


def test_a_verdict_is_taken_back_and_the_history_keeps_it(
    own_library: Path, found: Path, matchcut: Matchcut
) -> None:
    before = scanned(matchcut, own_library).out
    for word in ("reject", "clear"):
        assert matchcut("verdict", "-l", own_library, word, 1, "--from", found).code == 0
    assert scanned(matchcut, own_library).out == before
    ran = matchcut("verdicts", "list", "-l", own_library)
    assert (ran.code, ran.err.partition(".")[0]) == (3, "Nothing was said yet")
    assert listed(matchcut, own_library, "--history") == [("reject", ""), ("clear", "")]


def marked(found: Path, **made: tuple[str, str]) -> Path:
    """The timeline of candidates as the editor exports it again: by rank, names and colours."""
    path = found.with_suffix(".otio")
    timeline = otio.adapters.read_from_file(str(path))
    markers = {
        str(marker.metadata["matchcut"]["rank"]): marker
        for clip in timeline.find_clips()
        for marker in clip.markers
    }
    for rank, (name, color) in made.items():
        marker = markers[rank.removeprefix("rank")]
        marker.name, marker.color = name or marker.name, color or marker.color
    otio.adapters.write_to_file(timeline, str(path))
    return path


def test_markers_that_the_editor_turned_or_named_are_verdicts(
    own_library: Path, found: Path, matchcut: Matchcut
) -> None:
    timeline = marked(
        found, rank1=("", "GREEN"), rank3=("", "RED"), rank5=("reject eyeline #5 0.9 camera", "")
    )
    ran = matchcut("verdict", "-l", own_library, "--from", timeline)
    assert (ran.code, ran.err) == (0, "Recorded: 1 kept, 2 rejected.\n")
    assert listed(matchcut, own_library) == [("keep", ""), ("reject", ""), ("reject", "eyeline")]
    again = matchcut("verdict", "-l", own_library, "--from", timeline)
    assert again.err == "Nothing new was said. 3 said before.\n"
    by_rank = [
        (line["rank"], line["verdict"])
        for line in scanned(matchcut, own_library, "--rejected").lines
    ]
    assert [rank for rank, said in by_rank if said == "reject"] == [3, 5]
    assert by_rank[0] == (1, "keep")


def test_markers_say_the_same_frames_as_the_lines_of_the_search(
    own_library: Path, found: Path, matchcut: Matchcut
) -> None:
    by = [
        matchcut("verdict", "-l", own_library, word, *range(1, 7), "--from", source, "--json").lines
        for word, source in (("keep", found), ("reject", found.with_suffix(".otio")))
    ]
    assert len(by[0]) == len(by[1]) == 6
    for one, other in zip(*by, strict=True):
        assert (one["outgoing"], one["incoming"]) == (other["outgoing"], other["incoming"])
        assert (one["score"], one["flavor"]) == (other["score"], other["flavor"])


def test_two_shots_that_no_search_found_are_judged_by_their_places(
    footage: Footage, own_library: Path, matchcut: Matchcut
) -> None:
    places = ("--media", footage.one, "--at", "30", "--media", footage.two, "--at", "00:00:59;02")
    ran = matchcut("verdict", "-l", own_library, "keep", *places, "-f", "camera", "--json")
    [line] = ran.lines
    assert (line["score"], line["flavor"], line["outgoing"]["cut_frame"]) == (None, "camera", 30)
    assert line["incoming"]["timecode"] == "00:00:59;02"


def test_verdicts_travel_to_another_library_once(
    own_library: Path, found: Path, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    matchcut("verdict", "-l", own_library, "keep", 1, 2, "--from", found, "--why", 'the "hands", ü')
    matchcut("verdict", "-l", own_library, "clear", 2, "--from", found)
    for name in ("all.jsonl", "all.csv"):
        path = tmp_path / name
        matchcut("verdicts", "export", "-l", own_library, "--history", "-o", path)
        other = tmp_path / name.replace(".", " ")
        Library.create(other)
        assert matchcut("verdicts", "import", "-l", other, path, path, "--json").lines == [
            {"new": 3, "known": 3}
        ]
        assert matchcut("verdicts", "import", "-l", other, path).err == "0 new, 3 known.\n"
        assert Engine(other).verdicts(history=True) == Engine(own_library).verdicts(history=True)
        assert "not here" in matchcut("verdicts", "list", "-l", other).err


def test_what_was_changed_on_the_way_is_not_taken_in(
    own_library: Path, found: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    matchcut("verdict", "-l", own_library, "keep", 1, "--from", found)
    path = tmp_path / "all.jsonl"
    matchcut("verdicts", "export", "-l", own_library, "-o", path)
    path.write_text(path.read_text() + path.read_text().replace("keep", "reject"))
    ran = matchcut("verdicts", "import", "-l", own_library, path)
    assert "Line 2" in ran.refused(2, "USAGE")
    assert listed(matchcut, own_library) == [("keep", "")]


def test_labelled_pairs_name_films_by_title_and_shots_by_place(
    own_library: Path, found: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    matchcut("verdict", "-l", own_library, "keep", 1, "--from", found)
    matchcut("verdict", "-l", own_library, "reject", 2, "--from", found)
    pairs = [json.loads(line) for line in found.read_text().splitlines()]
    path = tmp_path / "labels.csv"
    matchcut("verdicts", "export", "-l", own_library, "--labels", "-o", path)
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row, pair, match in zip(rows, pairs, ("true", "false"), strict=False):
        outgoing, incoming = pair["outgoing"], pair["incoming"]
        assert row["title"] == Path(outgoing["source"]).stem
        assert row["title2"] == Path(incoming["source"]).stem
        assert (int(row["shot1"]), int(row["shot2"])) == (outgoing["shot"], incoming["shot"])
        assert (row["match"], row["task"]) == (match, "camera")
        assert float(row["score"]) == pair["score"]
    ran = matchcut("verdicts", "export", "-l", own_library, "--labels", "-o", tmp_path / "x.json")
    told = json.loads((tmp_path / "x.json").read_text())
    inside = [row for row in rows if row["title"] == row["title2"]]
    assert [(one["imdb_id"], one["clip1_index"], one["majority_label"]) for one in told] == [
        (row["title"], int(row["shot1"]), row["match"] == "true") for row in inside
    ]
    assert (f"{2 - len(inside)} cannot be told" in ran.err) == (len(inside) < 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["maybe", "1", "--from", "FOUND"], "no verdict"),
        (["keep", "--from", "FOUND"], "none is named"),
        (["keep", "9", "--from", "FOUND"], "rank 9"),
        (["keep", "1"], "not clear"),
        (["keep"], "two sides"),
        (["--from", "FOUND"], "Nothing is said"),
        (["keep", "1", "--from", "TWICE"], "several searches"),
        (["keep", "1", "--from", "NONE"], "cannot be read"),
        (["keep", "1", "--from", "OTHER"], "Line 1"),
        (["keep", "1", "--from", "FOUND", "--why", "x" * 201], "too long"),
        (["keep", "--media", "FOUND", "--at", "1"], "two sides"),
        (["keep", "1", "--from", "SHORT"], "frames, and not the shot"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_recorded(
    given: list[str], said: str, own_library: Path, found: Path, matchcut: Matchcut
) -> None:
    files = {"FOUND": found}
    for name, text in {
        "TWICE": found.read_text() * 2,
        "OTHER": "{}\n",
        "SHORT": found.read_text().replace('"end_frame": ', '"end_frame": 99999'),
    }.items():
        files[name] = found.with_name(name)
        files[name].write_text(text)
    files["NONE"] = found.with_name("gone.jsonl")
    ran = matchcut("verdict", "-l", own_library, *(files.get(one, one) for one in given))
    assert said in ran.refused(2, "USAGE")
    assert Engine(own_library).verdicts(history=True) == ()


def test_a_timeline_without_markers_of_ours_is_refused(
    footage: Footage, own_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("verdict", "-l", own_library, "--from", footage.timeline)
    assert "no marker of ours" in ran.refused(1, "TIMELINE_REFUSED")


def test_what_is_suggested_comes_in_the_usual_forms_and_was_not_judged(
    own_library: Path, found: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    matchcut("verdict", "-l", own_library, "keep", 1, "--from", found)
    judged = json.loads(found.read_text().splitlines()[0])
    outputs = [tmp_path / name for name in ("next.otio", "next.csv", "next.html")]
    ran = matchcut(
        *("verdicts", "suggest", "-l", own_library, *FLAVOR, "-k", 3, "--json", "--no-refine"),
        *(part for output in outputs for part in ("-o", output)),
    )
    assert ran.code == 0
    assert [line["rank"] for line in ran.lines] == [1, 2, 3]
    assert {line["verdict"] for line in ran.lines} == {None}
    keys = ("source", "shot")
    pairs = [
        [[line[side][key] for key in keys] for side in ("outgoing", "incoming")]
        for line in (judged, *ran.lines)
    ]
    assert pairs[0] not in pairs[1:]
    assert all(output.is_file() for output in outputs)
    again = matchcut("verdict", "-l", own_library, "reject", 2, "--from", tmp_path / "next.otio")
    assert again.err == "Recorded: 1 rejected.\n"


def test_from_few_verdicts_nothing_is_learned_and_that_is_said(
    own_library: Path, found: Path, matchcut: Matchcut
) -> None:
    assert matchcut("train", "verdicts", "-l", own_library).code == 3
    matchcut("verdict", "-l", own_library, "keep", 1, 2, "--from", found)
    ran = matchcut("train", "verdicts", "-l", own_library, "--json")
    assert ran.code == 0
    [line] = ran.lines
    assert (line["flavor"], line["used"], line["verdicts"], line["kept"]) == ("camera", False, 2, 2)
    assert line["own"] is None
    assert ran.err.startswith("camera: 2 verdict(s), 2 kept. Not used, since there are too few")
