"""Asks in a thread of its own, so that the editing application never waits.

One question at a time. What comes of it is put into a queue, which the main thread empties whenever
it likes; nothing of the application is touched here.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from .told import Ended, Failed, Told

Question: TypeAlias = Callable[["Errand"], None]
"""Does the asking; tells what it learns to the errand, and raises ClientError where it fails."""
BUG = "PLUGIN_BUG"
"""Reason of a failure that is the plug-in's own."""


class Stopped(Exception):
    """The user wished the work to stop, and it has."""


class Errand:
    """One question under way, as its thread sees it."""

    def __init__(self, told: queue.SimpleQueue[tuple[Errand, Told]]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._stopping = False
        self._let_go: Callable[[], None] | None = None

    @property
    def stopping(self) -> bool:
        """Whether the user wishes it to stop."""
        return self._stopping

    def tell(self, told: Told) -> None:
        """Hands something to the main thread."""
        self._told.put((self, told))

    def go_on(self) -> None:
        """Returns where nobody wishes it to stop.

        Raises:
            Stopped: somebody does.
        """
        if self._stopping:
            raise Stopped

    @contextmanager
    def letting_go(self, let_go: Callable[[], None]) -> Iterator[None]:
        """While inside, stopping calls `let_go`, which must not wait and may be called twice."""
        with self._lock:
            before, self._let_go = self._let_go, let_go
            late = self._stopping
        if late:
            let_go()
        try:
            yield
        finally:
            with self._lock:
                self._let_go = before

    def stop(self) -> bool:
        """Wishes it to stop; False where it cannot be told to, and must be abandoned."""
        with self._lock:
            self._stopping = True
            let_go = self._let_go
        if let_go is None:
            return False
        let_go()
        return True


class Asker:
    """Asks one question at a time."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[tuple[Errand, Told]] = queue.SimpleQueue()
        self._errand: Errand | None = None

    @property
    def busy(self) -> bool:
        """Whether a question is under way."""
        return self._errand is not None

    def ask(self, question: Question) -> None:
        """Begins to ask. Only while not busy."""
        assert self._errand is None, "one question at a time"
        errand = self._errand = Errand(self._told)
        threading.Thread(
            target=_run, args=(question, errand), name="matchcut-asking", daemon=True
        ).start()

    def stop(self) -> None:
        """Wishes the question under way to stop. It is told when it has."""
        if self._errand is not None and not self._errand.stop():
            # Nothing can reach it, such as a sidecar that is just starting: what it says later is
            # not listened to.
            self._errand.tell(Ended(stopped=True))

    def told(self) -> Iterator[Told]:
        """All that has been told since, oldest first. For the main thread."""
        while True:
            try:
                errand, told = self._told.get_nowait()
            except queue.Empty:
                return
            if errand is not self._errand:
                continue
            if isinstance(told, Ended):
                self._errand = None
            yield told


def _run(question: Question, errand: Errand) -> None:
    """The thread: whatever comes of a question, the main thread hears of its end."""
    from matchcut_client import ClientError

    stopped = False
    try:
        question(errand)
    except Stopped:
        stopped = True
    except ClientError as error:
        stopped = errand.stopping
        if not stopped:
            errand.tell(Failed(error.reason, error.sentence, error.next_step))
    except Exception as error:
        # The end of the thread: an error would be lost here, and the panel would wait for ever.
        traceback.print_exc()
        errand.tell(Failed(BUG, f"The plug-in failed: {error!r}.", "Look into the console."))
    finally:
        errand.tell(Ended(stopped))
