"""A library that answers what a test tells it to, in place of one that analyses films."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from matchcut.errors import Cancelled
from matchcut.server.serve import sidecar
from matchcut.types import (
    CutList,
    FlavorCard,
    IndexReport,
    MatchSet,
    Monitor,
    Progress,
    Query,
    SourceCard,
)
from matchcut_client.grpc_transport import GrpcTransport
from matchcut_client.handover import HandOver


def index_at_once(paths: Sequence[Path], monitor: Monitor) -> IndexReport:
    return IndexReport(added=tuple(paths))


@dataclass
class StandIn:
    """Answers with its fields, and keeps what it was asked. `raising` comes before any answer."""

    matches: MatchSet = field(default_factory=lambda: MatchSet((), "frame", 0))
    cards: tuple[FlavorCard, ...] = ()
    listed: tuple[SourceCard, ...] = ()
    work: Callable[[Sequence[Path], Monitor], IndexReport] = index_at_once
    raising: Exception | None = None
    asked: list[object] = field(default_factory=list)

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None = None,
        cut_lists: Sequence[CutList] = (),
        profile: str = "auto",
        monitor: Monitor,
    ) -> IndexReport:
        self._ask(("index", tuple(paths), detector, tuple(cut_lists), profile))
        return self.work(paths, monitor)

    def find(self, query: Query, /, *, flavor: str, top: int, min_gap: Fraction) -> MatchSet:
        self._ask(("find", query, flavor, top, min_gap))
        return self.matches

    def scan(
        self, *, flavor: str, top: int, per_shot: int | None, across: bool, min_gap: Fraction
    ) -> MatchSet:
        self._ask(("scan", flavor, top, per_shot, across, min_gap))
        return self.matches

    def flavors(self) -> tuple[FlavorCard, ...]:
        self._ask(("flavors",))
        return self.cards

    def sources(self) -> tuple[SourceCard, ...]:
        self._ask(("sources",))
        return self.listed

    def _ask(self, call: object) -> None:
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
