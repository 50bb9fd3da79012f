"""Opens a saved project without the plug-in, and renders what it added. Runs in bpy."""

import json
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
import driving

ASKED = driving.wishes()
FOLDER = Path(ASKED["folder"])
bpy.ops.wm.open_mainfile(filepath=ASKED["project"])

EVERYTHING = driving.everything()
for scene in bpy.data.scenes:
    for strip in [] if scene.sequence_editor is None else driving.strips(scene):
        # A counter is read where the picture lies as in its film; reframings are seen elsewhere.
        strip.transform.scale_x = strip.transform.scale_y = 1.0
        strip.transform.offset_x = strip.transform.offset_y = strip.transform.rotation = 0.0
        strip.use_flip_x = False
        # The editor's own strips that lie above hide nothing.
        strip.mute = strip.name in ("Title", "Kept")

SHOWN = []
for scene in list(bpy.data.scenes):
    for strip in [] if scene.sequence_editor is None else list(driving.strips(scene)):
        if "matchcut" not in strip:
            continue
        entry = json.loads(strip["matchcut"])
        first, last = strip.frame_final_start, strip.frame_final_end - 1
        wanted = {
            first: ("incoming", entry["incoming"]["cut_frame"]),
            last: ("incoming", entry["incoming"]["clean_end_frame"] - 1),
        }
        if "before" in entry:
            # The cut itself: the last frame of the strip that was asked about.
            wanted[first - 1] = ("outgoing", entry["outgoing"]["cut_frame"])
        for at, (side, frame) in wanted.items():
            path = FOLDER / f"{len(SHOWN)}.png"
            driving.rendered(scene, at, path)
            film = entry[side]["path"]
            SHOWN.append({"picture": str(path), "film": film, "frame": frame, "scene": scene.name})
driving.end({"everything": EVERYTHING, "shown": SHOWN}, ASKED["facts"])
