"""An editor's session with the extension, from installing it to saving the project. Runs in bpy.

What is done is in the order of the facts; `test_blender_extension.py` says what must be true of them.
"""

import sys
from dataclasses import replace
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
import driving

ASKED = driving.wishes()
FOLDER = Path(ASKED["folder"])
FACTS = {"version": list(bpy.app.version)}

bpy.ops.extensions.package_install_files(
    filepath=ASKED["extension"], repo="user_default", enable_on_install=True
)
PLUGIN = driving.Plugin("bl_ext.user_default.matchcut")
PLUGIN.preferences.library = ASKED["library"]
PLUGIN.preferences.program = ASKED["program"]
PLUGIN.preferences.top = 4
ASK, EVERY = bpy.ops.matchcut, {"EXEC_DEFAULT": True}


def find(strip, **how):
    """Asks about the active strip, and waits."""
    CUT.sequence_editor.active_strip = strip
    ASK.find(at="ACTIVE")
    PLUGIN.wait(**how)
    return PLUGIN.standing()


def undoable(operator):
    """Runs an operator as a click would: as one step that can be undone."""
    operator("EXEC_DEFAULT", True)
    return PLUGIN.session.sentence


# A project with things of the editor's own.
CUT = driving.project(ASKED["rate"], ASKED["size"])
A = driving.movie(CUT, "A", ASKED["one"], channel=2, at=11, source=ASKED["in"], length=ASKED["long"])
driving.movie(CUT, "Other", ASKED["two"], channel=2, at=1011, source=0, length=50)
driving.movie(CUT, "Title", ASKED["two"], channel=3, at=A.frame_final_end - 5, source=3, length=20)
CUT.timeline_markers.new("#1 0.900 frame", frame=A.frame_final_end - 1)
bpy.data.scenes.new("Mine").timeline_markers.new("Mine", frame=7)
FACTS["before"] = driving.everything()

# Not indexed; indexing is stopped, then done; then there are matches.
FACTS["unindexed"] = find(A)
ASK.index()
FACTS["stopping"] = PLUGIN.wait(stop_when=lambda told: " of " in told.sentence)
FACTS["stopped"] = PLUGIN.standing()
ASK.index()
FACTS["indexing"] = PLUGIN.wait()
FACTS["indexed"] = PLUGIN.standing()
find(driving.strips(CUT)["Other"])
ASK.index()
PLUGIN.wait()
FACTS["untouched"] = driving.everything()

# The question itself.
FACTS["found"] = find(A)
CUT.frame_set(A.frame_final_start)
ASK.find(at="PLAYHEAD")
PLUGIN.wait()
FACTS["playhead"] = PLUGIN.standing()
FACTS["found again"] = find(A)

# Markers, a bin, a strip: each is one step back.
bpy.ops.ed.undo_push(message="As it was")
undoable(ASK.add_markers)
FACTS["marked"] = driving.everything()
bpy.ops.ed.undo()
FACTS["unmarked"] = driving.everything()
bpy.ops.ed.redo()
undoable(ASK.add_markers)
FACTS["marked again"] = driving.everything()
FACTS["bin said"] = undoable(ASK.make_bin)
FACTS["binned"] = driving.everything()
BIN = next(one for one in bpy.data.scenes if one.name.startswith("Matches for"))
driving.movie(BIN, "Kept", ASKED["two"], channel=5, at=1, source=0, length=10)
BIN.timeline_markers.new("Kept", frame=3)
undoable(ASK.make_bin)
FACTS["binned again"] = driving.everything()
bpy.ops.ed.undo()
bpy.ops.ed.redo()

FACTS["insert said"] = undoable(ASK.insert_after)
FACTS["inserted"] = driving.everything()
bpy.ops.ed.undo()
FACTS["uninserted"] = driving.everything()
bpy.ops.ed.redo()
ASK.choose(place=1)
FACTS["second said"] = undoable(ASK.insert_after)
FACTS["second"] = driving.everything()
FACTS["chosen"] = driving.told(PLUGIN.session.match)
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "cut.blend"))

# Reframings that no film of the test asks for, on both sides; and a strip that is left as it is.
CUT = bpy.data.scenes["Cut"]
REFRAMING = PLUGIN.module("plain.matches").Reframing
MOVED = {"scale": 1.25, "rotation": 4.0, "right": 0.06, "down": -0.04, "before": 0.1, "after": 0.9}
FACTS["reframed"] = {}
for outgoing in (False, True):
    for flop in (False, True):
        moved = REFRAMING(outgoing=outgoing, flop=flop, **MOVED)
        PLUGIN.session.matches[1] = replace(PLUGIN.session.matches[1], reframing=moved)
        undoable(ASK.insert_after)
        made = next(one for one in driving.strips(CUT) if "matchcut" in one)
        at = made.frame_final_start - outgoing
        name = FOLDER / f"reframed-{outgoing}-{flop}.png"
        FACTS["reframed"][driving.rendered(CUT, at, name)] = {
            "outgoing": outgoing, "flop": flop, **MOVED,
        }  # fmt: skip
PLUGIN.session.matches[1] = replace(PLUGIN.session.matches[1], reframing=None)
PLUGIN.preferences.trim = False
undoable(ASK.insert_after)
FACTS["above"] = driving.everything()

# What is asked of a strip that has gone, and of a sidecar that is not there.
driving.strips(CUT).remove(driving.strips(CUT)["A"])
ASK.add_markers()
FACTS["gone"] = PLUGIN.standing()
HANDOVER = PLUGIN.module("plain.told")
import os
import signal

from matchcut_client.handover import read_handover

os.kill(read_handover(Path(ASKED["library"])).pid, signal.SIGKILL)
PLUGIN.preferences.program = "/nowhere/matchcut"
FACTS["absent"] = find(driving.strips(CUT)["Other"])
PLUGIN.preferences.program = ASKED["program"]
FACTS["restarted"] = find(driving.strips(CUT)["Other"])
driving.end(FACTS, ASKED["facts"])
