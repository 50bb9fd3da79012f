"""Messages over HTTP/JSON, for hosts that have protobuf and no gRPC.

What gRPC streams is asked for here piece by piece, with the same answers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Generic

from google.protobuf import json_format
from google.protobuf.message import Message

from matchcut_api.v1 import match_pb2, operation_pb2
from matchcut_client.failing import REQUEST_INVALID, SIDECAR_REFUSED, ClientError
from matchcut_client.handover import HandOver
from matchcut_client.http_calls import HttpCalls
from matchcut_client.transport import Answer

LOOK_AGAIN_SECONDS = 0.1
"""How often an operation is looked at that is watched."""
SECONDS = 10.0
"""How long looking at it may take."""


class HttpStream(Generic[Answer]):
    """Answers that are asked for one by one, as `transport.Stream`."""

    def __init__(self, answers: Iterator[Answer], closed: threading.Event) -> None:
        self._answers = answers
        self._closed = closed

    def __iter__(self) -> Iterator[Answer]:
        return self

    def __next__(self) -> Answer:
        if self._closed.is_set():
            raise StopIteration
        return next(self._answers)

    def close(self) -> None:
        self._closed.set()


class HttpTransport:
    """Calls of the sidecar of a hand-over file, as `transport.Transport`. See `HttpCalls`."""

    def __init__(self, handover: HandOver) -> None:
        self._calls = HttpCalls(handover)

    def call(
        self, method: str, request: Message, answer: type[Answer], /, *, seconds: float | None
    ) -> Answer:
        """One request, one answer."""
        told = self._calls.call(method, json_format.MessageToDict(request), seconds=seconds)
        try:
            return json_format.ParseDict(told, answer(), ignore_unknown_fields=True)
        except json_format.ParseError as error:
            raise ClientError(
                SIDECAR_REFUSED,
                f"The sidecar did not answer as expected: {error}.",
                "Update the older of the two (the plug-in, or matchcut), and try again.",
                {"why": str(error)},
            ) from error

    def stream(self, method: str, request: Message, answer: type[Answer], /) -> HttpStream[Answer]:
        """One request, many answers: a candidate a call, or an operation each time it changed."""
        closed = threading.Event()
        answers: Any  # The request says of what kind they are.
        if isinstance(request, match_pb2.RefineRequest):
            answers = self._refined(request)
        elif isinstance(request, operation_pb2.WatchOperationRequest):
            answers = self._watched(request, closed)
        else:
            raise ClientError(
                REQUEST_INVALID,
                f"{method} answers with a stream, which HTTP does not carry.",
                "Connect over gRPC.",
            )
        return HttpStream(answers, closed)

    def close(self) -> None:
        """Does nothing: no connection outlives its call."""

    def _refined(self, asked: match_pb2.RefineRequest) -> Iterator[match_pb2.RefinedCandidate]:
        for candidate in asked.candidates:
            one = match_pb2.RefineOneRequest(candidate=candidate)
            if asked.HasField("min_handle_frame_count"):
                one.min_handle_frame_count = asked.min_handle_frame_count
            if asked.HasField("reframe"):
                one.reframe = asked.reframe
            path = "/matchcut_api.v1.MatchService/RefineOne"
            yield self.call(path, one, match_pb2.RefinedCandidate, seconds=None)

    def _watched(
        self, asked: operation_pb2.WatchOperationRequest, closed: threading.Event
    ) -> Iterator[operation_pb2.Operation]:
        request = operation_pb2.GetOperationRequest(name=asked.name)
        path = "/matchcut_api.v1.OperationService/GetOperation"
        last: operation_pb2.Operation | None = None
        while last is None or not last.HasField("end_time"):
            now = self.call(path, request, operation_pb2.Operation, seconds=SECONDS)
            if now != last:
                yield now
            elif closed.wait(LOOK_AGAIN_SECONDS):
                return
            last = now
