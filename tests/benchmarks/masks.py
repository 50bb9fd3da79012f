"""Draws the silhouettes of real films as pages to look at.

    python -m tests.benchmarks.masks [--assets ../shared/assets] [--out masks] [FILM ...]

Every clip with people and every film of several shots, at moments spread over each shot. Green: the
mask; the thicker the outline, the more it is trusted. Writes PNG pages of 30 moments and
`index.html`, which shows them all. `make masks` runs it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.engine.single import shots_of
from matchcut.silhouettes.canvas import placed
from matchcut.silhouettes.cues.moment import silhouette
from matchcut.types import Progress, Window
from tests.subjects.frames import decoded

ACROSS, DOWN = 5, 6
EVERY = 60
"""Frames between two moments of one shot; a shot has one at least, in its middle."""
MOST = 8
"""Moments of one shot."""
_TILE = (200, 320)


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a film and what was found in it."""

    name: str
    window: Window


class _Quiet:
    def report(self, progress: Progress, /) -> None:
        pass

    def cancelled(self) -> bool:
        return False


def films(assets: Path) -> list[Path]:
    """The clips with people, and the films of several shots."""
    folders = (assets / "video" / "people", assets / "video" / "shots")
    return sorted(path for folder in folders for path in folder.iterdir() if path.is_file())


def moments(film: Path) -> Iterator[Moment]:
    """Moments spread over the clean frames of each shot of a film."""
    wanted: list[tuple[int, tuple[int, int]]] = []
    for one in shots_of(film, None, None, _Quiet()):
        start, end = one.shot.clean_start_frame, one.shot.clean_end_frame
        count = min(max((end - start) // EVERY, 1), MOST)
        places = [start + (2 * at + 1) * (end - start) // (2 * count) for at in range(count)]
        wanted += [(frame, (start, end)) for frame in places]
    for (frame, _), window in zip(wanted, decoded(film, wanted), strict=True):
        yield Moment(f"{film.stem} {frame}", window)


def tile(moment: Moment) -> NDArray[np.uint8]:
    """The picture with the outline of its mask, and what it is trusted."""
    found = silhouette(moment.window)
    picture = moment.window.pictures[moment.window.centre].copy()
    height, width = picture.shape[:2]
    rows, columns = placed(height, width)
    cells = found.mask[rows, columns].astype(np.uint8)
    large = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    lines, _ = cv2.findContours(large, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, lines, -1, (0, 255, 0), 2 if found.confidence >= 0.5 else 1)
    shown = np.zeros((*_TILE, 3), np.uint8)
    shown[:height, :width] = picture
    text = f"{moment.name[-34:]}  trust {found.confidence:.2f}"
    cv2.putText(shown, text, (4, 195), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    return shown


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the pages; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.masks")
    parser.add_argument("films", nargs="*", type=Path)
    parser.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    parser.add_argument("--out", type=Path, default=Path("masks"))
    options = parser.parse_args(arguments)
    if not options.films and not options.assets.is_dir():
        sys.stderr.write(f"The real footage is looked for in {options.assets}; name a FILM.\n")
        return 2
    tiles = [
        tile(moment) for film in options.films or films(options.assets) for moment in moments(film)
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    page = ACROSS * DOWN
    names = []
    for start in range(0, len(tiles), page):
        shown = tiles[start : start + page]
        shown += [np.zeros_like(tiles[0])] * (-len(shown) % ACROSS)
        rows = [np.hstack(shown[at : at + ACROSS]) for at in range(0, len(shown), ACROSS)]
        names.append(f"masks_{start // page:02}.png")
        cv2.imwrite(str(options.out / names[-1]), np.vstack(rows)[..., ::-1])
    pictures = "\n".join(f'<img src="{escape(name)}" alt="">' for name in names)
    (options.out / "index.html").write_text(
        f"<!doctype html><title>Silhouettes</title><style>img{{width:100%}}</style>\n{pictures}\n",
        encoding="utf-8",
    )
    sys.stdout.write(f"{len(tiles)} moments: {options.out / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
