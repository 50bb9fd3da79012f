"""Refuses files that do not belong in the repository: large ones, media, weights."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

LARGEST = 500_000
"""Bytes."""
UNWANTED = {".mp4", ".mov", ".mkv", ".mxf", ".avi", ".webm", ".pth", ".pt", ".onnx", ".npy"}


def unwanted(paths: Iterable[Path]) -> list[str]:
    """A sentence for each file that must not be committed."""
    complaints = []
    for path in paths:
        if path.suffix.lower() in UNWANTED:
            complaints.append(f"{path}: media and weights are not kept in the repository")
        elif path.is_file() and path.stat().st_size > LARGEST:
            complaints.append(f"{path}: {path.stat().st_size} bytes, more than {LARGEST}")
    return complaints


if __name__ == "__main__":
    found = unwanted(map(Path, sys.argv[1:]))
    sys.stderr.writelines(f"{line}\n" for line in found)
    sys.exit(bool(found))
