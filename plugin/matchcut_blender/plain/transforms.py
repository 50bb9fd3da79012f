"""A reframing in the words of a strip's transform.

Measured by rendering, alike in Blender 3.4.1 and 5.0.1: the picture is scaled from its own pixels
and turned counter-clockwise about its middle, then shifted by pixels of the scene to the right and
upwards; `use_flip_x` mirrors the finished frame, the shift and the turn with it. A reframing flops
first, so under a flop its turn and its shift to the right change their signs.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import isclose, radians

from .matches import Reframing

Size = tuple[int, int]
"""Width and height."""


@dataclass(frozen=True, slots=True)
class Transform:
    """What a strip says of where its picture lies, by Blender's names."""

    scale_x: float
    scale_y: float
    rotation: float
    """Radians, counter-clockwise."""
    offset_x: float
    """Pixels of the scene to the right."""
    offset_y: float
    """Pixels of the scene upwards."""
    flip_x: bool

    def near(self, other: Transform) -> bool:
        """Whether both place a picture alike, but for what 32 bits do to a number."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return all(isclose(one, two, rel_tol=1e-4, abs_tol=1e-4) for one, two in pairs)


def fitted(pixels: Size, shown: Size, scene: Size) -> Transform:
    """The picture as large as the scene has room for, centred.

    Args:
        pixels: Of the file, as Blender counts them.
        shown: The same picture in square pixels.
        scene: Of the scene's picture.
    """
    fit = _fit(shown, scene)
    return Transform(fit * shown[0] / pixels[0], fit * shown[1] / pixels[1], 0.0, 0.0, 0.0, False)


def reframed(reframing: Reframing, pixels: Size, shown: Size, scene: Size) -> Transform:
    """The same, moved as the reframing says.

    A reframing counts in widths of a 16:9 screen into which the picture is fitted; in a scene of
    another shape it keeps its place on the picture.
    """
    plain = fitted(pixels, shown, scene)
    width, height = shown
    screen = _fit(shown, scene) * max(width, height * 16 / 9)
    way = -1 if reframing.flop else 1
    return Transform(
        scale_x=plain.scale_x * reframing.scale,
        scale_y=plain.scale_y * reframing.scale,
        rotation=-way * radians(reframing.rotation),
        offset_x=way * reframing.right * screen,
        offset_y=-reframing.down * screen,
        flip_x=reframing.flop,
    )


def upright(pixels: Size, shown: Size) -> Size:
    """The shown size as Blender sees it: it may leave a picture lying that is to be turned."""
    lies = (pixels[0] < pixels[1]) != (shown[0] < shown[1])
    return (shown[1], shown[0]) if lies else shown


def _fit(shown: Size, scene: Size) -> float:
    return min(scene[0] / shown[0], scene[1] / shown[1])
