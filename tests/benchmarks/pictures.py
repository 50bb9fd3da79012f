"""Measures `color`, `light` and `composition`: `python -m tests.benchmarks.pictures`.

One JSON object a line. The truth is made (`tests.planted`): the colours, the light or a shape of
one picture are planted into another, which is then searched among all others, real and made, and
among those that hold the same on other places. What had been planted may have been treated since.
Beside every figure stand two plain ways on the same pictures: the cosine of thumbnails of 8 x 8
pixels, and the intersection of histograms of 4 x 4 x 4 colours. Says the share of queries whose
match ranks first and among the first five, mean average precision, and what a shot and a million
pairs cost on one core. With `--assets`, pictures are frames of real films; else drawn textures.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut import flavors
from matchcut.types import Flavor, Picture, Window
from tests.benchmarks.lines import say
from tests.planted import (
    TREATMENTS,
    backlit,
    places,
    planted,
    same_colors,
    same_light,
    same_palette,
    screen,
    treated,
)
from tests.textures import texture

SHARES = (Fraction(1, 5), Fraction(1, 2), Fraction(4, 5))
"""Where in a film pictures are taken."""
DULL = 14.0
"""Levels of the standard deviation under which a picture is too flat to search for."""
COLORLESS = 14.0
"""Levels between the channels under which a picture is too grey to search for by colour."""
MANY = 2_000
"""Rows by which the comparison is timed."""

TURNS = 4
"""How often things are planted, each time into other pictures."""

Scores = NDArray[np.float64]
Way: TypeAlias = Callable[[Sequence[Picture], Sequence[Picture]], Scores]
"""(N, M) how alike N and M pictures are."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, and what it is a picture of."""

    clip: str
    """Name of the film; pictures of one film are no decoys of each other."""
    picture: Picture


@dataclass(frozen=True, slots=True)
class Search:
    """Query i is to find the i-th of the candidates, and nothing of what it is barred from."""

    queries: Sequence[Shown]
    candidates: Sequence[Shown]

    def barred(self) -> NDArray[np.bool_]:
        """(N, M) candidates that are neither right nor wrong: of the same film, not the match."""
        clips = [np.array([one.clip for one in side]) for side in (self.queries, self.candidates)]
        return np.asarray(clips[0][:, None] == clips[1][None]) & ~np.eye(
            len(clips[0]), len(clips[1]), dtype=bool
        )


def films(assets: Path) -> list[Shown]:
    """Pictures of every film that can be read, those that are not flat, no two nearly the same."""
    found: list[Shown] = []
    for path in sorted((assets / "video").rglob("*")):
        if path.is_file() and "bad" not in path.parts:
            found += [Shown(path.stem, picture) for picture in _read(path)]
    kept: list[Shown] = []
    for one in found:
        small = _thumbnail(one.picture)
        known = (np.abs(small - _thumbnail(other.picture)).mean() for other in kept)
        if one.picture.mean(axis=2).std() >= DULL and all(away > 8 for away in known):
            kept.append(one)
    return kept


def _read(path: Path) -> list[Picture]:
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.video or not container.duration:
                return []
            pictures = []
            for share in SHARES:
                container.seek(int(container.duration * share) + (container.start_time or 0))
                frame = next(container.decode(video=0), None)
                if frame is not None:
                    pictures.append(screen(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
            return pictures
    except av.FFmpegError as error:
        sys.stderr.write(f"{path.name} is left out: {error.strerror}\n")
        return []


def drawn(count: int = 48) -> list[Shown]:
    """Textures, where there are no films."""
    return [Shown(f"texture {seed}", texture(seed)) for seed in range(count)]


def _other(shown: Sequence[Shown], place: int, step: int) -> Picture:
    """A picture of another film, `step` further or more."""
    for further in range(step, step + len(shown)):
        other = shown[(place + further) % len(shown)]
        if other.clip != shown[place].clip:
            return other.picture
    raise ValueError("all pictures are of one film")


def _searched(
    shown: Sequence[Shown], make: Callable[[int], Picture], wanted: Callable[[Picture], bool]
) -> Search:
    """Every wanted picture is a query; made ones are candidates, and all pictures decoys."""
    queries = [place for place, one in enumerate(shown) if wanted(one.picture)]
    made = [Shown(shown[place].clip, make(place)) for place in queries]
    return Search([shown[place] for place in queries], [*made, *shown])


def _any(_picture: Picture) -> bool:
    return True


def _colorful(picture: Picture) -> bool:
    low, high = picture.min(axis=2).astype(float), picture.max(axis=2).astype(float)
    return float((high - low).mean()) >= COLORLESS


def _pairs(
    shown: Sequence[Shown], count: int, make: Callable[[int, Sequence[Picture], int], Picture]
) -> Search:
    """`count` things, each planted into two pictures; decoys hold the others, or are plain.

    What things are planted into comes from different films on either side.
    """
    clips = sorted({one.clip for one in shown})
    first = [one for one in shown if one.clip in clips[: len(clips) // 2]]
    second = [one for one in shown if one.clip not in clips[: len(clips) // 2]]
    sides = [
        [Shown(f"thing {thing}", make(thing, pictures, side)) for thing in range(count)]
        for side, pictures in enumerate([one.picture for one in half] for half in (first, second))
    ]
    return Search(sides[0], [*sides[1], *second])


def _backlit(turn: int) -> Callable[[int, Sequence[Picture], int], Picture]:
    def make(thing: int, pictures: Sequence[Picture], side: int) -> Picture:
        shape = ("figure", "tree", "bottle")[(thing + side + turn) % 3]
        content = pictures[(7 * thing + 3 + 11 * turn) % len(pictures)]
        return backlit(thing, shape, 0.1 * thing + 0.4 * side, content)

    return make


def _shapes(kind: str, turn: int) -> Callable[[int, Sequence[Picture], int], Picture]:
    shapes = places(kind)

    def make(thing: int, pictures: Sequence[Picture], side: int) -> Picture:
        inside = pictures[(5 * thing + 2 + 13 * turn) % len(pictures)]
        around = pictures[(3 * thing + 9 + 7 * turn) % len(pictures)]
        pair = (inside, around)
        return planted(shapes[thing], pair[side], pair[1 - side])

    return make


def searches(shown: Sequence[Shown]) -> list[tuple[str, str, list[Search]]]:
    """Flavor, what is planted, and the searches for it."""

    def other(place: int) -> Picture:
        return _other(shown, place, 5)

    def pair(make: Callable[[Picture, Picture], Picture]) -> Callable[[int], Picture]:
        return lambda place: make(shown[place].picture, other(place))

    def tinted(place: int) -> Picture:
        return same_light(shown[place].picture, other(place), 0.37 * place % 1)

    found = [
        ("color/palette", "palette", [_searched(shown, pair(same_palette), _colorful)]),
        ("color", "colours at their places", [_searched(shown, pair(same_colors), _colorful)]),
        ("light", "light in other hues", [_searched(shown, tinted, _any)]),
        ("light", "backlit", [_pairs(shown, 12, _backlit(turn)) for turn in range(TURNS)]),
    ]
    for kind in ("circle", "horizon", "lines"):
        count = len(places(kind))
        found.append(
            (
                "composition",
                kind,
                [_pairs(shown, count, _shapes(kind, turn)) for turn in range(TURNS)],
            )
        )
    return found


def _thumbnail(picture: Picture) -> Scores:
    return np.asarray(cv2.resize(picture, (8, 8), interpolation=cv2.INTER_AREA), np.float64).ravel()


def thumbnails(a: Sequence[Picture], b: Sequence[Picture]) -> Scores:
    """Cosine of 8 x 8 pixels."""
    left, right = (np.array([_thumbnail(one) for one in side]) for side in (a, b))
    length = np.linalg.norm(left, axis=1)[:, None] * np.linalg.norm(right, axis=1)[None]
    return np.asarray(left @ right.T / np.maximum(length, 1), np.float64)


def histograms(a: Sequence[Picture], b: Sequence[Picture]) -> Scores:
    """Intersection of histograms of 4 x 4 x 4 colours."""
    left, right = (
        np.array(
            [
                np.bincount((one // 64 @ np.array([16, 4, 1])).ravel(), minlength=64)
                / one[..., 0].size
                for one in side
            ]
        )
        for side in (a, b)
    )
    return np.asarray(np.minimum(left[:, None], right[None]).sum(axis=2), np.float64)


def ours(flavor: Flavor) -> Way:
    """The flavor's own way."""

    def score(a: Sequence[Picture], b: Sequence[Picture]) -> Scores:
        rows = [flavor.representation.compute([_window(one) for one in side]) for side in (a, b)]
        return flavor.similarity.pairwise(rows[0], rows[1]).astype(np.float64)

    return score


def _window(picture: Picture) -> Window:
    return Window(picture[None], np.zeros(1, np.int64), Fraction(1, 24), 0)


def ranks(scores: Scores, barred: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(N,) place of the match, from 1; what scores the same, and no match at all, ranks before."""
    right = np.diagonal(scores)[:, None]
    others = ~barred & ~np.eye(*scores.shape, dtype=bool)
    place = 1 + (others & (scores >= right)).sum(axis=1)
    return np.where(right[:, 0] > 0, place, scores.shape[1])


def _places(search: Search, treatment: str, score: Way) -> NDArray[np.int64]:
    """(N,) place of the match of every query, after the treatment of what was made."""
    count = len(search.queries)
    candidates = [
        treated(one.picture, treatment, place) if place < count else one.picture
        for place, one in enumerate(search.candidates)
    ]
    return ranks(score([one.picture for one in search.queries], candidates), search.barred())


def _measure(shown: Sequence[Shown]) -> None:
    for name, truth, parts in searches(shown):
        ways: dict[str, Way] = {
            "matchcut": ours(flavors.flavor(name)),
            "thumbnails": thumbnails,
            "histograms": histograms,
        }
        for treatment in TREATMENTS:
            for way, score in ways.items():
                place = np.concatenate([_places(one, treatment, score) for one in parts])
                facts = {
                    "flavor": name,
                    "truth": truth,
                    "treatment": treatment,
                    "way": way,
                    "queries": len(place),
                    "candidates": len(parts[0].candidates),
                }
                say("ranked first", float((place == 1).mean()), "share", **facts)
                say("ranked among five", float((place <= 5).mean()), "share", **facts)
                say("mean average precision", float((1 / place).mean()), "share", **facts)


def _costs(shown: Sequence[Shown]) -> None:
    windows = [_window(one.picture) for one in shown]
    for name in ("color", "light", "composition"):
        flavor = flavors.flavor(name)
        flavor.representation.compute(windows[:1])
        start = time.process_time()
        rows = flavor.representation.compute(windows)
        taken = time.process_time() - start
        say("processor time a shot", 1000 * taken / len(windows), "ms", flavor=name)
        many = np.resize(rows, MANY)
        for one in (flavor, *flavor.variants):
            start = time.process_time()
            one.similarity.pairwise(many, many)
            taken = time.process_time() - start
            say("processor time a million pairs", 1e9 * taken / MANY**2, "ms", flavor=one.name)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, help="folder of films, such as ../shared/assets")
    assets: Path | None = parser.parse_args(arguments).assets
    cv2.setNumThreads(1)
    shown = films(assets) if assets is not None else drawn()
    _measure(shown)
    _costs(shown)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
