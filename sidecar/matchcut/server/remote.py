"""What matchcut can do with a library, done by its sidecar: the same calls, the same answers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path

from matchcut.errors import SidecarMissing, SidecarRefused, UsageError
from matchcut.server.border import Kept
from matchcut.server.convert import (
    pack_cut_list,
    pack_query,
    pack_timeline_query,
    unpack_flavor_card,
    unpack_progress,
    unpack_report,
    unpack_source_card,
)
from matchcut.server.failures import error_of, error_of_call
from matchcut.server.handing import unpack_exported, unpack_thumbnail
from matchcut.server.matches import (
    JUDGEMENTS,
    pack_candidate,
    pack_match_set,
    unpack_match_set,
    unpack_refined,
)
from matchcut.server.verdicts import unpack_verdict
from matchcut.types import (
    Candidate,
    CutList,
    Exported,
    FlavorCard,
    IndexReport,
    Judgement,
    MatchSet,
    Monitor,
    Query,
    Refined,
    SourceCard,
    Thumbnail,
    TimelineQuery,
    Verdict,
)
from matchcut_api.v1 import operation_pb2
from matchcut_client.client import Client
from matchcut_client.connecting import connect
from matchcut_client.failing import SIDECAR_MISSING, ClientError
from matchcut_client.transport import Stream

CANCEL_SECONDS = 0.1
"""How often a monitor is asked whether the work should stop, while nothing else happens."""


class RemoteMatching:
    """`types.Matching` through the sidecar of `library`, found anew at each call.

    Every method raises what the engine itself would raise, and besides: SidecarMissing where no
    sidecar answers, SidecarLost where it goes away, SidecarRefused where it is not understood.
    Relative paths start from this process's folder.
    """

    def __init__(self, library: Path, connect: Callable[[Path], Client] = connect) -> None:
        """`connect` says how it is called: over gRPC, unless said."""
        self._library = library
        self._connect = connect

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None = None,
        cut_lists: Sequence[CutList] = (),
        profile: str = "",
        proxies: bool = True,
        monitor: Monitor,
    ) -> IndexReport:
        """Imports and watches to the end; asks the sidecar to stop once the monitor says so.

        Raises:
            Cancelled: the import was cancelled, by this monitor or by somebody else.
        """
        with self._asking() as client:
            begun = client.import_media(
                paths,
                detector=detector or "",
                cut_lists=map(pack_cut_list, cut_lists),
                profile=profile,
                proxies=proxies,
            )
            last = _watched(client, begun, monitor)
            if last.state == operation_pb2.OPERATION_STATE_SUCCEEDED:
                return unpack_report(last.index_report)
            raise error_of(last.failure)

    def find(
        self,
        query: Query,
        /,
        *,
        flavor: str,
        top: int,
        min_gap: Fraction,
        min_handle: int | None = None,
        reframe: bool = True,
        exact: bool = False,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        """As `types.Matching.find`. UsageError: `scorer` is a folder."""
        named = _kept(scorer)
        with self._asking() as client:
            return unpack_match_set(
                client.find(
                    pack_query(query),
                    flavor=flavor,
                    top=top,
                    min_gap=min_gap,
                    min_handle=min_handle,
                    reframe=reframe,
                    exact=exact,
                    rejected=rejected,
                    scorer=named,
                )
            )

    def scan(
        self,
        *,
        flavor: str,
        top: int,
        per_shot: int | None,
        across: bool,
        min_gap: Fraction,
        min_handle: int | None = None,
        reframe: bool = True,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        """As `types.Matching.scan`. UsageError: `scorer` is a folder."""
        named = _kept(scorer)
        with self._asking() as client:
            return unpack_match_set(
                client.scan(
                    flavor=flavor,
                    top=top,
                    per_shot=per_shot,
                    across=across,
                    min_gap=min_gap,
                    min_handle=min_handle,
                    reframe=reframe,
                    rejected=rejected,
                    scorer=named,
                )
            )

    def refine(
        self,
        candidates: Sequence[Candidate],
        /,
        *,
        min_handle: int | None = None,
        reframe: bool = True,
    ) -> Iterator[Refined]:
        """As `types.Matching.refine`; who drops the iterator ends the work in the sidecar."""
        with self._asking() as client:
            asked = map(pack_candidate, candidates)
            done = 0
            with closing(client.refine(asked, min_handle=min_handle, reframe=reframe)) as stream:
                for message in stream:
                    done += 1
                    yield unpack_refined(message)
            if done < len(candidates):
                raise SidecarRefused("the refinement ended before its last candidate")

    def flavors(self) -> tuple[FlavorCard, ...]:
        """As `types.Matching.flavors`."""
        with self._asking() as client:
            return tuple(unpack_flavor_card(card) for card in client.list_flavors())

    def sources(self) -> tuple[SourceCard, ...]:
        """As `types.Matching.sources`."""
        with self._asking() as client:
            return tuple(unpack_source_card(card) for card in client.list_sources())

    def export(
        self, found: MatchSet, /, *, host: str, name: str, timeline: TimelineQuery | None = None
    ) -> Exported:
        """As `types.Matching.export`."""
        with self._asking() as client:
            asked = None if timeline is None else pack_timeline_query(timeline)
            return unpack_exported(
                client.export(pack_match_set(found), host=host, name=name, timeline=asked)
            )

    def thumbnail(self, digest: str, frame: int, /, *, max_side: int = 0) -> Thumbnail:
        """As `types.Matching.thumbnail`; `max_side` 0: the sidecar's default."""
        with self._asking() as client:
            return unpack_thumbnail(client.thumbnail(digest, frame, max_side=max_side))

    def record_verdict(
        self, candidate: Candidate, judgement: Judgement, /, *, why: str = ""
    ) -> Verdict:
        """As `types.Matching.record_verdict`."""
        with self._asking() as client:
            return unpack_verdict(
                client.record_verdict(pack_candidate(candidate), JUDGEMENTS[judgement], why=why)
            )

    def verdicts(self, *, history: bool = False) -> tuple[Verdict, ...]:
        """As `types.Matching.verdicts`."""
        with self._asking() as client:
            return tuple(unpack_verdict(one) for one in client.list_verdicts(history=history))

    @contextmanager
    def _asking(self) -> Iterator[Client]:
        """A client whose errors leave the block as matchcut's own."""
        try:
            client = self._connect(self._library)
        except ClientError as error:
            if error.reason == SIDECAR_MISSING:
                raise SidecarMissing(self._library) from error
            raise error_of_call(error) from error
        with client:
            try:
                yield client
            except ClientError as error:
                raise error_of_call(error) from error
            except ValueError as error:
                raise SidecarRefused(str(error)) from error


def _kept(scorer: str | Path | None) -> str:
    """The name of a scorer; empty for none."""
    if isinstance(scorer, Path):
        raise UsageError(
            f"A sidecar takes a scorer by its name, not from {scorer}.",
            f"Keep it with `matchcut train use '{scorer}' --name NAME`, or leave out --sidecar.",
        )
    return scorer or ""


def _watched(
    client: Client, begun: operation_pb2.Operation, monitor: Monitor
) -> operation_pb2.Operation:
    """The operation as it ended. The monitor is told and asked in the calling thread alone."""
    stream = client.watch(begun.name)
    arrived: queue.SimpleQueue[operation_pb2.Operation | Exception | None] = queue.SimpleQueue()
    reader = threading.Thread(
        target=_read, args=(stream, arrived), name="matchcut-watch", daemon=True
    )
    reader.start()
    asked = False
    last = begun
    try:
        while True:
            if not asked and monitor.cancelled():
                asked = True
                client.cancel(begun.name)
            try:
                now = arrived.get(timeout=CANCEL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(now, Exception):
                raise now
            if now is None:
                break
            last = now
            if now.HasField("progress") and not now.HasField("end_time"):
                monitor.report(unpack_progress(now.progress))
    finally:
        stream.close()
        reader.join()
    if not last.HasField("end_time"):
        raise SidecarRefused("the watch ended before the import did")
    return last


def _read(
    stream: Stream[operation_pb2.Operation],
    arrived: queue.SimpleQueue[operation_pb2.Operation | Exception | None],
) -> None:
    """Passes on each state, then the error that ended the watch, or None."""
    with Kept() as kept:
        for now in stream:
            arrived.put(now)
    arrived.put(kept.error)
