"""What a library answers: the planted matches, the rules, and nothing computed twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut import flavors, shots
from matchcut.engine import Engine
from matchcut.errors import (
    Cancelled,
    MediaChanged,
    RepresentationMissing,
    TimeOutside,
    UsageError,
)
from matchcut.library import Library
from matchcut.media.decode import read_frames
from matchcut.types import (
    Boundaries,
    Candidate,
    Flavor,
    IndexReport,
    MatchSet,
    MediaQuery,
    Picture,
    Progress,
    Representation,
    RepresentationSpec,
    Rows,
    Span,
    Transition,
    Window,
    WindowRequest,
)
from tests.conftest import DemoFilm, Quiet, other_notes
from tests.film.encode import write_film
from tests.film.score import decoys_found, planted_found
from tests.small_films import DETECTOR, Footage, day_one, write_textures

ENOUGH = 0.8
"""Share of the planted matches that is among the top 20."""
AVERAGE = "camera/average"
"""Symmetric, and what the small films move by: whole shots."""
TWO_SECONDS = Fraction(2)


def scan(
    library: Path,
    flavor: str = AVERAGE,
    *,
    top: int = 1000,
    per_shot: int | None = None,
    across: bool = False,
    min_gap: Fraction = TWO_SECONDS,
    min_handle: int = 8,
) -> MatchSet:
    return Engine(library).scan(
        flavor=flavor,
        top=top,
        per_shot=per_shot,
        across=across,
        min_gap=min_gap,
        min_handle=min_handle,
    )


def find(library: Path, media: Path, at: str, flavor: str = AVERAGE) -> MatchSet:
    query = MediaQuery(media, at)
    return Engine(library).find(query, flavor=flavor, top=1000, min_gap=Fraction(0))


def indexed(library: Path, *films: Path, detector: str = DETECTOR) -> tuple[IndexReport, Quiet]:
    watch = Quiet()
    return Engine(library).index(films, detector=detector, monitor=watch), watch


def read(watch: Quiet) -> set[str]:
    """The files of which frames were read."""
    return {report.item for report in watch.reports if report.stage == "reading"}


def pair(candidate: Candidate) -> tuple[int, int]:
    return candidate.outgoing.shot, candidate.incoming.shot


# The drawn film of a minute


@pytest.mark.parametrize("flavor", ["frame", "camera"])
def test_the_planted_matches_are_among_the_best(
    flavor: str, demo_film: DemoFilm, demo_library: Path
) -> None:
    best = scan(demo_library, flavor, top=20).candidates
    found, planted = planted_found(demo_film.truth, flavor, map(pair, best))
    missed = [demo_film.truth.shots[a].tag for a, _ in set(planted) - set(found)]
    assert len(found) >= ENOUGH * len(planted), f"missed: {missed}"
    ranks = [
        {one.rank for one in best if decided(demo_film.truth, flavor, [pair(one)])[0]}
        for decided in (planted_found, decoys_found)
    ]
    assert max(ranks[0]) < min(ranks[1], default=len(best) + 1), "a decoy outranks a planted match"


def test_all_shots_of_the_drawn_film_are_found_to_the_frame(
    demo_film: DemoFilm, demo_library: Path
) -> None:
    library = Library.open(demo_library)
    [stored] = library.sources()
    found = library.shots(stored.source.digest, stored.detector)
    assert [(shot.start_frame, shot.end_frame) for shot in found] == [
        (shot.start, shot.end) for shot in demo_film.truth.shots
    ]


def test_the_shots_of_one_set_up_are_never_a_pair_and_are_shown_as_repeats(
    demo_film: DemoFilm, demo_library: Path
) -> None:
    truth, everything = demo_film.truth, scan(demo_library, "frame", min_gap=Fraction(0))
    sides = [side for one in everything.candidates for side in (one.outgoing, one.incoming)]
    for group in truth.duplicates:
        shown = {side.shot for side in sides if side.shot in group}
        assert shown == {group[0]}, "the earliest shot stands for its set-up"
        repeats = {side.repeats for side in sides if side.shot == group[0]}
        assert repeats == {tuple(f"{demo_film.path.name} #{shot}" for shot in group[1:])}
    alone = set(range(len(truth.shots))) - {shot for group in truth.duplicates for shot in group}
    assert {side.shot for side in sides} <= alone | {group[0] for group in truth.duplicates}
    assert {side.repeats for side in sides if side.shot in alone} == {()}


def test_a_repeat_is_found_for_as_itself_and_never_meets_its_own_set_up(
    demo_film: DemoFilm, demo_library: Path
) -> None:
    group = next(group for group in demo_film.truth.duplicates if len(group) > 2)
    asked = demo_film.truth.shots[group[1]]
    found = find(demo_library, demo_film.path, str(asked.middle), "frame").candidates
    assert {one.outgoing.shot for one in found} == {group[1]}
    assert not {one.incoming.shot for one in found} & set(group)
    assert {len(one.outgoing.repeats) for one in found} == {len(group) - 1}


# Rules


def test_shots_of_one_film_lie_the_asked_gap_apart(footage_library: Path) -> None:
    for gap in (Fraction(0), Fraction(1), Fraction(5, 2)):
        inside = [
            one
            for one in scan(footage_library, min_gap=gap).candidates
            if one.outgoing.digest == one.incoming.digest
        ]
        apart = [
            (second.start_frame - first.end_frame) / first.rate
            for one in inside
            for first, second in [
                sorted((one.outgoing, one.incoming), key=lambda side: side.start_frame)
            ]
        ]
        assert min(apart) >= gap
        assert (min(apart) == 0) == (gap == 0), "neighbours meet only where no gap is asked"


def test_across_compares_shots_of_different_films_alone(footage_library: Path) -> None:
    found = scan(footage_library, across=True)
    assert found.pairs_compared == 5 * 4
    assert 0 < len(found.candidates) <= 5 * 4
    assert all(one.outgoing.digest != one.incoming.digest for one in found.candidates)


def test_no_shot_is_shown_more_often_than_asked(footage_library: Path) -> None:
    for limit in (1, 2):
        found = scan(footage_library, per_shot=limit).candidates
        shown = [(side.digest, side.shot) for one in found for side in (one.outgoing, one.incoming)]
        assert max(map(shown.count, shown)) == limit
    best = scan(footage_library, top=1).candidates[0]
    assert scan(footage_library, per_shot=1).candidates[0] == best


def test_the_order_in_which_films_came_does_not_change_the_answer(
    footage: Footage, footage_library: Path, tmp_path: Path
) -> None:
    for film in reversed(footage.both):
        indexed(tmp_path, film)
    for flavor in ("frame", "camera"):
        assert scan(tmp_path, flavor) == scan(footage_library, flavor)


def test_finding_and_scanning_agree_on_the_score_of_a_pair(
    footage: Footage, footage_library: Path
) -> None:
    scanned = {
        pair(one): one.score
        for one in scan(footage_library, min_gap=Fraction(0)).candidates
        if one.outgoing.source == one.incoming.source == footage.one
    }
    for one in find(footage_library, footage.one, "30").candidates:
        if one.incoming.source == footage.one:
            assert one.score == scanned[min(pair(one)), max(pair(one))]


@pytest.mark.parametrize("flavor", ["frame", "camera", "light", "camera,frame"])
@pytest.mark.parametrize("least", [1, 8, 11])
def test_a_was_on_screen_and_b_stays_for_a_handle_at_least(
    flavor: str, least: int, footage_library: Path
) -> None:
    found = scan(footage_library, flavor, min_handle=least).candidates
    assert found or least > 8
    for one in found:
        assert one.outgoing.handle_before + 1 >= least
        assert one.incoming.handle_after + 1 >= least
        for side in (one.outgoing, one.incoming):
            assert side.clean_start_frame <= side.cut_frame < side.clean_end_frame


def test_a_shot_that_is_shorter_than_a_handle_is_never_cut_to(footage_library: Path) -> None:
    def shots(least: int) -> set[tuple[str, int, int]]:
        found = scan(footage_library, "light", min_gap=Fraction(0), min_handle=least)
        sides = [side for one in found.candidates for side in (one.outgoing, one.incoming)]
        return {(side.digest, side.shot, side.end_frame - side.start_frame) for side in sides}

    shortest = min(length for _, _, length in shots(1))
    longer = shots(shortest + 1)
    assert longer == {shot for shot in shots(1) if shot[2] > shortest} != set()


def test_a_handle_of_no_frame_is_refused(footage_library: Path) -> None:
    with pytest.raises(UsageError):
        scan(footage_library, min_handle=0)


def test_the_reason_is_drawn_from_the_frame_at_the_cut(footage_library: Path) -> None:
    engine = Engine(footage_library)
    for flavor in ("frame", "camera"):
        best = scan(footage_library, flavor, top=1).candidates[0]
        (sides,) = engine.evidence(best)
        reasons = engine.reasons(best)
        assert [name for name, _ in reasons.drawn] == [flavor]
        assert reasons.drawn[0][1].shape == reasons.outgoing.shape == sides[0].picture.shape
        for side, shown in zip((best.outgoing, best.incoming), sides, strict=True):
            source = Library.open(footage_library).find_digest(side.digest)
            assert source is not None
            frames = read_frames(side.source, source.source)
            wanted = next(frame.picture for frame in frames if frame.index == side.cut_frame)
            small = shown.picture[::2, ::2].astype(int) - wanted
            assert np.abs(small).mean() < 4, "it is the very frame, only larger"


def test_a_stopped_question_ends(footage_library: Path) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Engine(footage_library, stop).scan(
            flavor="frame", top=1, per_shot=None, across=False, min_gap=TWO_SECONDS
        )


# Nothing twice


@pytest.fixture
def reels(footage: Footage, tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the small films, to be moved and changed."""
    folder = tmp_path / "reels"
    folder.mkdir()
    one, two = (Path(shutil.copy(film, folder)) for film in footage.both)
    return one, two


@pytest.fixture
def library(footage_library: Path, reels: tuple[Path, Path], tmp_path: Path) -> Path:
    """A library of the copies; that they are known by content makes it quick."""
    copy = Path(shutil.copytree(footage_library, tmp_path / "library"))
    report, watch = indexed(copy, *reels)
    assert report.known == reels
    assert read(watch) == set()
    return copy


def test_indexing_again_reads_nothing(reels: tuple[Path, Path], library: Path) -> None:
    before = scan(library)
    report, watch = indexed(library, *reels)
    assert (report.added, report.known, report.refused) == ((), reels, ())
    assert (report.shots, report.groups) == (10, 1)
    assert read(watch) == set()
    assert scan(library) == before


def test_one_film_in_two_places_is_one_source(reels: tuple[Path, Path], library: Path) -> None:
    cards = Engine(library).sources()
    assert [len(card.paths) for card in cards] == [2, 2]
    assert [card.shots for card in cards] == [6, 4]


def test_a_film_that_was_renamed_is_known_by_its_content_and_shown_where_it_is(
    footage: Footage, tmp_path: Path
) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    film = Path(shutil.copy(footage.one, folder / "a first name.mov"))
    indexed(tmp_path / "lib", film)
    moved = film.rename(tmp_path / "z second name.mov")
    assert {one.outgoing.shot for one in find(tmp_path / "lib", moved, "89").candidates} == {4}, (
        "even before it is indexed again"
    )
    report, watch = indexed(tmp_path / "lib", moved)
    assert report.known == (moved,)
    assert read(watch) == set()
    found = scan(tmp_path / "lib")
    assert found.notes == ()
    assert {side.source for one in found.candidates for side in (one.outgoing, one.incoming)} == {
        moved
    }
    ((leaving, entering),) = Engine(tmp_path / "lib").evidence(found.candidates[0])
    assert leaving.row.size
    assert entering.row.size


def test_a_film_that_changed_under_its_path_is_analysed_anew_and_the_old_one_gone(
    reels: tuple[Path, Path], tmp_path: Path
) -> None:
    library, (one, two) = tmp_path / "fresh", reels
    indexed(library, one, two)
    old = scan(library).candidates[0]
    write_textures(one.with_suffix(".mp4"), 12, 1, 2, 3).replace(one)
    with pytest.raises(MediaChanged):
        find(library, one, "0")
    with pytest.raises(MediaChanged):
        Engine(library).evidence(old)
    assert any("Modified since indexed" in note for note in scan(library).notes)
    report, watch = indexed(library, one, two)
    assert scan(library).notes == ()
    assert (report.added, report.known) == ((one,), (two,))
    assert read(watch) == {one.name}
    found = scan(library, min_gap=Fraction(0))
    shown = {
        (side.source, side.end_frame)
        for each in found.candidates
        for side in (each.outgoing, each.incoming)
    }
    assert {end for path, end in shown if path == one} == {12, 24, 36}


def test_a_film_that_was_only_touched_still_shows_its_pictures(
    reels: tuple[Path, Path], tmp_path: Path
) -> None:
    library, (one, two) = tmp_path / "fresh", reels
    indexed(library, one, two)
    os.utime(one, ns=(1, 1))
    best = scan(library).candidates[0]
    reasons = Engine(library).reasons(best)
    assert reasons.outgoing.any()
    assert reasons.incoming.any()


def test_another_detector_s_shots_are_said_to_replace_those_in_use(
    reels: tuple[Path, Path], tmp_path: Path, ten: _EveryTen
) -> None:
    indexed(tmp_path / "fresh", *reels)
    report, _ = indexed(tmp_path / "fresh", *reels, detector="ten")
    assert other_notes(report.notes) == [
        f"The shots of {ten.identity} replace those of content-v1 in 2 film(s)."
    ]
    report, _ = indexed(tmp_path / "fresh", *reels, detector="ten")
    assert other_notes(report.notes) == []


def test_a_cancelled_run_keeps_the_films_that_were_finished(
    reels: tuple[Path, Path], tmp_path: Path
) -> None:
    class StopsAtSecond(Quiet):
        def cancelled(self) -> bool:
            return reels[1].name in read(self) | {
                one.item for one in self.reports if one.stage == "indexing"
            }

    with pytest.raises(Cancelled):
        Engine(tmp_path / "lib").index(reels, detector=DETECTOR, monitor=StopsAtSecond())
    assert [card.paths for card in Engine(tmp_path / "lib").sources()] == [(reels[0],)]
    report, watch = indexed(tmp_path / "lib", *reels)
    assert (report.known, report.added) == (reels[:1], reels[1:])
    assert read(watch) == {reels[1].name}


# Other flavors, other detectors


@dataclass(frozen=True)
class Counted:
    """A representation that remembers of how many shots it was computed."""

    inner: Representation
    shots: list[int] = field(default_factory=list)

    @property
    def spec(self) -> RepresentationSpec:
        return self.inner.spec

    def moments(self, span: Span) -> Sequence[int]:
        return self.inner.moments(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return self.inner.window(span, moment)

    def compute(self, windows: Sequence[Window], /) -> Rows:
        self.shots.append(len(windows))
        return self.inner.compute(windows)


class _EveryTen:
    """A detector that cuts every ten frames, and counts the films it reads."""

    name, label, identity = "ten", "A cut every ten frames", "ten-v1"

    def __init__(self) -> None:
        self.begun = 0
        self.dissolve = 0
        """Frames on either side of a cut that are no shot's alone."""

    def begin(self) -> _Tenths:
        self.begun += 1
        return _Tenths(self.dissolve)


class _Tenths:
    def __init__(self, dissolve: int) -> None:
        self.pushed = 0
        self.dissolve = dissolve

    def push(self, picture: Picture, /) -> Boundaries:
        self.pushed += 1
        frame = self.pushed - 1 - self.dissolve
        if frame <= 0 or frame % 10:
            return Boundaries(max(0, frame), ())
        found = Transition(frame - self.dissolve, frame, frame + self.dissolve)
        return Boundaries(frame + 1, (found,))

    def finish(self) -> Boundaries:
        return Boundaries(self.pushed, ())


@pytest.fixture
def ten(monkeypatch: pytest.MonkeyPatch) -> _EveryTen:
    """The other detector, under the name `ten`."""
    other, known = _EveryTen(), shots.detector
    monkeypatch.setattr(shots, "detector", lambda name: other if name == "ten" else known(name))
    return other


Install = Callable[..., dict[str, Counted]]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Makes these flavors the only ones there are; says what each computes."""
    real = dict(flavors.flavors())

    def only(*names: str) -> dict[str, Counted]:
        counted = {name: Counted(real[name].representation) for name in names}
        there: dict[str, Flavor] = {
            name: replace(real[name], representation=counted[name]) for name in names
        }
        monkeypatch.setattr(flavors, "flavors", lambda: there)
        return counted

    return only


def test_a_flavor_that_comes_later_is_all_that_is_computed(
    footage: Footage, tmp_path: Path, ten: _EveryTen, install: Install
) -> None:
    first = install("camera")
    indexed(tmp_path, footage.one, detector="ten")
    assert (len(first["camera"].shots), ten.begun) == (13, 1)
    later = install("camera", "frame")
    report, watch = indexed(tmp_path, footage.one, detector="ten")
    assert report.added == (footage.one,)
    assert read(watch) == {footage.one.name}
    assert {name: len(one.shots) for name, one in later.items()} == {"camera": 0, "frame": 13}
    assert ten.begun == 1, "the shots are known"
    compared = {name: scan(tmp_path, name).pairs_compared for name in ("frame", AVERAGE)}
    assert compared["frame"] == compared[AVERAGE] > 0
    _, watch = indexed(tmp_path, footage.one, detector="ten")
    assert read(watch) == set()


def test_a_film_that_lacks_a_flavor_is_left_out_with_a_note(
    footage: Footage, tmp_path: Path, install: Install
) -> None:
    install("camera")
    indexed(tmp_path, footage.one)
    install("camera", "frame")
    with pytest.raises(RepresentationMissing):
        scan(tmp_path, "frame")
    indexed(tmp_path, footage.two)
    found = scan(tmp_path, "frame", min_gap=Fraction(0))
    assert {one.outgoing.source for one in found.candidates} == {footage.two}
    [note] = found.notes
    assert "1 source(s) were not analysed for 'frame'" in note
    with pytest.raises(RepresentationMissing):
        find(tmp_path, footage.one, "0", "frame")
    assert find(tmp_path, footage.one, "0", "camera").notes == ()


def test_the_other_detector_and_back_computes_nothing_twice(
    footage: Footage, tmp_path: Path, ten: _EveryTen, install: Install
) -> None:
    counted = install("camera")["camera"].shots
    indexed(tmp_path, footage.one)
    before, computed = scan(tmp_path), len(counted)
    report, watch = indexed(tmp_path, footage.one, detector="ten")
    assert (report.added, read(watch)) == ((footage.one,), {footage.one.name})
    assert (report.shots, len(counted), ten.begun) == (13, computed + 13, 1)
    other = scan(tmp_path)
    assert {one.outgoing.end_frame % 10 for one in other.candidates} == {0}
    for detector, answer in ((DETECTOR, before), ("ten", other)):
        report, watch = indexed(tmp_path, footage.one, detector=detector)
        assert (report.known, read(watch)) == ((footage.one,), set())
        assert scan(tmp_path) == answer
    assert (len(counted), ten.begun) == (computed + 13, 1)


def test_a_cut_is_never_placed_inside_a_dissolve(
    footage: Footage, tmp_path: Path, ten: _EveryTen
) -> None:
    ten.dissolve = 4
    indexed(tmp_path, footage.one, detector="ten")
    library = Library.open(tmp_path)
    [stored] = library.sources()
    shots = library.shots(stored.source.digest, stored.detector)
    assert [(one.clean_start_frame, one.clean_end_frame) for one in shots[:3]] == [
        (0, 6),
        (14, 16),
        (24, 26),
    ]
    for flavor in ("frame", "camera"):
        found = scan(tmp_path, flavor, min_gap=Fraction(0), min_handle=1).candidates
        assert found
        for side in (side for one in found for side in (one.outgoing, one.incoming)):
            shot = shots[side.shot]
            assert shot.clean_start_frame <= side.cut_frame < shot.clean_end_frame
            assert shot.clean.start <= side.cut_time.pts < shot.clean.end
    # The shots of an earlier run keep their clean frames when a flavor is computed later.
    for array in (tmp_path / "arrays" / stored.source.digest / ten.identity).iterdir():
        array.unlink()
    indexed(tmp_path, footage.one, detector="ten")
    assert (library.shots(stored.source.digest, stored.detector), ten.begun) == (shots, 1)


def test_progress_counts_frames_up_to_the_end(footage: Footage, tmp_path: Path) -> None:
    _, watch = indexed(tmp_path, footage.one)
    frames = [one for one in watch.reports if one.stage == "reading"]
    assert [one.done for one in frames] == sorted(one.done for one in frames)
    assert {one.total for one in frames} == {footage.truth_one.frames}
    assert watch.reports[0] == Progress("indexing", footage.one.name, 0, 1, "files")
    assert watch.reports[-1].stage == "grouping repeats"


def test_frames_of_the_film_and_of_the_library_are_the_same(
    footage: Footage, footage_library: Path
) -> None:
    library = Library.open(footage_library)
    for stored, truth in zip(
        library.sources(), (footage.truth_one, footage.truth_two), strict=True
    ):
        pts = library.frame_pts(stored.source.digest)
        assert stored.frames == truth.frames == len(pts) - 1
        assert np.all(np.diff(pts) > 0)


@pytest.mark.parametrize("flavor", ["frame", "camera"])
def test_what_is_unlike_is_never_shown_however_few_candidates_there_are(
    demo_library: Path, flavor: str
) -> None:
    found = scan(demo_library, flavor)
    assert len(found.candidates) < found.pairs_compared
    assert min(one.score for one in found.candidates) > 0


def test_the_clock_of_a_film_that_runs_over_midnight_is_found_by_its_labels(
    tmp_path: Path,
) -> None:
    film, shot = tmp_path / "midnight.mov", day_one().shots[0]
    plan = replace(day_one(), shots=(shot,), planted=(), start_timecode="23:59:59:15")
    write_film(plan, film)
    indexed(tmp_path / "library", film)
    for at in ("23:59:59:15", "23:59:59:24", "00:00:00:00", "00:00:00:09"):
        assert find(tmp_path / "library", film, at).candidates == ()
    with pytest.raises(TimeOutside):
        find(tmp_path / "library", film, "00:00:00:10")


def test_counts_that_no_search_can_mean_are_refused(footage_library: Path) -> None:
    for top, per_shot, min_gap in ((0, None, 1), (1, 0, 1), (1, None, -1)):
        with pytest.raises(UsageError):
            scan(footage_library, top=top, per_shot=per_shot, min_gap=Fraction(min_gap))
