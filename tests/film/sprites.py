"""Sprites: what a subject is cut out of, as layers that each move a little about a pivot.

A subject is designed in its own box: height 1, x from -aspect/2 to aspect/2, y from 0 (top) to 1.
Shapes are painted in that frame and rasterised at the size they have in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film.paint import Mask, Points, dome, fractal, outline
from tests.film.palette import Colour, Look, rgb


@dataclass(frozen=True, slots=True)
class Sway:
    """How a layer moves by itself, as a sine of time."""

    degrees: float = 0.0
    """Amplitude of the turn about the pivot."""
    stretch: float = 0.0
    """Amplitude of the growth in height about the pivot, as a share."""
    lift: float = 0.0
    """Amplitude up and down, as a share of the box's height."""
    hertz: float = 0.5
    turn: float = 0.0
    """Phase in radians."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One cut-out of a sprite, in the sprite's pixels."""

    picture: NDArray[np.uint8]
    """(H, W, 4) RGBA, colour multiplied by alpha."""
    pivot: tuple[float, float]
    """(x, y) in pixels."""
    sway: Sway
    solid: bool
    """False for a shadow or a glow, which is not part of the silhouette."""


@dataclass
class Easel:
    """Where a sprite is painted: one layer after another, shape upon shape."""

    scale: float
    """Pixels of the box's height."""
    aspect: float
    """Width of the box over its height."""
    look: Look
    rng: np.random.Generator
    margin: float = 0.08
    """Room around the box, share of its height."""
    light: tuple[float, float] = (-0.55, -0.75)
    layers: list[Layer] = field(default_factory=list)
    _colour: NDArray[np.float32] = field(init=False)
    _alpha: Mask = field(init=False)

    def __post_init__(self) -> None:
        self._clear()

    @property
    def origin(self) -> tuple[float, float]:
        """Pixel of the middle of the box's top edge."""
        return (self.aspect / 2 + self.margin) * self.scale, self.margin * self.scale

    def _clear(self) -> None:
        height = int(np.ceil((1 + 2 * self.margin) * self.scale))
        width = int(np.ceil((self.aspect + 2 * self.margin) * self.scale))
        self._colour = np.zeros((height, width, 3), np.float32)
        self._alpha = np.zeros((height, width), np.float32)

    def shape(
        self,
        path: Points,
        tone: str,
        *,
        round_off: float = 0.0,
        rough: float | None = None,
        pattern: bool = False,
        strength: float = 1.0,
    ) -> None:
        """Paints one closed shape over what the layer has so far.

        Args:
            path: Outline in the box's frame.
            tone: Colour as hex text.
            round_off: Share of the box's height over which its edge bends away; 0 is flat.
            rough: Strength of the surface's noise; None takes the look's.
            pattern: Whether the look's weave goes onto it.
            strength: Opacity.
        """
        ox, oy = self.origin
        points = np.asarray(path, np.float64) * self.scale + (ox, oy)
        height, width = self._alpha.shape
        left, top = np.clip(np.floor(points.min(axis=0)).astype(int) - 2, 0, (width, height))
        right, low = np.clip(np.ceil(points.max(axis=0)).astype(int) + 3, 0, (width, height))
        if left >= right or top >= low:
            return
        size = (int(low - top), int(right - left))
        mask = outline(size, points - (left, top))
        light = np.full(size, self.look.light, np.float32)
        if round_off > 0:
            light *= dome(mask, max(1.5, round_off * self.scale), self.light)
        grain = self.look.grain if rough is None else rough
        if grain > 0:
            noise = fractal(self.rng, size, max(2.5, 0.018 * self.scale), 3)
            light *= 1 + grain * 2 * (noise - 0.5)
        paint = light[..., None] * rgb(tone)
        if pattern:
            paint *= self._weave(size, (left - ox, top - oy))[..., None]
        box = (slice(top, low), slice(left, right))
        cover = mask * np.float32(strength)
        self._colour[box] += (np.clip(paint, 0, 1) - self._colour[box]) * cover[..., None]
        self._alpha[box] += (1 - self._alpha[box]) * cover

    def _weave(self, size: tuple[int, int], corner: tuple[float, float]) -> Mask:
        ys, xs = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
        across, down = (xs + corner[0]) / self.scale, (ys + corner[1]) / self.scale
        step = 0.045 if self.aspect < 1 else 0.10
        bars = ramp_wave(across / step)
        bands = ramp_wave(down / step)
        match self.look.pattern:
            case "stripes":
                return 0.55 + 0.75 * bars
            case "check":
                return 0.6 + 0.35 * bars + 0.35 * bands
            case "rings":
                return 0.6 + 0.6 * bands
            case "speckle":
                noise = fractal(self.rng, size, max(2.0, 0.02 * self.scale), 2)
                return np.asarray(0.75 + 0.5 * noise, np.float32)
            case "plain":
                return np.ones(size, np.float32)

    def finish(
        self,
        pivot: tuple[float, float] = (0.0, 1.0),
        sway: Sway | None = None,
        *,
        solid: bool = True,
        soften: float = 0.55,
    ) -> None:
        """Ends the layer: its edges are softened by `soften` pixels, and a new one is begun."""
        # Light falls off towards the feet, as under an open sky or a lamp.
        rows = np.arange(self._alpha.shape[0], dtype=np.float32) - self.origin[1]
        fall = np.clip(1.08 - 0.26 * rows / self.scale, 0.6, 1.15)[:, None, None]
        stacked = np.dstack([self._colour * fall * self._alpha[..., None], self._alpha])
        stacked = cv2.GaussianBlur(stacked, (0, 0), soften)
        ox, oy = self.origin
        self.layers.append(
            Layer(
                np.clip(stacked * 255 + 0.5, 0, 255).astype(np.uint8),
                (ox + pivot[0] * self.scale, oy + pivot[1] * self.scale),
                sway or Sway(),
                solid,
            )
        )
        self._clear()

    def shadow(self, paths: Sequence[Points], strength: float = 0.5, soft: float = 0.02) -> None:
        """A layer of dark that lies on the ground and is not part of the silhouette."""
        for path in paths:
            self.shape(path, "000000", rough=0.0)
        self._alpha *= np.float32(strength)
        self.finish(solid=False, soften=max(1.0, soft * self.scale))


def ramp_wave(values: Mask) -> Mask:
    """A square wave with soft edges, 0 to 1, of period 1."""
    return np.asarray(np.clip(0.5 + 2.5 * np.sin(2 * np.pi * values), 0, 1), np.float32)


def tint(tone: str, factor: float) -> str:
    """The colour as hex text, made lighter or darker."""
    scaled: Colour = np.clip(rgb(tone) * factor * 255, 0, 255)
    return "".join(f"{int(c):02x}" for c in scaled)
