"""The identity of a file is the digest of its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from matchcut.errors import MediaMissing, MediaUnreadable

_BLOCK = 1 << 20


def content_digest(path: Path) -> str:
    """BLAKE2b of all bytes of a file, 128 bits, as 32 hex digits.

    Cost: reads the file once; memory stays at one block of 1 MiB.

    Raises:
        MediaMissing: nothing is at the path.
        MediaUnreadable: the path is a folder, or reading fails.
    """
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb", buffering=0) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError as error:
        raise MediaMissing(path) from error
    except IsADirectoryError as error:
        raise MediaUnreadable(path, "it is a folder") from error
    except OSError as error:
        raise MediaUnreadable(path, f"reading it fails ({error.strerror})") from error
    return digest.hexdigest()
