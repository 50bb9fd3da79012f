"""The services: each call reads its request, asks the library, and packs the answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from matchcut.engine import profiles
from matchcut.server import requests
from matchcut.server.border import Answering
from matchcut.server.convert import (
    pack_flavor_card,
    pack_progress,
    pack_report,
    pack_source_card,
)
from matchcut.server.failures import failure_of
from matchcut.server.handing import pack_exported, pack_thumbnail
from matchcut.server.matches import pack_match_set, pack_refined
from matchcut.server.operations import Operation, Operations, State
from matchcut.types import IndexReport, Matching, Monitor
from matchcut_api.v1 import (
    library_pb2,
    library_pb2_grpc,
    match_pb2,
    match_pb2_grpc,
    operation_pb2,
    operation_pb2_grpc,
)
from matchcut_client.wire_text import from_wire, to_wire

_STATES = {
    State.QUEUED: operation_pb2.OPERATION_STATE_QUEUED,
    State.RUNNING: operation_pb2.OPERATION_STATE_RUNNING,
    State.SUCCEEDED: operation_pb2.OPERATION_STATE_SUCCEEDED,
    State.FAILED: operation_pb2.OPERATION_STATE_FAILED,
    State.CANCELLED: operation_pb2.OPERATION_STATE_CANCELLED,
}


class LibraryServicer(library_pb2_grpc.LibraryServiceServicer):
    """Importing and listing, as `library.proto` says."""

    def __init__(
        self, matching: Matching, operations: Operations, told: library_pb2.ServerInfo
    ) -> None:
        self._matching = matching
        self._operations = operations
        self._told = told

    def ImportMedia(
        self, request: library_pb2.ImportMediaRequest, context: grpc.ServicerContext
    ) -> operation_pb2.Operation:
        with Answering(context, "ImportMedia"):
            paths = requests.paths_of(request)
            detector = from_wire(request.detector) or None
            cut_lists = requests.cut_lists_of(request)
            profile = from_wire(request.profile) or profiles.DEFAULT
            proxies = requests.proxies_of(request)

            def work(monitor: Monitor) -> IndexReport:
                return self._matching.index(
                    paths,
                    detector=detector,
                    cut_lists=cut_lists,
                    profile=profile,
                    proxies=proxies,
                    monitor=monitor,
                )

            content = (paths, detector, cut_lists, profile, proxies)
            begun = self._operations.start(from_wire(request.request_id), content, work)
            return pack_operation(begun)

    def ListSources(
        self, request: library_pb2.ListSourcesRequest, context: grpc.ServicerContext
    ) -> library_pb2.ListSourcesResponse:
        with Answering(context, "ListSources"):
            cards, token = requests.page(
                self._matching.sources(),
                lambda card: card.source.digest,
                request.page_size,
                request.page_token,
            )
            return library_pb2.ListSourcesResponse(
                sources=[pack_source_card(card) for card in cards], next_page_token=token
            )

    def GetThumbnail(
        self, request: library_pb2.GetThumbnailRequest, context: grpc.ServicerContext
    ) -> library_pb2.Thumbnail:
        with Answering(context, "GetThumbnail"):
            return pack_thumbnail(
                self._matching.thumbnail(
                    requests.source_of(request),
                    request.frame_index,
                    max_side=requests.side_of(request),
                )
            )

    def GetServerInfo(
        self, request: library_pb2.GetServerInfoRequest, context: grpc.ServicerContext
    ) -> library_pb2.ServerInfo:
        return self._told


class MatchServicer(match_pb2_grpc.MatchServiceServicer):
    """Flavors and searches, as `match.proto` says."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching

    def ListFlavors(
        self, request: match_pb2.ListFlavorsRequest, context: grpc.ServicerContext
    ) -> match_pb2.ListFlavorsResponse:
        with Answering(context, "ListFlavors"):
            cards, token = requests.page(
                self._matching.flavors(),
                lambda card: card.name,
                request.page_size,
                request.page_token,
            )
            return match_pb2.ListFlavorsResponse(
                flavors=[pack_flavor_card(card) for card in cards], next_page_token=token
            )

    def Find(
        self, request: match_pb2.FindRequest, context: grpc.ServicerContext
    ) -> match_pb2.MatchSet:
        with Answering(context, "Find"):
            return pack_match_set(
                self._matching.find(
                    requests.query_of(request),
                    flavor=from_wire(request.flavor),
                    top=requests.top_of(request),
                    min_gap=requests.gap_of(request),
                    min_handle=requests.handle_of(request),
                    reframe=requests.reframe_of(request),
                    exact=request.exact,
                    rejected=request.rejected,
                    scorer=from_wire(request.scorer) or None,
                )
            )

    def Scan(
        self, request: match_pb2.ScanRequest, context: grpc.ServicerContext
    ) -> match_pb2.MatchSet:
        with Answering(context, "Scan"):
            limited = request.HasField("per_shot_count")
            return pack_match_set(
                self._matching.scan(
                    flavor=from_wire(request.flavor),
                    top=requests.top_of(request),
                    per_shot=request.per_shot_count if limited else None,
                    across=request.across,
                    min_gap=requests.gap_of(request),
                    min_handle=requests.handle_of(request),
                    reframe=requests.reframe_of(request),
                    rejected=request.rejected,
                    scorer=from_wire(request.scorer) or None,
                )
            )

    def Refine(
        self, request: match_pb2.RefineRequest, context: grpc.ServicerContext
    ) -> Iterator[match_pb2.RefinedCandidate]:
        # Once its client is gone, gRPC drops this iterator, and with it the library's own.
        with Answering(context, "Refine"):
            for refined in self._matching.refine(
                requests.candidates_of(request),
                min_handle=requests.handle_of(request),
                reframe=requests.reframe_of(request),
            ):
                yield pack_refined(refined)

    def RefineOne(
        self, request: match_pb2.RefineOneRequest, context: grpc.ServicerContext
    ) -> match_pb2.RefinedCandidate:
        with Answering(context, "RefineOne"):
            [refined] = self._matching.refine(
                [requests.candidate_of(request)],
                min_handle=requests.handle_of(request),
                reframe=requests.reframe_of(request),
            )
            return pack_refined(refined)

    def Export(
        self, request: match_pb2.ExportRequest, context: grpc.ServicerContext
    ) -> match_pb2.ExportedFiles:
        with Answering(context, "Export"):
            return pack_exported(
                self._matching.export(
                    requests.found_of(request),
                    host=from_wire(request.host),
                    name=requests.file_name_of(request),
                    timeline=requests.timeline_of(request),
                )
            )


class OperationServicer(operation_pb2_grpc.OperationServiceServicer):
    """Watching and cancelling, as `operation.proto` says."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def GetOperation(
        self, request: operation_pb2.GetOperationRequest, context: grpc.ServicerContext
    ) -> operation_pb2.Operation:
        with Answering(context, "GetOperation"):
            return pack_operation(self._operations.get(from_wire(request.name)))

    def ListOperations(
        self, request: operation_pb2.ListOperationsRequest, context: grpc.ServicerContext
    ) -> operation_pb2.ListOperationsResponse:
        with Answering(context, "ListOperations"):
            found, token = requests.page(
                self._operations.all(),
                lambda operation: operation.name,
                request.page_size,
                request.page_token,
            )
            return operation_pb2.ListOperationsResponse(
                operations=[pack_operation(operation) for operation in found],
                next_page_token=token,
            )

    def WatchOperation(
        self, request: operation_pb2.WatchOperationRequest, context: grpc.ServicerContext
    ) -> Iterator[operation_pb2.Operation]:
        with Answering(context, "WatchOperation"):
            context.add_callback(self._operations.wake)
            for now in self._operations.watch(from_wire(request.name), context.is_active):
                yield pack_operation(now)

    def CancelOperation(
        self, request: operation_pb2.CancelOperationRequest, context: grpc.ServicerContext
    ) -> operation_pb2.Operation:
        with Answering(context, "CancelOperation"):
            return pack_operation(self._operations.cancel(from_wire(request.name)))


def pack_operation(operation: Operation) -> operation_pb2.Operation:
    """The operation as a message."""
    message = operation_pb2.Operation(
        name=operation.name,
        request_id=to_wire(operation.request_id),
        state=_STATES[operation.state],
        cancel_requested=operation.cancel_requested,
        create_time=timestamp(operation.created),
    )
    if operation.progress is not None:
        message.progress.CopyFrom(pack_progress(operation.progress))
    if operation.ended is not None:
        message.end_time.CopyFrom(timestamp(operation.ended))
    if operation.report is not None:
        message.index_report.CopyFrom(pack_report(operation.report))
    if operation.error is not None:
        message.failure.CopyFrom(failure_of(operation.error, "an import"))
    return message


def server_info(
    library: Path, version: str, api_version: str, started: datetime
) -> library_pb2.ServerInfo:
    """Who answers, as GetServerInfo tells it."""
    return library_pb2.ServerInfo(
        version=version,
        api_version=api_version,
        library_path=to_wire(str(library)),
        pid=os.getpid(),
        start_time=timestamp(started),
    )


def timestamp(moment: datetime) -> Timestamp:
    """An aware moment as a message."""
    message = Timestamp()
    message.FromDatetime(moment)
    return message
