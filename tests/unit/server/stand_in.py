"""A library that answers what a test tells it to, in place of one that analyses films."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from matchcut.errors import Cancelled
from matchcut.server.serve import sidecar
from matchcut.types import (
    Candidate,
    CutList,
    Exported,
    FlavorCard,
    IndexReport,
    JudgedShot,
    Judgement,
    MatchSet,
    MediaTime,
    Monitor,
    Progress,
    Query,
    Refined,
    Side,
    SourceCard,
    Span,
    Thumbnail,
    TimelineQuery,
    Verdict,
)
from matchcut_client.grpc_transport import GrpcTransport
from matchcut_client.handover import HandOver

SIDE = Side(
    source=Path("/films/a.mov"),
    digest="0" * 64,
    shot=1,
    start_frame=0,
    end_frame=100,
    cut_frame=99,
    cut_time=MediaTime(99_000, Fraction(1, 24_000)),
    timecode="01:00:00:00",
    rate=Fraction(24),
    start_timecode_frame=86_400,
    source_frames=1000,
    clean_start_frame=0,
    clean_end_frame=100,
    size=(1920, 1080),
    span=Span(0, 100_000, Fraction(1, 24_000)),
    clean=Span(0, 100_000, Fraction(1, 24_000)),
    source_span=Span(0, 1_000_000, Fraction(1, 24_000)),
)
CANDIDATE = Candidate(1, 0.5, "frame", 0.6, True, SIDE, SIDE)
"""A candidate of no particular shots."""
_JUDGED = JudgedShot(SIDE.digest, SIDE.span, SIDE.cut_frame, SIDE.cut_time.pts)
SAID = Verdict(
    judgement="keep",
    outgoing=_JUDGED,
    incoming=_JUDGED,
    flavor="frame",
    score=0.5,
    at_cut=0.6,
    reframing=None,
    scorer="",
    why="hands",
    when=datetime(2026, 3, 1, 12, tzinfo=UTC),
)
"""What was said of it."""


def index_at_once(paths: Sequence[Path], monitor: Monitor) -> IndexReport:
    return IndexReport(added=tuple(paths))


def left_as_given(candidates: Sequence[Candidate]) -> Iterator[Refined]:
    return map(Refined, candidates)


@dataclass
class StandIn:
    """Answers with its fields, and keeps what it was asked. `raising` comes before any answer."""

    matches: MatchSet = field(default_factory=lambda: MatchSet((), "frame", 0))
    cards: tuple[FlavorCard, ...] = ()
    listed: tuple[SourceCard, ...] = ()
    exported: Exported = field(default_factory=lambda: Exported(()))
    shown: Thumbnail = field(default_factory=lambda: Thumbnail(b"", 1, 1))
    said: tuple[Verdict, ...] = ()
    work: Callable[[Sequence[Path], Monitor], IndexReport] = index_at_once
    refining: Callable[[Sequence[Candidate]], Iterator[Refined]] = left_as_given
    raising: Exception | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None = None,
        cut_lists: Sequence[CutList] = (),
        profile: str = "auto",
        proxies: bool = True,
        monitor: Monitor,
    ) -> IndexReport:
        self._ask(("index", tuple(paths), detector, tuple(cut_lists), profile, proxies))
        return self.work(paths, monitor)

    def find(
        self,
        query: Query,
        /,
        *,
        flavor: str,
        top: int,
        min_gap: Fraction,
        min_handle: int,
        reframe: bool,
        exact: bool = False,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        self._ask(
            ("find", query, flavor, top, min_gap, rejected, exact, min_handle, reframe, scorer)
        )
        return self.matches

    def scan(
        self,
        *,
        flavor: str,
        top: int,
        per_shot: int | None,
        across: bool,
        min_gap: Fraction,
        min_handle: int,
        reframe: bool,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        self._ask(
            ("scan", flavor, top, per_shot, across, min_gap, rejected, min_handle, reframe, scorer)
        )
        return self.matches

    def refine(
        self, candidates: Sequence[Candidate], /, *, min_handle: int, reframe: bool
    ) -> Iterator[Refined]:
        self._ask(("refine", tuple(candidates), min_handle, reframe))
        yield from self.refining(candidates)

    def flavors(self) -> tuple[FlavorCard, ...]:
        self._ask(("flavors",))
        return self.cards

    def sources(self) -> tuple[SourceCard, ...]:
        self._ask(("sources",))
        return self.listed

    def export(
        self, found: MatchSet, /, *, host: str, name: str, timeline: TimelineQuery | None
    ) -> Exported:
        self._ask(("export", found, host, name, timeline))
        return self.exported

    def thumbnail(self, digest: str, frame: int, /, *, max_side: int) -> Thumbnail:
        self._ask(("thumbnail", digest, frame, max_side))
        return self.shown

    def record_verdict(
        self, candidate: Candidate, judgement: Judgement, /, *, why: str = ""
    ) -> Verdict:
        self._ask(("record_verdict", candidate, judgement, why))
        assert self.said
        return self.said[-1]

    def verdicts(self, *, history: bool = False) -> tuple[Verdict, ...]:
        self._ask(("verdicts", history))
        return self.said

    def _ask(self, call: tuple[object, ...]) -> None:
        self.asked.append(call)
        if self.raising is not None:
            raise self.raising


@dataclass
class Gate:
    """Work that stands still until it is let go or cancelled; says when it has begun."""

    begun: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def __call__(self, paths: Sequence[Path], monitor: Monitor) -> IndexReport:
        monitor.report(Progress("reading", paths[0].name, 0, 2, "files"))
        self.begun.set()
        while not self.open.wait(0.01):
            if monitor.cancelled():
                raise Cancelled()
        monitor.report(Progress("reading", paths[0].name, 2, 2, "files"))
        return IndexReport(added=tuple(paths))


class Watcher:
    """A monitor that keeps what it is told, and stops the work once told to."""

    def __init__(self) -> None:
        self.told: list[Progress] = []
        self.stop = threading.Event()

    def report(self, progress: Progress, /) -> None:
        self.told.append(progress)

    def cancelled(self) -> bool:
        return self.stop.is_set()


@contextmanager
def calling(stand_in: StandIn, library: Path) -> Iterator[tuple[HandOver, GrpcTransport]]:
    """A sidecar over a real socket, and a connection to it that knows its token."""
    with sidecar(stand_in, library) as handover:
        transport = GrpcTransport(handover)
        try:
            yield handover, transport
        finally:
            transport.close()
