"""What the buttons do. Those that ask return at once; those that change a project are one undo."""

import bpy

from . import bins, strips
from .inserting import insert_after
from .markers import add_markers
from .plain import questions
from .plain.told import Query
from .preferences import library, preferences
from .state import ASKER, SESSION, ask
from .target import CannotApply, target_of

_CHANGES = {"REGISTER", "UNDO"}
"""Of what changes a project: all of it is one step back."""


def _may_ask(context):
    return not ASKER.busy and library(context) is not None


def _may_apply():
    return bool(SESSION.matches) and not ASKER.busy


def _said(operator, sentence):
    """Shows how it went, in the panel and in the status bar."""
    SESSION.say(sentence)
    operator.report({"INFO"}, sentence)
    return {"FINISHED"}


def _refused(operator, error):
    SESSION.say(str(error), failed="REFUSED")
    operator.report({"WARNING"}, str(error))
    return {"CANCELLED"}


class MATCHCUT_OT_find(bpy.types.Operator):
    bl_idname = "matchcut.find"
    bl_label = "Find matches"
    bl_description = "Look for shots to cut to from this one"

    at: bpy.props.EnumProperty(
        items=(
            ("ACTIVE", "Active strip", "The shot at the end of the active strip"),
            ("PLAYHEAD", "Playhead", "The shot of the topmost strip at the playhead"),
        ),
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context):
        return _may_ask(context)

    def execute(self, context):
        scene = strips.scene_of(context)
        at_playhead = self.at == "PLAYHEAD"
        strip = strips.topmost(scene) if at_playhead else strips.active(scene)
        if strip is None:
            where = "at the playhead" if at_playhead else "active"
            return _refused(self, CannotApply(f"No strip is {where}. Choose one."))
        try:
            found = target_of(scene, strip)
        except CannotApply as error:
            return _refused(self, error)
        at = scene.frame_current if at_playhead else found.played.end - 1
        chosen = preferences(context)
        query = Query(
            scene=scene.name,
            strip=strip.name,
            media=strips.media(strip),
            frame=found.played.media_frame(at),
            flavor=chosen.flavor,
            top=chosen.top,
            min_handle=chosen.min_handle,
            reframe=chosen.reframe,
        )
        ask(questions.matches(library(context), query), query)
        return {"FINISHED"}


class MATCHCUT_OT_index(bpy.types.Operator):
    bl_idname = "matchcut.index"
    bl_label = "Index this film"
    bl_description = "Analyse the film of the strip, then look for matches"

    @classmethod
    def poll(cls, context):
        return _may_ask(context) and SESSION.query is not None

    def execute(self, context):
        query = SESSION.query
        ask(questions.index_then_matches(library(context), query), query)
        return {"FINISHED"}


class MATCHCUT_OT_stop(bpy.types.Operator):
    bl_idname = "matchcut.stop"
    bl_label = "Stop"
    bl_description = "Stop what is being done; what is found already stays"

    @classmethod
    def poll(cls, context):
        return ASKER.busy

    def execute(self, context):
        ASKER.stop()
        return {"FINISHED"}


class MATCHCUT_OT_list_flavors(bpy.types.Operator):
    bl_idname = "matchcut.list_flavors"
    bl_label = "Ask the sidecar"
    bl_description = "Fill this menu from the library's sidecar, which is started where none runs"

    @classmethod
    def poll(cls, context):
        return _may_ask(context)

    def execute(self, context):
        ask(questions.flavors(library(context)), None)
        return {"FINISHED"}


class MATCHCUT_OT_choose_flavor(bpy.types.Operator):
    bl_idname = "matchcut.choose_flavor"
    bl_label = "Choose a flavor"
    bl_description = "The way in which two shots match"

    flavor: bpy.props.StringProperty(options={"SKIP_SAVE"})

    def execute(self, context):
        preferences(context).flavor = self.flavor
        context.preferences.is_dirty = True
        return {"FINISHED"}


class MATCHCUT_OT_choose(bpy.types.Operator):
    bl_idname = "matchcut.choose"
    bl_label = "Choose this match"
    bl_description = "The match that is inserted"

    place: bpy.props.IntProperty(min=0, options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context):
        return bool(SESSION.matches)

    def execute(self, context):
        SESSION.chosen = min(self.place, len(SESSION.matches) - 1)
        return {"FINISHED"}


class MATCHCUT_OT_add_markers(bpy.types.Operator):
    bl_idname = "matchcut.add_markers"
    bl_label = "Add markers"
    bl_description = "A timeline marker for each match, at the last frame before its cut"
    bl_options = _CHANGES

    @classmethod
    def poll(cls, context):
        return _may_apply()

    def execute(self, context):
        try:
            return _said(self, add_markers(SESSION.query, SESSION.matches))
        except CannotApply as error:
            return _refused(self, error)


class MATCHCUT_OT_make_bin(bpy.types.Operator):
    bl_idname = "matchcut.make_bin"
    bl_label = "Make a bin"
    bl_description = "A scene with a trimmed strip for each match"
    bl_options = _CHANGES

    @classmethod
    def poll(cls, context):
        return _may_apply()

    def execute(self, context):
        try:
            return _said(self, bins.make_bin(SESSION.query, SESSION.matches))
        except CannotApply as error:
            return _refused(self, error)


class MATCHCUT_OT_insert_after(bpy.types.Operator):
    bl_idname = "matchcut.insert_after"
    bl_label = "Insert after"
    bl_description = "Cut to the chosen match after the strip that was asked about"
    bl_options = _CHANGES

    @classmethod
    def poll(cls, context):
        return _may_apply()

    def execute(self, context):
        trim = preferences(context).trim
        try:
            return _said(self, insert_after(SESSION.query, SESSION.match, trim=trim))
        except CannotApply as error:
            return _refused(self, error)


CLASSES = (
    MATCHCUT_OT_find,
    MATCHCUT_OT_index,
    MATCHCUT_OT_stop,
    MATCHCUT_OT_list_flavors,
    MATCHCUT_OT_choose_flavor,
    MATCHCUT_OT_choose,
    MATCHCUT_OT_add_markers,
    MATCHCUT_OT_make_bin,
    MATCHCUT_OT_insert_after,
)
