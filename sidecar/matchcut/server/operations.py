"""Long work that outlives the call that began it: queued, watched by anyone, cancelled on request.

Work runs in one thread of its own, one piece at a time. A watcher only looks at it: when it goes,
the work goes on.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from google.rpc import code_pb2

from matchcut.errors import Cancelled, OperationUnknown, UsageError
from matchcut.server.border import Kept, log_unexpected
from matchcut.server.failures import Refused
from matchcut.types import IndexReport, Monitor, Progress

ENDED_AT_MOST = 100
"""How many ended operations are remembered; the oldest are forgotten first."""
QUEUED_AT_MOST = 100
"""How many may wait; more are refused, so that a client gone wild cannot fill the memory."""
WATCHERS_AT_MOST = 16
"""How many watches may be open; each holds a thread of the server."""


class State(Enum):
    """How far an operation has come."""

    QUEUED = 1
    RUNNING = 2
    SUCCEEDED = 3
    FAILED = 4
    CANCELLED = 5


@dataclass(frozen=True, slots=True)
class Operation:
    """How a piece of work stands at one moment."""

    name: str
    """`operations/` and a unique word."""
    request_id: str
    """The id it was started with, or empty."""
    state: State
    created: datetime
    """When it was asked for, in UTC."""
    cancel_requested: bool = False
    progress: Progress | None = None
    report: IndexReport | None = None
    """With SUCCEEDED."""
    error: Exception | None = None
    """With FAILED and CANCELLED."""
    ended: datetime | None = None
    """When it ended, in UTC."""


Work = Callable[[Monitor], IndexReport]


@dataclass(slots=True)
class _Entry:
    """What the registry knows of an operation; changed only under its condition."""

    now: Operation
    content: object
    """What was asked for, to tell a repeated request from a misused id."""
    work: Work
    version: int = 0
    """Counts the changes, so that a watcher knows whether there is something new."""


class Operations:
    """The work of one sidecar. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._by_request: dict[str, str] = {}
        self._queue: deque[_Entry] = deque()
        self._watchers = 0
        self._stopping = False
        self._worker = threading.Thread(target=self._work, name="matchcut-import", daemon=True)
        self._worker.start()

    def start(self, request_id: str, content: object, work: Work) -> Operation:
        """Puts work into the queue and returns at once.

        Args:
            request_id: The same one again, with equal content, gives the operation it gave before.
                Empty: never the same.
            content: What was asked for; compared, not looked into.
            work: Is called in the worker thread; raises `Cancelled` when its monitor said so.

        Raises:
            UsageError: the request id was used with other content.
            Refused: QUEUE_FULL, or SIDECAR_STOPPING.
        """
        with self._changed:
            known = self._by_request.get(request_id) if request_id else None
            if known is not None:
                entry = self._entries[known]
                if entry.content != content:
                    raise UsageError(
                        f"The request_id '{request_id}' was used for something else.",
                        "Give each request an id of its own; repeat one only with equal content.",
                        request_id=request_id,
                    )
                return entry.now
            if self._stopping:
                raise Refused(
                    code_pb2.UNAVAILABLE,
                    "SIDECAR_STOPPING",
                    "The sidecar is stopping and takes no more work.",
                    "Start it again, then ask again.",
                )
            if len(self._queue) >= QUEUED_AT_MOST:
                raise Refused(
                    code_pb2.RESOURCE_EXHAUSTED,
                    "QUEUE_FULL",
                    f"{QUEUED_AT_MOST} imports are waiting already.",
                    "Wait until one has ended, or cancel one.",
                )
            name = f"operations/{secrets.token_hex(8)}"
            now = Operation(name, request_id, State.QUEUED, datetime.now(UTC))
            entry = _Entry(now, content, work)
            self._entries[name] = entry
            if request_id:
                self._by_request[request_id] = name
            self._queue.append(entry)
            self._changed.notify_all()
            return now

    def get(self, name: str) -> Operation:
        """How the operation stands.

        Raises:
            OperationUnknown: there is none of this name, or it ended long ago.
        """
        with self._changed:
            return self._entry(name).now

    def all(self) -> list[Operation]:
        """Every operation that is remembered, newest first."""
        with self._changed:
            return [entry.now for entry in reversed(self._entries.values())]

    def watch(self, name: str, watching: Callable[[], bool]) -> Iterator[Operation]:
        """The operation as it stands, then whenever it has changed; ends after it has ended.

        Args:
            name: Of the operation.
            watching: False once the watcher is gone; call `wake` then.

        Raises:
            OperationUnknown: there is none of this name.
            Refused: TOO_MANY_WATCHERS.
        """
        with self._changed:
            entry = self._entry(name)
            if self._watchers >= WATCHERS_AT_MOST:
                raise Refused(
                    code_pb2.RESOURCE_EXHAUSTED,
                    "TOO_MANY_WATCHERS",
                    f"{WATCHERS_AT_MOST} watches are open already.",
                    "Close one, or ask how the operation stands now and then.",
                )
            self._watchers += 1
        try:
            seen = -1
            while True:
                with self._changed:
                    while entry.version == seen and watching():
                        self._changed.wait()
                    if not watching():
                        return
                    seen, now = entry.version, entry.now
                yield now
                if now.ended is not None:
                    return
        finally:
            with self._changed:
                self._watchers -= 1

    def wake(self) -> None:
        """Lets every watch look whether its watcher is still there."""
        with self._changed:
            self._changed.notify_all()

    def cancel(self, name: str) -> Operation:
        """Asks the operation to stop; one that waits has then ended, an ended one is left alone.

        Raises:
            OperationUnknown: there is none of this name.
        """
        with self._changed:
            entry = self._entry(name)
            self._cancel(entry)
            return entry.now

    def stop(self, seconds: float) -> bool:
        """Takes no more work, cancels what there is, and waits for it.

        Args:
            seconds: How long to wait at most. The thread of work that does not stop ends with the
                process; what it has committed is kept.

        Returns:
            True where all work has ended.
        """
        last = time.monotonic() + seconds
        with self._changed:
            self._stopping = True
            for entry in list(self._entries.values()):
                self._cancel(entry)
            self._changed.notify_all()
        self._worker.join(max(0.0, last - time.monotonic()))
        return not self._worker.is_alive()

    def _entry(self, name: str) -> _Entry:
        if name not in self._entries:
            raise OperationUnknown(name)
        return self._entries[name]

    def _change(self, entry: _Entry, now: Operation) -> None:
        entry.now = now
        entry.version += 1
        self._changed.notify_all()

    def _end(self, entry: _Entry, now: Operation) -> None:
        self._change(entry, replace(now, ended=datetime.now(UTC)))
        ended = [name for name, each in self._entries.items() if each.now.ended is not None]
        for name in ended[:-ENDED_AT_MOST]:
            forgotten = self._entries.pop(name)
            self._by_request.pop(forgotten.now.request_id, None)

    def _cancel(self, entry: _Entry) -> None:
        if entry.now.ended is not None or entry.now.cancel_requested:
            return
        asked = replace(entry.now, cancel_requested=True)
        if asked.state is State.QUEUED:
            self._queue.remove(entry)
            self._end(entry, replace(asked, state=State.CANCELLED, error=Cancelled()))
        else:
            self._change(entry, asked)

    def _work(self) -> None:
        """The worker thread: one piece after the other, until the sidecar stops."""
        while True:
            with self._changed:
                while not self._queue and not self._stopping:
                    self._changed.wait()
                if not self._queue:
                    return
                entry = self._queue.popleft()
                self._change(entry, replace(entry.now, state=State.RUNNING))
            report: IndexReport | None = None
            with Kept() as kept:
                report = entry.work(_Watched(self, entry))
            with self._changed:
                self._end(entry, _outcome(entry.now, report, kept.error))

    def _report(self, entry: _Entry, progress: Progress) -> None:
        with self._changed:
            self._change(entry, replace(entry.now, progress=progress))


class _Watched:
    """The monitor that work reports to: the operation's own entry."""

    def __init__(self, operations: Operations, entry: _Entry) -> None:
        self._operations = operations
        self._entry = entry

    def report(self, progress: Progress, /) -> None:
        self._operations._report(self._entry, progress)

    def cancelled(self) -> bool:
        return self._entry.now.cancel_requested


def _outcome(now: Operation, report: IndexReport | None, error: Exception | None) -> Operation:
    if error is None:
        return replace(now, state=State.SUCCEEDED, report=report)
    if not isinstance(error, Cancelled):
        log_unexpected(error, now.name)
    # Its traceback, and those of what led to it, would keep every picture of the film in memory for
    # as long as the operation is remembered.
    error.__cause__ = error.__context__ = None
    ended = State.CANCELLED if isinstance(error, Cancelled) else State.FAILED
    return replace(now, state=ended, error=error.with_traceback(None))
