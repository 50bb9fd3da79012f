"""How a client's messages reach the sidecar: one interface, so that gRPC is only one way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from google.protobuf.message import Message

Answer = TypeVar("Answer", bound=Message)
Streamed = TypeVar("Streamed", bound=Message, covariant=True)


class Stream(Protocol[Streamed]):
    """Answers as they come. Closing it ends the watching, not what is watched."""

    def __iter__(self) -> Iterator[Streamed]: ...

    def __next__(self) -> Streamed: ...

    def close(self) -> None:
        """Lets go; may be called from any thread, and more than once. The iteration then ends."""
        ...


class Transport(Protocol):
    """Carries calls. Every failure is a `ClientError`."""

    def call(
        self, method: str, request: Message, answer: type[Answer], /, *, seconds: float | None
    ) -> Answer:
        """One request, one answer.

        Args:
            method: `/package.Service/Method`.
            request: Is sent.
            answer: Type of what comes back.
            seconds: How long to wait at most; None for as long as it takes.
        """
        ...

    def stream(self, method: str, request: Message, answer: type[Answer], /) -> Stream[Answer]:
        """One request, many answers."""
        ...

    def close(self) -> None:
        """Ends the connection and all that hangs on it."""
        ...
