"""One call over HTTP: who may make it, what it must look like, and how it is answered."""

from __future__ import annotations

import io
import logging
import socket
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from google.rpc import code_pb2

from matchcut.server.auth import KEY
from matchcut.server.border import Kept, log_unexpected
from matchcut.server.connect_json import answer_body, error_body, request_of
from matchcut.server.failures import Refused, failure_of, told_of
from matchcut.server.methods import Ended, Method
from matchcut_client.grpc_transport import MESSAGE_BYTES_AT_MOST

if TYPE_CHECKING:
    from matchcut.server.http_door import HttpDoor

HEADERS_SECONDS = 10.0
"""How long a client may take to say what it wants."""
BODY_SECONDS = 60.0
"""How long a request, or an answer, may take on its way."""
LEAVING_SECONDS = 1.0
"""How long to listen to what a client still sends that was refused: were the connection closed in
its face, it would lose the answer."""

_log = logging.getLogger(__name__)


class _Timed(io.RawIOBase):
    """What comes from a socket, all of it before one instant."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self.last = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        left = self.last - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(room)


class Call(BaseHTTPRequestHandler):
    """One connection, and the one request on it."""

    protocol_version = "HTTP/1.1"
    server: HttpDoor

    def setup(self) -> None:
        super().setup()
        self._timed = _Timed(self.connection, HEADERS_SECONDS)
        self.rfile = io.BufferedReader(self._timed)
        self._heard = False

    def do_POST(self) -> None:
        """Answers a call, or says why not."""
        with Kept() as kept:
            status, body = int(HTTPStatus.OK), self._answered()
        if isinstance(kept.error, Ended):
            status, body = error_body(kept.error.status)
        elif kept.error is not None:
            log_unexpected(kept.error, self.path)
            status, body = error_body(told_of(failure_of(kept.error, self.path)))
        self._send(status, body)

    def _answered(self) -> bytes:
        method = self._method()
        self._check_form()
        return answer_body(method.answer(request_of(self._body(), method.request)))

    def _method(self) -> Method:
        """The method that is called, by someone who may.

        Raises:
            Refused: the call is for another host, without the token, or of no method.
        """
        hosts = {f"127.0.0.1:{self.server.port}", f"localhost:{self.server.port}"}
        if not hosts.issuperset(self.headers.get_all("host") or [""]):
            # A page in a browser whose own host's name was made to lead here.
            raise Refused(
                code_pb2.PERMISSION_DENIED,
                "HOST_FOREIGN",
                "The call is addressed to another host than this machine.",
                f"Call http://127.0.0.1:{self.server.port}.",
            )
        refused = self.server.token.refusal(self.headers.get_all(KEY) or [])
        if refused is not None:
            raise refused
        method = self.server.methods.get(self.path)
        if method is None:
            raise Refused(
                code_pb2.UNIMPLEMENTED,
                "METHOD_UNKNOWN",
                f"This sidecar has no method {self.path}.",
                "Correct the path (`/matchcut_api.v1.MatchService/Find`), or update matchcut.",
            )
        return method

    def _check_form(self) -> None:
        """Raises Refused where the request is not as Connect's unary form wants it."""
        if self.headers.get_content_type() != "application/json":
            raise _malformed("is not of the type application/json")
        if self.headers.get("content-encoding", "identity") != "identity":
            raise Refused(
                code_pb2.UNIMPLEMENTED,
                "ENCODING_UNKNOWN",
                "The request is compressed, which is not read here.",
                "Send it as it is.",
            )
        if self.headers.get("connect-protocol-version", "1") != "1":
            raise _malformed("is of another version of the Connect protocol than 1")

    def _body(self) -> bytes:
        """What was sent, whole.

        Raises:
            Refused: its length is not said, too large, or more than what came.
        """
        said = self.headers.get("content-length", "")
        if not (said.isascii() and said.isdigit() and len(said) < 20):
            raise _malformed("does not say its length")
        length = int(said)
        if length > MESSAGE_BYTES_AT_MOST:
            raise Refused(
                code_pb2.RESOURCE_EXHAUSTED,
                "REQUEST_TOO_LARGE",
                f"The request has {length} bytes; {MESSAGE_BYTES_AT_MOST} are the most.",
                "Send less in one call.",
            )
        self._timed.last = time.monotonic() + BODY_SECONDS
        try:
            body = self.rfile.read(length)
        except OSError as error:
            raise _malformed("did not arrive whole") from error
        if len(body) < length:
            raise _malformed("did not arrive whole")
        self._heard = True
        return body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Says in JSON what the HTTP of a request is wrong about; called by the class above."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            code, message = HTTPStatus.METHOD_NOT_ALLOWED, "Methods are called by POST alone"
        said = f"The request is no call: {message or HTTPStatus(code).phrase}."
        refused = Refused(code_pb2.INVALID_ARGUMENT, "USAGE", said, "Correct it and send it again.")
        self._send(code, error_body(told_of(refused.failure))[1])

    def _send(self, status: int, body: bytes) -> None:
        self.close_connection = True
        self.connection.settimeout(BODY_SECONDS)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        self.send_header("connection", "close")
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("allow", "POST")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def finish(self) -> None:
        super().finish()
        if not self._heard:
            self.connection.shutdown(socket.SHUT_WR)
            self._timed.last = time.monotonic() + LEAVING_SECONDS
            while self._timed.readinto(bytearray(65_536)):
                pass

    def version_string(self) -> str:
        return "matchcut"

    def log_message(self, format: str, *args: Any) -> None:
        _log.debug(format, *args)


def _malformed(why: str) -> Refused:
    return Refused(
        code_pb2.INVALID_ARGUMENT,
        "USAGE",
        f"The request {why}.",
        "Send JSON with `content-type: application/json` and a content-length.",
    )
