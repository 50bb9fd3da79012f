"""Writes passing films: each once, into a folder that is named by all that decides its pixels."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import cv2

from matchcut.types import CutList
from tests import film as drawn
from tests.film.encode import write_pictures
from tests.passing.draw import frame_at
from tests.passing.script import Film

_MAKERS = ("draw", "poses", "script", "stance")
"""Modules of this folder that decide how a plan is drawn, besides those of `tests.film`."""


def written(film: Film, folder: Path | None = None) -> Path:
    """The film as a file in this folder (None: `cache()`), drawn where it is not there yet.

    The name says its plan by a digest.

    Cost: about 13 ms a frame of 640x360.
    """
    folder = folder or cache()
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.blake2b(repr(film).encode(), digest_size=6).hexdigest()
    path = folder / f"{film.name} {digest}.mp4"
    if not path.is_file():
        cv2.setNumThreads(1)
        partial = path.with_name(f"{os.getpid()} {path.name}")
        pictures = (frame_at(film, frame) for frame in range(film.starts[-1]))
        write_pictures(pictures, partial, rate=film.rate, size=(film.width, film.height))
        partial.replace(path)
    return path


def write_all(films: Sequence[Film], folder: Path | None = None) -> list[Path]:
    """Writes films in two processes; those that are there already cost nothing."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(written, films, [folder] * len(films)))


def cache() -> Path:
    """The folder where films are kept, another for every version of what draws them."""
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in _MAKERS]
    files += sorted(Path(str(drawn.__file__)).parent.glob("*.py"))
    digest = hashlib.blake2b(digest_size=6)
    for file in files:
        digest.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"matchcut-passing-{digest.hexdigest()}"


def cut_list(path: Path, starts: Sequence[int]) -> CutList:
    """Where a film truly cuts, for indexing without detection.

    `starts` holds the first frame of each shot, and one past the last frame of the film.
    """
    lines = [
        json.dumps({"start_frame": start, "end_frame": end}) for start, end in pairwise(starts)
    ]
    return CutList(path, "\n".join(lines), path.parent, f"{path.stem}.json")
