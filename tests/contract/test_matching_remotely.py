"""The same call in process and over a real socket gives the same answer, or the same error.

Over gRPC and over HTTP/JSON alike: each test runs by both doors of one sidecar.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchcut import errors, index
from matchcut.engine import Engine
from matchcut.server.failures import families
from matchcut.server.remote import RemoteMatching
from matchcut.server.serve import sidecar
from matchcut.types import (
    Candidate,
    CutList,
    Exported,
    FlavorCard,
    IndexReport,
    Judgement,
    Matching,
    MatchSet,
    MediaQuery,
    Monitor,
    Progress,
    Query,
    Refined,
    SourceCard,
    Thumbnail,
    TimelineQuery,
    Verdict,
)
from matchcut_client import connect, connect_http, connect_plain
from tests.synthetic import library
from tests.unit.server import drawn
from tests.unit.server.stand_in import (
    CANDIDATE,
    SIDE,
    Gate,
    StandIn,
    Watcher,
    index_at_once,
    left_as_given,
)

USUAL = {"min_gap": Fraction(0), "min_handle": 8, "reframe": True}

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Both:
    """One library, in process and through its sidecar."""

    here: StandIn
    there: RemoteMatching
    door: str
    """`grpc` or `http`."""
    library: Path

    def same(self, call: Callable[[Matching], object]) -> None:
        """The call gives equal answers and reaches the library with equal arguments."""
        self.here.asked.clear()
        expected = call(self.here)
        assert call(self.there) == expected
        first, second = self.here.asked
        assert second == first


DOORS = {"grpc": connect, "http": connect_http}


@pytest.fixture(scope="module", params=list(DOORS))
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    door = request.param
    folder = tmp_path_factory.mktemp("congruence")
    stand_in = StandIn()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHCUT_STATE_DIR", str(folder / "state"))
        served = folder / "library"
        with sidecar(stand_in, served):
            yield Both(stand_in, RemoteMatching(served, DOORS[door]), door, served)


@pytest.fixture(autouse=True)
def fresh(both: Both) -> None:
    both.here.raising = None
    both.here.refining = left_as_given
    both.here.work = index_at_once


@quick
@given(
    drawn.match_sets,
    drawn.queries,
    drawn.texts,
    drawn.int64s,
    drawn.fractions,
    drawn.int64s,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | drawn.texts.filter(bool),
)
def test_find_gives_the_same_answer_through_the_sidecar(
    both: Both,
    matches: MatchSet,
    query: Query,
    flavor: str,
    top: int,
    gap: Fraction,
    handle: int,
    reframe: bool,
    exact: bool,
    rejected: bool,
    scorer: str | None,
) -> None:
    both.here.matches = matches
    both.same(
        lambda matching: matching.find(
            query,
            flavor=flavor,
            top=top,
            min_gap=gap,
            min_handle=handle,
            reframe=reframe,
            exact=exact,
            rejected=rejected,
            scorer=scorer,
        )
    )


@quick
@given(
    drawn.match_sets,
    drawn.texts,
    drawn.int64s,
    st.none() | drawn.int64s,
    st.booleans(),
    drawn.fractions,
    drawn.int64s,
    st.booleans(),
    st.booleans(),
    st.none() | drawn.texts.filter(bool),
)
def test_scan_gives_the_same_answer_through_the_sidecar(
    both: Both,
    matches: MatchSet,
    flavor: str,
    top: int,
    per_shot: int | None,
    across: bool,
    gap: Fraction,
    handle: int,
    reframe: bool,
    rejected: bool,
    scorer: str | None,
) -> None:
    both.here.matches = matches
    both.same(
        lambda matching: matching.scan(
            flavor=flavor,
            top=top,
            per_shot=per_shot,
            across=across,
            min_gap=gap,
            min_handle=handle,
            reframe=reframe,
            rejected=rejected,
            scorer=scorer,
        )
    )


@quick
@given(drawn.candidates, drawn.judgements, drawn.texts, drawn.verdicts)
def test_a_verdict_is_recorded_alike_through_the_sidecar(
    both: Both, candidate: Candidate, judgement: Judgement, why: str, said: Verdict
) -> None:
    both.here.said = (said,)
    both.same(lambda matching: matching.record_verdict(candidate, judgement, why=why))


@quick
@given(st.lists(drawn.verdicts, max_size=4, unique_by=lambda one: one.id), st.booleans())
def test_verdicts_are_the_same_through_the_sidecar(
    both: Both, said: list[Verdict], history: bool
) -> None:
    both.here.said = tuple(said)
    both.same(lambda matching: matching.verdicts(history=history))


@quick
@given(drawn.match_sets, drawn.texts)
def test_plain_dictionaries_hold_what_messages_hold(
    both: Both, matches: MatchSet, flavor: str
) -> None:
    both.here.matches = matches
    both.here.asked.clear()
    gap = {"numerator": 0, "denominator": 1}
    with connect_plain(both.library) as client:
        found = client.call(
            "MatchService/Scan", {"flavor": flavor, "topCount": 3, "minGapSeconds": gap}
        )
        exported = {"matches": found, "host": "any", "name": "reel"}
        client.call("MatchService/Export", exported)
    [scanned, handed_back] = both.here.asked
    assert scanned[:3] == ("scan", flavor, 3)
    assert handed_back[1] == matches


@quick
@given(st.lists(drawn.refined, max_size=3), drawn.int64s, st.booleans())
def test_refining_gives_the_same_candidates_in_the_same_order_through_the_sidecar(
    both: Both, refined: list[Refined], handle: int, reframe: bool
) -> None:
    asked = [replace(one.candidate, rank=place) for place, one in enumerate(reversed(refined))]
    both.here.refining = lambda candidates: (refined[one.rank] for one in candidates)
    both.here.asked.clear()
    assert list(both.there.refine(asked, min_handle=handle, reframe=reframe)) == refined
    reached = [one for _, candidates, *_ in both.here.asked for one in candidates]
    assert reached == asked
    assert {tuple(rest) for _, _, *rest in both.here.asked} <= {(handle, reframe)}


@quick
@given(st.lists(drawn.source_cards, max_size=4, unique_by=lambda card: card.source.digest))
def test_sources_are_the_same_through_the_sidecar(both: Both, cards: list[SourceCard]) -> None:
    both.here.listed = tuple(cards)
    both.same(lambda matching: matching.sources())


@quick
@given(
    drawn.match_sets,
    drawn.exports,
    drawn.texts,
    st.text("ab .é\ud83c", min_size=1, max_size=5).filter(lambda name: name[0] != "."),
    st.none() | drawn.timeline_queries,
)
def test_an_export_is_the_same_through_the_sidecar(
    both: Both,
    found: MatchSet,
    exported: Exported,
    host: str,
    name: str,
    timeline: TimelineQuery | None,
) -> None:
    both.here.exported = exported
    both.same(lambda matching: matching.export(found, host=host, name=name, timeline=timeline))


@quick
@given(drawn.thumbnails, drawn.digests, drawn.int64s, drawn.int64s.filter(bool))
def test_a_thumbnail_is_the_same_through_the_sidecar(
    both: Both, shown: Thumbnail, digest: str, frame: int, side: int
) -> None:
    both.here.shown = shown
    both.same(lambda matching: matching.thumbnail(digest, frame, max_side=side))


@quick
@given(st.lists(drawn.flavor_cards, max_size=4, unique_by=lambda card: card.name))
def test_flavors_are_the_same_through_the_sidecar(both: Both, cards: list[FlavorCard]) -> None:
    both.here.cards = tuple(cards)
    both.same(lambda matching: matching.flavors())


@quick
@given(
    st.lists(drawn.paths, max_size=3),
    st.none() | drawn.texts.filter(bool),
    st.lists(drawn.cut_lists, max_size=3),
    drawn.texts.filter(bool),
    st.booleans(),
    drawn.reports,
    drawn.progresses,
)
def test_indexing_gives_the_same_report_through_the_sidecar(
    both: Both,
    paths: list[Path],
    detector: str | None,
    cut_lists: list[CutList],
    profile: str,
    proxies: bool,
    report: IndexReport,
    progress: Progress,
) -> None:
    def work(paths: Sequence[Path], monitor: Monitor) -> IndexReport:
        monitor.report(progress)
        return report

    both.here.work = work
    both.same(
        lambda matching: matching.index(
            paths,
            detector=detector,
            cut_lists=cut_lists,
            profile=profile,
            proxies=proxies,
            monitor=Watcher(),
        )
    )


def test_who_asks_for_no_profile_gets_the_same_one_in_process_and_through_the_sidecar(
    both: Both,
) -> None:
    engine = inspect.signature(Engine.index).parameters
    here = [engine[name].default for name in ("profile", "proxies")]
    both.here.asked.clear()
    both.there.index([Path("/a.mov")], detector="d", monitor=Watcher())
    assert both.here.asked == [("index", (Path("/a.mov"),), "d", (), *here)]


@pytest.mark.parametrize("call", ["find", "scan", "refine"])
def test_who_says_nothing_of_handles_and_reframing_gets_the_same_through_the_sidecar(
    both: Both, call: str
) -> None:
    engine = inspect.signature(getattr(Engine, call)).parameters
    both.here.asked.clear()
    if call == "refine":
        list(both.there.refine([CANDIDATE]))
    elif call == "scan":
        both.there.scan(flavor="f", top=1, per_shot=None, across=False, min_gap=Fraction(0))
    else:
        query = MediaQuery(Path("/a.mov"), "1")
        both.there.find(query, flavor="f", top=1, min_gap=Fraction(0))
    [asked] = both.here.asked
    said = [
        *([] if call == "refine" else ["rejected"]),
        *(["exact"] if call == "find" else []),
        "min_handle",
        "reframe",
        *([] if call == "refine" else ["scorer"]),
    ]
    assert list(asked[-len(said) :]) == [engine[name].default for name in said]


def test_who_asks_for_no_size_of_a_thumbnail_gets_the_same_one_through_the_sidecar(
    both: Both,
) -> None:
    both.here.asked.clear()
    both.there.thumbnail("d", 0)
    size = inspect.signature(Engine.thumbnail).parameters["max_side"].default
    assert both.here.asked == [("thumbnail", "d", 0, size)]


def test_an_index_is_searched_or_passed_over_alike_through_the_sidecar(
    both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(tmp_path / "state"))
    for module in (index, index._words):
        monkeypatch.setattr(module, "EXACT_UP_TO", 100)
    made = library(tmp_path / "lib", shots=60, sources=3, wanted=["camera"])
    engine = Engine(made.folder)
    engine.reindex(monitor=Watcher())
    with sidecar(engine, made.folder):
        there = RemoteMatching(made.folder, DOORS[both.door])
        for exact in (False, True):
            here, remote = (
                one.find(
                    made.query(3), flavor="camera/average", top=5, min_gap=Fraction(0), exact=exact
                )
                for one in (Engine(made.folder), there)
            )
            assert remote == here
            assert {one.exact for one in remote.candidates} == {exact}


def test_what_is_said_through_the_sidecar_is_what_the_library_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(tmp_path / "state"))
    made = library(tmp_path / "lib", shots=40, sources=2, wanted=["camera"])
    with sidecar(Engine(made.folder), made.folder):
        there = RemoteMatching(made.folder)

        def asked(matching: Matching) -> MatchSet:
            return matching.find(made.query(3), flavor="camera", top=150, **USUAL)

        every = asked(there).candidates
        for place, candidate in enumerate(every):
            said = there.record_verdict(candidate, "reject" if place % 2 else "keep", why="hands")
        here = Engine(made.folder)
        assert here.verdicts()[-1] == said
        assert there.verdicts() == here.verdicts()
        assert asked(there) == asked(here)
        assert {one.verdict for one in asked(there).candidates} == {"keep"}
        there.record_verdict(every[1], "clear")
        assert len(there.verdicts()) == len(every) - 1
        assert len(there.verdicts(history=True)) == len(every) + 1
        with pytest.raises(errors.UsageError, match="200 characters"):
            there.record_verdict(every[0], "keep", why="x" * 201)


def test_a_list_of_several_pages_arrives_whole(both: Both) -> None:
    card = FlavorCard("", "Framing", False, 0.0, 1.0, "RED", "our own")
    both.here.cards = tuple(
        FlavorCard(f"f{place}", card.label, False, 0.0, 1.0, "RED", "our own")
        for place in range(250)
    )
    assert both.there.flavors() == both.here.cards


def test_an_answer_of_thousands_of_candidates_fits(both: Both) -> None:
    side = replace(
        SIDE,
        source=Path("/films/a rather long folder name/a film.mov"),
    )
    one = replace(CANDIDATE, outgoing=side, incoming=side)
    count = 20_000 if both.door == "grpc" else 2_000  # As JSON they take long to read.
    both.here.matches = MatchSet((one,) * count, "frame", count)
    answer = both.there.scan(
        flavor="frame",
        top=count,
        per_shot=None,
        across=False,
        min_gap=Fraction(1),
        min_handle=8,
        reframe=True,
    )
    assert answer == both.here.matches


def test_a_timeline_of_many_megabytes_reaches_the_library(both: Both) -> None:
    query = TimelineQuery("x" * 20_000_000, Path("/edit"), "reel 1")
    both.here.matches = MatchSet((), "frame", 0)
    both.same(lambda matching: matching.find(query, flavor="frame", top=1, **USUAL))


def made(kind: type[errors.MatchcutError]) -> errors.MatchcutError:
    """An error of a class, with text and facts that are hard to carry."""
    error = kind.__new__(kind)
    errors.MatchcutError.__init__(
        error, "caf\udce9.mov cannot be read.", "Do something else: 🎬.", path="caf\udce9.mov", n=3
    )
    return error


@pytest.mark.parametrize("kind", list(families()), ids=lambda kind: kind.__name__)
def test_an_error_keeps_its_class_and_its_words_through_the_sidecar(
    both: Both, kind: type[errors.MatchcutError]
) -> None:
    both.here.raising = made(kind)
    query = MediaQuery(Path("/a.mov"), "1")
    calls: list[Callable[[Matching], object]] = [
        lambda matching: matching.find(query, flavor="f", top=1, **USUAL),
        lambda matching: matching.index([Path("/a.mov")], detector="d", monitor=Watcher()),
        lambda matching: list(matching.refine([CANDIDATE], min_handle=8, reframe=True)),
        lambda matching: matching.record_verdict(CANDIDATE, "keep"),
        lambda matching: matching.verdicts(),
    ]
    for call in calls:
        with pytest.raises(errors.MatchcutError) as told:
            call(both.there)
        assert type(told.value) is kind
        assert told.value.sentence == both.here.raising.sentence
        assert told.value.next_step == both.here.raising.next_step
        assert told.value.facts == both.here.raising.facts


def test_a_very_long_error_arrives_cut_but_in_its_class(both: Both) -> None:
    both.here.raising = errors.MediaUnreadable("🎬" * 20_000, "ü" * 20_000)
    with pytest.raises(errors.MediaUnreadable) as told:
        both.there.flavors()
    assert told.value.sentence.startswith("🎬")
    assert told.value.sentence.endswith("…")


def test_a_bug_is_told_in_one_sentence_and_logged_with_its_traceback(
    both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    both.here.raising = ZeroDivisionError("secret of the house")
    for call in (
        both.there.sources,
        lambda: both.there.index([Path("/a")], detector="d", monitor=Watcher()),
    ):
        caplog.clear()
        with pytest.raises(errors.InternalError) as told:
            call()
        assert "ZeroDivisionError" in told.value.sentence
        assert "secret" not in str(told.value)
        assert "secret of the house" in caplog.text
        assert "Traceback" in caplog.text


def test_a_number_too_large_to_send_is_refused_with_a_sentence(both: Both) -> None:
    with pytest.raises(errors.UsageError, match="too large"):
        both.there.scan(flavor="f", top=2**63, per_shot=None, across=False, **USUAL)
    with pytest.raises(errors.UsageError, match="too large"):
        list(both.there.refine([], min_handle=2**63, reframe=True))


def test_a_relative_path_means_the_folder_of_the_caller(
    both: Both, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    both.here.asked.clear()
    both.there.index([Path("a.mov")], detector="d", monitor=Watcher())
    assert both.here.asked == [("index", (tmp_path / "a.mov",), "d", (), "auto", True)]


@dataclass
class Refining:
    """Refines candidates one by one, each only once it is let go; says when it was closed."""

    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def __call__(self, candidates: Sequence[Candidate]) -> Iterator[Refined]:
        try:
            for candidate in candidates:
                self.go.acquire()
                self.done += 1
                yield Refined(replace(candidate, refined=True))
        finally:
            self.closed.set()


def test_candidates_come_as_they_are_refined(both: Both) -> None:
    refining = Refining()
    both.here.refining = refining
    asked = [replace(CANDIDATE, rank=rank) for rank in (1, 2, 3)]
    came = both.there.refine(asked, min_handle=8, reframe=True)
    for rank in (1, 2, 3):
        refining.go.release()
        assert next(came) == Refined(replace(CANDIDATE, rank=rank, refined=True))
        assert refining.done == rank, "nothing waits for the candidates behind it"
    assert list(came) == []


def test_who_goes_away_ends_the_work_after_the_candidate_under_way(both: Both) -> None:
    refining = Refining()
    both.here.refining = refining
    came = both.there.refine([CANDIDATE] * 1000, min_handle=8, reframe=True)
    refining.go.release()
    next(came)
    del came
    # The one under way may be done before the sidecar learns of it; it is done with then.
    refining.go.release()
    assert refining.closed.wait(60)
    assert refining.done <= 3


def test_an_error_in_the_middle_comes_after_what_was_refined(both: Both) -> None:
    def until_offline(candidates: Sequence[Candidate]) -> Iterator[Refined]:
        for candidate in candidates:
            if candidate.rank == 2:
                raise errors.LibraryMissing(Path("/library"))
            yield Refined(candidate, "It is offline.")

    both.here.refining = until_offline
    asked = [replace(CANDIDATE, rank=rank) for rank in (1, 2)]
    came = both.there.refine(asked, min_handle=8, reframe=True)
    assert next(came) == Refined(CANDIDATE, "It is offline.")
    with pytest.raises(errors.LibraryMissing):
        next(came)


def test_fewer_answers_than_candidates_are_an_error_and_no_answer(both: Both) -> None:
    both.here.refining = lambda candidates: iter(())
    came = both.there.refine([CANDIDATE], min_handle=8, reframe=True)
    # By HTTP it is the sidecar that misses the one answer which it should give.
    said = errors.SidecarRefused if both.door == "grpc" else errors.InternalError
    with pytest.raises(said):
        next(came)


def test_a_monitor_that_says_stop_cancels_the_work_in_the_sidecar(both: Both) -> None:
    gate = Gate()
    both.here.work = gate
    watcher = Watcher()

    def stop_when_begun() -> None:
        gate.begun.wait()
        watcher.stop.set()

    stopper = threading.Thread(target=stop_when_begun)
    stopper.start()
    with pytest.raises(errors.Cancelled):
        both.there.index([Path("/a.mov")], detector="d", monitor=watcher)
    stopper.join()


def test_progress_in_the_sidecar_reaches_the_monitor(both: Both) -> None:
    gate = Gate()
    both.here.work = gate

    class Opens(Watcher):
        def report(self, progress: Progress, /) -> None:
            super().report(progress)
            gate.open.set()

    watcher = Opens()
    report = both.there.index([Path("/a.mov")], detector="d", monitor=watcher)
    assert report == IndexReport(added=(Path("/a.mov"),))
    assert watcher.told[0] == Progress("reading", "a.mov", 0, 2, "files")


def test_without_a_sidecar_one_is_told_to_start_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(tmp_path))
    with pytest.raises(errors.SidecarMissing, match="matchcut serve"):
        RemoteMatching(tmp_path / "library").sources()
