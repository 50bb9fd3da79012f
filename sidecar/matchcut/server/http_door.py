"""The second door: every method with one answer as `POST /package.Service/Method`, in JSON.

For hosts that cannot hold gRPC. It speaks the Connect protocol's unary form and lets in whom the
first door lets in. One request a connection: on the loopback a new one costs less than keeping
count of idle ones.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

from google.rpc import code_pb2

from matchcut.server.auth import Token
from matchcut.server.border import Kept, log_unexpected
from matchcut.server.connect_json import error_body
from matchcut.server.failures import Refused, told_of
from matchcut.server.http_call import LEAVING_SECONDS, Call
from matchcut.server.methods import Method

CALLS_AT_MOST = 16
"""Calls that are answered at the same time; those that come then wait."""
WAITING_AT_MOST = 64
"""Calls that wait; those that come then are told to ask again."""

_log = logging.getLogger(__name__)


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
        super().__init__(address, Call)

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
                continue
            with suppress(OSError):  # It may have ended this instant.
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
