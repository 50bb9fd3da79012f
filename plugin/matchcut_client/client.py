"""The calls of the API, as a host makes them: plain values in, messages of `matchcut_api` out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

from grpc_health.v1 import health_pb2

from matchcut_api.v1 import library_pb2, match_pb2, operation_pb2, verdict_pb2
from matchcut_client.messages import path_text, rational, whole
from matchcut_client.transport import Stream, Transport
from matchcut_client.wire_text import to_wire

SECONDS = 10.0
"""How long a call that needs no search may take."""
RECORD_SECONDS = 60.0
"""How long recording may take: it waits for another program that is writing, up to 30 seconds."""

_LIBRARY = "/matchcut_api.v1.LibraryService"
_MATCH = "/matchcut_api.v1.MatchService"
_OPERATION = "/matchcut_api.v1.OperationService"
_VERDICT = "/matchcut_api.v1.VerdictService"


class Client:
    """A connection to the sidecar of one library. Every failure is a `ClientError`.

    May be used from several threads. Close it, or use it as a context manager.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. Operations go on."""
        self._transport.close()

    def serving(self) -> bool:
        """True where the sidecar answers and takes work; False while it is stopping."""
        answer = self._transport.call(
            "/grpc.health.v1.Health/Check",
            health_pb2.HealthCheckRequest(),
            health_pb2.HealthCheckResponse,
            seconds=SECONDS,
        )
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def server_info(self) -> library_pb2.ServerInfo:
        """Who answers: versions, library, process."""
        return self._transport.call(
            f"{_LIBRARY}/GetServerInfo",
            library_pb2.GetServerInfoRequest(),
            library_pb2.ServerInfo,
            seconds=SECONDS,
        )

    def api_version(self) -> str:
        """`MAJOR.MINOR` of the API that the sidecar speaks."""
        return self.server_info().api_version

    def import_media(
        self,
        paths: Iterable[Path],
        *,
        detector: str = "",
        cut_lists: Iterable[library_pb2.CutList] = (),
        profile: str = "",
        proxies: bool = True,
        request_id: str | None = None,
    ) -> operation_pb2.Operation:
        """Begins to analyse files and folders; returns at once.

        Args:
            paths: Relative ones start from this process's folder.
            detector: Name of the shot detector; empty for the default one.
            cut_lists: Where films cut, as `messages.cut_list` makes them.
            profile: `auto`, `pretrained`, `classical` or the name of a model; empty for `auto`.
            proxies: Whether small copies of the films are kept, from which refining is quick.
            request_id: The same one again gives the same operation; None makes a new one.
        """
        request = library_pb2.ImportMediaRequest(
            request_id=str(uuid.uuid4()) if request_id is None else to_wire(request_id),
            paths=[path_text(path) for path in paths],
            detector=to_wire(detector),
            cut_lists=cut_lists,
            profile=to_wire(profile),
            proxies=proxies,
        )
        return self._transport.call(
            f"{_LIBRARY}/ImportMedia", request, operation_pb2.Operation, seconds=SECONDS
        )

    def watch(self, name: str) -> Stream[operation_pb2.Operation]:
        """The operation as it stands, then each time it changes, up to its end.

        Letting go of it cancels nothing, and it can be watched again.
        """
        return self._transport.stream(
            f"{_OPERATION}/WatchOperation",
            operation_pb2.WatchOperationRequest(name=to_wire(name)),
            operation_pb2.Operation,
        )

    def operation(self, name: str) -> operation_pb2.Operation:
        """The operation as it stands."""
        return self._transport.call(
            f"{_OPERATION}/GetOperation",
            operation_pb2.GetOperationRequest(name=to_wire(name)),
            operation_pb2.Operation,
            seconds=SECONDS,
        )

    def cancel(self, name: str) -> operation_pb2.Operation:
        """Asks the operation to stop; watch it to see when it has."""
        return self._transport.call(
            f"{_OPERATION}/CancelOperation",
            operation_pb2.CancelOperationRequest(name=to_wire(name)),
            operation_pb2.Operation,
            seconds=SECONDS,
        )

    def find(
        self,
        query: match_pb2.MediaQuery | match_pb2.TimelineQuery,
        *,
        flavor: str,
        top: int,
        min_gap: Fraction,
        min_handle: int | None = None,
        reframe: bool = True,
        exact: bool = False,
        rejected: bool = False,
        scorer: str = "",
    ) -> match_pb2.MatchSet:
        """The best `top` shots to cut to from the queried shot. Waits as long as it takes.

        Args:
            query: See `messages.media_query` and `messages.timeline_query`.
            flavor: Name of the flavor.
            top: How many candidates at most.
            min_gap: Seconds that two shots of one source must lie apart.
            min_handle: Frames that A must have been on screen, the last one counted, and that B
                must stay; None for the sidecar's default.
            reframe: Whether pairs that match once a picture is moved are found as well.
            exact: Whether all shots are compared, even where an index would say which matter.
            rejected: Whether pairs that the editor rejected are shown as well.
            scorer: Name of the classifier that orders the best ones instead of their score.
        """
        request = match_pb2.FindRequest(
            flavor=to_wire(flavor),
            top_count=whole(top),
            min_gap_seconds=rational(min_gap),
            min_handle_frame_count=None if min_handle is None else whole(min_handle),
            reframe=reframe,
            exact=exact,
            rejected=rejected,
            scorer=to_wire(scorer),
        )
        if isinstance(query, match_pb2.MediaQuery):
            request.media.CopyFrom(query)
        else:
            request.timeline.CopyFrom(query)
        return self._transport.call(f"{_MATCH}/Find", request, match_pb2.MatchSet, seconds=None)

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
        scorer: str = "",
    ) -> match_pb2.MatchSet:
        """The best `top` pairs of the library. Waits as long as it takes.

        Args:
            flavor: Name of the flavor.
            top: How many candidates at most.
            per_shot: How many with one and the same shot at most; None for no such limit.
            across: Only pairs of different sources.
            min_gap: Seconds that two shots of one source must lie apart.
            min_handle: Frames that A must have been on screen, the last one counted, and that B
                must stay; None for the sidecar's default.
            reframe: Whether pairs that match once a picture is moved are found as well.
            rejected: Whether pairs that the editor rejected are shown as well.
            scorer: Name of the classifier that orders the best ones instead of their score.
        """
        request = match_pb2.ScanRequest(
            flavor=to_wire(flavor),
            top_count=whole(top),
            per_shot_count=None if per_shot is None else whole(per_shot),
            across=across,
            min_gap_seconds=rational(min_gap),
            min_handle_frame_count=None if min_handle is None else whole(min_handle),
            reframe=reframe,
            rejected=rejected,
            scorer=to_wire(scorer),
        )
        return self._transport.call(f"{_MATCH}/Scan", request, match_pb2.MatchSet, seconds=None)

    def refine(
        self,
        candidates: Iterable[match_pb2.Candidate],
        *,
        min_handle: int | None = None,
        reframe: bool = True,
    ) -> Stream[match_pb2.RefinedCandidate]:
        """Each candidate with its best cut near the one it has, in the order given.

        They come as they are done. Closing the stream ends the work after the one under way.

        Args:
            candidates: As `find` and `scan` gave them.
            min_handle: As for `find`.
            reframe: Whether a better match is looked for by moving the picture of one side.
        """
        request = match_pb2.RefineRequest(
            candidates=candidates,
            min_handle_frame_count=None if min_handle is None else whole(min_handle),
            reframe=reframe,
        )
        return self._transport.stream(f"{_MATCH}/Refine", request, match_pb2.RefinedCandidate)

    def refine_one(
        self,
        candidate: match_pb2.Candidate,
        *,
        min_handle: int | None = None,
        reframe: bool = True,
    ) -> match_pb2.RefinedCandidate:
        """One candidate as `refine` gives it. Waits as long as it takes."""
        request = match_pb2.RefineOneRequest(
            candidate=candidate,
            min_handle_frame_count=None if min_handle is None else whole(min_handle),
            reframe=reframe,
        )
        return self._transport.call(
            f"{_MATCH}/RefineOne", request, match_pb2.RefinedCandidate, seconds=None
        )

    def export(
        self,
        matches: match_pb2.MatchSet,
        *,
        host: str,
        name: str,
        timeline: match_pb2.TimelineQuery | None = None,
    ) -> match_pb2.ExportedFiles:
        """The files by which an editing application takes over candidates.

        Args:
            matches: As `find` and `scan` gave them; its candidates as refined, where they were.
            host: The application's name, such as `resolve`.
            name: What files, and timelines in them, are called.
            timeline: What was asked about, to put markers on it.
        """
        request = match_pb2.ExportRequest(
            matches=matches, host=to_wire(host), name=to_wire(name), timeline=timeline
        )
        return self._transport.call(
            f"{_MATCH}/Export", request, match_pb2.ExportedFiles, seconds=None
        )

    def thumbnail(self, digest: str, frame: int, *, max_side: int = 0) -> library_pb2.Thumbnail:
        """One frame of a source as a small JPEG. Waits as long as it takes.

        Args:
            digest: Of the source, as candidates state it.
            frame: 0-based, in the order shown; as `cut_frame` of a side.
            max_side: Pixels that the longer side measures at most; 0 for the sidecar's default.
        """
        request = library_pb2.GetThumbnailRequest(
            source_digest=to_wire(digest),
            frame_index=whole(frame),
            max_side_pixels=whole(max_side),
        )
        return self._transport.call(
            f"{_LIBRARY}/GetThumbnail", request, library_pb2.Thumbnail, seconds=None
        )

    def record_verdict(
        self, candidate: match_pb2.Candidate, judgement: match_pb2.Judgement, *, why: str = ""
    ) -> verdict_pb2.Verdict:
        """Records what the editor says of a candidate; it is on the disk once this returns.

        Args:
            candidate: As `find`, `scan` and `refine` gave it.
            judgement: `match_pb2.JUDGEMENT_KEEP`, `JUDGEMENT_REJECT`, or `JUDGEMENT_CLEAR` to take
                back what was said before.
            why: A word or a few, for people.
        """
        request = verdict_pb2.RecordVerdictRequest(
            candidate=candidate, judgement=judgement, why=to_wire(why)
        )
        return self._transport.call(
            f"{_VERDICT}/RecordVerdict", request, verdict_pb2.Verdict, seconds=RECORD_SECONDS
        )

    def list_verdicts(self, *, history: bool = False) -> list[verdict_pb2.Verdict]:
        """What was said, in the order in which it was.

        Args:
            history: All that was ever recorded, not only the newest word on each pair.
        """
        verdicts: list[verdict_pb2.Verdict] = []
        for page in self._verdict_pages(history):
            verdicts.extend(page.verdicts)
        return verdicts

    def list_flavors(self) -> list[match_pb2.FlavorCard]:
        """All flavors, in the order a menu shows them."""
        cards: list[match_pb2.FlavorCard] = []
        for page in self._flavor_pages():
            cards.extend(page.flavors)
        return cards

    def list_sources(self) -> list[library_pb2.SourceCard]:
        """All sources of the library, in its order."""
        cards: list[library_pb2.SourceCard] = []
        for page in self._source_pages():
            cards.extend(page.sources)
        return cards

    def _flavor_pages(self) -> Iterator[match_pb2.ListFlavorsResponse]:
        token = ""
        while True:
            request = match_pb2.ListFlavorsRequest(page_token=token)
            page = self._transport.call(
                f"{_MATCH}/ListFlavors", request, match_pb2.ListFlavorsResponse, seconds=SECONDS
            )
            yield page
            token = page.next_page_token
            if not token:
                return

    def _verdict_pages(self, history: bool) -> Iterator[verdict_pb2.ListVerdictsResponse]:
        token = ""
        while True:
            request = verdict_pb2.ListVerdictsRequest(page_token=token, history=history)
            page = self._transport.call(
                f"{_VERDICT}/ListVerdicts",
                request,
                verdict_pb2.ListVerdictsResponse,
                seconds=SECONDS,
            )
            yield page
            token = page.next_page_token
            if not token:
                return

    def _source_pages(self) -> Iterator[library_pb2.ListSourcesResponse]:
        token = ""
        while True:
            request = library_pb2.ListSourcesRequest(page_token=token)
            page = self._transport.call(
                f"{_LIBRARY}/ListSources", request, library_pb2.ListSourcesResponse, seconds=SECONDS
            )
            yield page
            token = page.next_page_token
            if not token:
                return
