"""Writes an index, and at a moment says `now` and waits to be killed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from matchcut import index
from matchcut.index import ShotIndex
from tests.contract.test_shot_index import batches


def _now(*_: object) -> bool:
    sys.stdout.write("now\n")
    sys.stdout.flush()
    time.sleep(60)
    return True


def main(folder: Path, engine: str, moment: str) -> None:
    """Builds over the index in `folder`, up to the first batch, a segment or the manifest."""
    stop: Callable[[], bool] = index.never
    if moment == "batch":
        stop = _now
    elif moment == "segment":
        Path.rename = _now
    else:
        Path.replace = _now
    ShotIndex.build(folder, "frame", "2", batches(), by=index.engine(engine), stop=stop)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
