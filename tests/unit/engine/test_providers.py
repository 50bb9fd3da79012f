"""Rows that different providers made: never compared, told to the user, and never made twice."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matchcut import flavors, models
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.engine import Engine, profiles
from matchcut.engine.snapshot import identities
from matchcut.errors import FlavorUnknown
from matchcut.library import Library
from matchcut.pipeline import grouping
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import (
    IndexReport,
    MatchSet,
    MediaQuery,
    RepresentationSpec,
    Rows,
    Span,
    Window,
    WindowRequest,
)
from tests import shelved
from tests.conftest import Quiet, other_notes
from tests.shelved import Shelf
from tests.small_films import DETECTOR, Footage, write_textures
from tests.unit.models.conftest import publishing, small_model

MOMENTS = 6 * 3
"""Of the six shots of day one."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A shelf with the weights of `lraspp`."""
    with pytest.MonkeyPatch.context() as patch:
        one = shelved.shelf(patch, tmp_path_factory.mktemp("weights"))
        one.put("lraspp")
        yield one


@pytest.fixture(scope="module")
def mixed_library(
    shelf: Shelf, footage: Footage, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, IndexReport]:
    """A library of day one without weights and day two by `lraspp`; and what was told then."""
    folder = tmp_path_factory.mktemp("mixed") / "library"
    indexed(folder, "classical", footage.one)
    report, _ = indexed(folder, "lraspp", footage.two)
    return folder, report


@pytest.fixture
def mixed(mixed_library: tuple[Path, IndexReport], tmp_path: Path) -> Path:
    """A copy of that library."""
    return Path(shutil.copytree(mixed_library[0], tmp_path / "mixed"))


def indexed(library: Path, profile: str, *films: Path) -> tuple[IndexReport, set[str]]:
    """The report, and the names of the films that were read."""
    watch = Quiet()
    report = Engine(library).index(films, detector=DETECTOR, profile=profile, monitor=watch)
    return report, {one.item for one in watch.reports if one.stage == "reading"}


def scan(library: Path, flavor: str = "frame") -> MatchSet:
    return Engine(library).scan(
        flavor=flavor, top=1000, per_shot=None, across=False, min_gap=Fraction(0)
    )


def find(library: Path, film: Path, flavor: str = "frame", at: int = 50) -> MatchSet:
    query = MediaQuery(film, str(at))
    return Engine(library).find(query, flavor=flavor, top=1000, min_gap=Fraction(0))


def said_of_frame(library: Path) -> list[str]:
    return [line for line in Engine(library).providers() if line.startswith("frame:")]


def films(found: MatchSet) -> set[Path]:
    return {side.source for one in found.candidates for side in (one.outgoing, one.incoming)}


# Two providers in one library


def test_a_scan_compares_the_rows_of_one_provider_and_counts_what_it_leaves_out(
    mixed: Path, footage: Footage
) -> None:
    found = scan(mixed)
    assert films(found) == {footage.two}
    assert found.pairs_compared == 4 * 3 / 2
    assert found.notes == (
        "1 source(s) were analysed for 'frame' by another provider than lraspp and are left out; "
        "index them again with the same --profile to compare them.",
    )


def test_a_scan_takes_the_provider_of_most_sources(
    mixed: Path, footage: Footage, tmp_path: Path
) -> None:
    indexed(mixed, "classical", write_textures(tmp_path / "c.mp4", 12, 1, 2))
    found = scan(mixed)
    assert footage.two not in films(found)
    assert "by another provider than weight-free" in found.notes[0]


def test_a_shot_finds_matches_among_those_of_its_own_provider(
    mixed: Path, footage: Footage
) -> None:
    for film, own in ((footage.one, "weight-free"), (footage.two, "lraspp")):
        found = find(mixed, film)
        assert films(found) == {film}
        [note] = found.notes
        assert note.startswith("1 source(s) were analysed for 'frame' by another provider than ")
        assert f" than {own} and are left out" in note


def test_flavors_that_have_one_provider_compare_everything(mixed: Path, footage: Footage) -> None:
    found = scan(mixed, "camera/average")
    assert films(found) == set(footage.both)
    assert found.notes == ()


def test_indexing_tells_how_many_sources_the_chosen_provider_has_not_analysed(
    mixed_library: tuple[Path, IndexReport],
) -> None:
    chosen, note = mixed_library[1].notes
    assert "by 'lraspp'" in chosen
    assert note.startswith("1 source(s) of the library were analysed for 'frame' by another")
    assert "index them again as well, or index these again with the --profile used before" in note


def test_a_library_indexed_again_with_one_profile_is_compared_as_a_whole(
    mixed: Path, footage: Footage
) -> None:
    shelved.SEEN.clear()
    report, read = indexed(mixed, "lraspp", *footage.both)
    assert (report.added, report.known) == ((footage.one,), (footage.two,))
    assert read == {footage.one.name}
    assert len(shelved.SEEN) == MOMENTS, "those of day one; those of day two are known"
    assert other_notes(report.notes) == []
    found = scan(mixed)
    assert films(found) == set(footage.both)
    assert found.notes == ()
    assert films(find(mixed, footage.one)) == set(footage.both)


def test_going_from_one_profile_to_the_other_and_back_computes_nothing_twice(
    mixed: Path, footage: Footage
) -> None:
    _, read = indexed(mixed, "classical", *footage.both)
    assert read == {footage.two.name}
    shelved.SEEN.clear()
    _, read = indexed(mixed, "lraspp", *footage.both)
    assert (read, len(shelved.SEEN)) == ({footage.one.name}, MOMENTS)
    for profile in ("classical", "auto", "pretrained", "lraspp"):
        report, read = indexed(mixed, profile, *footage.both)
        assert (report.known, read) == (footage.both, set())
        assert other_notes(report.notes) == []
    assert len(shelved.SEEN) == MOMENTS


def test_where_both_have_analysed_everything_the_better_one_is_compared(
    mixed: Path, footage: Footage
) -> None:
    indexed(mixed, "lraspp", *footage.both)
    before = scan(mixed)
    indexed(mixed, "classical", *footage.both)
    assert scan(mixed) == before
    assert scan(mixed).notes == ()


def test_a_repeat_of_a_shot_that_another_provider_saw_is_not_hidden_behind_it(
    mixed: Path, footage: Footage
) -> None:
    again = mixed.parent / "the same day.mov"
    shutil.copy(footage.two, again)
    with again.open("ab") as file:
        file.write(b"\0" * 8)
    report, _ = indexed(mixed, "classical", again)
    assert report.groups == 1 + 4, "each shot of day two returns"
    assert films(scan(mixed)) == {again, footage.one}


def test_the_reason_is_drawn_from_the_rows_that_were_compared(
    mixed: Path, footage: Footage, tmp_path: Path
) -> None:
    """Day two and another film have rows of `lraspp`, but day one is compared without weights."""
    indexed(mixed, "classical", footage.two)
    indexed(mixed, "lraspp", write_textures(tmp_path / "c.mp4", 12, 1, 2))
    library, engine = Library.open(mixed), Engine(mixed)
    match = next(
        one for one in find(mixed, footage.one).candidates if one.incoming.source == footage.two
    )
    (sides,) = engine.evidence(match)
    for side, shown in zip((match.outgoing, match.incoming), sides, strict=True):
        stored = library.find_digest(side.digest)
        assert stored is not None
        asked = side.digest, stored.detector, WEIGHT_FREE.spec.identity
        there = library.moments(*asked)["frame"] == side.cut_frame
        assert shown.row.tobytes() == library.rows(*asked)[there].tobytes()
    theirs = find(mixed, tmp_path / "c.mp4", at=0).candidates[0]
    (sides,) = engine.evidence(theirs)
    assert {side.row["instances"]["label"].any() for side in sides} == {True}


def test_a_film_that_is_there_no_more_needs_no_analysis(
    shelf: Shelf, footage: Footage, tmp_path: Path
) -> None:
    library, film = tmp_path / "library", tmp_path / "a film.mp4"
    write_textures(film, 12, 1, 2)
    indexed(library, "classical", film)
    write_textures(film, 12, 3, 4)
    report, _ = indexed(library, "lraspp", film)
    assert other_notes(report.notes) == []
    assert scan(library).notes == ()
    assert said_of_frame(library) == ["frame: 1 source(s) by lraspp"]


# Who made what


def test_the_library_says_who_made_each_array(mixed: Path) -> None:
    library = Library.open(mixed)
    named = library.providers()
    *better, free = identities(flavors.flavor("frame"))
    assert {named[free], named[better[-1]]} == {"weight-free", "lraspp"}
    for stored in library.sources():
        have = library.representations(stored.source.digest, stored.detector)
        assert have <= named.keys()
    assert said_of_frame(mixed) == [
        "frame: 1 source(s) by lraspp",
        "frame: 1 source(s) by weight-free",
    ]


def test_a_library_that_does_not_say_so_yet_answers_as_before(
    footage: Footage, footage_library: Path, tmp_path: Path
) -> None:
    library = Path(shutil.copytree(footage_library, tmp_path / "library"))
    with closing(sqlite3.connect(library / "catalogue.sqlite")) as catalogue, catalogue:
        for later in ("provider", "verdict"):
            catalogue.execute(f"DROP TABLE {later}")
        catalogue.execute("PRAGMA user_version = 2")
    assert scan(library) == scan(footage_library)
    assert find(library, footage.one) == find(footage_library, footage.one)
    assert Library.open(library).providers() == {}
    assert Engine(library).providers() == Engine(footage_library).providers()
    report, read = indexed(library, "classical", *footage.both)
    assert (report.known, read) == (footage.both, set())
    assert Library.open(library).providers()[WEIGHT_FREE.spec.identity] == "weight-free"


# Parts of the picture


def test_a_part_of_the_picture_is_compared_by_the_rows_of_the_whole(
    mixed: Path, footage: Footage
) -> None:
    subjects = scan(mixed, "frame/subject")
    assert subjects.flavor == "frame/subject"
    assert {one.flavor for one in subjects.candidates} == {"frame/subject"}
    assert films(subjects) == {footage.two}
    assert "analysed for 'frame/subject' by another provider than lraspp" in subjects.notes[0]
    best = subjects.candidates[0]
    reasons = Engine(mixed).reasons(best)
    ((named, picture),) = reasons.drawn
    assert (named, picture.shape) == ("frame/subject", reasons.outgoing.shape)


def test_without_weights_people_and_subject_are_one_and_dogs_are_unknown(
    footage_library: Path,
) -> None:
    frame, subject = scan(footage_library), scan(footage_library, "frame/subject")
    assert [replace(one, flavor="frame") for one in subject.candidates] == list(frame.candidates)
    dogs = scan(footage_library, "frame/dog")
    assert (dogs.candidates, dogs.pairs_compared) == ((), frame.pairs_compared)
    [why] = dogs.notes
    assert why.startswith("'frame/dog' needs what a pretrained model computes")
    assert subject.notes == frame.notes == ()


def test_things_of_a_class_meet_things_of_that_class(mixed: Path) -> None:
    library = Library.open(mixed)
    [stored] = [one for one in library.sources() if one.paths[0].name == "day two.mov"]
    identity = identities(flavors.flavor("frame"))[1]
    rows = library.rows(stored.source.digest, stored.detector, identity)
    held = [set(labels[labels > 0].tolist()) for labels in rows["instances"]["label"]]
    label = next(one for one in held[0] | held[1] if sum(one in there for there in held) > 1)
    name = flavors.flavor("frame").variants[label - 1].name if label > 1 else "frame"
    found = scan(mixed, name).candidates
    assert found
    for one in found:
        assert label in held[one.outgoing.shot] & held[one.incoming.shot]


@pytest.mark.parametrize("name", ["frame/smell", "frame/", "frame/person", "smell/dog", "/dog"])
def test_an_unknown_part_is_refused_with_the_known_ones(
    mixed: Path, footage: Footage, name: str
) -> None:
    for ask in (lambda: scan(mixed, name), lambda: find(mixed, footage.one, name)):
        with pytest.raises(FlavorUnknown) as raised:
            ask()
        known = "frame/subject" if name.startswith("frame") else "camera"
        assert known in raised.value.next_step


# Repeats


@dataclass(frozen=True)
class AllAlike:
    """An embedding for which any two shots are repeats of each other."""

    name: str = "all-alike"
    label: str = "sees no difference"
    suits: str = "cpu"
    repeats: float | None = 0.9

    def representation(self, weights: Path, device: str, /) -> _Alike:
        return _Alike()


class _Alike:
    spec = RepresentationSpec(
        "appearance", 1, np.dtype(np.float32), (2,), (("model", "all-alike"),), "0" * 64
    )

    def moments(self, span: Span) -> Sequence[int]:
        return (span.start,)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return WindowRequest(moment, (moment,))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        for window in windows:
            assert window.pictures.ndim == 4
            assert len(window.pictures) == len(window.pts) == 1
        return np.tile(np.array([1, 0], np.float32), (len(windows), 1))


@pytest.fixture
def all_alike(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the weights of that embedding are looked for; it is the only one that there is."""
    model = publishing(replace(small_model(), name="all-alike"), b"weights")
    there = {**models.models(), model.name: model}
    monkeypatch.setattr(models, "models", lambda: there)
    for place in (grouping, profiles):
        monkeypatch.setattr(place, "pretrained", lambda: (AllAlike(),))
    file = shelf.folder / model.file
    yield file
    file.unlink(missing_ok=True)


def test_repeats_are_told_by_a_pretrained_embedding_only_where_every_film_has_it(
    all_alike: Path, footage: Footage, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    indexed(library, "auto", footage.one)
    ordinary = scan(library, "camera/average").pairs_compared
    assert ordinary == 5 * 4 / 2, "one set-up returns"
    all_alike.write_bytes(b"weights")
    report, read = indexed(library, "auto", *footage.both)
    assert (report.groups, read) == (1, {footage.one.name, footage.two.name})
    assert scan(library, "camera/average").pairs_compared == 0, "all are one set-up"
    all_alike.unlink()
    indexed(library, "auto", write_textures(tmp_path / "c.mp4", 12, 1, 2))
    named = scan(library, "camera/average")
    assert named.pairs_compared == (5 + 4 + 2) * (5 + 4 + 1) / 2, "not every film has it"
    all_alike.write_bytes(b"weights")
    _, read = indexed(library, "auto", tmp_path / "c.mp4")
    assert read == {"c.mp4"}
    assert scan(library, "camera/average").pairs_compared == 0
    named_by = Library.open(library).providers()
    assert (named_by[APPEARANCE.spec.identity], named_by[_Alike.spec.identity]) == (
        "weight-free",
        "all-alike",
    )


def test_a_film_that_is_there_no_more_does_not_keep_the_better_embedding_from_being_used(
    all_alike: Path, tmp_path: Path
) -> None:
    library, film = tmp_path / "library", tmp_path / "a film.mp4"
    write_textures(film, 12, 1, 2)
    indexed(library, "classical", film)
    write_textures(film, 12, 3, 4)
    all_alike.write_bytes(b"weights")
    report, _ = indexed(library, "auto", film)
    assert (report.shots, report.groups) == (2, 1)


def test_an_embedding_that_tells_no_repeats_is_stored_and_not_grouped_by(
    all_alike: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (grouping, profiles):
        monkeypatch.setattr(place, "pretrained", lambda: (AllAlike(repeats=None),))
    all_alike.write_bytes(b"weights")
    library = tmp_path / "library"
    report, _ = indexed(library, "auto", write_textures(tmp_path / "c.mp4", 12, 1, 2))
    assert (report.shots, report.groups) == (2, 0)
    assert _Alike.spec.identity in Library.open(library).providers()
