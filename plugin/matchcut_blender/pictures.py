"""Thumbnails as icons that Blender's panels can draw."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import bpy.utils.previews


class Pictures:
    """JPEG files by a key. Blender loads icons from files, so each lies in a folder of ours."""

    def __init__(self) -> None:
        self._loaded: Any = None
        self._folder: Path | None = None

    def icon(self, key: tuple[str, int], jpeg: bytes) -> int:
        """The icon's number."""
        name = f"{key[0]}-{key[1]}"
        if self._loaded is None:
            self._loaded = bpy.utils.previews.new()
            self._folder = Path(tempfile.mkdtemp(prefix="matchcut-pictures-"))
        if name not in self._loaded:
            path = self._folder / f"{name}.jpg"
            path.write_bytes(jpeg)
            self._loaded.load(name, str(path), "IMAGE")
        number: int = self._loaded[name].icon_id
        return number

    def forget(self) -> None:
        """Drops those of the question before."""
        if self._loaded is not None:
            self._loaded.clear()

    def close(self) -> None:
        """Lets go of all of them, and of their folder."""
        if self._loaded is not None:
            bpy.utils.previews.remove(self._loaded)
            shutil.rmtree(self._folder)
            self._loaded = self._folder = None
