"""Calls over gRPC on the loopback, the token on each, and errors decoded from their details."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from matchcut_client.failing import SIDECAR_LOST, SIDECAR_REFUSED, ClientError
from matchcut_client.handover import HandOver
from matchcut_client.transport import Answer
from matchcut_client.wire_text import from_wire

MESSAGE_BYTES_AT_MOST = 256 * 1024 * 1024
"""Largest message either end accepts. gRPC's own 4 MiB hold some 12,000 candidates, and a feature
film's timeline can be larger."""
ERROR_BYTES_AT_MOST = 1024 * 1024
"""Room for an error's details, which may name long paths several times. gRPC's own is 8 KiB."""
DETAILS_KEY = "grpc-status-details-bin"
"""Metadata key under which gRPC carries a google.rpc.Status."""


class GrpcStream(Generic[Answer]):
    """The answers of a streaming call, as `transport.Stream`."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __iter__(self) -> Iterator[Answer]:
        return self

    def __next__(self) -> Answer:
        try:
            answer: Answer = next(self._call)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.CANCELLED and _details(error) is None:
                raise StopIteration from None
            raise client_error(error) from error
        return answer

    def close(self) -> None:
        self._call.cancel()


class GrpcTransport:
    """A connection to the sidecar of a hand-over file, as `transport.Transport`.

    Connects when first called. Environment variables for proxies are not heeded: what is sent to
    the loopback stays there.
    """

    def __init__(self, handover: HandOver) -> None:
        self._metadata = (("authorization", f"Bearer {handover.token}"),)
        self._channel = grpc.insecure_channel(
            f"{handover.host}:{handover.port}",
            options=(
                ("grpc.enable_http_proxy", 0),
                ("grpc.max_receive_message_length", MESSAGE_BYTES_AT_MOST),
                ("grpc.max_metadata_size", ERROR_BYTES_AT_MOST),
                ("grpc.absolute_max_metadata_size", ERROR_BYTES_AT_MOST),
                # A channel of its own: one that shares a dead sidecar's back-off would wait for it.
                ("grpc.use_local_subchannel_pool", 1),
            ),
        )

    def call(
        self, method: str, request: Message, answer: type[Answer], /, *, seconds: float | None
    ) -> Answer:
        """One request, one answer."""
        call = self._channel.unary_unary(
            method,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        try:
            answered: Answer = call(request, timeout=seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            raise client_error(error) from error
        return answered

    def stream(self, method: str, request: Message, answer: type[Answer], /) -> GrpcStream[Answer]:
        """One request, many answers."""
        call = self._channel.unary_stream(
            method,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        return GrpcStream(call(request, metadata=self._metadata))

    def close(self) -> None:
        """Ends the connection and all that hangs on it."""
        self._channel.close()


def client_error(error: Any) -> ClientError:
    """What a failed gRPC call tells, as the client's own error.

    Args:
        error: A `grpc.RpcError` that is also its call, as every failed call raises.
    """
    details = _details(error)
    if details is not None:
        facts = {name: from_wire(fact) for name, fact in details.metadata.items()}
        sentence = facts.pop("sentence", details.reason)
        next_step = facts.pop("next_step", "")
        return ClientError(details.reason, sentence, next_step, facts)
    why = f"{error.code().name}, {error.details()}"
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return ClientError(
            SIDECAR_LOST,
            "The sidecar went away.",
            "Start it again; what was finished is kept.",
            {"why": why},
        )
    return ClientError(
        SIDECAR_REFUSED,
        f"The sidecar did not answer as expected: {why}.",
        "Look at its log, stop it and start it again with `matchcut serve`.",
        {"why": why},
    )


def _details(error: Any) -> error_details_pb2.ErrorInfo | None:
    """The ErrorInfo of matchcut's own that came with the error, if one did."""
    for key, packed in error.trailing_metadata() or ():
        if key != DETAILS_KEY:
            continue
        try:
            status = status_pb2.Status.FromString(packed)
        except DecodeError:
            return None
        for detail in status.details:
            told = error_details_pb2.ErrorInfo()
            if detail.Unpack(told) and told.domain == "matchcut":
                return told
    return None
