"""`matchcut reindex` says what it built, and `matchcut find` what it compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchcut import index
from matchcut.index import _words
from tests.synthetic import Synthetic, library
from tests.unit.cli.conftest import Matchcut, Ran

FLAVOR, SHOTS = "camera/average", 120


@pytest.fixture
def made(tmp_path: Path) -> Synthetic:
    return library(tmp_path / "lib", shots=SHOTS, sources=4, wanted=["camera"])


@pytest.fixture
def _libraries_are_soon_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "EXACT_UP_TO", 100)
    monkeypatch.setattr(_words, "EXACT_UP_TO", 100)


def found(matchcut: Matchcut, made: Synthetic, *options: str) -> Ran:
    query = made.query(3)
    asked = ["--media", query.media, "--at", query.at, "-f", FLAVOR, "--no-refine", "--json"]
    return matchcut("find", "-l", made.folder, *asked, *options)


@pytest.mark.usefixtures("_libraries_are_soon_large")
def test_an_index_is_built_searched_and_can_be_passed_over(
    matchcut: Matchcut, made: Synthetic
) -> None:
    before = found(matchcut, made)
    assert before.code == 0
    assert "run `matchcut reindex`" in before.err
    built = matchcut("reindex", "-l", made.folder)
    assert (built.code, built.out) == (0, "")
    assert built.err == (
        f"The search index of '{FLAVOR}' was brought up to date, with {SHOTS} shots, by faiss; "
        "films: 4 read.\n"
    )
    searched, compared = found(matchcut, made), found(matchcut, made, "--exact")
    assert not any(line["exact"] for line in searched.lines)
    assert compared.lines == before.lines
    assert all(line["exact"] for line in compared.lines)
    for ran in (searched, compared):
        assert "matchcut reindex" not in ran.err


@pytest.mark.usefixtures("_libraries_are_soon_large")
def test_json_tells_a_flavor_a_line(matchcut: Matchcut, made: Synthetic) -> None:
    [line] = matchcut("reindex", "-l", made.folder, "--by", "exact", "--json").lines
    assert line == {
        "flavor": FLAVOR,
        "engine": "exact",
        "shots": SHOTS,
        "moments": 3 * SHOTS,
        "added": 4,
        "removed": 0,
    }


def test_a_small_library_is_told_that_it_needs_none(matchcut: Matchcut, made: Synthetic) -> None:
    ran = matchcut("reindex", "-l", made.folder)
    assert ran.code == 0
    assert "needs no search index" in ran.err
    assert not (made.folder / "index").exists()


def test_a_library_of_other_flavors_is_told_so(matchcut: Matchcut, tmp_path: Path) -> None:
    made = library(tmp_path / "lib", shots=20, sources=2, wanted=["color"])
    ran = matchcut("reindex", "-l", made.folder)
    assert ran.code == 0
    assert "no flavor that is searched by an index" in ran.err


def test_what_cannot_be_is_refused_in_a_sentence(
    matchcut: Matchcut, made: Synthetic, tmp_path: Path
) -> None:
    assert "grep" in matchcut("reindex", "-l", made.folder, "--by", "grep").refused(
        2, "ENGINE_UNKNOWN"
    )
    matchcut("reindex", "-l", tmp_path / "nothing").refused(1, "LIBRARY_MISSING")
