"""Asks the server that publishes a file for it, or for the rest of it."""

from __future__ import annotations

import http.client
import re
import socket
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.error import HTTPError, URLError

from matchcut.errors import ModelNotFetched
from matchcut.models.entry import Model

CONNECT, READ = 5.0, 30.0
"""Seconds without an answer after which a server counts as out of reach: before the connection
stands, and at each reading afterwards."""

PIECE = 1 << 18
"""Most bytes taken at once; fewer where fewer have come, so that a slow line can be stopped too."""


class _Body(Protocol):
    """The part that we use of what urllib answers with."""

    def read1(self, amount: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a file that a server has begun to send."""

    model: Model
    begins: int
    """Place in the file of the first byte that comes; 0 where the server sends all of it."""
    total: int | None
    """Bytes of the whole file as the server says; None where it does not."""
    body: _Body

    def next(self) -> bytes:
        """The next bytes, at most `PIECE`; none at the end.

        Raises:
            ModelNotFetched: the connection is lost.
        """
        try:
            return self.body.read1(PIECE)
        except (OSError, http.client.HTTPException) as error:
            raise _not_fetched(self.model, f"the connection was lost ({_said(error)})") from error


def ask(model: Model, begin: int) -> Answer:
    """What the server sends of the file from the byte `begin` on, or the whole where it cannot.

    Raises:
        ModelNotFetched: it cannot be reached, does not have the file, or has another one.
    """
    ranged = {"Range": f"bytes={begin}-"} if begin else {}
    request = urllib.request.Request(model.published.url, headers=ranged)
    try:
        body = _opener(CONNECT, READ).open(request)
    except HTTPError as error:
        error.close()
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and begin:
            return ask(model, 0)
        said = f"the server answered {error.code} {error.reason}".strip()
        raise _not_fetched(model, said) from error
    except (OSError, http.client.HTTPException) as error:
        raise _not_fetched(model, _said(error)) from error
    begins = begin if body.status == HTTPStatus.PARTIAL_CONTENT else 0
    length = body.headers.get("Content-Length", "")
    total = begins + int(length) if length.isdecimal() else None
    answer = Answer(model, begins, total, body)
    why = _wrong(answer, body.headers.get("Content-Range"))
    if why is not None:
        body.close()
        raise _not_fetched(model, why)
    return answer


def has(model: Model, seconds: float) -> bool:
    """Whether the server says that it has the file; asks once and waits `seconds` at each step."""
    request = urllib.request.Request(model.published.url, method="HEAD")
    try:
        with _opener(seconds, seconds).open(request) as body:
            length = body.headers.get("Content-Length")
    except HTTPError as error:
        error.close()
        return False
    except (OSError, http.client.HTTPException):
        return False  # Out of reach, whatever the reason.
    return model.published.size is None or length in (None, str(model.published.size))


def _wrong(answer: Answer, content_range: str | None) -> str | None:
    """What is wrong with an answer before any of its bytes has come."""
    if answer.begins:
        stated = re.match(r"bytes (\d+)-", content_range or "")
        if stated is None or int(stated[1]) != answer.begins:
            return f"the server sent {content_range} when asked for what follows {answer.begins}"
    size = answer.model.published.size
    if None not in (size, answer.total) and answer.total != size:
        return (
            f"the server offers {answer.total:,} bytes instead of {size:,}; a proxy or a sign-in "
            "page may answer in its place"
        )
    return None


def _not_fetched(model: Model, why: str) -> ModelNotFetched:
    return ModelNotFetched(model.name, model.published.url, why)


def _said(error: Exception) -> str:
    """The error in the words of the system, without numbers and brackets where it can be."""
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, socket.gaierror):
        return "the name of the server cannot be resolved, as without internet"
    return (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or repr(cause)


def _opener(connect: float, read: float) -> urllib.request.OpenerDirector:
    """Opens addresses as urllib does, proxies of the environment included, with two time limits."""

    class Http(http.client.HTTPConnection):
        def connect(self) -> None:
            self.timeout = connect
            super().connect()
            self.sock.settimeout(read)

    class Https(http.client.HTTPSConnection):
        def connect(self) -> None:
            self.timeout = connect
            super().connect()
            self.sock.settimeout(read)

    class HttpHandler(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Http, request)

    class HttpsHandler(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Https, request)

    return urllib.request.build_opener(HttpHandler, HttpsHandler)
