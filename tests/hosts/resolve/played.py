"""Runs the installed menu script as Resolve does, against the fake, and tells what became of it.

    python -I played.py SCRIPT TIMELINE PLAYHEAD

A program of its own, since the script imports the modules that were copied for it and no others.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    script, timeline, playhead = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).parent))
    import fake

    edited = fake.Timeline("reel", json.loads(Path(timeline).read_text("utf-8")), playhead)
    project = fake.Project([edited], edited)
    resolve, bmd = fake.Resolve(project), fake.Bmd()
    for _ in range(2):
        given = {"resolve": resolve, "fusion": fake.Fusion(), "bmd": bmd}
        runpy.run_path(script, init_globals=given, run_name="__main__")
    told = {
        "said": bmd.said,
        "markers": edited.markers,
        "bins": {
            folder.name: [(clip.path, clip.frames) for clip in folder.clips]
            for folder in project.pool.root.folders
        },
        "timelines": [one.name for one in project.timelines],
        "open": project.current.name if project.current else None,
        "modules": sorted(
            name for name, module in sys.modules.items() if getattr(module, "__file__", None)
        ),
        "client": sys.modules["matchcut_client"].__file__,
    }
    sys.stderr.write(json.dumps(told))
