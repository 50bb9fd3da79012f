"""Matches as a scene of trimmed strips, which is what a bin is in Blender."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

from . import strips
from .incoming import add_incoming, channel_for, check_film
from .markers import put_markers, remove_markers
from .plain import entries, plans
from .plain.matches import Match
from .plain.told import Query
from .target import CannotApply, asked_about, entry, rates_said

GAP_SECONDS = 1
"""Empty time between two strips, so that their ends can be pulled out."""


def make_bin(query: Query, matches: Sequence[Match]) -> str:
    """A scene with a strip for each match: the incoming shot, trimmed to begin at its cut frame.

    It holds the clean frames from there on; those before lie in the trim. Made again, our own
    strips and markers in it are replaced, and those that an editor added stay.

    Returns:
        How it went, as sentences.

    Raises:
        CannotApply: the strip that was asked about cannot be found again, or no film can be read.
    """
    found = asked_about(query)
    held = strips.within(found.scene.sequence_editor)
    here, refused = [], []
    for match in matches:
        try:
            check_film(held, match)
        except CannotApply as error:
            refused.append(str(error))
        else:
            here.append(match)
    if not here:
        raise CannotApply(refused[0])
    scene = _scene(query, here[0].flavor)
    _dress(scene, found.scene)
    held = strips.within(scene.sequence_editor or scene.sequence_editor_create())
    for one in [one for one in held if entries.KEY in one]:
        held.remove(one)
    remove_markers(scene, query, {here[0].flavor})
    gap = GAP_SECONDS * round(strips.rate(scene))
    row = plans.in_a_row(here, first=1, gap=gap)
    for placed in row:
        channel = channel_for(held, placed.at, placed.length, lowest=1)
        noted = entries.entry_of(placed.match, query.strip)
        add_incoming(scene, held, placed, channel=channel, entry=noted)
    put_markers(scene, query, [(placed.match, placed.at) for placed in row])
    scene.frame_start, scene.frame_end = 1, row[-1].at + row[-1].length - 1
    said = [f"{len(row)} strip{'s' * (len(row) > 1)} in the scene {scene.name}."]
    if refused:
        said.append(f"{len(refused)} left out: {refused[0]}")
    return " ".join([*said, *rates_said(scene, here)])


def _bin_of(query: Query, flavor: str) -> Any | None:
    """The scene that was made for a strip and a flavor before."""
    return next(
        (one for one in bpy.data.scenes if entry(one).get("bin") == _of(query, flavor)), None
    )


def _scene(query: Query, flavor: str) -> Any:
    scene = _bin_of(query, flavor)
    if scene is None:
        scene = bpy.data.scenes.new(entries.named(f"Matches for {query.strip}, {flavor}"))
        noted = {"version": entries.FORMAT_VERSION, "bin": _of(query, flavor)}
        scene[entries.KEY] = entries.written(noted)
    return scene


def _of(query: Query, flavor: str) -> dict[str, str]:
    return {"scene": query.scene, "strip": query.strip, "flavor": flavor}


def _dress(scene: Any, like: Any) -> None:
    """Gives a scene the rate, the picture and the colours of another."""
    for name in (
        "fps", "fps_base", "resolution_x", "resolution_y", "resolution_percentage",
        "pixel_aspect_x", "pixel_aspect_y",
    ):  # fmt: skip
        setattr(scene.render, name, getattr(like.render, name))
    scene.display_settings.display_device = like.display_settings.display_device
    for name in ("view_transform", "look", "exposure", "gamma"):
        setattr(scene.view_settings, name, getattr(like.view_settings, name))
    scene.sequencer_colorspace_settings.name = like.sequencer_colorspace_settings.name
