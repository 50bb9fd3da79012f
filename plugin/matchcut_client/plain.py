"""The calls of the API with plain dictionaries, for hosts that have the standard library alone.

    with connect_plain(Path("/films/library")) as client:
        found = client.call("MatchService/Find", {
            "media": {"mediaPath": "/films/a.mp4", "at": "10:00:03:12"},
            "flavor": "frame", "topCount": 5,
            "minGapSeconds": {"numerator": 2, "denominator": 1},
        })

Names are those of the .proto files in lowerCamelCase. Fractions are as above, bytes base64, and
whole numbers of 64 bits arrive as text (`int(candidate["rank"])`), as protobuf's JSON form has it.

Python 3.8 reads this module, and the standard library is all it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from matchcut_client.handover import HandOver
from matchcut_client.http_calls import HttpCalls, stranger
from matchcut_client.wire_text import from_wire, to_wire

SECONDS = 10.0
"""How long a call that needs no search may take."""


class PlainClient:
    """A connection to the sidecar of one library. Every failure is a `ClientError`.

    May be used from several threads.
    """

    def __init__(self, handover: HandOver) -> None:
        self._calls = HttpCalls(handover)

    def __enter__(self) -> PlainClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Does nothing: no connection outlives its call."""

    def call(
        self, method: str, request: Mapping[str, Any], *, seconds: float | None = None
    ) -> dict[str, Any]:
        """One request, one answer; texts may hold any character that Python knows.

        Args:
            method: Such as `MatchService/Find`.
            request: Its fields that have a value.
            seconds: How long to wait at most; None for as long as it takes.
        """
        sent = _each_text(request, to_wire)
        answer = self._calls.call(f"/matchcut_api.v1.{method}", sent, seconds=seconds)
        told: dict[str, Any] = _each_text(answer, from_wire)
        return told

    def api_version(self) -> str:
        """`MAJOR.MINOR` of the API that the sidecar speaks."""
        told = self.call("LibraryService/GetServerInfo", {}, seconds=SECONDS)
        if not isinstance(told.get("apiVersion"), str):
            raise stranger("an answer that states no version of the API")
        version: str = told["apiVersion"]
        return version

    def serving(self) -> bool:
        """True where the sidecar answers and takes work; False while it is stopping."""
        answer = self._calls.call("/grpc.health.v1.Health/Check", {}, seconds=SECONDS)
        return bool(answer["status"] == "SERVING")


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same of dictionaries and lists, each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each_text(inner, change) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each_text(inner, change) for inner in value]
    return value
