"""Turns decoded frames into pictures that can be compared across titles.

Every picture shows the active area alone, upright, with square pixels, in SDR and full range,
fitted into 320 by 180. Small films are enlarged to it, so that all flavors see one scale. Of an
interlaced frame one field is shown: one instant, with no comb and no ghost of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from av.filter import Graph
from av.video.reformatter import ColorPrimaries, Colorspace, Interpolation, VideoReformatter

from matchcut.media.active import ActiveArea
from matchcut.media.orientation import orientation
from matchcut.media.tone import to_sdr
from matchcut.types import Picture, Source

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

ANALYSIS_SIZE = (320, 180)
"""Width and height that the pictures handed to flavors fit into."""

_STATED_MATRICES = frozenset({0, 1, 4, 5, 6, 7, 9})
"""Matrix coefficients of ITU-T H.273 that libswscale converts; 2 means not stated."""
_HD_HEIGHT = 720
"""From here on a matrix that is not stated is BT.709, below BT.601, as players take it."""


@dataclass(frozen=True, slots=True)
class PictureGeometry:
    """How one decoded frame becomes a picture: scale all of it, cut out the film, turn it."""

    scaled_width: int
    """Size of the whole decoded frame, bars and all, after scaling."""
    scaled_height: int
    left: int
    """First column of the film in the scaled frame."""
    top: int
    width: int
    """Columns of film, before it is turned."""
    height: int
    rotation: Literal[0, 90, 180, 270]
    """Degrees clockwise."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, turned."""
        turned = self.rotation in (90, 270)
        return (self.height, self.width) if turned else (self.width, self.height)


def fit(source: Source, area: ActiveArea, bounds: tuple[int, int]) -> PictureGeometry:
    """The geometry of a source's pictures, as large as fits into `bounds` (width, height), turned.

    The aspect ratio is kept to the nearest pixel; each side is at least 1.
    """
    shown_width = (area.right - area.left) * source.width * source.pixel_aspect
    shown_height = (area.bottom - area.top) * source.height
    turned = source.rotation in (90, 270)
    widest, highest = (bounds[1], bounds[0]) if turned else bounds
    scale = min(widest / shown_width, highest / shown_height)
    width, height = (max(1, round(side * scale)) for side in (shown_width, shown_height))
    left, scaled_width = _placed(area.left, area.right, width)
    top, scaled_height = _placed(area.top, area.bottom, height)
    return PictureGeometry(scaled_width, scaled_height, left, top, width, height, source.rotation)


def _placed(start: Fraction, end: Fraction, inside: int) -> tuple[int, int]:
    """First pixel of the film, and pixels of the whole, so that `inside` pixels hold film only."""
    whole = round(inside / (end - start))
    while True:
        first = -int(-start * whole // 1)
        if first + inside <= end * whole:
            return first, whole
        whole += 1


class Normaliser:
    """Makes the pictures of one source; keeps its scaler between frames, which halves the cost.

    All pictures have one size. A frame whose size differs from the source's (a stream may change it
    midway) is scaled to the same picture.
    """

    def __init__(self, source: Source, area: ActiveArea, bounds: tuple[int, int]) -> None:
        """Pictures of `source` as large as fits into `bounds` (width, height), turned."""
        self.geometry = fit(source, area, bounds)
        self._transfer = source.transfer
        self._reformatter = VideoReformatter()
        self._fields = _TopFields()
        self._mirrored: bool | None = None

    def picture(self, frame: VideoFrame) -> Picture:
        """The normalised picture of a decoded frame; its memory is its own.

        Limited and full range are both brought to full. Mirrored as the first frame says.
        """
        geometry = self.geometry
        wide_gamut = frame.color_primaries == ColorPrimaries.BT2020
        is_sdr = self._transfer == "sdr" and not wide_gamut
        scaled = self._reformatter.reformat(
            self._fields.of(frame) if frame.interlaced_frame else frame,
            geometry.scaled_width,
            geometry.scaled_height,
            "rgb24" if is_sdr else "rgb48le",
            src_colorspace=self._matrix(frame),
            interpolation=Interpolation.AREA,
            threads=1,  # More threads cost more than they save at this size.
        ).to_ndarray()
        film = scaled[
            geometry.top : geometry.top + geometry.height,
            geometry.left : geometry.left + geometry.width,
        ]
        if not is_sdr:
            # HDR film states BT.2020 nearly always; where it states nothing, that is meant.
            unstated = frame.color_primaries == ColorPrimaries.UNSPECIFIED
            film = to_sdr(
                film.astype(np.uint16, copy=False),
                self._transfer,
                wide_gamut=wide_gamut or unstated,
            )
        if self._mirrored is None:
            # Only once: asking a frame keeps its memory until the next garbage collection.
            self._mirrored = orientation(frame).mirrored
        if self._mirrored:
            film = film[:, ::-1]
        upright: Picture = np.ascontiguousarray(np.rot90(film, -geometry.rotation // 90))
        return upright

    def _matrix(self, frame: VideoFrame) -> int | None:
        if frame.colorspace in _STATED_MATRICES:
            return None
        if self._transfer != "sdr":
            return Colorspace.BT2020
        return Colorspace.ITU709 if frame.height >= _HD_HEIGHT else Colorspace.ITU601


class _TopFields:
    """Takes the upper field out of interlaced frames, without copying a pixel.

    Which of the two is shown first does not matter: they are half a frame apart, and always taking
    the same keeps the frames' distances. It has lines enough for every picture that flavors see;
    larger ones of standard definition are half as sharp from top to bottom.
    """

    def __init__(self) -> None:
        self._shape: tuple[int, int, str] | None = None
        self._graph = Graph()

    def of(self, frame: VideoFrame) -> VideoFrame:
        """Every second line of a frame, from the first on. Cost: some microseconds."""
        shape = (frame.width, frame.height, frame.format.name)
        if shape != self._shape:
            self._graph = _top_field(frame)
            self._shape = shape
        self._graph.vpush(frame)
        return self._graph.vpull()


def _top_field(frame: VideoFrame) -> Graph:
    graph = Graph()
    graph.link_nodes(
        graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=frame.time_base,
        ),
        graph.add("field", "type=top"),
        graph.add("buffersink"),
    )
    graph.configure()
    return graph
