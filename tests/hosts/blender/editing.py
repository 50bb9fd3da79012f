"""An editor's session with the extension, from installing it to saving the project. Runs in bpy.

`test_blender_extension.py` says what must be true of the facts, which are in the order of what is
done.
"""

import importlib
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
import driving

ASKED = driving.wishes()
FOLDER = Path(ASKED["folder"])
FACTS = {}

bpy.ops.extensions.package_install_files(
    filepath=ASKED["extension"], repo="user_default", enable_on_install=True
)
PLUGIN = driving.Plugin("bl_ext.user_default.matchcut")
SESSION = PLUGIN.session
PLUGIN.preferences.library = ASKED["library"]
PLUGIN.preferences.program = ASKED["program"]
PLUGIN.preferences.flavor = ASKED["flavor"]
PLUGIN.preferences.top = 4
ASK = bpy.ops.matchcut


def find(strip):
    """Asks about the active strip, and waits."""
    bpy.data.scenes["Cut"].sequence_editor.active_strip = strip
    ASK.find(at="ACTIVE")
    PLUGIN.wait()
    return PLUGIN.standing()


def click(operator):
    """Runs an operator as a click does: as one step that can be undone. Says what it said."""
    operator("EXEC_DEFAULT", True)
    return SESSION.sentence


def a():
    """The strip that is asked about; undoing makes Python's names for things useless."""
    return driving.strips(bpy.data.scenes["Cut"])["A"]


# A project with things of the editor's own.
CUT = driving.project(ASKED["rate"], ASKED["size"])
driving.movie(CUT, "A", ASKED["one"], channel=2, at=11, source=0, length=20)
driving.movie(CUT, "Other", ASKED["two"], channel=2, at=1011, source=0, length=50)
bpy.data.scenes.new("Mine").timeline_markers.new("Mine", frame=7)

# Not indexed; indexing is stopped, then done; then there are matches.
FACTS["not indexed"] = find(a())
PANEL = bpy.types.MATCHCUT_PT_matches
FACTS["drawn, not indexed"] = driving.drawn(PANEL)
ASK.index()


def reading(working):
    """Draws the panel while a film is read, and has the work stopped then."""
    FACTS["drawn, working"] = driving.drawn(PANEL)
    return " of " in working.sentence


PLUGIN.wait(stop_when=reading)
FACTS["stopped"] = PLUGIN.standing()
ASK.index()
FACTS["indexing"] = PLUGIN.wait()
FACTS["indexed"] = PLUGIN.standing()
find(driving.strips(CUT)["Other"])
ASK.index()
PLUGIN.wait()

# The strip shows one whole shot, and the question is asked.
find(a())
SHOT = SESSION.matches[0].outgoing
driving.strips(CUT).remove(a())
driving.movie(
    CUT, "A", ASKED["one"], channel=2, at=11, source=SHOT.start, length=SHOT.end - SHOT.start
)
driving.movie(CUT, "Title", ASKED["two"], channel=3, at=a().frame_final_end - 5, source=3, length=9)
FACTS["found"] = find(a())
FACTS["drawn"] = driving.drawn(PANEL)
FACTS["menu drawn"] = driving.drawn(bpy.types.MATCHCUT_MT_flavors)
CUT.frame_set(a().frame_final_start + 1)
ASK.find(at="PLAYHEAD")
PLUGIN.wait()
FACTS["found at the playhead"] = PLUGIN.standing()
# A marker of the editor's own, where one of ours would stand.
CUT.timeline_markers.new("Own", frame=11 + SESSION.matches[0].outgoing.cut - SHOT.start)
FACTS["before"] = driving.everything()

# Markers, a bin, a strip: each is one step back, and replaces its own alone.
bpy.ops.ed.undo_push(message="As it was")
click(ASK.add_markers)
FACTS["marked"] = driving.everything()
bpy.ops.ed.undo()
FACTS["marked, undone"] = driving.everything()
bpy.ops.ed.redo()
click(ASK.add_markers)
FACTS["marked again"] = driving.everything()
FACTS["bin said"] = click(ASK.make_bin)
FACTS["bin"] = driving.everything()
bpy.ops.ed.undo()
FACTS["bin, undone"] = driving.everything()
bpy.ops.ed.redo()
BIN = next(one for one in bpy.data.scenes if one.name.startswith("Matches for"))
driving.movie(BIN, "Kept", ASKED["two"], channel=5, at=1, source=0, length=10)
BIN.timeline_markers.new("Kept", frame=3)
click(ASK.make_bin)
FACTS["bin again"] = driving.everything()
FACTS["insert said"] = click(ASK.insert_after)
FACTS["inserted"] = driving.everything()
bpy.ops.ed.undo()
FACTS["inserted, undone"] = driving.everything()
bpy.ops.ed.redo()
ASK.choose(place=1)
FACTS["another said"] = click(ASK.insert_after)
FACTS["inserted another"] = driving.everything()
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "cut.blend"))

# Reframings that no film of the test asks for, of either side.
PLACED = bpy.data.scenes["Cut"]
REFRAMING = PLUGIN.module("plain.matches").Reframing
MOVED = {"scale": 1.25, "rotation": 4.0, "right": 0.06, "down": -0.04}
MATCH = SESSION.matches[1]
FACTS["reframed"] = []
for outgoing in (False, True):
    for flop in (False, True):
        moved = REFRAMING(outgoing=outgoing, flop=flop, before=0.1, after=0.9, **MOVED)
        SESSION.matches[1] = replace(MATCH, reframing=moved)
        click(ASK.insert_after)
        made = next(one for one in driving.strips(PLACED) if "matchcut" in one)
        path = FOLDER / f"reframed-{outgoing}-{flop}.png"
        driving.rendered(PLACED, made.frame_final_start - outgoing, path)
        FACTS["reframed"].append(
            {"picture": str(path), "outgoing": outgoing, "flop": flop, **MOVED}
        )
SESSION.matches[1] = replace(MATCH, reframing=None)
PLUGIN.preferences.trim = False
click(ASK.insert_after)
FACTS["above"] = driving.everything()

# A strip that ends before the cut, one that begins after it, one that is retimed, one that is gone.
PLUGIN.preferences.trim = True
SHOT_AT = a().frame_final_start
CUT_AT = SHOT_AT + MATCH.outgoing.cut - SHOT.start + 1
a().frame_final_end = CUT_AT - 3
FACTS["longer said"] = click(ASK.insert_after)
FACTS["longer"] = driving.everything()
driving.strips(PLACED).remove(next(one for one in driving.strips(PLACED) if "matchcut" in one))
a().frame_final_end = CUT_AT + 20
a().frame_final_start = CUT_AT
FACTS["late before"] = driving.everything()
FACTS["late said"] = click(ASK.insert_after)
FACTS["late"] = driving.everything()
a().frame_final_start = SHOT_AT
a().transform.offset_x = 30
SESSION.matches[1] = replace(MATCH, reframing=moved)
FACTS["by hand said"] = click(ASK.insert_after)
FACTS["by hand"] = driving.everything()
gone = replace(MATCH.incoming, path=FOLDER / "gone.mp4")
SESSION.matches[1] = replace(MATCH, incoming=gone)
FACTS["film gone said"] = click(ASK.insert_after)
FACTS["film gone"] = driving.everything()
FACTS["bin of three said"] = click(ASK.make_bin)
SESSION.matches[1] = MATCH
a().use_reverse_frames = True
FACTS["reversed"] = find(a())
a().use_reverse_frames = False
find(a())
driving.strips(PLACED).remove(a())
FACTS["gone said"] = click(ASK.add_markers)

# A sidecar that was killed is started again, or it is said why not.
HANDOVERS = importlib.import_module("matchcut_client.handover")
os.kill(HANDOVERS.read_handover(Path(ASKED["library"])).pid, signal.SIGKILL)
PLUGIN.preferences.program = "/nowhere/matchcut"
CUT = bpy.data.scenes["Cut"]
FACTS["absent"] = find(driving.strips(CUT)["Other"])
PLUGIN.preferences.program = ASKED["program"]
FACTS["started again"] = find(driving.strips(CUT)["Other"])
driving.end(FACTS, ASKED["facts"])
