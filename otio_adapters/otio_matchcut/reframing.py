"""A reframing in the words of the hosts that read one from OpenTimelineIO, one function a host.

OpenTimelineIO itself has none, so each host keeps its own under a key of its own name. What is
known of each, and from where, is in docs/otio.md. Hosts leave the effects of others alone, so a
clip holds those of all.
"""

from __future__ import annotations

from fractions import Fraction

from opentimelineio.opentime import RationalTime
from opentimelineio.schema import Effect, Timeline

from otio_matchcut import clock
from otio_matchcut.matches import MatchReframing

Size = tuple[int, int]
"""Width and height in square pixels."""

_RESOLVE = "Resolve_OTIO"
_PREMIERE = "PremierePro_OTIO"
_DIGITS = 9
"""After the point: far below a pixel, and few enough that every reader of JSON reads the same."""


def effects(reframing: MatchReframing, size: Size, screen: Size, rate: Fraction) -> list[Effect]:
    """The effects of every host for the clip of the side that is reframed.

    Args:
        reframing: As found.
        size: Of the clip's picture, as hosts show it.
        screen: Of the timeline's picture.
        rate: The timeline's.
    """
    return [for_resolve(reframing, size), *for_premiere(reframing, size, screen, rate)]


def declare(timeline: Timeline, screen: Size, rate: Fraction) -> None:
    """Writes on a timeline what hosts demand before they look for their own keys in it."""
    timeline.metadata[_RESOLVE] = {"Resolve OTIO Meta Version": "1.0"}
    timeline.metadata[_PREMIERE] = {"MetadataVersion": "1.0"}
    timeline.tracks.metadata[_PREMIERE] = {
        "VideoFrameRate": clock.to_float(rate),
        "VideoResolution": {"width": screen[0], "height": screen[1]},
        "PixelAspectRatio": {"numerator": 1.0, "denominator": 1.0},
        "AudioFrameRate": 48000.0,
    }


def for_resolve(reframing: MatchReframing, size: Size) -> Effect:
    """Resolve's Transform, which Blender reads too.

    Pan and tilt are shares of the picture as it is fitted into the timeline, to the right and up;
    the angle is counter-clockwise. What is at its default is left out: Resolve drops it anyway.
    """
    right, down = _shift(reframing, size)
    numbers = [
        ("transformationZoomX", reframing.scale, 1.0, 0.0, 100.0),
        ("transformationZoomY", reframing.scale, 1.0, 0.0, 100.0),
        ("transformationPan", right, 0.0, -4.0, 4.0),
        ("transformationTilt", -down, 0.0, -4.0, 4.0),
        ("transformationRotationAngle", -reframing.rotation, 0.0, -100_000.0, 100_000.0),
    ]
    parameters: list[dict[str, object]] = [
        {
            "Parameter ID": name,
            "Parameter Value": round(value, _DIGITS),
            "Default Parameter Value": default,
            "Variant Type": "Double",
            "minValue": lowest,
            "maxValue": highest,
            "Key Frames": {},
        }
        for name, value, default, lowest, highest in numbers
        if value != default
    ]
    if reframing.flop:
        parameters.append(
            {
                "Parameter ID": "transformationFlipX",
                "Parameter Value": True,
                "Default Parameter Value": False,
                "Variant Type": "Bool",
            }
        )
    transform = {
        "Effect Name": "Transform",
        "Name": "Transform",
        "Type": 2,
        "Enabled": True,
        "Parameters": parameters,
    }
    return Effect(effect_name="Resolve Effect", metadata={_RESOLVE: transform})


def for_premiere(
    reframing: MatchReframing, size: Size, screen: Size, rate: Fraction
) -> list[Effect]:
    """Premiere's Motion, and Horizontal Flip for a flop, which it applies first.

    Position is that of the picture's middle in shares of the timeline's picture, from its top left;
    the scale is in percent of the media's own pixels; the angle is clockwise.
    """
    right, down = _shift(reframing, size)
    fit = min(screen[0] / size[0], screen[1] / size[1])
    position = {
        "X": round(0.5 + right * fit * size[0] / screen[0], _DIGITS),
        "Y": round(0.5 + down * fit * size[1] / screen[1], _DIGITS),
    }
    values: list[tuple[str, object]] = [
        ("Position", position),
        ("Scale", round(100 * fit * reframing.scale, _DIGITS)),
        ("Scale Width", 100.0),
        # Whether width and height are scaled alike; it has no name.
        (" ", True),
        ("Rotation", round(reframing.rotation, _DIGITS)),
        ("Anchor Point", {"X": 0.5, "Y": 0.5}),
    ]
    # A value that holds all through the clip stands a hundred hours before it.
    always = RationalTime(-360_000 * clock.to_float(rate), clock.to_float(rate))
    motion = {
        "MatchName": "AE.ADBE Motion",
        "IsIntrinsic": True,
        "Parameters": [
            {
                "DisplayName": name,
                "ID": number,
                "StartValue": {"Position": always, "Value": value},
            }
            for number, (name, value) in enumerate(values, 1)
        ],
    }
    made = [Effect(effect_name="Motion", metadata={_PREMIERE: motion})]
    if reframing.flop:
        flip = {"MatchName": "AE.ADBE Horizontal Flip", "IsIntrinsic": False, "Parameters": []}
        made.append(Effect(effect_name="Horizontal Flip", metadata={_PREMIERE: flip}))
    return made


def _shift(reframing: MatchReframing, size: Size) -> tuple[float, float]:
    """The shift right and down in widths and heights of the fitted picture: so for any screen."""
    width, height = size
    across = min(Fraction(1), Fraction(9 * width, 16 * height))
    return (
        reframing.right / clock.to_float(across),
        reframing.down / clock.to_float(across * height / width),
    )
