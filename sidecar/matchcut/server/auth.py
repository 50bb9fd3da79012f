"""Only those who can read the hand-over file may call: one token, asked for on every call."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import grpc
from google.rpc import code_pb2

from matchcut.server.failures import Refused, call_status

KEY = "authorization"
"""Metadata key, and HTTP header, of the token; its value is `Bearer TOKEN`."""


if TYPE_CHECKING:
    _Interceptor = grpc.ServerInterceptor[Any, Any]
else:
    _Interceptor = grpc.ServerInterceptor


class Token:
    """What every call must carry, by whichever door it comes."""

    def __init__(self, token: str) -> None:
        self._wanted = f"Bearer {token}".encode()

    def refusal(self, sent: Sequence[str | bytes]) -> Refused | None:
        """Why a call with these values under `KEY` is refused; None where it is not."""
        if not sent:
            return Refused(
                code_pb2.UNAUTHENTICATED,
                "TOKEN_MISSING",
                "The call carries no token.",
                "Send `authorization: Bearer TOKEN`; the hand-over file has the token.",
            )
        if len(sent) > 1 or not hmac.compare_digest(_bytes(sent[0]), self._wanted):
            return Refused(
                code_pb2.UNAUTHENTICATED,
                "TOKEN_WRONG",
                "The call's token is not this sidecar's.",
                "Read the hand-over file again: the sidecar may have been started anew.",
            )
        return None


class TokenInterceptor(_Interceptor):
    """Refuses every gRPC call without the token: health, reflection and unknown methods too."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """The method's own handler, or one that answers UNAUTHENTICATED and reads nothing."""
        sent = [value for key, value in handler_call_details.invocation_metadata if key == KEY]
        refused = self._token.refusal(sent)
        return continuation(handler_call_details) if refused is None else _refuse(refused)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _refuse(refused: Refused) -> grpc.RpcMethodHandler[Any, Any]:
    def refuse(requests: object, context: grpc.ServicerContext) -> Any:
        context.abort_with_status(call_status(refused.failure))

    # The streaming form fits every kind of method, and waits for no request before it answers.
    return grpc.stream_stream_rpc_method_handler(refuse)
