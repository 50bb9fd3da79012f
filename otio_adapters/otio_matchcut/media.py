"""The file that a clip names as its media."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from opentimelineio.schema import (
    Clip,
    ExternalReference,
    GeneratorReference,
    ImageSequenceReference,
    MissingReference,
)

from otio_matchcut.errors import TimelineError
from otio_matchcut.kept import kept_schema
from otio_matchcut.mapping import FolderMap
from otio_matchcut.urls import path_of

_FILE_NAME = re.compile(r"[^/\\]+\.[A-Za-z][A-Za-z0-9]{1,4}")
"""With a suffix as media files have it; no version number or take."""


def media_of(clip: Clip, base: Path, maps: Sequence[FolderMap] = ()) -> Path:
    """Where a clip's media should lie.

    A clip of an EDL names no path, but often a file, as its own name; that is then the media, in
    the timeline's folder or wherever it is found.

    Raises:
        TimelineError: MEDIA_OFFLINE, the clip does not say; MEDIA_NOT_A_FILE.
    """
    reference, name = clip.media_reference, str(clip.name)
    if isinstance(reference, ExternalReference):
        if reference.target_url.strip():
            return path_of(reference.target_url, base, maps)
    elif isinstance(reference, ImageSequenceReference):
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip '{name}' is an image sequence, which cannot be searched yet.",
            "Make a movie file of it and relink the clip, or choose another clip.",
            clip=name,
        )
    elif isinstance(reference, GeneratorReference):
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip '{name}' is a generator and has no media.",
            "Choose a clip that shows a media file.",
            clip=name,
        )
    if isinstance(reference, MissingReference) and _FILE_NAME.fullmatch(name):
        return base / name
    schema = None if reference is None else kept_schema(reference)
    if schema is not None:
        raise TimelineError(
            "MEDIA_NOT_A_FILE",
            f"The clip '{name}' has media of a kind that cannot be read here ({schema}).",
            "Relink the clip to a media file and export the timeline again.",
            clip=name,
        )
    raise TimelineError(
        "MEDIA_OFFLINE",
        f"The clip '{name}' is offline: the timeline does not say where its media lies.",
        "Relink the clip in the editing application and export the timeline again.",
        clip=name,
    )
