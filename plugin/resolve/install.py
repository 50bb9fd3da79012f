"""Puts the menu script where DaVinci Resolve Studio looks for scripts of this user.

    python plugin/resolve/install.py --library ~/show.matchcut

Run it with the Python that has matchcut. Running again replaces what it has put there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPT = "Find match cuts.py"
CLIENT = (
    "__init__",
    "connecting",
    "failing",
    "handover",
    "http_calls",
    "plain",
    "versions",
    "wire_text",
)
"""The modules of `matchcut_client` that need the standard library alone."""


def fusion_folder(platform: str) -> Path:
    """Resolve's folder for this user, of a platform as `sys.platform` names it.

    Source: README of Resolve's scripting, 24 July 2026.
    """
    if platform == "win32":
        roaming = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
        return Path(roaming, "Blackmagic Design", "DaVinci Resolve", "Support", "Fusion")
    if platform == "darwin":
        support = Path.home() / "Library" / "Application Support"
        return support / "Blackmagic Design" / "DaVinci Resolve" / "Fusion"
    return Path.home() / ".local" / "share" / "DaVinciResolve" / "Fusion"


def install(fusion: Path, library: Path, program: Path) -> Path:
    """Copies script and modules, and fills in where they lie. Returns the script's place."""
    modules = fusion / "Modules" / "matchcut"  # Not under Scripts: each file there is a menu item.
    client = modules / "matchcut_client"
    client.mkdir(parents=True, exist_ok=True)
    for name in CLIENT:
        shutil.copyfile(HERE.parent / "matchcut_client" / f"{name}.py", client / f"{name}.py")
    shutil.copyfile(HERE / "matchcut_resolve.py", modules / "matchcut_resolve.py")
    text = (HERE / "find_match_cuts.py").read_text(encoding="utf-8")
    for name, value in (("MODULES", modules), ("LIBRARY", library), ("PROGRAM", program)):
        text = text.replace(f'{name} = ""', f"{name} = {str(value)!r}", 1)
    script = fusion / "Scripts" / "Edit" / SCRIPT
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(text, encoding="utf-8")
    return script


def main() -> int:
    """Installs, and says where; exit code 1 where this Python has no matchcut."""
    parser = argparse.ArgumentParser(description="Installs the menu script for Resolve Studio.")
    parser.add_argument("--library", type=Path, required=True, help="folder of the library")
    parser.add_argument(
        "--fusion",
        type=Path,
        default=fusion_folder(sys.platform),
        help="Resolve's Fusion folder of this user (%(default)s)",
    )
    asked = parser.parse_args()
    name = "matchcut.exe" if sys.platform == "win32" else "matchcut"
    program = Path(sys.executable).parent / name
    found = program if program.is_file() else shutil.which("matchcut")
    if found is None:
        sys.stderr.write("There is no matchcut beside this Python. Install it there first.\n")
        return 1
    library = asked.library.expanduser().absolute()
    script = install(asked.fusion.expanduser().absolute(), library, Path(found))
    sys.stderr.write(f"Installed: {script}\nIn Resolve Studio: Workspace > Scripts > Edit.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
