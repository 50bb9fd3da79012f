"""Where errors stop: at the edge of a call, and at the edge of a worker thread.

Behind both there is nobody who could handle an error, so whatever arrives is told to the client
and, if it is not one of matchcut's own, written to the log with its traceback.
"""

from __future__ import annotations

import logging
from types import TracebackType

import grpc

from matchcut.errors import InternalError, MatchcutError
from matchcut.server.failures import Refused, call_status, failure_of

_log = logging.getLogger(__name__)


class Kept:
    """Keeps the error that ends its block in `error`, so that the thread can tell of it and go on.

    What is no `Exception` (the interpreter's own exit) passes.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        return True


class Answering:
    """Ends a call with the status and the details of the error that ends its block."""

    def __init__(self, context: grpc.ServicerContext, call: str) -> None:
        self._context = context
        self._call = call

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception):
            return
        log_unexpected(error, self._call)
        self._context.abort_with_status(call_status(failure_of(error, self._call)))


def log_unexpected(error: Exception, during: str) -> None:
    """Writes an error that is a bug to the log, with its traceback; the others are only told."""
    if isinstance(error, Refused):
        return
    if isinstance(error, InternalError) or not isinstance(error, MatchcutError):
        _log.error("an unexpected error during %s", during, exc_info=error)
