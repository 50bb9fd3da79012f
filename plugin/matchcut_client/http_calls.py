"""Calls over HTTP/JSON on the loopback: JSON in, JSON out, errors decoded from their details.

Python 3.8 reads this module, and the standard library is all it needs.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from typing import Any

from matchcut_client.failing import SIDECAR_LOST, SIDECAR_REFUSED, VERSION_UNLIKE, ClientError
from matchcut_client.handover import HandOver
from matchcut_client.wire_text import from_wire


class HttpCalls:
    """Calls of the sidecar of a hand-over file. Every failure is a `ClientError`.

    A connection lasts for one call, so this may be used from several threads. Environment variables
    for proxies are not heeded: what is sent to the loopback stays there.
    """

    def __init__(self, handover: HandOver) -> None:
        """Connects to nothing yet.

        Raises:
            ClientError: VERSION_UNLIKE, the sidecar is older than its HTTP door.
        """
        if not handover.http_port:
            raise ClientError(
                VERSION_UNLIKE,
                f"The sidecar of {handover.library} is of a matchcut that speaks gRPC alone.",
                "Update matchcut, and start the sidecar again.",
                {"sidecar": handover.version},
            )
        self._handover = handover

    def call(
        self, method: str, request: Mapping[str, Any], *, seconds: float | None
    ) -> dict[str, Any]:
        """One request, one answer.

        Args:
            method: `/package.Service/Method`.
            request: As protobuf's JSON form of the method's request.
            seconds: How long to wait at most; None for as long as it takes.
        """
        status, body = self._exchange(method, json.dumps(request).encode(), seconds)
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        if not isinstance(told, dict) or (status != http.client.OK and "code" not in told):
            raise stranger(f"HTTP {status} with no JSON of ours")
        if status != http.client.OK:
            raise _error_of(told)
        return told

    def _exchange(self, method: str, body: bytes, seconds: float | None) -> tuple[int, bytes]:
        headers = {
            "authorization": f"Bearer {self._handover.token}",
            "content-type": "application/json",
            "connect-protocol-version": "1",
        }
        connection = http.client.HTTPConnection(
            self._handover.host, self._handover.http_port, timeout=seconds
        )
        try:
            connection.request("POST", method, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except socket.timeout as error:  # noqa: UP041  # Python 3.8 has no other name for it.
            raise _refused(f"no answer within {seconds:g} seconds") from error
        except (OSError, http.client.HTTPException) as error:
            raise _lost(str(error) or type(error).__name__) from error
        finally:
            connection.close()


def stranger(why: str) -> ClientError:
    """The error where another program has taken the port of a sidecar that is gone."""
    return ClientError(
        SIDECAR_LOST,
        "Another program answers where the sidecar was.",
        "Start the sidecar again.",
        {"why": why},
    )


def _error_of(told: Mapping[str, Any]) -> ClientError:
    """What a failed call tells, as the client's own error."""
    for detail in told.get("details", ()):
        info = detail.get("debug", {})
        if info.get("domain") == "matchcut":
            facts = {name: from_wire(fact) for name, fact in info.get("metadata", {}).items()}
            sentence = facts.pop("sentence", info["reason"])
            return ClientError(info["reason"], sentence, facts.pop("next_step", ""), facts)
    why = f"{told['code']}, {told.get('message', '')}"
    return _lost(why) if told["code"] == "unavailable" else _refused(why)


def _lost(why: str) -> ClientError:
    return ClientError(
        SIDECAR_LOST,
        "The sidecar went away.",
        "Start it again; what was finished is kept.",
        {"why": why},
    )


def _refused(why: str) -> ClientError:
    return ClientError(
        SIDECAR_REFUSED,
        f"The sidecar did not answer as expected: {why}.",
        "Look at its log, stop it and start it again with `matchcut serve`.",
        {"why": why},
    )
