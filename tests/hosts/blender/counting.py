"""Renders strips of films of all rates in scenes of all rates, added in each way. Runs in Blender.

Says of each picture which frame of the film the plug-in expects in it. Needs no window.
"""

import importlib
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
import driving

ASKED = driving.wishes()
sys.path.insert(0, ASKED["plugin"])

strips = importlib.import_module("matchcut_blender.strips")
FOLDER = Path(ASKED["folder"])
AT = (0, 1, 2, 3, 7, 12, 19, 26)
"""Frames after a strip's first."""
SHOWN = []


def in_file_browser(scene, path):
    """As an editor adds a film: at its own speed, where its rate is not the scene's."""
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    with bpy.context.temp_override(window=window, area=area, region=area.regions[-1]):
        bpy.ops.sequencer.movie_strip_add(
            filepath=path, frame_start=5, channel=1, sound=False, use_framerate=False
        )
    return driving.strips(scene)[0]


def by_script(scene, path):
    """As scripts add one: a frame of the film a frame of the scene."""
    return driving.movie(scene, "A", path, channel=1, at=5, source=0, length=60)


def trimmed(scene, path):
    """Its beginning in the trim."""
    strip = in_file_browser(scene, path)
    strip.frame_offset_start = 7
    return strip


def cut_off(scene, path):
    """Its beginning cut off for good."""
    strip = in_file_browser(scene, path)
    right = strip.split(frame=16, split_method="HARD")
    # Blender leaves the left one too long where rates differ, and may show it instead.
    strip.mute = True
    return right


def quick(scene, path):
    """Played at one and a half times its speed, as Blender 3 does."""
    strip = in_file_browser(scene, path)
    strip.speed_factor = 1.5
    return strip


WAYS = {one.__name__: one for one in (in_file_browser, by_script, trimmed, cut_off, quick)}

for path in ASKED["films"]:
    for rate in ASKED["rates"]:
        for way in ASKED["ways"]:
            scene = driving.project(rate, ASKED["size"])
            strip = WAYS[way](scene, path)
            played = strips.played(scene, strip)
            told = {"film": path, "rate": rate, "way": way}
            if played is None:
                SHOWN.append({**told, "picture": None})
                continue
            for after in AT:
                at = played.first + after
                picture = driving.rendered(scene, at, FOLDER / f"{len(SHOWN)}.png")
                frame = played.media_frame(at)
                last = played.last_showing(frame)
                SHOWN.append(
                    {**told, "picture": picture, "frame": frame, "doubtful": played.doubtful}
                    | {"at": at, "last": last, "next": played.media_frame(last + 1)}
                )
driving.end({"shown": SHOWN}, ASKED["facts"])
