"""A frame of a source as a small picture: which frame, from which file, how large."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from matchcut.engine import Engine
from matchcut.errors import MediaChanged, MediaMissing, SourceUnknown, UsageError
from matchcut.library import Library
from matchcut.media.proxy import PROXY
from matchcut.types import Picture, Side, Thumbnail
from tests.unit.engine.shelf import WIDE, Shelf, number_of


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, Library.create(tmp_path / "library"))


def asked(shelf: Shelf, side: Side, frame: int, max_side: int = 320) -> Thumbnail:
    return Engine(shelf.library.folder).thumbnail(side.digest, frame, max_side=max_side)


def seen(thumbnail: Thumbnail) -> Picture:
    """The picture in the JPEG, of the size that is said of it."""
    bgr = cv2.imdecode(np.frombuffer(thumbnail.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    assert bgr.shape == (thumbnail.height, thumbnail.width, 3)
    return np.ascontiguousarray(bgr[..., ::-1]).astype(np.uint8)


@pytest.mark.parametrize("frame", [0, 1, 42, 84])
@pytest.mark.parametrize("proxy", [True, False])
def test_the_frame_that_is_asked_for_is_shown(shelf: Shelf, proxy: bool, frame: int) -> None:
    side = shelf.side("a.mov", 0)
    if proxy:
        shelf.keep_proxy(side)
    assert number_of(seen(asked(shelf, side, frame))) == frame


def test_a_film_that_is_offline_is_shown_from_its_small_copy(shelf: Shelf) -> None:
    side = shelf.side("a.mov", 0)
    shelf.keep_proxy(side)
    side.source.unlink()
    assert number_of(seen(asked(shelf, side, 7))) == 7
    shelf.library.proxy(side.digest, PROXY).unlink()
    with pytest.raises(MediaMissing):
        asked(shelf, side, 7)


def test_a_damaged_small_copy_does_not_hide_the_film(shelf: Shelf) -> None:
    side = shelf.side("a.mov", 0)
    shelf.library.proxy(side.digest, PROXY).parent.mkdir(parents=True, exist_ok=True)
    shelf.library.proxy(side.digest, PROXY).write_bytes(b"no film")
    assert number_of(seen(asked(shelf, side, 7))) == 7


def test_another_film_at_the_same_path_is_not_shown(shelf: Shelf) -> None:
    side = shelf.side("a.mov", 0)
    side.source.write_bytes(side.source.read_bytes() + b"more")
    with pytest.raises(MediaChanged):
        asked(shelf, side, 7)


@pytest.mark.parametrize(("size", "max_side"), [(WIDE, 40), (WIDE[::-1], 40), (WIDE, 1)])
def test_no_side_is_longer_than_asked_for_and_the_shape_is_kept(
    shelf: Shelf, size: tuple[int, int], max_side: int
) -> None:
    side = shelf.side("a.mov", 0, size=size)
    shown = asked(shelf, side, 7, max_side)
    assert max(shown.width, shown.height) == max_side
    assert abs(shown.width * size[1] - shown.height * size[0]) <= max(size)
    seen(shown)


def test_a_thumbnail_is_never_huge(shelf: Shelf) -> None:
    side = shelf.side("a.mov", 0, count=2, size=(1280, 720))
    shown = asked(shelf, side, 1, 100_000)
    assert (shown.width, shown.height) == (640, 360)


def test_what_there_is_not_is_refused_with_a_sentence(shelf: Shelf) -> None:
    side = shelf.side("a.mov", 0)
    for frame in (-1, 85):
        with pytest.raises(UsageError, match=f"none is {frame}"):
            asked(shelf, side, frame)
    with pytest.raises(UsageError, match="at most 0 pixels"):
        asked(shelf, side, 0, 0)
    with pytest.raises(SourceUnknown, match="Search again"):
        Engine(shelf.library.folder).thumbnail("0" * 64, 0)
