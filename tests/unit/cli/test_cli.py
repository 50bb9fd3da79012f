"""The command line keeps its promises: what stands on stdout, in files, and in the exit code."""

from __future__ import annotations

import csv
import html.parser
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import opentimelineio as otio
import pytest

from matchcut import __version__
from matchcut.cli.console import INTERRUPTED, errors_said
from matchcut.engine import Engine
from matchcut.pipeline.cutting import KnownTransitions
from matchcut.shots import content
from matchcut.types import Transition
from tests.conftest import other_notes
from tests.small_films import DETECTOR, Footage, write_textures
from tests.unit.cli.conftest import Matchcut

VERBS = ("shots", "index", "reindex", "find", "scan", "verdict", "flavors", "doctor", "serve")
CANDIDATE = {
    "rank", "score", "flavor", "at_cut", "exact", "parts", "refined", "reframing", "verdict",
    "scorer", "outgoing", "incoming",
}  # fmt: skip
SIDE = {"source", "shot", "start_frame", "end_frame", "cut_frame", "timecode"}


# Help


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_explains_it_with_an_example(verb: str, matchcut: Matchcut) -> None:
    told = matchcut(verb, "--help")
    assert told.code == 0
    assert f"Example: matchcut {verb} " in told.out
    assert len(told.out.split()) > 30


def test_the_help_names_every_verb(matchcut: Matchcut) -> None:
    told = matchcut("--help").out
    assert [verb for verb in (*VERBS, "models") if not re.search(rf"\b{verb}\b +[A-Z]", told)] == []


def test_every_option_is_explained(matchcut: Matchcut) -> None:
    for verb in (*VERBS, "models list", "models fetch", "models verify"):
        for line in matchcut(*verb.split(), "--help").out.splitlines():
            if re.search(r"--[a-z]", line) and line.startswith("│"):
                told = re.split(r"<[^>]+>(?: \[[^]]+\])?", line)[-1]
                assert len(told.strip("│ ")) > 3, f"{verb}: {line}"


def test_the_group_of_models_says_what_can_be_done_with_them(matchcut: Matchcut) -> None:
    told = matchcut("models", "--help")
    assert told.code == 0
    assert [verb for verb in ("list", "fetch", "verify") if f"{verb} " not in told.out] == []
    assert matchcut("models").code == 2, "no verb is no request"


def test_weights_are_named_wherever_they_are_looked_for(matchcut: Matchcut) -> None:
    for verb in ("index", "doctor", "serve"):
        assert "MATCHCUT_MODELS" in matchcut(verb, "--help").out
    assert all(name in matchcut("index", "--help").out for name in ("auto", "classical"))


def test_the_version_is_said(matchcut: Matchcut) -> None:
    assert matchcut("--version").out.split() == ["matchcut", __version__]


# Shots


def test_shots_prints_one_object_a_shot_and_nothing_else(
    footage: Footage, matchcut: Matchcut
) -> None:
    ran = matchcut("shots", footage.two, "--detector", DETECTOR, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[2] == {
        "film": str(footage.two),
        "index": 2,
        "start_frame": 46,
        "end_frame": 68,
        "clean_start_frame": 46,
        "clean_end_frame": 68,
        "start_timecode": "00:00:59;16",
        "end_timecode": "00:01:00;10",
        "seconds": 0.734,
    }
    assert [(line["start_frame"], line["end_frame"]) for line in ran.lines] == [
        (shot.start, shot.end) for shot in footage.truth_two.shots
    ]


def test_without_json_people_read_everything_and_programs_nothing(
    footage: Footage, matchcut: Matchcut
) -> None:
    ran = matchcut("shots", footage.one, "--detector", DETECTOR)
    assert (ran.code, ran.out) == (0, "")
    assert "10:00:00:20" in ran.err
    assert "dissolved" not in ran.err


def test_people_read_how_many_frames_of_a_shot_are_dissolved(
    footage: Footage, matchcut: Matchcut, monkeypatch: pytest.MonkeyPatch
) -> None:
    dissolve = KnownTransitions([Transition(17, 20, 25), Transition(44, 44, 44)])
    monkeypatch.setattr(content._Content, "begin", lambda _: dissolve)
    ran = matchcut("shots", footage.one, "--detector", DETECTOR)
    lines = [line for line in ran.err.splitlines() if "10:00:0" in line]
    assert "dissolved" in ran.err
    assert [line.split("│")[-2].strip() for line in lines] == ["3 out", "5 in", ""]


# Index


def test_index_says_what_became_of_every_file(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    film = write_textures(tmp_path / "textures.mp4", 12, 1, 2)
    broken = tmp_path / "broken.mp4"
    broken.write_text("no film")
    library = tmp_path / "library"
    matchcut("index", film, "--library", library, "--detector", DETECTOR)
    again = shutil.copy(footage.two, tmp_path)
    ran = matchcut("index", tmp_path, "-l", library, "--detector", DETECTOR, "--json")
    assert ran.code == 1
    assert ran.err == ""
    *files, summary = ran.lines
    assert {Path(line["path"]).name: line["status"] for line in files} == {
        Path(again).name: "added",
        film.name: "known",
        broken.name: "refused",
    }
    [refused] = [line for line in files if line["status"] == "refused"]
    assert refused["reason"] == "MEDIA_UNREADABLE"
    assert refused["sentence"].endswith(".")
    assert refused["next_step"].endswith(".")
    assert summary == {"shots": 6, "groups": 0, "notes": summary["notes"]}
    assert other_notes(summary["notes"]) == []


def test_index_tells_people_the_same_on_stderr(
    footage: Footage, own_library: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("index", *footage.both, "-l", own_library, "--detector", DETECTOR)
    assert (ran.code, ran.out) == (0, "")
    assert "0 analysed, 2 known already, 0 refused. The library holds 10 shots" in ran.err


def test_a_path_with_dots_is_remembered_as_the_plain_one(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    film = Path(shutil.copy(footage.two, tmp_path))
    (tmp_path / "deeper").mkdir()
    crooked = tmp_path / "deeper" / ".." / film.name
    library = tmp_path / "library"
    ran = matchcut("index", crooked, "-l", library, "--detector", DETECTOR, "--json")
    assert ran.lines[0]["path"] == str(film)
    film.unlink()
    asked = ("--media", crooked, "--at", "0", "--min-gap", "0", "--flavor", "light")
    assert matchcut("find", "-l", library, *asked).code == 0


@pytest.mark.skipif("sys.platform != 'linux'", reason="file names are bytes on Linux alone")
def test_a_file_name_that_is_no_text_is_carried_through(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    film = tmp_path / "caf\udce9 [red]take.mov"
    shutil.copy(footage.two, film)
    library, page = tmp_path / "library", tmp_path / "page.html"
    matchcut("index", film, "-l", library, "--detector", DETECTOR)
    asked = ("scan", "-l", library, "--min-gap", "0", "-o", page, "-o", tmp_path / "cut.otio")
    assert matchcut(*asked, "--json").lines[0]["outgoing"]["source"] == str(film)
    assert "[red]" in matchcut(*asked).err
    assert page.stat().st_size
    again = matchcut("index", film, "-l", library, "--detector", DETECTOR, "--json")
    assert [line.get("status") for line in again.lines] == ["known", None]


# Find


def test_find_by_timecode_and_by_frame_number_mean_the_same_shot(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    flavor = "camera/average"
    asked = ("find", "-l", footage_library, "-f", flavor, "--json", "--media", footage.one)
    by_timecode = matchcut(*asked, "--at", "10:00:03:14")
    by_number = matchcut(*asked, "--at", "89")
    assert by_timecode.code == 0
    assert by_timecode.lines == by_number.lines
    assert {pair[:2] for pair in by_timecode.pairs} == {(footage.one.name, 4)}
    assert by_timecode.pairs[0][2:] in {(footage.one.name, 1), (footage.two.name, 0)}


def test_drop_frame_timecode_is_right_to_the_frame(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    flavor = "light"
    asked = ("find", "-l", footage_library, "-f", flavor, "--json", "--media", footage.two)
    # Shot 3 begins at 00:01:00;10, eight frames after the label that follows 00:00:59;29.
    for label, shot in (("00:01:00;09", 2), ("00:01:00;10", 3), ("00:01:00:10", 3)):
        assert {pair[1] for pair in matchcut(*asked, "--at", label).pairs} == {shot}


def test_find_by_the_name_of_a_clip(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    track = otio.adapters.read_from_file(str(footage.timeline)).video_tracks()[0]
    last = list(track.find_clips())[-1]
    asked = ("find", "-l", footage_library, "--json", "--timeline", footage.timeline)
    by_name = matchcut(*asked, "--clip", last.name)
    tag = last.name.split(" ", 1)[1]
    [shot] = [i for i, shot in enumerate(footage.truth_one.shots) if shot.tag == tag]
    assert {pair[:2] for pair in by_name.pairs} == {(footage.one.name, shot)}


def test_find_at_a_record_timecode_means_the_clip_on_the_screen(
    footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    asked = ("find", "-l", footage_library, "--json", "--timeline", footage.timeline)
    first = matchcut(*asked, "--at", "10:00:00:00")
    assert first.code == 0
    assert first.lines == matchcut(*asked).lines, "without a place, the first clip is meant"
    clip = next(iter(otio.adapters.read_from_file(str(footage.timeline)).find_clips()))
    assert first.lines == matchcut(*asked, "--clip", clip.name).lines


@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("--media", "film.mov"),
        ("--media", "film.mov", "--timeline", "cut.otio"),
        ("--media", "film.mov", "--at", "0", "--clip", "one"),
        ("--timeline", "cut.otio", "--at", "0", "--clip", "one"),
    ],
)
def test_a_question_that_names_no_shot_is_a_usage_error(
    asked: Sequence[str], footage_library: Path, matchcut: Matchcut
) -> None:
    matchcut("find", "-l", footage_library, *asked).refused(2, "USAGE")


# Scan


@pytest.mark.parametrize("verb", ["find", "scan"])
def test_candidates_have_the_fields_that_programs_rely_on(
    verb: str, footage: Footage, footage_library: Path, matchcut: Matchcut
) -> None:
    where = ("--timeline", footage.timeline) if verb == "find" else ()
    ran = matchcut(verb, "-l", footage_library, *where, "--top", "3", "--json")
    assert ran.code == 0
    assert [line["rank"] for line in ran.lines] == [1, 2, 3]
    for line in ran.lines:
        assert line.keys() == CANDIDATE
        assert line["exact"] is True
        assert line["refined"] is True
        for side in (line["outgoing"], line["incoming"]):
            assert side.keys() >= {*SIDE, "digest"}
            assert Path(side["source"]).is_file()
            assert side["start_frame"] <= side["clean_start_frame"]
            assert side["clean_end_frame"] <= side["end_frame"]
            assert side["cut_frame"] == side["clean_start_frame"] + side["handle_before"]
            assert side["cut_frame"] == side["clean_end_frame"] - 1 - side["handle_after"]
            assert min(side["handle_before"], side["handle_after"]) >= 0
    scores = [line["score"] for line in ran.lines]
    assert scores == sorted(scores, reverse=True)


def test_scan_finds_the_camera_movement_that_returns(
    footage_library: Path, footage: Footage, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "--flavor", "camera", "--min-gap", "1", "--json")
    one, two = footage.one.name, footage.two.name
    best = {frozenset(((a, i), (b, j))) for a, i, b, j in ran.pairs[:8]}
    assert best == {
        frozenset(((one, 1), (one, 4))),
        frozenset(((one, 1), (two, 0))),
        frozenset(((one, 4), (two, 0))),
        frozenset(((one, 5), (two, 3))),
    }, "each to and fro: a steady movement goes on either way"


def test_a_blend_is_shown_with_its_parts_wherever_candidates_are(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    outputs = [tmp_path / name for name in ("sheet.html", "cut.otio", "table.csv")]
    written = [word for output in outputs for word in ("-o", output)]
    asked = ("scan", "-l", footage_library, "--flavor", "frame,camera:0.5", "-k", "2")
    ran = matchcut(*asked, "--json", *written)
    best = ran.lines[0]
    assert best["flavor"] == "frame,camera:0.5"
    assert [part["flavor"] for part in best["parts"]] == ["frame", "camera"]
    assert best["parts"][1].keys() == {"flavor", "weight", "score", "rarity"}
    frame, camera = (part["score"] for part in best["parts"])
    page = outputs[0].read_text(encoding="utf-8")
    assert len(_Page(outputs[0]).pictures) == 2 * (2 + 2 * 3), "two reasons, each to flick"
    assert "why they match: frame" in page
    assert "why they match: camera" in page
    timeline = otio.adapters.read_from_file(str(outputs[1]))
    entry = next(marker for clip in timeline.find_clips() for marker in clip.markers)
    assert entry.comment.endswith(f"Parts: frame {frame:.3f}, camera {camera:.3f}.")
    assert [dict(part) for part in entry.metadata["matchcut"]["parts"]] == best["parts"]
    with outputs[2].open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["parts"] == f"frame {frame}; camera {camera}"
    assert f"{frame:.2f} {camera:.2f}" in matchcut(*asked).err


def test_scan_across_pairs_different_films_alone(footage_library: Path, matchcut: Matchcut) -> None:
    ran = matchcut("scan", "-l", footage_library, "--across", "--json")
    assert ran.pairs
    assert all(a != b for a, _, b, _ in ran.pairs)


def test_scan_limits_how_often_a_shot_is_shown(footage_library: Path, matchcut: Matchcut) -> None:
    ran = matchcut("scan", "-l", footage_library, "--per-shot", "1", "--json")
    shown = [side for a, i, b, j in ran.pairs for side in ((a, i), (b, j))]
    assert len(shown) == len(set(shown))


def test_people_see_a_table_whose_timecodes_are_whole(
    footage_library: Path, footage: Footage, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "--top", "1")
    assert ran.out == ""
    assert len(re.findall(r"\d\d:\d\d:\d\d[:;]\d\d", ran.err)) == 2


def test_across_with_one_film_finds_nothing_and_says_why(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    film = write_textures(tmp_path / "film.mp4", 12, 1, 2)
    matchcut("index", film, "-l", tmp_path / "lib", "--detector", DETECTOR)
    page = tmp_path / "page.html"
    ran = matchcut("scan", "-l", tmp_path / "lib", "--across", "--json", "-o", page)
    assert (ran.code, ran.out) == (3, "")
    assert "the library holds only one" in ran.err
    assert not page.exists()


def test_a_library_without_films_finds_nothing_and_says_what_to_do(
    tmp_path: Path, matchcut: Matchcut
) -> None:
    matchcut("index", tmp_path / "missing.mp4", "-l", tmp_path / "lib")
    ran = matchcut("scan", "-l", tmp_path / "lib")
    assert ran.code == 3
    assert "matchcut index" in ran.err


# Outputs


def test_several_outputs_are_written_at_once(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    marked, page, table = (tmp_path / f"out.{ending}" for ending in ("otio", "html", "csv"))
    ran = matchcut(
        "find", "-l", footage_library, "--timeline", footage.timeline, "--top", "4",
        "-o", marked, "-o", page, "--output", table,
    )  # fmt: skip
    assert ran.code == 0
    beside = tmp_path / "out.matches.otio"
    assert {*tmp_path.iterdir()} == {marked, beside, page, table}
    assert all(str(path) in ran.err for path in (marked, beside, page, table))
    ours = [
        marker.metadata["matchcut"]
        for clip in otio.adapters.read_from_file(str(marked)).find_clips()
        for marker in clip.markers
        if "matchcut" in marker.metadata
    ]
    assert len(ours) == 4
    assert len(list(otio.adapters.read_from_file(str(beside)).find_clips())) == 8


def test_a_scan_or_a_search_by_film_writes_the_candidates_alone(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    cut = tmp_path / "cut.otio"
    for asked in (("scan",), ("find", "--media", footage.one, "--at", "0")):
        assert matchcut(*asked, "-l", footage_library, "--top", "2", "-o", cut).code == 0
        assert {*tmp_path.iterdir()} == {cut}
        assert len(list(otio.adapters.read_from_file(str(cut)).find_clips())) == 4


def test_the_table_has_a_row_for_each_candidate(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "-k", "5", "--json", "-o", tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    for row, line in zip(rows, ran.lines, strict=True):
        for name in ("rank", "score", "flavor"):
            assert row[name] == str(line[name])
        assert row["exact"] == "true"
        for side in ("outgoing", "incoming"):
            assert {name: row[f"{side}_{name}"] for name in SIDE} == {
                name: str(line[side][name]) for name in SIDE
            }


@pytest.mark.parametrize("name", ["out.mov", "out", "out.edl"])
def test_an_ending_that_is_unknown_is_refused_before_the_library_is_opened(
    name: str, tmp_path: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", tmp_path / "missing", "-o", tmp_path / name)
    assert name in ran.refused(2, "USAGE")


@pytest.mark.parametrize("name", ["cut.otio", "folder/../cut.otio", "link.otio"])
def test_the_editors_timeline_is_never_overwritten(
    name: str, footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    timeline = Path(shutil.copy(footage.timeline, tmp_path / "cut.otio"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.otio").symlink_to(timeline)
    before = timeline.read_bytes()
    ran = matchcut("find", "-l", footage_library, "--timeline", timeline, "-o", tmp_path / name)
    assert "never overwritten" in ran.refused(2, "USAGE")
    assert timeline.read_bytes() == before


def test_the_candidates_beside_a_marked_timeline_never_overwrite_the_editors(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    timeline = Path(shutil.copy(footage.timeline, tmp_path / "cut.matches.otio"))
    before = timeline.read_bytes()
    ran = matchcut(
        "find", "-l", footage_library, "--timeline", timeline, "-o", tmp_path / "cut.otio"
    )
    assert "cut.matches.otio" in ran.refused(2, "USAGE")
    assert timeline.read_bytes() == before


def test_an_output_in_a_folder_that_is_not_there_is_refused(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    ran = matchcut("scan", "-l", footage_library, "-o", tmp_path / "missing" / "x.html")
    assert str(tmp_path / "missing") in ran.refused(2, "USAGE")


# The contact sheet


class _Page(html.parser.HTMLParser):
    def __init__(self, page: Path) -> None:
        super().__init__()
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "img":
            self.pictures.append(facts["src"] or "")
        self.links += [facts[name] or "" for name in ("href", "action", "data") if name in facts]


def test_the_contact_sheet_holds_everything_itself(
    footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    page = tmp_path / "sheet.html"
    matchcut("scan", "-l", footage_library, "--flavor", "camera", "--top", "3", "-o", page)
    text, read = page.read_text(encoding="utf-8"), _Page(page)
    assert len(read.pictures) >= 9
    assert {picture.partition(",")[0] for picture in read.pictures} == {"data:image/jpeg;base64"}
    assert read.links == []
    assert re.findall(r"(?:https?|file):/|url\(|@import|<script", text) == []
    assert text.count("<article") == 3


def test_offline_media_is_a_sentence_in_the_contact_sheet(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    films = [Path(shutil.copy(film, tmp_path)) for film in footage.both]
    library, page = tmp_path / "library", tmp_path / "sheet.html"
    matchcut("index", *films, "-l", library, "--detector", DETECTOR)
    films[1].unlink()
    ran = matchcut("scan", "-l", library, "--top", "50", "--min-gap", "1", "-o", page)
    assert ran.code == 0
    assert films[1].name in ran.err, "people are told which film is offline"
    text = page.read_text(encoding="utf-8")
    assert 0 < text.count("is offline: there is no such file") < text.count("<article")
    assert _Page(page).pictures, "pairs of the other film are still shown"


# Flavors, doctor


def test_flavors_lists_all_there_are(matchcut: Matchcut) -> None:
    ran = matchcut("flavors", "--json")
    assert (ran.code, ran.err) == (0, "")
    cards = {card.name: card for card in Engine(Path()).flavors()}
    assert {line["name"] for line in ran.lines} == cards.keys() >= {"camera", "frame"}
    for line in ran.lines:
        assert line["label"] == cards[line["name"]].label
        assert line["lowest"] < line["highest"]
    assert all(name in matchcut("flavors").err for name in cards)


def test_doctor_names_what_this_machine_has(matchcut: Matchcut) -> None:
    ran = matchcut("doctor", "--json")
    [facts] = ran.lines
    assert (ran.code, ran.err) == (0, "")
    assert facts["matchcut"] == __version__
    assert {"python", "system", "device", "libavcodec", "torch", "sidecars"} <= facts.keys()
    assert "sources" not in facts


def test_doctor_looks_at_a_library(footage_library: Path, matchcut: Matchcut) -> None:
    [facts] = matchcut("doctor", "-l", footage_library, "--json").lines
    assert (facts["sources"], facts["shots"], facts["offline"]) == (2, 10, 0)


def test_doctor_fails_on_a_library_that_is_none(tmp_path: Path, matchcut: Matchcut) -> None:
    ran = matchcut("doctor", "-l", tmp_path / "[none]", "--json")
    assert ran.code == 1
    assert "There is no matchcut library" in ran.lines[0]["library"]
    assert "[none]" in matchcut("doctor", "-l", tmp_path / "[none]").err


# Interruption of what has no progress; for indexing see test_interrupted.py


def test_an_interrupt_ends_any_verb_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    with pytest.raises(typer.Exit) as ended, errors_said():
        raise KeyboardInterrupt
    assert ended.value.exit_code == INTERRUPTED
    assert capsys.readouterr().err.startswith("Stopped.")


def test_two_results_are_never_written_to_one_file(
    footage: Footage, footage_library: Path, tmp_path: Path, matchcut: Matchcut
) -> None:
    asked = ("find", "-l", footage_library, "--timeline", footage.timeline)
    ran = matchcut(*asked, "-o", tmp_path / "x.matches.otio", "-o", tmp_path / "x.otio")
    assert "one file" in ran.refused(2, "USAGE")
    assert list(tmp_path.iterdir()) == []


def test_an_older_result_is_said_to_be_left_when_nothing_is_found(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    library, page = tmp_path / "library", tmp_path / "x.html"
    matchcut("index", footage.one, "-l", library, "--detector", DETECTOR)
    page.write_text("of another question")
    ran = matchcut("scan", "-l", library, "--across", "-o", page)
    assert ran.code == 3
    assert f"{page} is left as it was." in ran.err
    assert page.read_text() == "of another question"
