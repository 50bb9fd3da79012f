"""The Connect protocol's unary form in JSON: errors with their HTTP status, requests, answers.

Source: https://connectrpc.com/docs/protocol (unary requests, error codes, error end-stream).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from matchcut.errors import UsageError

STATUSES: Mapping[int, tuple[str, int]] = MappingProxyType(
    {
        code_pb2.CANCELLED: ("canceled", 499),
        code_pb2.UNKNOWN: ("unknown", 500),
        code_pb2.INVALID_ARGUMENT: ("invalid_argument", 400),
        code_pb2.DEADLINE_EXCEEDED: ("deadline_exceeded", 504),
        code_pb2.NOT_FOUND: ("not_found", 404),
        code_pb2.ALREADY_EXISTS: ("already_exists", 409),
        code_pb2.PERMISSION_DENIED: ("permission_denied", 403),
        code_pb2.RESOURCE_EXHAUSTED: ("resource_exhausted", 429),
        code_pb2.FAILED_PRECONDITION: ("failed_precondition", 400),
        code_pb2.ABORTED: ("aborted", 409),
        code_pb2.OUT_OF_RANGE: ("out_of_range", 400),
        code_pb2.UNIMPLEMENTED: ("unimplemented", 501),
        code_pb2.INTERNAL: ("internal", 500),
        code_pb2.UNAVAILABLE: ("unavailable", 503),
        code_pb2.DATA_LOSS: ("data_loss", 500),
        code_pb2.UNAUTHENTICATED: ("unauthenticated", 401),
    }
)
"""By canonical code: the word that Connect has for it, and the HTTP status."""

Asked = TypeVar("Asked", bound=Message)


def request_of(body: bytes, kind: type[Asked]) -> Asked:
    """The message that a body holds in protobuf's JSON form. Unknown fields are passed by.

    Raises:
        UsageError: the body is no JSON, or not of this message.
    """
    try:
        told = json.loads(body)
        if not isinstance(told, dict):
            raise TypeError("it is no object")
        return json_format.ParseDict(told, kind(), ignore_unknown_fields=True)
    except (json_format.ParseError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The request is no {kind.DESCRIPTOR.name} in JSON: {error}.",
            "Correct the request and send it again.",
        ) from error


def answer_body(answer: Message) -> bytes:
    """A message as JSON, the fields without a value too, so that readers need no defaults."""
    told = json_format.MessageToDict(answer, always_print_fields_with_no_presence=True)
    return json.dumps(told, separators=(",", ":")).encode()


def error_body(status: status_pb2.Status) -> tuple[int, bytes]:
    """An error as HTTP status and JSON.

    `debug` of each detail is what its `value` holds, for readers without protobuf.
    """
    word, number = STATUSES[status.code]
    details = []
    for packed in status.details:
        told = error_details_pb2.ErrorInfo()
        packed.Unpack(told)
        details.append(
            {
                "type": packed.TypeName(),
                "value": base64.b64encode(packed.value).decode().rstrip("="),
                "debug": json_format.MessageToDict(told),
            }
        )
    body = {"code": word, "message": status.message, "details": details}
    return number, json.dumps(body, separators=(",", ":")).encode()
