"""What the scripts share that run inside of Blender: they have bpy and the standard library alone.

Such a script is given a file of wishes (JSON) and writes one of facts; tests outside judge them.
"""

import importlib
import json
import os
import sys
import time
import types
from pathlib import Path

import bpy


def wishes():
    """What the test asks for: the JSON file that is the last argument."""
    return json.loads(Path(sys.argv[-1]).read_text())


def end(facts, path):
    """Writes the facts and leaves at once: some versions of bpy hang where others clean up."""
    Path(path).write_text(json.dumps(facts))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class Plugin:
    """The plug-in as it is registered in this Blender."""

    def __init__(self, name):
        self.name = name
        self.state = importlib.import_module(f"{name}.state")
        self.session = self.state.SESSION

    def module(self, name):
        return importlib.import_module(f"{self.name}.{name}")

    @property
    def preferences(self):
        return bpy.context.preferences.addons[self.name].preferences

    def wait(self, *, stop_when=None, seconds=400):
        """Pumps until nothing is asked any more, and stops it once a sentence is heard.

        Returns:
            All sentences of what was being done.
        """
        heard, last = [], time.monotonic() + seconds
        while self.state.ASKER.busy:
            assert time.monotonic() < last, f"still busy: {heard[-1:]}"
            self.state.pump()
            working = self.session.working
            if working and working.sentence not in heard:
                heard.append(working.sentence)
            if stop_when and working and stop_when(working):
                bpy.ops.matchcut.stop()
                stop_when = None
            time.sleep(0.01)
        return heard

    def standing(self):
        """What the panel would say."""
        session = self.session
        return {
            "sentence": session.sentence,
            "failed": session.failed,
            "notes": session.notes,
            "to_index": session.to_index,
            "pictures": len(session.pictures),
            "flavors": [one.name for one in session.flavors],
            "matches": [told(match) for match in session.matches],
        }


class Layout:
    """Takes what a panel draws where there is no window, and refuses what Blender's would."""

    _KNOWN = bpy.types.UILayout.bl_rna.functions
    _ICONS = _KNOWN["label"].parameters["icon"].enum_items

    def __init__(self, drawn):
        self._drawn = drawn

    def __getattr__(self, name):
        if name not in self._KNOWN:
            raise AttributeError(name)
        parameters = self._KNOWN[name].parameters

        def draw(*given, **how):
            unknown = how.keys() - set(parameters.keys())
            assert not unknown, (name, unknown)
            assert how.get("icon", "NONE") in self._ICONS, how
            if name == "prop":
                assert given[1] in given[0].bl_rna.properties, given
            if name == "operator":
                group, operator = given[0].split(".")
                assert operator in dir(getattr(bpy.ops, group)), given
                self._drawn.append(["operator", given[0]])
                return types.SimpleNamespace()
            self._drawn.append([name, how.get("text", "")])
            return Layout(self._drawn)

        return draw


def drawn(panel, width=280):
    """What a panel draws in a side bar of so many pixels: calls and their texts."""
    made = []
    context = types.SimpleNamespace(
        preferences=types.SimpleNamespace(
            addons=bpy.context.preferences.addons,
            # Without a window Blender says 0.
            system=types.SimpleNamespace(ui_scale=1.0),
        ),
        region=types.SimpleNamespace(width=width),
    )
    panel.draw(types.SimpleNamespace(layout=Layout(made)), context)
    return made


def told(match):
    """A match as facts."""
    return {
        "rank": match.rank,
        "score": match.score,
        "label": match.label,
        "refined": match.refined,
        **{
            name: {
                "path": str(side.path),
                "cut": side.cut,
                "decoded_cut": side.decoded_cut,
                "start": side.start,
                "end": side.end,
            }
            for name, side in (("outgoing", match.outgoing), ("incoming", match.incoming))
        },
    }


def project(rate, size):
    """An empty scene of this rate (frames, base) and size, in the window."""
    scene = bpy.data.scenes.new("Cut")
    scene.render.fps, scene.render.fps_base = rate
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "Standard"
    scene.sequence_editor_create()
    show(scene)
    return scene


def show(scene):
    """Puts a scene into the window, and into its sequencer where that is chosen apart."""
    window = bpy.context.window_manager.windows[0]
    window.scene = scene
    if hasattr(window.workspace, "sequencer_scene"):
        window.workspace.sequencer_scene = scene


def strips(scene):
    editor = scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def movie(scene, name, path, *, channel, at, source, length):
    """A strip as an editor would have trimmed it."""
    strip = strips(scene).new_movie(
        name=name, filepath=path, channel=channel, frame_start=at - source, fit_method="FIT"
    )
    strip.frame_offset_start = source
    strip.frame_final_duration = length
    return strip


def laid(strip):
    """Where a strip lies, as facts."""
    return {
        "name": strip.name,
        "type": strip.type,
        "channel": strip.channel,
        "start": strip.frame_final_start,
        "end": strip.frame_final_end,
        "offset": strip.frame_offset_start,
        "behind": strip.frame_offset_end,
        "ours": strip.get("matchcut"),
        "path": os.path.normpath(bpy.path.abspath(strip.filepath)),
        "transform": [
            strip.transform.scale_x,
            strip.transform.scale_y,
            strip.transform.rotation,
            strip.transform.offset_x,
            strip.transform.offset_y,
            strip.use_flip_x,
        ],
    }


def everything():
    """All scenes with what an editor would miss in them, as facts."""
    return {
        scene.name: {
            "markers": sorted((one.frame, one.name) for one in scene.timeline_markers),
            "strips": sorted((laid(one) for one in strips(scene)), key=lambda one: one["name"])
            if scene.sequence_editor
            else [],
            "ours": scene.get("matchcut"),
            "rate": [scene.render.fps, scene.render.fps_base],
            "size": [scene.render.resolution_x, scene.render.resolution_y],
        }
        for scene in bpy.data.scenes
    }


def rendered(scene, frame, path):
    """Renders a frame of a scene's strips into a file, and returns it."""
    show(scene)
    scene.frame_set(frame)
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True, scene=scene.name)
    return str(path)
