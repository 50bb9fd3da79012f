"""The panel in the sequencer's side bar: draws the session, and changes nothing."""

import textwrap

import bpy

from .preferences import library, preferences
from .state import PICTURES, SESSION

PICTURE_UNITS = 5.5
"""Size of a thumbnail, in rows."""
CHARACTER_PIXELS = 6.5
"""About what a character of a label takes at the usual size."""
_CLOSED = {"DEFAULT_CLOSED"}


class MATCHCUT_MT_flavors(bpy.types.Menu):
    bl_idname = "MATCHCUT_MT_flavors"
    bl_label = "Flavor"

    def draw(self, context):
        layout = self.layout
        for flavor in SESSION.flavors:
            text = f"{flavor.name}: {flavor.label}"
            layout.operator("matchcut.choose_flavor", text=text).flavor = flavor.name
        if not SESSION.flavors:
            layout.operator("matchcut.list_flavors", icon="FILE_REFRESH")


class MATCHCUT_PT_matches(bpy.types.Panel):
    bl_idname = "MATCHCUT_PT_matches"
    bl_label = "Match cuts"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "matchcut"

    def draw(self, context):
        layout = self.layout
        _draw_question(layout, context)
        if library(context) is None:
            _sentence(layout, context, "Choose the folder of a library above.", icon="INFO")
            return
        _draw_standing(layout, context)
        if SESSION.matches:
            _draw_answers(layout, context)
            for place in range(len(SESSION.matches)):
                _draw_match(layout, context, place)


class MATCHCUT_PT_notes(bpy.types.Panel):
    bl_idname = "MATCHCUT_PT_notes"
    bl_label = "Notes"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "matchcut"
    bl_parent_id = "MATCHCUT_PT_matches"
    bl_options = _CLOSED

    @classmethod
    def poll(cls, context):
        return bool(SESSION.notes)

    def draw(self, context):
        for note in SESSION.notes:
            _sentence(self.layout, context, note)


def _draw_question(layout, context):
    chosen = preferences(context)
    column = layout.column(align=True)
    column.prop(chosen, "library", text="")
    row = column.row(align=True)
    row.menu("MATCHCUT_MT_flavors", text=chosen.flavor)
    row.prop(chosen, "top")
    row = column.row(align=True)
    row.prop(chosen, "reframe", toggle=True)
    row.prop(chosen, "min_handle")
    column = layout.column(align=True)
    column.label(text="Find matches for the")
    row = column.row(align=True)
    row.scale_y = 1.3
    row.operator("matchcut.find", text="Active strip", icon="VIEWZOOM").at = "ACTIVE"
    row.operator("matchcut.find", text="Playhead", icon="VIEWZOOM").at = "PLAYHEAD"


def _draw_standing(layout, context):
    working = SESSION.working
    if working is not None:
        row = layout.row(align=True)
        if working.share is not None and hasattr(row, "progress"):
            row.progress(factor=working.share, text=f"{working.share:.0%}")
        elif working.share is not None:
            row.label(text=f"{working.share:.0%}", icon="TIME")
        else:
            row.label(text="", icon="TIME")
        row.operator("matchcut.stop", icon="CANCEL")
        _sentence(layout, context, working.sentence)
    if SESSION.sentence:
        icon = "ERROR" if SESSION.failed else "INFO"
        _sentence(layout, context, SESSION.sentence, icon=icon)
    if SESSION.to_index:
        layout.operator("matchcut.index", icon="IMPORT")


def _draw_answers(layout, context):
    column = layout.column(align=True)
    row = column.row(align=True)
    row.operator("matchcut.add_markers", icon="MARKER_HLT")
    row.operator("matchcut.make_bin", icon="SCENE_DATA")
    text = f"Insert #{SESSION.match.rank} after the strip"
    column.operator("matchcut.insert_after", text=text, icon="TRACKING_FORWARDS_SINGLE")
    column.prop(preferences(context), "trim")


def _draw_match(layout, context, place):
    match = SESSION.matches[place]
    chosen = place == SESSION.chosen
    box = layout.box()
    row = box.row(align=True)
    icon = "RADIOBUT_ON" if chosen else "RADIOBUT_OFF"
    choose = row.operator(
        "matchcut.choose", text=f"#{match.rank}  {match.score:.3f}", icon=icon, emboss=False
    )
    choose.place = place
    refined = f"{match.at_cut:.3f} at the cut" if match.refined else "cut not refined yet"
    row.label(text=refined)
    row = box.row(align=True)
    for side in (match.outgoing, match.incoming):
        column = row.column(align=True)
        key = (side.digest, side.decoded_cut)
        if key in SESSION.pictures:
            number = PICTURES.icon(key, SESSION.pictures[key])
            column.template_icon(icon_value=number, scale=PICTURE_UNITS)
        column.label(text=side.path.name)
        before, after = side.handles
        column.label(text=f"{side.timecode}  {before}+{after}")
    if match.reframing is not None:
        _sentence(box, context, match.reframing.said, icon="FULLSCREEN_ENTER")


def _sentence(layout, context, text, icon="NONE"):
    """A sentence over as many lines as the side bar needs; labels do not wrap by themselves."""
    pixels = CHARACTER_PIXELS * context.preferences.system.ui_scale
    width = max(20, int(context.region.width / pixels) - 4)
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(text, width)):
        column.label(text=line, icon="BLANK1" if number and icon != "NONE" else icon)


CLASSES = (MATCHCUT_MT_flavors, MATCHCUT_PT_matches, MATCHCUT_PT_notes)
