"""Films whose shots the editor gives: used, kept, replaced, and never computed twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import opentimelineio as otio
import pytest

from matchcut.engine import Engine
from matchcut.engine.single import TimedShot, shots_of
from matchcut.errors import UsageError
from matchcut.library import Library
from matchcut.types import CutList, IndexReport, Shot
from tests.conftest import Quiet, other_notes
from tests.small_films import DETECTOR, Footage
from tests.unit.otio_matchcut.build import clip, span, timeline, track

FRAMES = 130
"""Of the film of day one."""


@pytest.fixture
def film(footage: Footage, tmp_path: Path) -> Path:
    """A copy of the first film, of six shots."""
    return Path(shutil.copy(footage.one, tmp_path / "day one.mov"))


def _list(film: Path, *cuts: int, name: str = "s.json") -> CutList:
    edges = [0, *cuts, FRAMES]
    lines = [json.dumps({"start_frame": start, "end_frame": end}) for start, end in pairwise(edges)]
    return CutList(film, "\n".join(lines), film.parent, name)


def _indexed(
    library: Path, *films: Path, detector: str | None = None, cut_lists: Sequence[CutList] = ()
) -> tuple[IndexReport, set[str]]:
    """The report, and what was done besides looking at files."""
    watch = Quiet()
    report = Engine(library).index(films, detector=detector, cut_lists=cut_lists, monitor=watch)
    report = replace(report, notes=tuple(other_notes(report.notes)))
    return report, {one.stage for one in watch.reports} - {"indexing", "grouping repeats"}


def _shots(library: Path) -> tuple[Shot, ...]:
    stored = Library.open(library)
    [source] = stored.sources()
    return stored.shots(source.source.digest, source.detector)


def _cuts(library: Path) -> list[int]:
    return [shot.start_frame for shot in _shots(library)][1:]


def test_a_film_takes_its_shots_from_the_list_and_says_so(film: Path, tmp_path: Path) -> None:
    library = tmp_path / "lib"
    report, _ = _indexed(library, film, cut_lists=[_list(film, 30, 100)])
    assert report.added == (film,)
    assert report.notes == ("The shots of 1 film(s) are those of s.json.",)
    assert _cuts(library) == [30, 100]
    assert all(shot.detector.startswith("given-") for shot in _shots(library))
    found = Engine(library).sources()
    assert [card.shots for card in found] == [3]


def test_the_same_list_again_costs_nothing_and_a_corrected_one_only_what_changes(
    film: Path, footage: Footage, tmp_path: Path
) -> None:
    library, first = tmp_path / "lib", _list(film, 30, 100)
    _indexed(library, film, footage.two, detector=DETECTOR, cut_lists=[first])
    report, done = _indexed(library, film, footage.two, detector=DETECTOR, cut_lists=[first])
    assert (set(report.known), done) == ({film, footage.two}, set())
    corrected = _list(film, 31, 100)
    report, done = _indexed(library, film, footage.two, detector=DETECTOR, cut_lists=[corrected])
    assert (report.added, report.known) == ((film,), (footage.two,))
    assert done == {"reading"}, "the frames were counted already"
    report, done = _indexed(library, film, detector=DETECTOR, cut_lists=[first])
    assert (report.known, done) == ((film,), set()), "and back"
    assert report.notes == ("The shots of 1 film(s) are those of s.json.",)


def test_given_shots_are_kept_until_a_detector_is_asked_for(film: Path, tmp_path: Path) -> None:
    library = tmp_path / "lib"
    _indexed(library, film, cut_lists=[_list(film, 30, 100)])
    given = _shots(library)
    report, done = _indexed(library, film)
    assert (report.known, done) == ((film,), set())
    assert report.notes == (
        "1 film(s) keep the shots that a list gave; --detector finds them anew.",
    )
    assert _shots(library) == given
    report, _ = _indexed(library, film, detector=DETECTOR)
    assert report.notes == (
        f"The shots of content-v1 replace those of {given[0].detector} in 1 film(s).",
    )
    assert len(_shots(library)) == 6
    # Nothing is left of the list that a later run would fall back to.
    report, _ = _indexed(library, film, detector=DETECTOR)
    assert report.notes == ()


def test_kept_shots_keep_their_clean_frames_when_a_flavor_is_computed_later(
    film: Path, tmp_path: Path
) -> None:
    library = tmp_path / "lib"
    lines = [
        {"start_frame": 0, "end_frame": 30, "clean_end_frame": 24},
        {"start_frame": 30, "end_frame": FRAMES, "clean_start_frame": 40},
    ]
    text = "\n".join(map(json.dumps, lines))
    _indexed(library, film, cut_lists=[CutList(film, text, tmp_path, "s.json")])
    before = _shots(library)
    assert [(one.clean_start_frame, one.clean_end_frame) for one in before] == [
        (0, 24),
        (40, FRAMES),
    ]
    for array in (library / "arrays").glob("*/given-*/*.npy"):
        array.unlink()
    report, done = _indexed(library, film)
    assert (report.added, done) == ((film,), {"reading"})
    assert _shots(library) == before


def test_a_list_that_does_not_fit_refuses_its_film_and_the_others_go_on(
    film: Path, footage: Footage, tmp_path: Path
) -> None:
    wrong = CutList(film, '{"start_frame": 5, "end_frame": 9}', tmp_path, "wrong.json")
    report, _ = _indexed(tmp_path / "lib", film, footage.two, detector=DETECTOR, cut_lists=[wrong])
    assert report.added == (footage.two,)
    [refusal] = report.refused
    assert (refusal.path, refusal.reason) == (film, "CUT_LIST_REFUSED")
    assert "Line 1 of wrong.json begins the list at frame 5" in refusal.sentence
    assert report.notes == ()


def test_a_list_of_a_film_that_is_not_indexed_is_refused_before_anything_is_done(
    film: Path, footage: Footage, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"s\.json speaks of .*day one\.mov, which is not among"):
        _indexed(tmp_path / "lib", footage.two, cut_lists=[_list(film, 30)])
    assert Engine(tmp_path / "lib").sources() == ()


def test_a_film_in_a_folder_takes_its_list(film: Path, tmp_path: Path) -> None:
    _indexed(tmp_path / "lib", tmp_path, cut_lists=[_list(film, 64)])
    assert _cuts(tmp_path / "lib") == [64]


def test_a_timeline_that_uses_the_film_cuts_it_in_its_own_timecode(
    film: Path, tmp_path: Path
) -> None:
    # Day one starts at 10:00:00:00, 25 frames a second.
    used = clip("pan", span(900_020, 24, 25), span(900_000, FRAMES, 25), url="day one.mov")
    text = otio.adapters.write_to_string(timeline(track(used)), "otio_json")
    cut_list = CutList(film, text, film.parent, "cut.otio")
    _indexed(tmp_path / "lib", film, cut_lists=[cut_list])
    assert _cuts(tmp_path / "lib") == [20, 44]
    assert [one.start_timecode for one in _listed(film, cut_list)] == [
        "10:00:00:00",
        "10:00:00:20",
        "10:00:01:19",
    ]


def test_an_edl_of_the_render_cuts_it_at_its_record_times(film: Path, tmp_path: Path) -> None:
    text = (
        "TITLE: DAY ONE\n"
        "001  AX V C 00:00:00:00 00:00:00:20 10:00:00:00 10:00:00:20\n"
        "002  AX V C 00:00:10:00 00:00:10:00 10:00:00:20 10:00:00:20\n"
        "002  AX V D 010 00:00:20:00 00:00:24:10 10:00:00:20 10:00:05:05\n"
    )
    [first, second] = _listed(film, CutList(film, text, tmp_path, "cut.edl"))
    assert (first.shot.start_frame, first.shot.end_frame) == (0, 20)
    assert (second.shot.clean_start_frame, second.shot.clean_end_frame) == (30, FRAMES)


def _listed(film: Path, cut_list: CutList) -> tuple[TimedShot, ...]:
    return shots_of(film, None, cut_list, Quiet())
