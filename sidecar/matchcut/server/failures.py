"""Errors across the socket: a `MatchcutError` as a code and an ErrorInfo, and back to its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from matchcut.errors import (
    Cancelled,
    DiskFull,
    InternalError,
    MatchcutError,
    MediaError,
    NotFoundError,
    PreconditionError,
    SidecarRefused,
    UsageError,
)
from matchcut_api.v1 import operation_pb2
from matchcut_client.failing import REQUEST_INVALID, ClientError
from matchcut_client.wire_text import from_wire, to_wire

DOMAIN = "matchcut"
"""ErrorInfo.domain of every error of ours."""
TEXT_AT_MOST = 8000
"""Characters of one text of a call's error: gRPC carries errors in headers, which are bounded."""
MESSAGE_AT_MOST = 1000
"""Characters of the status message, which repeats the sentence for tools that show nothing else."""

CODES: Mapping[type[MatchcutError], int] = MappingProxyType(
    {
        UsageError: code_pb2.INVALID_ARGUMENT,
        NotFoundError: code_pb2.NOT_FOUND,
        MediaError: code_pb2.FAILED_PRECONDITION,
        PreconditionError: code_pb2.FAILED_PRECONDITION,
        DiskFull: code_pb2.RESOURCE_EXHAUSTED,
        Cancelled: code_pb2.CANCELLED,
        InternalError: code_pb2.INTERNAL,
        MatchcutError: code_pb2.UNKNOWN,
    }
)
"""The canonical code of each family of errors, as google.rpc.Code numbers them."""


class Refused(Exception):
    """A call is refused for a reason of the server itself, which no `MatchcutError` names."""

    def __init__(self, code: int, reason: str, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.failure = operation_pb2.Failure(
            code=code, reason=reason, sentence=to_wire(sentence), next_step=to_wire(next_step)
        )


def code_of(kind: type[MatchcutError]) -> int:
    """The canonical code of a class of errors: its own, or that of the nearest class above it."""
    return next(CODES[above] for above in kind.__mro__ if above in CODES)


def failure_of(error: Exception, during: str) -> operation_pb2.Failure:
    """What to tell of any error.

    One that is not ours is told as INTERNAL, by its type alone; its text and traceback belong into
    the log.

    Args:
        error: What was raised.
        during: What was being done, for people.
    """
    if isinstance(error, Refused):
        return error.failure
    if not isinstance(error, MatchcutError):
        error = InternalError(
            f"The sidecar met an unexpected error ({type(error).__name__}) during {during}.",
            "This is a bug: its log has the details; please report them.",
            type=type(error).__name__,
        )
    return operation_pb2.Failure(
        code=code_of(type(error)),
        reason=error.reason,
        sentence=to_wire(error.sentence),
        next_step=to_wire(error.next_step),
        facts={name: to_wire(fact) for name, fact in error.facts.items()},
    )


def call_status(failure: operation_pb2.Failure) -> grpc.Status:
    """The failure as what ends a gRPC call. See `told_of`."""
    return rpc_status.to_status(told_of(failure))


def told_of(failure: operation_pb2.Failure) -> status_pb2.Status:
    """The failure as what ends a call: a status with an ErrorInfo in its details.

    A text longer than `TEXT_AT_MOST` is cut there and ends with `…`.
    """
    texts = {name: _cut(fact) for name, fact in failure.facts.items()}
    texts |= {"sentence": _cut(failure.sentence), "next_step": _cut(failure.next_step)}
    details = any_pb2.Any()
    details.Pack(error_details_pb2.ErrorInfo(reason=failure.reason, domain=DOMAIN, metadata=texts))
    return status_pb2.Status(
        code=failure.code, message=texts["sentence"][:MESSAGE_AT_MOST], details=[details]
    )


def error_of(failure: operation_pb2.Failure) -> MatchcutError:
    """The error that an operation's failure tells of, in its own class."""
    facts = {name: from_wire(fact) for name, fact in failure.facts.items()}
    return _rebuilt(
        failure.reason, from_wire(failure.sentence), from_wire(failure.next_step), facts
    )


def error_of_call(error: ClientError) -> MatchcutError:
    """The error that a client's call met, in its own class.

    A reason that no class has (the server's own, or a newer sidecar's) becomes SidecarRefused; what
    could not be sent becomes UsageError.
    """
    if error.reason == REQUEST_INVALID:
        return UsageError(error.sentence, error.next_step, **error.facts)
    return _rebuilt(error.reason, error.sentence, error.next_step, error.facts)


def _rebuilt(reason: str, sentence: str, next_step: str, facts: Mapping[str, str]) -> MatchcutError:
    kind = next((each for each in families() if each.reason == reason), None)
    if kind is None:
        return SidecarRefused(f"{sentence.rstrip('.')} ({reason})")
    # The classes build their sentences from facts of their own; here the sentence is there already.
    error = kind.__new__(kind)
    MatchcutError.__init__(error, sentence, next_step)
    error.facts = dict(facts)
    return error


def families(above: type[MatchcutError] = MatchcutError) -> Iterator[type[MatchcutError]]:
    """`above` and every class of errors under it, each after the class it refines."""
    yield above
    for kind in above.__subclasses__():
        yield from families(kind)


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_AT_MOST else f"{text[: TEXT_AT_MOST - 1]}…"
