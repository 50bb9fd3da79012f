"""What the plug-in remembers from one session to the next, for all projects."""

from pathlib import Path

import bpy

from .plain.told import Library


class Preferences(bpy.types.AddonPreferences):
    bl_idname = __package__

    library: bpy.props.StringProperty(
        name="Library",
        description="Folder of the library in which matches are looked for",
        subtype="DIR_PATH",
    )
    program: bpy.props.StringProperty(
        name="Program",
        description="The matchcut program that is started where no sidecar runs. "
        "Empty: the one along PATH",
        subtype="FILE_PATH",
    )
    flavor: bpy.props.StringProperty(
        name="Flavor",
        description="The way in which two shots match",
        default="frame",
    )
    top: bpy.props.IntProperty(
        name="Top", description="How many matches at most", default=10, min=1, soft_max=50, max=500
    )
    min_handle: bpy.props.IntProperty(
        name="Handle",
        description="Frames that the shot must have been seen, and that the next one must stay",
        default=8,
        min=1,
        max=10_000,
    )
    reframe: bpy.props.BoolProperty(
        name="Reframe",
        description="Find as well what matches once a picture is scaled, turned, moved or flopped",
        default=True,
    )
    trim: bpy.props.BoolProperty(
        name="Trim the strip at the cut",
        description="Have the strip end with its cut frame, and reframe it where it is the side to "
        "move. Else it stays as it is, and the new strip lies above it",
        default=True,
    )

    def draw(self, context):
        layout = self.layout
        layout.prop(self, "library")
        layout.prop(self, "program")


def preferences(context):
    """Ours, of this Blender."""
    return context.preferences.addons[__package__].preferences


def library(context):
    """The library that is chosen; None where none is."""
    chosen = preferences(context)
    if not chosen.library:
        return None
    program = Path(bpy.path.abspath(chosen.program)) if chosen.program else None
    return Library(Path(bpy.path.abspath(chosen.library)), program)
