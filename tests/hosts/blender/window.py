"""The add-on in a Blender with a window: its panel is drawn, and Blender's own timers drive it.

Nothing here waits: each step is taken by a timer, between which Blender draws.
"""

import os
import sys
import time
import traceback
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
import driving

ASKED = driving.wishes()
FOLDER = Path(ASKED["folder"])
FACTS = {"version": list(bpy.app.version)}
STEP_SECONDS = 0.2
LAST = time.monotonic() + 400


def window():
    return bpy.context.window_manager.windows[0]


def sequencer():
    """The sequencer's area, made of the largest one."""
    areas = window().screen.areas
    found = [one for one in areas if one.type == "SEQUENCE_EDITOR"]
    return found[0] if found else max(areas, key=lambda one: one.width * one.height)


def click(operator, **how):
    """Runs an operator as a click in the sequencer's side bar does."""
    area = sequencer()
    region = next(one for one in area.regions if one.type == "UI")
    with bpy.context.temp_override(window=window(), area=area, region=region):
        operator("INVOKE_DEFAULT", True, **how)


def screenshot(name):
    path = FOLDER / f"{name}.png"
    with bpy.context.temp_override(window=window(), area=sequencer()):
        bpy.ops.screen.screenshot(filepath=str(path))
    FACTS.setdefault("pictures", {})[name] = str(path)


def only_ours():
    """Takes the other tabs out of the side bar: which one is open cannot be chosen from outside."""
    for one in bpy.types.Panel.__subclasses__():
        place = (getattr(one, "bl_space_type", ""), getattr(one, "bl_region_type", ""))
        other = getattr(one, "bl_category", "") != "matchcut"
        if place == ("SEQUENCE_EDITOR", "UI") and other and hasattr(bpy.types, one.__name__):
            bpy.utils.unregister_class(one)


def steps():
    """What is done, with a yield wherever Blender is to go on."""
    bpy.ops.preferences.addon_install(filepath=ASKED["addon"])
    path = list(sys.path)
    bpy.ops.preferences.addon_enable(module="matchcut_blender")
    FACTS["path left as it was"] = sys.path == path
    plugin = driving.Plugin("matchcut_blender")
    session, asker = plugin.session, plugin.state.ASKER
    scene = driving.project(ASKED["rate"], ASKED["size"])
    area = sequencer()
    area.type = "SEQUENCE_EDITOR"
    area.spaces.active.show_region_ui = True
    only_ours()
    yield
    screenshot("empty")

    plugin.preferences.library = ASKED["library"]
    plugin.preferences.program = ASKED["program"]
    plugin.preferences.flavor = ASKED["flavor"]
    plugin.preferences.top = 5
    first, end = ASKED["shot"]
    length = end - first
    strip = driving.movie(scene, "A", ASKED["one"], channel=2, at=1, source=first, length=length)
    scene.frame_end = 2 * length
    scene.sequence_editor.active_strip = strip
    with bpy.context.temp_override(window=window(), area=area, region=area.regions[-1]):
        bpy.ops.sequencer.view_all()
    clicked = time.monotonic()
    click(bpy.ops.matchcut.find, at="ACTIVE")
    FACTS["asking took"] = time.monotonic() - clicked
    waited = 0
    while asker.busy:
        waited += 1
        yield
    FACTS["found"], FACTS["steps waited"] = plugin.standing(), waited
    yield
    yield
    screenshot("found")

    FACTS["before"] = driving.everything()
    with bpy.context.temp_override(window=window(), area=sequencer()):
        bpy.ops.ed.undo_push(message="As it was")
    click(bpy.ops.matchcut.add_markers)
    click(bpy.ops.matchcut.make_bin)
    click(bpy.ops.matchcut.insert_after)
    FACTS["said"] = session.sentence
    FACTS["applied"] = driving.everything()
    yield
    with bpy.context.temp_override(window=window(), area=sequencer(), region=area.regions[-1]):
        bpy.ops.sequencer.view_all()
    yield
    yield
    screenshot("applied")
    loaded = plugin.state.PICTURES._loaded
    FACTS["icons"] = {name: list(loaded[name].image_size) for name in loaded}
    with bpy.context.temp_override(window=window(), area=sequencer()):
        for _ in range(3):
            bpy.ops.ed.undo()
    FACTS["undone"] = driving.everything()

    bpy.ops.preferences.addon_disable(module="matchcut_blender")
    FACTS["folder gone"] = plugin.state.PICTURES._folder is None
    FACTS["operators gone"] = not hasattr(bpy.types, "MATCHCUT_OT_find")


WORK = steps()


def take_a_step():
    try:
        if time.monotonic() > LAST:
            raise TimeoutError("the window's session takes too long")
        next(WORK)
    except StopIteration:
        driving.end(FACTS, ASKED["facts"])
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    return STEP_SECONDS


bpy.context.preferences.view.show_splash = False
bpy.app.timers.register(take_a_step, first_interval=1.0)
