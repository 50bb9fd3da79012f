"""What a camera does, as four rates, and where it carries each point of the picture.

Points are complex numbers: x right and y down from the picture's centre, in picture widths. At
constant rates a point moves by dw/dt = a w + b, with a = zoom - i roll and b = -pan + i tilt, of
which the solution is a similarity. So the truth is arithmetic, exact for any stretch of time.
"""

from __future__ import annotations

import cmath
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Similarity:
    """The map w -> scale w + shift of the picture's plane onto itself."""

    scale: complex = 1
    shift: complex = 0

    def __call__(self, point: complex) -> complex:
        """Where `point` goes."""
        return self.scale * point + self.shift

    def after(self, first: Similarity) -> Similarity:
        """`first`, then this."""
        return Similarity(self.scale * first.scale, self(first.shift))

    def inverse(self) -> Similarity:
        """The way back."""
        return Similarity(1 / self.scale, -self.shift / self.scale)

    def matrix(self) -> NDArray[np.float64]:
        """(2, 3) as OpenCV's warps take it."""
        across, down = self.scale.real, self.scale.imag
        return np.array([[across, -down, self.shift.real], [down, across, self.shift.imag]])


@dataclass(frozen=True, slots=True)
class Rates:
    """What the camera does, as constant rates."""

    pan: float = 0.0
    """Picture widths a second, positive when the camera turns right: content moves left."""
    tilt: float = 0.0
    """Picture widths a second, positive when the camera turns up: content moves down."""
    zoom: float = 0.0
    """Growth of the logarithm of the scale a second, positive when content grows."""
    roll: float = 0.0
    """Radians a second, positive when the camera turns clockwise: content turns the other way."""

    @property
    def vector(self) -> NDArray[np.float32]:
        """(4,) float32: pan, tilt, zoom, roll."""
        return np.array([self.pan, self.tilt, self.zoom, self.roll], np.float32)

    def flow(self, point: complex) -> complex:
        """Widths a second at which content at `point` moves: x right, y down."""
        return complex(self.zoom, -self.roll) * point + complex(-self.pan, self.tilt)

    def carried(self, seconds: float, own: complex = 0) -> Similarity:
        """Where `seconds` later each point of the content is, of a subject that moves by `own`.

        Args:
            seconds: may be negative.
            own: the subject's velocity in the picture, besides what the camera does, in widths a
                second.
        """
        growth = complex(self.zoom, -self.roll)
        drift = complex(-self.pan, self.tilt) + own
        scale = cmath.exp(growth * seconds)
        # (e^at - 1) / a, which is t where a is 0.
        spent = (scale - 1) / growth if abs(growth) > 1e-9 else seconds
        return Similarity(scale, drift * spent)
