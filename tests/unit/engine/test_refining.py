"""Refinement finds the frame: never worse, the same on every run, and only where one may cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from matchcut.engine import Engine
from matchcut.errors import UsageError
from matchcut.library import Library
from matchcut.media.proxy import PROXY
from matchcut.types import Candidate, MatchSet
from tests.small_films import Footage

EVERY = ["frame", "camera", "light", "color", "sound", "frame,camera:0.5"]


def _scan(library: Path, flavor: str, top: int = 4, *, reframe: bool = True) -> MatchSet:
    return Engine(library).scan(
        flavor=flavor,
        top=top,
        per_shot=None,
        across=False,
        min_gap=Fraction(0),
        min_handle=4,
        reframe=reframe,
    )


def _refined(library: Path, found: MatchSet, *, reframe: bool = True) -> list[Candidate]:
    answers = list(Engine(library).refine(found.candidates, min_handle=4, reframe=reframe))
    assert [one.note for one in answers] == [""] * len(answers)
    return [one.candidate for one in answers]


@pytest.fixture
def copied(footage: Footage, footage_library: Path, tmp_path: Path) -> Path:
    """A library of one's own."""
    return Path(shutil.copytree(footage_library, tmp_path / "library"))


def _proxies(library: Path) -> Iterator[Path]:
    for stored in Library.open(library).sources():
        yield Library.open(library).proxy(stored.source.digest, PROXY)


@pytest.mark.parametrize("flavor", EVERY)
def test_what_is_refined_is_no_worse_keeps_its_rank_and_may_be_cut_there(
    flavor: str, footage_library: Path
) -> None:
    found = _scan(footage_library, flavor)
    assert found.candidates or flavor == "sound"
    for before, after in zip(found.candidates, _refined(footage_library, found), strict=True):
        assert after.refined
        assert (after.rank, after.score) == (before.rank, before.score)
        assert after.at_cut >= before.at_cut
        assert after.outgoing.handle_before + 1 >= 4
        assert after.incoming.handle_after + 1 >= 4
        for was, side in ((before.outgoing, after.outgoing), (before.incoming, after.incoming)):
            assert (side.digest, side.shot) == (was.digest, was.shot)
            assert side.clean_start_frame <= side.cut_frame < side.clean_end_frame
            assert abs(side.cut_time.seconds - was.cut_time.seconds) <= 1


@pytest.mark.parametrize("flavor", ["frame", "frame,light"])
def test_refining_gives_the_same_again_alone_or_among_others_and_refines_no_further(
    flavor: str, footage_library: Path
) -> None:
    found = _scan(footage_library, flavor)
    once = _refined(footage_library, found)
    assert once == _refined(footage_library, found)
    last = replace(found, candidates=found.candidates[-1:])
    assert _refined(footage_library, last) == once[-1:]


def test_without_reframing_none_is_found(footage_library: Path) -> None:
    found = _scan(footage_library, "frame", reframe=False)
    refined = _refined(footage_library, found, reframe=False)
    assert {one.reframing for one in refined} == {None}


def test_a_reframing_is_what_the_score_at_the_cut_is_had_by(footage_library: Path) -> None:
    found = _scan(footage_library, "frame", top=30)
    reframed = [one for one in _refined(footage_library, found) if one.reframing]
    for one in reframed:
        assert one.reframing is not None
        assert one.reframing.before < one.reframing.after
        assert one.at_cut == pytest.approx(one.reframing.after, abs=1e-4)
        assert Engine(footage_library).reasons(one).outgoing.any()


@pytest.mark.parametrize("loss", ["gone", "damaged"])
def test_without_a_proxy_the_film_itself_is_read(loss: str, copied: Path) -> None:
    found = _scan(copied, "light")
    for proxy in _proxies(copied):
        if loss == "gone":
            proxy.unlink()
        else:
            proxy.write_bytes(proxy.read_bytes()[:700])
    for before, after in zip(found.candidates, _refined(copied, found), strict=True):
        assert after.refined
        assert after.at_cut >= before.at_cut


def test_offline_films_are_refined_from_their_proxies_and_else_left_with_a_sentence(
    copied: Path, footage: Footage, tmp_path: Path
) -> None:
    found = _scan(copied, "light")
    online = _refined(copied, found)
    aside = {film: film.rename(tmp_path / film.name) for film in footage.both}
    try:
        assert [one.at_cut for one in _refined(copied, found)] == [one.at_cut for one in online]
        for proxy in _proxies(copied):
            proxy.unlink()
        answers = list(Engine(copied).refine(found.candidates, min_handle=4))
    finally:
        for film, moved in aside.items():
            moved.rename(film)
    assert [one.candidate for one in answers] == list(found.candidates)
    assert all(one.note for one in answers)


def test_whoever_has_seen_enough_stops_the_rest(footage_library: Path) -> None:
    found = _scan(footage_library, "light", top=30)
    with closing(Engine(footage_library).refine(found.candidates)) as answers:  # type: ignore[type-var]
        first = next(answers)
    assert first.candidate.rank == 1
    assert len(found.candidates) > 1


@pytest.mark.parametrize("change", [{"shot": 99}, {"digest": "0" * 64}, {"cut_frame": 9_999}])
def test_a_candidate_of_another_library_is_refused(
    change: dict[str, object], footage_library: Path
) -> None:
    best = _scan(footage_library, "light").candidates[0]
    broken = replace(best, outgoing=replace(best.outgoing, **change))  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        list(Engine(footage_library).refine([broken]))
