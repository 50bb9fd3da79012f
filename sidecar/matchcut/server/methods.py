"""The methods of all services by their paths, for the door that is not gRPC's own.

The very servicers that gRPC serves are called, so that there is one implementation of each method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.rpc import code_pb2, status_pb2

from matchcut.server.failures import Refused
from matchcut_client.grpc_transport import DETAILS_KEY

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "/matchcut_api.v1.MatchService/Refine": "Call RefineOne, candidate after candidate.",
        "/matchcut_api.v1.OperationService/WatchOperation": "Call GetOperation now and then.",
        "/grpc.health.v1.Health/Watch": "Call Check now and then.",
    }
)
"""What a client calls that cannot read the stream of a method."""


class Ended(Exception):
    """A servicer has ended its call with an error."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self.status = status


class CallContext:
    """What servicers use of a `grpc.ServicerContext` in calls with one answer; nothing else."""

    def abort_with_status(self, status: grpc.Status) -> NoReturn:
        """Ends the call with an error that has details."""
        [packed] = [value for key, value in status.trailing_metadata if key == DETAILS_KEY]
        raise Ended(status_pb2.Status.FromString(packed))

    def set_code(self, code: grpc.StatusCode) -> NoReturn:
        """Ends the call with a code alone, as the servicer of health does before it returns."""
        number: int = code.value[0]
        raise Ended(status_pb2.Status(code=number, message=code.value[1]))


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a service."""

    path: str
    """`/package.Service/Method`."""
    request: type[Message]
    streams: bool
    """Whether it has more than one answer."""
    serve: Callable[[Any, Any], Any]
    """The servicer's own."""

    def answer(self, request: Message) -> Message:
        """The one answer to a request.

        Raises:
            Ended: the servicer answered with an error.
            Refused: the method has more than one answer.
        """
        if self.streams:
            raise Refused(
                code_pb2.UNIMPLEMENTED,
                "STREAM_ONLY",
                f"{self.path} answers with a stream, which only gRPC carries.",
                INSTEAD[self.path],
            )
        answer: Message = self.serve(request, CallContext())
        return answer


def methods_of(services: Mapping[ServiceDescriptor, object]) -> dict[str, Method]:
    """The methods of services by their paths; `services` holds what serves each."""
    return {
        method.path: method
        for service, servicer in services.items()
        for method in (
            Method(
                path=f"/{service.full_name}/{each.name}",
                request=message_factory.GetMessageClass(each.input_type),
                streams=each.server_streaming or each.client_streaming,
                serve=getattr(servicer, each.name),
            )
            for each in service.methods
        )
    }
