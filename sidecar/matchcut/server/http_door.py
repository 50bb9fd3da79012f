"""The second door: every method with one answer as `POST /package.Service/Method`, in JSON.

For hosts that cannot hold gRPC. It speaks the Connect protocol's unary form and lets in whom the
first door lets in. One request a connection: on the loopback a new one costs less than keeping
count of idle ones.
"""

from __future__ import annotations

import io
import logging
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from google.rpc import code_pb2

from matchcut.server.auth import KEY, Token
from matchcut.server.border import Kept, log_unexpected
from matchcut.server.connect_json import answer_body, error_body, request_of
from matchcut.server.failures import Refused, failure_of, told_of
from matchcut.server.methods import Ended, Method
from matchcut_client.grpc_transport import MESSAGE_BYTES_AT_MOST

CALLS_AT_MOST = 16
"""Calls that are answered at the same time; those that come then wait."""
WAITING_AT_MOST = 64
"""Calls that wait; those that come then are told to ask again."""
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


class _Call(BaseHTTPRequestHandler):
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
            raise _malformed("is compressed")
        if self.headers.get("connect-protocol-version", "1") != "1":
            raise _malformed("is of another version of the Connect protocol than 1")

    def _body(self) -> bytes:
        """What was sent, whole.

        Raises:
            Refused: its length is not said, too large, or more than what came.
        """
        said = self.headers.get("content-length", "")
        if not (said.isascii() and said.isdigit()):
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


class HttpDoor(socketserver.TCPServer):
    """Listens on a port, and answers each connection in a thread of a bounded pool.

    Raises OSError where the port is taken.
    """

    # On Windows it would let another program listen on the same port.
    allow_reuse_address = sys.platform != "win32"
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], methods: Mapping[str, Method], token: Token
    ) -> None:
        self.methods = methods
        self.token = token
        self._pool = ThreadPoolExecutor(CALLS_AT_MOST, thread_name_prefix="matchcut-http")
        self._open: dict[Future[None], socket.socket] = {}
        self._guard = threading.RLock()
        self._listening = threading.Thread(
            target=self.serve_forever, args=(0.1,), name="matchcut-http-door", daemon=True
        )
        super().__init__(address, _Call)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def open(self) -> None:
        """Begins to answer."""
        self._listening.start()

    def close(self, seconds: float) -> None:
        """Takes no more calls; gives those under way some time, then lets their clients go."""
        if self._listening.ident is not None:
            self.shutdown()
            self._listening.join()
        self.server_close()
        with self._guard:
            opened = dict(self._open)
        for late in wait(opened, seconds).not_done:
            if late.cancel():
                self.shutdown_request(opened[late])
            else:
                opened[late].shutdown(socket.SHUT_RDWR)
        self._pool.shutdown(wait=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Has a connection answered by a thread, or turns it away where too many wait."""
        with self._guard:
            if len(self._open) < CALLS_AT_MOST + WAITING_AT_MOST:
                begun = self._pool.submit(self._served, request, client_address)
                self._open[begun] = request
                begun.add_done_callback(self._left)
                return
        request.settimeout(LEAVING_SECONDS)
        request.sendall(_BUSY)
        self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Notes that a client that was turned away did not even listen."""
        _log.debug("a client was turned away", exc_info=True)

    def _served(self, request: Any, client_address: Any) -> None:
        with Kept() as kept:
            self.finish_request(request, client_address)
        if isinstance(kept.error, OSError):
            _log.debug("a client went away: %s", kept.error)
        elif kept.error is not None:
            log_unexpected(kept.error, "a call over HTTP")
        self.shutdown_request(request)

    def _left(self, begun: Future[None]) -> None:
        with self._guard:
            del self._open[begun]


def _busy() -> bytes:
    """What is said to those who are turned away, whatever they wanted to ask."""
    status, body = error_body(
        told_of(
            Refused(
                code_pb2.RESOURCE_EXHAUSTED,
                "TOO_MANY_CALLS",
                f"{CALLS_AT_MOST + WAITING_AT_MOST} calls are waiting for an answer already.",
                "Call again once some of them have been answered.",
            ).failure
        )
    )
    head = f"HTTP/1.1 {status} Busy\r\ncontent-type: application/json\r\nconnection: close\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


_BUSY = _busy()
