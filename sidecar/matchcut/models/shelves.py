"""The folders in which weights are looked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from matchcut.errors import ModelMissing
from matchcut.models.entry import Model


@dataclass(frozen=True, slots=True)
class Shelves:
    """Folders that may hold weights, in the order in which they are searched."""

    folders: tuple[Path, ...]
    """At least one; none need exist. Fetching writes to the first and only reads the others."""

    @property
    def place(self) -> Path:
        """Where fetched weights are put."""
        return self.folders[0]

    def present(self, model: Model) -> tuple[Path, ...]:
        """Every file that bears the name of the model's weights, the one to be used first.

        What is in them is not looked at. The published file goes before its safetensors twin.
        """
        names = (model.file, model.twin)
        files = (folder / name for folder in self.folders for name in names)
        return tuple(file for file in files if file.is_file())

    def find(self, model: Model) -> Path | None:
        """The file to be used, or None where no shelf has one."""
        return next(iter(self.present(model)), None)

    def require(self, model: Model) -> Path:
        """The file to be used.

        Raises:
            ModelMissing: no shelf has one.
        """
        found = self.find(model)
        if found is None:
            raise ModelMissing(model.name, model.file, self.folders)
        return found


def shelves(given: Path | None) -> Shelves:
    """Where this user's weights are looked for.

    Args:
        given: The folder that the user names; else it is the one in `MATCHCUT_MODELS`, else
            `models` in the user's data folder.

    Returns:
        That folder, and after it the one to which PyTorch downloads (`hub/checkpoints` in
        `TORCH_HOME`, else in `torch` in the user's cache): what other programs have fetched there
        need not be fetched again.
    """
    return Shelves((_own(given), _pytorch()))


def _own(given: Path | None) -> Path:
    named = given or os.environ.get("MATCHCUT_MODELS")
    if named:
        return Path(named).absolute()
    import platformdirs

    return platformdirs.user_data_path("matchcut", appauthor=False) / "models"


def _pytorch() -> Path:
    """What `torch.hub.get_dir()` says, found without loading torch."""
    home = os.environ.get("TORCH_HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(home) if home else Path(cache) / "torch"
    return folder.expanduser() / "hub" / "checkpoints"
