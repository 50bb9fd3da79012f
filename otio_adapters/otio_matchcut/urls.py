r"""Media addresses to paths and back, for every form that editing applications write.

OpenTimelineIO's own conversion loses `#`, `%20` and Windows paths, so it is not used.

What is read:
    file:///X:/a%20b.mov, file://localhost/D%3a/a.mov, file:///mnt/a.mov, file://server/share/a.mov
    /mnt/a.mov, D:\a.mov, D:/a.mov, \\server\share\a.mov, ../a.mov, media\a.mov

Rules where a text can be read in two ways:
    - `#` and `?` belong to the name: media addresses have neither fragment nor query.
    - An address with a scheme is percent-decoded, a bare path is not; each is read the other way
      where only that file exists (some applications write one form and mean the other).
    - A Windows path keeps its drive and gets forward slashes. It is absolute on every machine: it
      never starts from the timeline's folder.
    - A backslash separates folders in a text that begins like a Windows path, and in a relative one
      without `/` unless a file of that very name exists. In other paths it is part of a name.
    - `file:///D:/a` means drive D, also on a machine whose root holds a folder named `D:`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from otio_matchcut.errors import TimelineError
from otio_matchcut.mapping import FolderMap, mapped

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_DRIVE = re.compile(r"[A-Za-z]:(?=[/\\])")
_DRIVE_IN_URL = re.compile(r"/*([A-Za-z]):(?=/)")
_UNRESERVED = "/-._~!$&'()*+,;=:@"


def path_of(target_url: str, base: Path, maps: Sequence[FolderMap] = ()) -> Path:
    """The path that a media address names, whether or not a file is there.

    Args:
        target_url: As the timeline states it.
        base: Folder of the timeline; relative addresses start from it.
        maps: Folders that lie elsewhere on this machine.

    Returns:
        A path with forward slashes; with a drive (`D:/a.mov`) for Windows paths.

    Raises:
        TimelineError: MEDIA_OFFLINE for an empty address, MEDIA_NOT_A_FILE for a web address.
    """
    text = target_url
    if not text.strip():
        raise TimelineError(
            "MEDIA_OFFLINE",
            "The clip's media has an empty address.",
            "Relink the clip in the editing application and export the timeline again.",
        )
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() == "file":
        rest = text[scheme.end() :]
        return _existing(_local(_decoded(rest), base), _local(rest, base), rest, maps)
    if scheme and text[scheme.end() :].startswith("//"):
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip's media {text} is not a file on this machine.",
            "Relink the clip to a file and export the timeline again.",
            url=text,
        )
    return _existing(_bare(text, base), _bare(_decoded(text), base), text, maps)


def url_of(path: Path) -> str:
    """The `file://` address of an absolute path; `path_of` turns it back into the same path.

    Paths that are not UTF-8 keep their bytes. A Windows path (`D:/a.mov`) gives `file:///D:/a.mov`,
    a share (`//server/share/a.mov`) gives `file://server/share/a.mov`.

    Raises:
        ValueError: the path is relative, which no address can say.
    """
    text = os.fspath(path)
    if _DRIVE.match(text):
        return "file:///" + _encoded(text.replace("\\", "/"))
    if not text.startswith("/"):
        raise ValueError(f"{text} is relative: only absolute paths have an address")
    return ("file:" if text.startswith("//") else "file://") + _encoded(text)


def target_of(path: Path) -> str:
    """What to write as a media address: the bare path, since Resolve takes no other form.

    A path that is not UTF-8, which no timeline can hold, gets its `file://` address.
    """
    text = os.fspath(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return url_of(path.absolute())
    return text


def text_of_name(name: str) -> str:
    """A file name for people, `?` in place of bytes that are no UTF-8."""
    return name.encode(errors="replace").decode()


def _existing(first: Path, second: Path, text: str, maps: Sequence[FolderMap]) -> Path:
    """`first`, unless the text holds a `%` and only `second` is there; both as they are mapped."""
    first, second = mapped(first, maps), mapped(second, maps)
    if "%" not in text or first == second or _is_there(first) or not _is_there(second):
        return first
    return second


def _is_there(path: Path) -> bool:
    # A name with a NUL, or one that is too long, is certainly not there.
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _local(rest: str, base: Path) -> Path:
    """The path in what follows `file:`, percent-decoded already where it should be."""
    if not rest.startswith("/"):
        return _bare(rest, base)
    drive = _DRIVE_IN_URL.match(rest)
    if drive:
        return Path(f"{drive[1]}:{rest[drive.end() :]}")
    if not rest.startswith("//"):
        return Path(rest)
    host, slash, path = rest[2:].partition("/")
    if host and host.lower() != "localhost":
        return Path(f"//{host}{slash}{path}")
    drive = _DRIVE_IN_URL.match(slash + path)
    if drive:
        return Path(f"{drive[1]}:{(slash + path)[drive.end() :]}")
    # Four slashes are a share written by an application that puts `file://` before any path.
    share = path.startswith("/") and not path.startswith("//")
    return Path("//" + path.lstrip("/")) if share else Path("/" + path.lstrip("/"))


def _bare(text: str, base: Path) -> Path:
    if _DRIVE.match(text):
        return Path(text.replace("\\", "/"))
    if text.startswith("\\\\"):
        return Path("//" + text[2:].replace("\\", "/"))
    if "\\" in text and "/" not in text and not _is_there(base / text):
        return base / text.replace("\\", "/")
    return base / text


def _decoded(text: str) -> str:
    return os.fsdecode(unquote_to_bytes(os.fsencode(text)))


def _encoded(text: str) -> str:
    return quote_from_bytes(os.fsencode(text), safe=_UNRESERVED)
