"""The file by which a sidecar tells the clients of its user where it is, and lets them in.

One file a library, under the user's state folder (`$MATCHCUT_STATE_DIR`, else the platform's). It
holds the token, so only its user can read it. It says where a sidecar was, not that it still is:
one that was killed leaves it behind, and clients find out by asking.

Python 3.8 reads this module, and the standard library is all it needs.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

from matchcut_client.failing import HANDOVER_UNSAFE, HANDOVER_UNUSABLE, ClientError

_NUMBERS = {"port", "http_port", "pid"}
"""Fields of a hand-over that are no text."""


@dataclass(frozen=True)  # Python 3.8 has no slots for it.
class HandOver:
    """Where a sidecar listens, and the token that it asks for.

    Fields are only ever added, each with a default that stands for a sidecar older than it.
    """

    host: str
    """A loopback address."""
    port: int
    """Of gRPC."""
    token: str
    """Sent with every call; worth as much as the user's own access to the library."""
    pid: int
    library: str
    """Resolved path of the library's folder."""
    version: str
    """Version of matchcut that serves."""
    started: str
    """When it began to serve, ISO 8601 with offset."""
    http_port: int = 0
    """Of HTTP/JSON; 0 where the sidecar has no such door."""


def new_token() -> str:
    """256 random bits as ASCII text."""
    return secrets.token_urlsafe(32)


def state_folder() -> Path:
    """Where matchcut keeps what it knows of running sidecars; not created by this call.

    `$MATCHCUT_STATE_DIR`, else the folder that the platform has for it: `%LOCALAPPDATA%` on
    Windows, `$XDG_STATE_HOME` elsewhere where it is set, `~/Library/Application Support` on macOS,
    `~/.local/state`; in it, `matchcut`.
    """
    chosen = os.environ.get("MATCHCUT_STATE_DIR")
    return Path(chosen).absolute() if chosen else _platforms_own(sys.platform) / "matchcut"


def _platforms_own(platform: str) -> Path:
    """The folder for what programs keep between runs, of a platform as `sys.platform` names it."""
    name = "LOCALAPPDATA" if platform == "win32" else "XDG_STATE_HOME"
    chosen = os.environ.get(name, "").strip()
    if chosen and Path(chosen).is_absolute():
        return Path(chosen)
    usual = {"win32": "AppData/Local", "darwin": "Library/Application Support"}
    return Path.home() / usual.get(platform, ".local/state")


def handover_path(library: Path) -> Path:
    """Where the hand-over file of `library` lies, whether there is one or not.

    All paths that lead to one folder give one file.
    """
    digest = hashlib.blake2b(os.fsencode(library.resolve()), digest_size=16).hexdigest()
    return state_folder() / "sidecars" / f"{digest}.json"


def log_path(library: Path) -> Path:
    """Where a sidecar started by a client writes its log."""
    return handover_path(library).with_suffix(".log")


def private_folder(path: Path) -> None:
    """Makes `path` and what leads to it; only the user can look into `path` (POSIX).

    Raises:
        ClientError: HANDOVER_UNUSABLE, the disk is full or cannot be written. Facts: `path`, `why`.
    """
    with _failures_said(path, "made"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)


def write_handover(handover: HandOver) -> Path:
    """Puts the hand-over file in its place in one step, readable by the user alone.

    A reader sees the old file or the new one, never a part. It is on the disk when this returns.

    Raises:
        ClientError: HANDOVER_UNUSABLE, the disk is full or cannot be written. Facts: `path`, `why`.
    """
    path = handover_path(Path(handover.library))
    private_folder(path.parent)
    with _failures_said(path, "written"):
        draft = path.with_suffix(f".{secrets.token_hex(8)}.tmp")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(asdict(handover), file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
    return path


def read_handover(library: Path) -> HandOver | None:
    """What the last sidecar of `library` left, or None where nothing can be read as such.

    Raises:
        ClientError: HANDOVER_UNSAFE, another user owns the file or can write it (POSIX);
            HANDOVER_UNUSABLE, it cannot be opened or read.
    """
    path = handover_path(library)
    with _failures_said(path, "read"):
        try:
            with path.open(encoding="ascii") as file:
                _refuse_foreign(path, os.fstat(file.fileno()))
                told = json.load(file)
        except (FileNotFoundError, ValueError):
            return None
    known = {field.name for field in fields(HandOver)}
    needed = {field.name for field in fields(HandOver) if field.default is MISSING}
    if not isinstance(told, dict) or not needed <= told.keys():
        return None
    handover = HandOver(**{name: told[name] for name in known & told.keys()})
    whole = all(isinstance(getattr(handover, name), int) for name in _NUMBERS)
    texts = all(isinstance(getattr(handover, name), str) for name in known - _NUMBERS)
    return handover if whole and texts else None


def remove_handover(handover: HandOver) -> None:
    """Takes the hand-over file away, unless it is another sidecar's by now.

    Raises:
        ClientError: as `read_handover`; HANDOVER_UNUSABLE, it cannot be removed.
    """
    library = Path(handover.library)
    if read_handover(library) == handover:
        path = handover_path(library)
        with _failures_said(path, "removed"):
            path.unlink(missing_ok=True)


@contextmanager
def _failures_said(path: Path, done: str) -> Iterator[None]:
    """Turns a failure of the system into ours; `done` says what could not be done to `path`."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ClientError(
            HANDOVER_UNUSABLE,
            f"{path} cannot be {done}: {why}.",
            "Free some space on its disk and try again."
            if full
            else "Give this user access to it, or set MATCHCUT_STATE_DIR to a folder that this "
            "user can read and write, for the sidecar and for its clients.",
            {"path": str(path), "why": why},
        ) from error


def _refuse_foreign(path: Path, status: os.stat_result) -> None:
    if os.name != "posix":
        return
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise ClientError(
            HANDOVER_UNSAFE,
            f"{path} cannot be trusted: another user owns it or can write it.",
            "Remove the file and start the sidecar again.",
            {"path": str(path)},
        )


def _sync_folder(folder: Path) -> None:
    """Makes a rename last through a loss of power, where folders can be synced (POSIX)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
