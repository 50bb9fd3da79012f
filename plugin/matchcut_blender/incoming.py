"""The incoming shot of a match as a strip."""

from __future__ import annotations

from typing import Any

import bpy

from . import strips
from .plain import entries, plans, transforms
from .plain.matches import Match
from .target import CannotApply


def check_film(held: Any, match: Match) -> None:
    """Returns where Blender can read the film of the incoming shot.

    Raises:
        CannotApply: it is not there, or Blender cannot read it.
    """
    path = match.incoming.path
    if not path.is_file():
        raise CannotApply(f"{path} is not there. Bring the film back, or choose another match.")
    try:
        probe = held.new_movie(
            name=path.name, filepath=str(path), channel=_highest(), frame_start=1
        )
    except RuntimeError as error:
        raise CannotApply(f"Blender cannot read {path}. Choose another match.") from error
    held.remove(probe)


def channel_for(held: Any, at: int, length: int, *, lowest: int) -> int:
    """The lowest channel from `lowest` on with room for so many frames.

    Raises:
        CannotApply: there is none.
    """
    channel = plans.free_channel(
        strips.taken(held), at, at + length, lowest=lowest, highest=_highest()
    )
    if channel is None:
        raise CannotApply(f"No channel is free at frame {at}. Make room for a strip.")
    return channel


def add_incoming(
    scene: Any, held: Any, placed: plans.Placed, *, channel: int, entry: entries.Entry
) -> Any:
    """Adds the incoming shot as a strip, reframed where the match says so.

    Args:
        scene: Whose picture it is fitted into.
        held: The strips that it is added to.
        placed: The match, and where.
        channel: Has room for it.
        entry: Is noted in it.
    """
    match, side = placed.match, placed.match.incoming
    strip = strips.add_movie(
        held,
        entries.named(f"B {match.label} {side.path.name}"),
        side.path,
        at=placed.at,
        source=side.cut,
        length=placed.length,
        channel=channel,
    )
    pixels = strips.pixels(strip)
    shown = transforms.upright(pixels, side.size)
    screen = strips.size(scene)
    if match.reframing is not None and not match.reframing.outgoing:
        strips.place(strip, transforms.reframed(match.reframing, pixels, shown, screen))
    else:
        strips.place(strip, transforms.fitted(pixels, shown, screen))
    strip[entries.KEY] = entries.written(entry)
    return strip


def _highest() -> int:
    kind = bpy.types.Strip if hasattr(bpy.types, "Strip") else bpy.types.Sequence
    highest: int = kind.bl_rna.properties["channel"].hard_max
    return highest
