"""All that a library shows, and what is wrong with that after a kill."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from matchcut.engine import Engine
from matchcut.errors import LibraryMissing, MatchcutError
from matchcut.library import Library, schema
from matchcut.media.proxy import PROXY, proxy_frames
from matchcut.types import MatchSet, MediaQuery

FLAVORS = ("frame", "camera", "color")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a library shows: equal where two libraries are alike to the bit."""

    sources: Mapping[str, str]
    """By digest, a digest of everything about a source: description, paths, shots, times, rows."""
    frames: Mapping[str, int]
    """By digest."""
    groups: Mapping[tuple[str, int], tuple[str, int]]
    answers: Sequence[MatchSet]
    """To one `scan` a flavor; () where there is no source."""


def contents(folder: Path) -> Contents:
    """What the library shows.

    Raises:
        MatchcutError: something that the catalogue names is gone or cut short.
        ValueError: it names rows that are too few or too many.
    """
    library = Library.open(folder)
    stored = library.sources()
    return Contents(
        {one.source.digest: _whole(library, one.source.digest) for one in stored},
        {one.source.digest: one.frames for one in stored},
        library.duplicates(),
        [_scan(folder, flavor) for flavor in FLAVORS] if stored else (),
    )


def _whole(library: Library, digest: str) -> str:
    """A digest of all that is stored of a source, every array of it read to its end."""
    stored = library.find_digest(digest)
    if stored is None:
        raise ValueError(f"{digest} is listed, and is not there")
    pts, shots = library.frame_pts(digest), library.shots(digest, stored.detector)
    if len(pts) != stored.frames + 1 or not shots or shots[-1].end_frame != stored.frames:
        raise ValueError(
            f"{digest} has {len(pts)} times, {len(shots)} shots, {stored.frames} frames"
        )
    seen = hashlib.blake2b(repr((stored, shots)).encode() + pts.tobytes())
    # Asked of the catalogue itself: the library passes over a representation whose array is gone.
    with schema.connection(library.folder) as catalogue:
        named = catalogue.execute(
            "SELECT identity FROM representation WHERE source = ? AND detector = ? ORDER BY 1",
            (digest, stored.detector),
        ).fetchall()
    for (identity,) in named:
        rows = library.rows(digest, stored.detector, identity)
        moments = library.moments(digest, stored.detector, identity)
        if len(rows) != len(moments) or set(moments["shot"].tolist()) != set(range(len(shots))):
            raise ValueError(f"{identity} of {digest} has {len(rows)} rows, {len(moments)} moments")
        seen.update(identity.encode() + rows.tobytes() + moments.tobytes())
    return seen.hexdigest()


def _scan(folder: Path, flavor: str) -> MatchSet:
    return Engine(folder).scan(
        flavor=flavor, top=50, per_shot=None, across=False, min_gap=Fraction(0)
    )


def looked_at(
    folder: Path, before: Mapping[str, str], whole: Contents
) -> tuple[Mapping[str, str], list[str]]:
    """The sources of a library after a kill, and what is wrong with it, as sentences.

    Looked at is a copy, so that the next run finds what the kill left, untouched.

    Args:
        folder: The library.
        before: Its sources as they were before the run that was killed.
        whole: What an undisturbed library of the same films shows.
    """
    copy = folder.with_name(f"{folder.name} looked at")
    shutil.copytree(folder, copy)
    try:
        now = contents(copy)
        return now.sources, _wrong(copy, before, now, whole)
    except LibraryMissing:
        return {}, ["the library is gone"] if before else []
    except (MatchcutError, ValueError) as error:
        return before, [f"it cannot be read: {error}"]
    finally:
        shutil.rmtree(copy)


def _wrong(folder: Path, before: Mapping[str, str], now: Contents, whole: Contents) -> list[str]:
    wrong = [f"{one} was committed, and is lost" for one in before if one not in now.sources]
    wrong += [
        f"{one} is not as without a kill"
        for one, content in now.sources.items()
        if content != whole.sources.get(one)
    ]
    wrong += _torn_proxies(folder, now, whole)
    # None of these may fail, whatever they find.
    for stored in Library.open(folder).sources():
        query = MediaQuery(stored.paths[0], "0")
        Engine(folder).find(query, flavor=FLAVORS[0], top=5, min_gap=Fraction(0))
    return wrong


def _torn_proxies(folder: Path, now: Contents, whole: Contents) -> list[str]:
    library = Library.open(folder)
    wrong: list[str] = []
    for digest, frames in whole.frames.items():
        proxy = library.proxy(digest, PROXY)
        if not proxy.is_file():
            wrong += [f"{digest} has no proxy"] if digest in now.sources else []
            continue
        try:
            proxy_frames(proxy, 0, frames)
        except MatchcutError as error:
            wrong.append(f"the proxy of {digest}: {error}")
    return wrong
