"""Runs scripts inside of Blender and brings home what they found out; films and builds for them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from matchcut_client.handover import read_handover
from tests.counted import Picture, decoded, write_counted
from tests.film.demo import demo_plan
from tests.film.encode import write_film
from tests.film.script import FilmPlan

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "blender"
BPY = Path(os.environ.get("MATCHCUT_BPY", ROOT / ".venv-bpy" / "bin" / "python"))
"""A Python that has bpy; another version of it can be tried by setting the variable."""
PROGRAM = Path(sys.executable).parent / "matchcut"
"""What the plug-in starts where no sidecar runs."""
SECONDS = 560
"""How long a script may take where the machine has other work; it is a minute where not."""

SIZE = (480, 270)
"""Of the first film, and of the scenes."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Films:
    """Two films with counters, over real footage where it is at hand."""

    one: Path
    """25 frames a second, 16:9, 10:00:00:00 on. Its name has a space and a `#`."""
    two: Path
    """24000/1001 frames a second, 480x204."""

    @property
    def numbers(self) -> dict[str, int]:
        """What their counters call them, by path."""
        return {str(self.one): 1, str(self.two): 2}


def films(folder: Path, shared: Path) -> Films:
    """Writes them."""
    footage = shared / "assets" / "video" / "shots"
    over = [footage / "sintel_excerpt_26s_480p.mp4", footage / "sintel_trailer_480x204.mp4"]
    if not all(path.is_file() for path in over):
        drawn = folder / "drawn.mp4"
        plan = demo_plan()
        write_film(FilmPlan(shots=plan.shots[:20], width=320, height=180), drawn)
        over = [drawn, drawn]
    made = Films(folder / "film #1.mov", folder / "two.mp4")
    write_counted(
        made.one,
        film=1,
        frames=600,
        rate=Fraction(25),
        size=(480, 270),
        start_timecode="10:00:00:00",
        over=over[0],
    )
    rate = Fraction(24000, 1001)
    write_counted(made.two, film=2, frames=560, rate=rate, size=(480, 204), over=over[1])
    return made


def built(folder: Path) -> tuple[Path, Path]:
    """The extension and the add-on for this system, built by the one command."""
    command = [sys.executable, str(ROOT / "plugin" / "blender" / "build.py")]
    where = ["--system", "linux-x64", "--out", str(folder)]
    subprocess.run([*command, *where], check=True, timeout=SECONDS)
    [legacy] = folder.glob("*-legacy.zip")
    [extension] = set(folder.glob("*.zip")) - {legacy}
    return extension, legacy


def run(program: Sequence[str], script: str, folder: Path, wishes: Facts) -> Facts:
    """Runs a script inside of Blender, in a profile of its own.

    Args:
        program: How Blender, or a Python with bpy, is called with a script.
        script: Name of the script.
        folder: For the profile, the wishes and the facts.
        wishes: What the script is told.
    """
    asked, facts = folder / f"{script}.asked.json", folder / f"{script}.facts.json"
    asked.write_text(json.dumps({"folder": str(folder), "facts": str(facts), **wishes}))
    profile = folder / "profile"
    surroundings = os.environ | {
        "BLENDER_USER_RESOURCES": str(profile),
        # Blender before 4.2 knows these alone.
        "BLENDER_USER_CONFIG": str(profile / "config"),
        "BLENDER_USER_SCRIPTS": str(profile / "scripts"),
    }
    done = subprocess.run(
        [*program, str(SCRIPTS / script), "--", str(asked)],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert facts.is_file(), done.stdout[-4000:] + done.stderr[-4000:]
    found: Facts = json.loads(facts.read_text())
    return found


def end_sidecar(library: Path) -> None:
    """Ends the sidecar that the plug-in has started."""
    handover = read_handover(library)
    if handover is not None:
        os.kill(handover.pid, signal.SIGTERM)


def needs_blender() -> list[str]:
    """How Debian's Blender is called with a script and no window; skips where it is not here."""
    if shutil.which("blender") is None:
        pytest.skip("blender is not installed here; `make hosts` installs it where it can")
    return ["blender", "--background", "--factory-startup", "--python"]


def needs_window() -> list[str]:
    """The same with a window, on a screen of its own."""
    needs_blender()
    if shutil.which("xvfb-run") is None:
        pytest.skip("xvfb-run is not installed here; `make hosts` installs it where it can")
    screen = ["xvfb-run", "--auto-servernum", "--server-args", "-screen 0 1400x1000x24"]
    place = ["--window-geometry", "0", "0", "1400", "1000"]
    return [*screen, "blender", "--factory-startup", *place, "--python"]


def needs_bpy() -> None:
    """Skips where bpy is not installed."""
    if not BPY.exists():
        pytest.skip("bpy is not in .venv-bpy; `make hosts` installs it")


def picture(path: str) -> Picture:
    """A rendered picture."""
    return next(iter(decoded(Path(path))))


def frame_of(path: Path, frame: int) -> Picture:
    """A frame of a film, counted from 0."""
    for number, one in enumerate(decoded(path)):
        if number == frame:
            return one
    raise AssertionError(f"{path} has no frame {frame}")
