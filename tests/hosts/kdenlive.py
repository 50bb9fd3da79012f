"""Opens our project in Kdenlive on a screen of its own and takes a picture of it, for people.

`python -m tests.hosts.kdenlive PICTURE.png` (Debian packages: kdenlive dbus-x11 xvfb frei0r-plugins
mediainfo imagemagick). About half a minute. Look at the picture: the two clips of each match stand
on one track, a guide flag at every cut, and the monitor shows the counter of a film. It is not run
by CI, since Kdenlive asks questions of its own where a package is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

from otio_matchcut.carriers import carriers
from otio_matchcut.delivery import Delivery
from tests.counted import write_counted
from tests.golden.deliveries import match, side

SCREEN = "1045x600x24"
"""Kdenlive opens its window at this size."""
LOADING = 20
"""Seconds until the project is shown."""


def project(folder: Path) -> Path:
    """Two films with counters, and a project of three matches between them."""
    rate = Fraction(25)
    paths = [folder / "one.mov", folder / "two.mov"]
    for number, path in enumerate(paths, 1):
        write_counted(
            path, film=number, frames=150, rate=rate, size=(640, 360), start_timecode="10:00:00:00"
        )
    one, two = (str(path) for path in paths)

    def at(path: str, cut: int) -> object:
        return side(path, rate, (0, 150), cut, first=900_000, frames=150, size=(640, 360))

    matches = (
        match(1, at(one, 70), at(two, 40), color="GREEN"),
        match(2, at(two, 90), at(one, 30), color="CYAN", flavor="camera"),
        match(3, at(one, 120), at(two, 100), color="RED", flavor="action"),
    )
    card = carriers()["kdenlive-project"]
    path = folder / f"matches{card.suffix}"
    path.write_bytes(card.write(Delivery("matches", matches)))
    return path


def shown(path: Path, picture: Path, home: Path) -> None:
    """Opens a project in a home of its own, and takes the picture."""
    (home / "config").mkdir()
    (home / "config" / "kdenliverc").write_text("[version]\nversion=22.12.3\n")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    environment = os.environ | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(runtime),
        "TMPDIR": str(home),
        "QT_QPA_PLATFORM": "xcb",
    }
    inside = (
        f'kdenlive "{path}" & kdenlive=$!; sleep {LOADING}; '
        f'import -window root "{picture}"; kill -9 $kdenlive'
    )
    command = ["xvfb-run", "-a", "-s", f"-screen 0 {SCREEN}", "dbus-run-session", "--"]
    subprocess.run(
        [*command, "bash", "-c", inside], env=environment, timeout=LOADING * 3, check=True
    )


def main(picture: Path) -> None:
    """Says what is missing, or where the picture is."""
    missing = [
        name
        for name in ("kdenlive", "xvfb-run", "dbus-run-session", "import", "mediainfo")
        if shutil.which(name) is None
    ]
    if missing:
        sys.exit(f"Not installed: {', '.join(missing)}.")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        shown(project(Path(folder)), picture, home)
    sys.stdout.write(f"Look at {picture}\n" if picture.exists() else "There is no picture.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
