"""Fetches weights so that a file with the published name is always whole.

Bytes arrive in `<file>.part`, which the next try goes on from; it takes its name only when its
digest is the published one.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from matchcut.errors import Cancelled, DiskFull, ModelDamaged, ModelNotFetched, OutputUnwritable
from matchcut.models import loading
from matchcut.models.entry import Model
from matchcut.types import Monitor, Progress

PATIENCE = 3.0
"""Seconds that a machine without internet may be held up by the question whether it has some."""

TURN = 0.5
"""Seconds between two looks at whether the user has stopped the waiting for another program."""

LOCK_NAME = ".fetching.lock"
"""Held by whoever fetches into a folder; never removed, as a lock on a removed file keeps nobody
out."""


def fetch(model: Model, to: Path, monitor: Monitor) -> Path:
    """Puts the weights of a model into a folder, unless they are there and whole.

    Of two programs that fetch into one folder the second waits. A file of that name which is not
    whole is replaced.

    Args:
        model: Whose weights.
        to: The folder; made where it is not there.
        monitor: Is told of the bytes that have come, and may stop it; what has come is kept.

    Returns:
        The file, under its published name and checked.

    Raises:
        ModelNotFetched: there is no internet, `MATCHCUT_OFFLINE` forbids it, or the server does
            not send the file; what has come is kept.
        ModelDamaged: what has come in full has another digest than published; it is removed.
        DiskFull: there is no room for it; what has come is kept.
        OutputUnwritable: the folder cannot be written.
        Cancelled: the monitor stopped it.
    """
    place = to / model.file
    if _whole(model, place):
        return place
    if _offline():
        raise ModelNotFetched(model.name, model.published.url, "MATCHCUT_OFFLINE is set")
    with writing_to(to):
        to.mkdir(parents=True, exist_ok=True)
        with _alone(to, monitor):
            if not _whole(model, place):  # Another program may have put it there meanwhile.
                part = place.with_name(f"{place.name}.part")
                _complete(model, part, monitor)
                why = loading.fault(model, part)
                if why is not None:
                    part.unlink()
                    raise ModelDamaged(
                        model.name, place, f"what the server sent was removed, as {why}"
                    )
                part.replace(place)
    return place


def can_be_had(model: Model) -> bool:
    """Whether the weights could be fetched now; answers within about three seconds.

    No where `MATCHCUT_OFFLINE` is set (to anything but 0), and where the server does not answer in
    time that it has the file.
    """
    if _offline():
        return False
    from matchcut.models import _asking

    answers: list[bool] = []
    # Looking up a name cannot be given a time limit, so it is left behind if it takes too long.
    question = threading.Thread(
        target=lambda: answers.append(_asking.has(model, PATIENCE)), daemon=True
    )
    question.start()
    question.join(PATIENCE)
    return answers == [True]


def _offline() -> bool:
    return os.environ.get("MATCHCUT_OFFLINE", "") not in ("", "0")


def _whole(model: Model, path: Path) -> bool:
    return path.is_file() and loading.fault(model, path) is None


def _complete(model: Model, part: Path, monitor: Monitor) -> None:
    """Brings to `part` all that is missing there, and to the disk."""
    from matchcut.models import _asking

    if _whole(model, part):
        return  # The last try was stopped just before the end.
    here = part.stat().st_size if part.is_file() else 0
    size = model.published.size
    answer = _asking.ask(model, 0 if size is not None and here >= size else here)
    total = size if answer.total is None else answer.total
    with closing(answer.body), part.open("ab" if answer.begins else "wb") as file:
        done = answer.begins
        while True:
            monitor.report(Progress("fetching", model.file, done, total, "bytes"))
            if monitor.cancelled():
                raise Cancelled
            piece = answer.next()
            if not piece:
                break
            file.write(piece)
            done += len(piece)
        file.flush()
        os.fsync(file.fileno())
    if total is not None and done < total:
        why = f"the connection ended after {done:,} of {total:,} bytes"
        raise ModelNotFetched(model.name, model.published.url, why)


@contextmanager
def _alone(folder: Path, monitor: Monitor) -> Iterator[None]:
    """Waits until no other program fetches into this folder, and keeps others waiting."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK_NAME)
    while not lock.is_locked:
        if monitor.cancelled():
            raise Cancelled
        try:
            lock.acquire(timeout=TURN)
        except Timeout:
            continue  # Still held.
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Says in our own words why a folder of weights cannot be written.

    Raises:
        DiskFull: there is no room.
        OutputUnwritable: whatever else the system answers to the block.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder) from error
        raise OutputUnwritable(
            f"{folder} cannot be written: {error.strerror or error}.",
            "Name a folder that you can write to, by `--to DIR` or `--models DIR`.",
            path=folder,
            why=error.strerror or error,
        ) from error
