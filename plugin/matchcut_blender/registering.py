"""Makes the plug-in's classes known to Blender, and takes them back."""

import bpy

from . import operators, panel, state
from .preferences import Preferences

CLASSES = (Preferences, *operators.CLASSES, *panel.CLASSES)


def register():
    """In an order in which each finds what it needs."""
    for one in CLASSES:
        bpy.utils.register_class(one)


def unregister():
    """Stops what is under way first."""
    state.close()
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)
