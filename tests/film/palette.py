"""Colours by name: a palette grades a plate, a look dresses a subject.

Colours are RGB in [0, 1], written as hex text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Colour: TypeAlias = NDArray[np.floating[Any]]
"""(3,) RGB in [0, 1]."""


def rgb(text: str) -> Colour:
    """The colour that six hex digits name."""
    return np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / 255


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a place at an hour of the day."""

    sky: str
    """Top of the sky, or the dark end of a wall."""
    glow: str
    """Sky at the horizon, or the lit end of a wall."""
    far: str
    """What is far away."""
    near: str
    """What is close."""
    ground: str
    """Soil, floor, water."""
    accent: str
    """Windows, flowers, lamps."""


PALETTES: dict[str, Palette] = {
    "noon": Palette("3f78b5", "c4d8e0", "7f9aa6", "4c6b3a", "7d8a4a", "e8d9a0"),
    "golden": Palette("5a5f7e", "f0bd7c", "b98a6a", "6b4a2e", "a9824e", "ffe0a0"),
    "dusk": Palette("23264a", "c7788a", "5d4a6b", "2c2438", "43364a", "ffb46a"),
    "night": Palette("070b18", "1f2e4a", "16202f", "0b1018", "141b26", "f5d98c"),
    "overcast": Palette("8f989d", "c9cdcc", "8b9391", "56605a", "777a6c", "b9b29a"),
    "winter": Palette("9fb3c6", "e6ecf0", "a9b9c4", "4a5560", "d3dce2", "8a5a44"),
    "autumn": Palette("a39a8c", "e6d3ae", "b0793e", "7a3f1c", "8f6a34", "d9a032"),
    "desert": Palette("6fa0bd", "ecd9b6", "cf9d68", "a8683c", "d6a56c", "7a3f2a"),
    "teal": Palette("0f2f3a", "5fa0a0", "2d6068", "123a40", "255058", "e0a06a"),
    "rose": Palette("8a5a6e", "e9c3b8", "b58490", "6e4250", "a3797a", "fff0dc"),
    "oak": Palette("4a3524", "a88058", "7c5a3a", "3e2a1a", "6a4a2e", "e6c68c"),
    "mint": Palette("5f7f74", "b7ccba", "83a394", "3c584c", "8a9a84", "f2e6c4"),
    "slate": Palette("2a3138", "7e8a94", "56616b", "272d33", "484f56", "d8b27a"),
    "brickred": Palette("5a2a20", "b0705a", "8e4a38", "5a2c22", "6e5a50", "e8d0b0"),
    "meadow": Palette("6fa3c9", "dce8dd", "86a883", "3f7034", "6f9a3f", "f0d858"),
}

Pattern: TypeAlias = Literal["plain", "stripes", "check", "speckle", "rings"]


@dataclass(frozen=True, slots=True)
class Look:
    """The colours and texture of a subject. They never change its silhouette."""

    main: str
    """Coat, body work, crown, disc."""
    second: str
    """Trousers, roof, trunk, rim."""
    skin: str
    """Face and hands; glass of cars and bottles."""
    hair: str
    """Hair, shoes, tyres, markings."""
    pattern: Pattern = "plain"
    """Weave of `main`."""
    grain: float = 0.25
    """Strength of the surface's roughness."""
    light: float = 1.0
    """How bright the light on it is."""
    details: bool = True
    """Whether a face has eyes, brows and a mouth that are not of its own material."""


LOOKS: dict[str, Look] = {
    "charcoal coat": Look("31333a", "23242a", "d2a083", "2a1a12", "plain", 0.3),
    "red coat": Look("a8261f", "3a3a48", "e0b496", "5a3418", "plain", 0.25),
    "yellow raincoat": Look("d8a820", "2f4560", "9a6a4c", "15100e", "plain", 0.2, 1.05),
    "blue stripes": Look("2f4f8f", "4a4238", "c8957a", "0f0d0d", "stripes", 0.2),
    "green check": Look("3c6a46", "6b5a45", "e2b99c", "b0803c", "check", 0.2),
    "white shirt": Look("dcd8cc", "2b3350", "7b5038", "0d0b0a", "plain", 0.15),
    "lilac": Look("8a6a9c", "d8cdb8", "ecb492", "7a2c18", "speckle", 0.2),
    "teal knit": Look("1f6c70", "2a2420", "b8825e", "1b1512", "rings", 0.25),
    "stone": Look("c4beb0", "a8a296", "bab4a6", "a29c8e", "speckle", 0.3, 1.0, False),
    "bronze": Look("6a5a34", "5c4e30", "78683c", "4c4028", "speckle", 0.45, 1.0, False),
    "coffee": Look("3c2012", "ece6da", "a86c3c", "c9c0b0", "plain", 0.08),
    "moon": Look("d9d6c8", "eeeade", "8f8c84", "6f6c66", "plain", 0.5, 1.1),
    "clock": Look("e8dfc6", "8c2f22", "2a2622", "3a2a1c", "plain", 0.08),
    "oak tree": Look("4f7a2c", "4a3322", "8aa648", "2c4a1c", "speckle", 0.7),
    "parasol": Look("c8402e", "8d7558", "efe4cc", "5a4a3a", "plain", 0.15),
    "blossom": Look("dd9fb2", "3d2f2a", "f4dadf", "a8607c", "speckle", 0.7),
    "red saloon": Look("a01c22", "7d1218", "9fb4bd", "141416", "plain", 0.08, 1.1),
    "cream saloon": Look("d9cba6", "5d7f7a", "3b4a50", "221d1a", "plain", 0.15, 1.0),
    "taxi": Look("e0a912", "c08c10", "46545a", "121212", "plain", 0.1),
    "green glass": Look("2a5e34", "e6dcc0", "79ab68", "1a3018", "plain", 0.12),
    "lighthouse": Look("e8e2d6", "b02c24", "f6dc8c", "33302e", "plain", 0.35, 1.05),
    "brown glass": Look("6a3a16", "c8b48a", "b87a3c", "2a1608", "plain", 0.12),
}
