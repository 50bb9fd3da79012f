"""Blender's strips, which changed their names between 3.4 and 5.0, by one set of names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from .plain.frames import Played, exact_rate, step_of
from .plain.plans import Taken
from .plain.transforms import Size, Transform


def scene_of(context: Any) -> Any:
    """The scene that the sequencer shows; since 5.0 it may be another than the window's."""
    return getattr(context, "sequencer_scene", None) or context.scene


def rate(scene: Any) -> Fraction:
    """Frames a second of a scene, exact."""
    return exact_rate(scene.render.fps, scene.render.fps_base)


def size(scene: Any) -> Size:
    """Width and height of a scene's picture, which is what transforms count in."""
    return scene.render.resolution_x, scene.render.resolution_y


def within(holder: Any) -> Any:
    """The strips of a sequence editor or of a meta strip, to go through, add to and remove from."""
    return holder.strips if hasattr(holder, "strips") else holder.sequences


def named(scene: Any, name: str) -> Any | None:
    """The strip of this name, inside of meta strips too."""
    editor = scene.sequence_editor
    if editor is None:
        return None
    everywhere = editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all
    return everywhere.get(name)


def beside(scene: Any, strip: Any) -> Any:
    """The strips among which a strip lies: the scene's, or those of its meta strip."""
    return within(strip.parent_meta() or scene.sequence_editor)


def active(scene: Any) -> Any | None:
    """The strip that was last clicked."""
    editor = scene.sequence_editor
    return None if editor is None else editor.active_strip


def topmost(scene: Any) -> Any | None:
    """The topmost strip at the playhead that is not muted and has a picture, at the open level."""
    editor = scene.sequence_editor
    if editor is None:
        return None
    level = editor.meta_stack[-1] if editor.meta_stack else editor
    muted = {number for number, one in enumerate(level.channels) if one.mute}
    at = scene.frame_current
    seen = [
        one
        for one in within(level)
        if one.type not in ("SOUND", "ADJUSTMENT")
        and not one.mute
        and one.channel not in muted
        and one.frame_final_start <= at < one.frame_final_end
    ]
    return max(seen, key=lambda one: one.channel, default=None)


def media(strip: Any) -> Path:
    """The file of a movie strip, absolute; a saved project states it relative to itself."""
    return Path(os.path.normpath(bpy.path.abspath(strip.filepath))).absolute()


def played(scene: Any, strip: Any) -> Played | None:
    """How a movie strip is cut and played; None where it is retimed."""
    if strip.use_reverse_frames or strip.strobe > 1 or len(getattr(strip, "retiming_keys", ())):
        return None
    length = strip.frame_offset_start + strip.frame_final_duration + strip.frame_offset_end
    found = step_of(
        strip.frame_duration,
        round(length),
        exact_rate(strip.fps),
        rate(scene),
        Fraction(getattr(strip, "speed_factor", 1.0)).limit_denominator(10_000),
    )
    if found is None:
        return None
    step, doubtful = found
    return Played(
        begin=Fraction(strip.frame_start).limit_denominator(1_000),
        first=strip.frame_final_start,
        end=strip.frame_final_end,
        media_first=strip.animation_offset_start,
        media_count=strip.frame_duration,
        step=step,
        doubtful=doubtful,
    )


def pixels(strip: Any) -> Size:
    """Width and height of a movie strip's picture as Blender reads it."""
    first = strip.elements[0]
    return first.orig_width, first.orig_height


def transform(strip: Any) -> Transform:
    """Where a strip's picture lies."""
    own = strip.transform
    return Transform(
        own.scale_x, own.scale_y, own.rotation, own.offset_x, own.offset_y, strip.use_flip_x
    )


def place(strip: Any, wanted: Transform) -> None:
    """Puts a strip's picture there."""
    own = strip.transform
    own.scale_x, own.scale_y = wanted.scale_x, wanted.scale_y
    own.rotation = wanted.rotation
    own.offset_x, own.offset_y = wanted.offset_x, wanted.offset_y
    strip.use_flip_x = wanted.flip_x


def taken(strips: Any) -> Iterator[Taken]:
    """What strips take up."""
    for one in strips:
        yield Taken(one.channel, one.frame_final_start, one.frame_final_end)


def add_movie(
    strips: Any, name: str, path: Path, *, at: int, source: int, length: int, channel: int
) -> Any:
    """A strip that shows `length` frames of a film, beginning at frame `source` of it.

    The whole film is behind it, so that both ends can be pulled out.

    Args:
        strips: Where it is added.
        name: What it is called.
        path: The film.
        at: Frame of the scene at which it begins.
        source: Frame of the film, counted from 0.
        length: Frames.
        channel: Is free there.

    Raises:
        RuntimeError: Blender cannot read the film.
    """
    strip = strips.new_movie(
        name=name,
        filepath=str(path),
        channel=channel,
        frame_start=at - source,
        fit_method="ORIGINAL",
    )
    strip.frame_offset_start = source
    strip.frame_final_duration = length
    # It was as long as the film at first, and may have been pushed away by what lies around it.
    strip.channel = channel
    return strip
